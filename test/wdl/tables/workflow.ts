import type { Row } from './row.ts';
import { fails, gives } from './row.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
const multipart = [
  '--b',
  'Content-Disposition: form-data; name="to"',
  '',
  'ann@contoso.com',
  '--b',
  'Content-Disposition: form-data; name="to"',
  '',
  'bob@contoso.com',
  '--b',
  'Content-Disposition: form-data; name="subject"',
  '',
  'Hello world',
  '--b--',
  '',
].join('\r\n');
const urlEncoded = 'application/x-www-form-urlencoded';
const formBody = { '$content-type': 'multipart/form-data; boundary=b', $content: encode(multipart) };

const context = {
  trigger: {
    name: 'When_an_incident_was_created',
    outputs: {
      headers: { 'content-type': urlEncoded },
      body: { '$content-type': urlEncoded, $content: encode('name=Ann+Lee&tag=a&tag=b') },
    },
  },
  actions: {
    Get_incident: {
      status: 'Succeeded',
      outputs: { statusCode: 200, body: { id: 'i1', properties: { title: 'Phish' } } },
    },
    Compose: { status: 'Succeeded', outputs: 'plain' },
    Not_run: { status: 'Skipped' },
    Post_form: { status: 'Succeeded', outputs: { body: formBody } },
  },
  action: { name: 'Until_done', status: 'Running', outputs: { body: 7 } },
  variables: { Count: 3, Empty: null },
  parameters: { severities: ['High', 'Medium'] },
  items: { For_each_alert: { name: 'a1' }, For_each_entity: { kind: 'Host' } },
  iterationIndexes: { Until_done: 2 },
  results: { Scope: [{ name: 'Get_incident', status: 'Succeeded' }] },
  workflow: { name: 'SIGNL4-Send-Incident', run: { name: '0858' } },
  callbackUrl: 'https://prod-00.westeurope.logic.azure.com/callback',
};

const inTrigger = (outputs: {
  readonly headers?: { readonly [name: string]: string };
  readonly body: { readonly [name: string]: string };
}) => ({
  trigger: { outputs },
});

export const workflowRows: readonly Row[] = [
  gives('action().status', 'Running', context),
  fails('action()', 'wdl.not-available', "'action' is not expected at this location"),
  gives("actionBody('Get_incident').id", 'i1', context),
  fails("actionBody('Nothing')", 'wdl.unknown-reference', "'Nothing' referenced by 'actionBody'", context),
  gives("actionOutputs('Get_incident').statusCode", 200, context),
  fails('actionOutputs()', 'wdl.argument-count', "expects one parameter: 'actionName'", context),
  gives("actions('Get_incident').status", 'Succeeded', context),
  gives("actions('get_incident').name", 'get_incident', context),
  fails("actions('Nothing')", 'wdl.unknown-reference', "The template action 'Nothing'", context),
  gives("body('Get_incident')?['properties']?['title']", 'Phish', context),
  gives("body('Compose')", null, context),
  gives("body('Not_run')?['id']", null, context),
  fails("body('Not_run')['id']", 'wdl.property-not-selectable', "property 'id' cannot be selected", context),
  fails('body(1)', 'wdl.argument-type', 'to be a string', context),

  gives("formDataValue('Post_form', 'subject')", 'Hello world', context),
  gives("formDataValue('Post_form', 'nothing')", null, context),
  fails("formDataValue('Post_form', 'to')", 'wdl.argument-value', 'more than one items matching', context),
  fails("formDataValue('Get_incident', 'to')", 'wdl.argument-type', "content type is '<null>'", context),
  gives("formDataMultiValues('Post_form', 'to')", ['ann@contoso.com', 'bob@contoso.com'], context),
  fails("formDataMultiValues('Nothing', 'to')", 'wdl.unknown-reference', "'Nothing'", context),
  gives("multipartBody('Post_form', 2)", 'Hello world', context),
  fails(
    "multipartBody('Post_form', 3)",
    'wdl.index-out-of-range',
    "exceeds the number of multipart contents '3'",
    context,
  ),
  fails("multipartBody('Get_incident', 0)", 'wdl.argument-type', "'multipart/*'", context),

  gives('item().kind', 'Host', context),
  fails('item()', 'wdl.not-available', "'item' is not expected at this location"),
  gives("items('For_each_alert').name", 'a1', context),
  fails("items('For_each_comment')", 'wdl.unknown-reference', "'For_each_comment'", context),
  gives("iterationIndexes('Until_done')", 2, context),
  fails("iterationIndexes('Until')", 'wdl.unknown-reference', "'Until'", context),
  gives('listCallbackUrl()', 'https://prod-00.westeurope.logic.azure.com/callback', context),
  fails('listCallbackUrl()', 'wdl.not-available', "'listCallbackUrl'"),

  gives("outputs('Compose')", 'plain', context),
  gives("outputs('Not_run')", null, context),
  fails("outputs('Compse')", 'wdl.unknown-reference', "The template action 'Compse'", context),
  fails("outputs('Compose').x", 'wdl.property-not-selectable', "not supported on values of type 'String'", context),
  fails("outputs('Compose')?['x']", 'wdl.property-not-selectable', "not supported on values of type 'String'", context),
  gives("parameters('severities')[1]", 'Medium', context),
  gives("parameters('Severities')[0]", 'High', context),
  fails("parameters('severity')", 'wdl.unknown-reference', "The workflow parameter 'severity' is not found", context),
  gives("result('Scope')[0].status", 'Succeeded', context),
  fails("result('Scop')", 'wdl.unknown-reference', "'Scop'", context),

  gives('trigger().name', 'When_an_incident_was_created', context),
  fails('trigger()', 'wdl.not-available', "'trigger'"),
  fails('trigger(1)', 'wdl.argument-count', 'expects no parameters', context),
  gives("triggerBody()?['object']?['id']", 'x', { trigger: { outputs: { body: { object: { id: 'x' } } } } }),
  gives("triggerBody()?['Object']?['ID']", 'x', { trigger: { outputs: { body: { object: { id: 'x' } } } } }),
  gives('triggerBody()', null, { trigger: {} }),
  fails(
    "triggerBody()['a']",
    'wdl.property-not-found',
    "property 'a' doesn't exist, available properties are 'b, c'",
    inTrigger({ body: { b: '1', c: '2' } }),
  ),
  gives("triggerOutputs().headers['Content-Type']", urlEncoded, context),
  fails('triggerOutputs()', 'wdl.not-available', "'triggerOutputs'"),
  gives("triggerFormDataValue('name')", 'Ann Lee', context),
  fails("triggerFormDataValue('tag')", 'wdl.argument-value', 'more than one items', context),
  gives("triggerFormDataMultiValues('tag')", ['a', 'b'], context),
  fails(
    "triggerFormDataMultiValues('tag')",
    'wdl.argument-type',
    'not a valid form data content',
    inTrigger({ body: { a: '1' } }),
  ),
  gives('triggerMultipartBody(0)', 'ann@contoso.com', inTrigger({ body: formBody })),
  fails('triggerMultipartBody(0)', 'wdl.argument-type', "content type is 'application/x-www-form-urlencoded'", context),

  gives("variables('Count')", 3, context),
  gives("variables('count')", 3, context),
  gives("variables('Empty')", null, context),
  fails("variables('Counter')", 'wdl.unknown-reference', "The variable 'Counter' is not initialized", context),
  gives('workflow().run.name', '0858', context),
  fails('workflow()', 'wdl.not-available', "'workflow'"),
];
