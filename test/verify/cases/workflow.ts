import { paths } from '../contoso/files.ts';
import { add, all, type Case, remove, replace, set } from './case.ts';

const { playbook } = paths;
const definition = '/resources/2/properties/definition';
const actions = `${definition}/actions`;
const page = `${actions}/For_each_alert/actions/Page`;

/** An action of any name that is added at the end, with the pointer it gets. */
function added(action: Readonly<Record<string, unknown>>, name = 'Added') {
  return {
    bad: set(playbook, `${actions}/${name}`, { runAfter: { Update_incident: ['Succeeded'] }, ...action } as never),
  };
}
const addedAt = `${actions}/Added`;

const compose = (inputs: string) => ({ type: 'Compose', inputs });
const http = (more: object) => ({
  type: 'Http',
  inputs: { method: 'GET', uri: 'https://contoso.com', retryPolicy: { type: 'none' }, ...more },
});
const many = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`One${index}`, value])) as never;

/** Scopes inside one another, around an action. */
const nested = (scopes: number): Readonly<Record<string, unknown>> =>
  scopes === 0 ? compose('a') : { type: 'Scope', actions: { In: nested(scopes - 1) } };

const onRow = (row: object) => ({
  type: 'If',
  expression: { and: [{ or: [row] }] },
  actions: {},
  else: { actions: {} },
});

/** The workflow inside a template, as its definition is evaluated. */
export const workflowCases: readonly Case[] = [
  {
    rule: 'workflow.long-expression',
    finds: 'an expression of more than 300 characters',
    ...added(compose(`Alerts: @{concat('${'a'.repeat(300)}')}`)),
    file: playbook,
    at: `${addedAt}/inputs`,
    passes: added(compose(`@{concat('${'a'.repeat(200)}')} @{concat('${'b'.repeat(200)}')}`)).bad,
  },
  {
    rule: 'workflow.deep-expression',
    finds: 'seven functions inside one another',
    ...added(compose(`@${'trim('.repeat(7)}'a'${')'.repeat(7)}`)),
    file: playbook,
    at: `${addedAt}/inputs`,
    passes: added(compose(`@${'trim('.repeat(6)}triggerBody()?['((a']${')'.repeat(6)}`)).bad,
  },
  {
    rule: 'workflow.deep-nesting',
    finds: 'an action inside four others',
    ...added(nested(4)),
    file: playbook,
    at: `${addedAt}${'/actions/In'.repeat(4)}`,
    passes: added(nested(3)).bad,
  },
  {
    rule: 'workflow.condition-of-function',
    finds: 'a function that is compared with true',
    ...added(onRow({ not: { equals: ["@empty(triggerBody()?['a'])", true] } })),
    file: playbook,
    at: `${addedAt}/expression/and/0/or/0/not/equals`,
    passes: added(onRow({ equals: ["@parameters('Severity')", true] })).bad,
  },
  {
    rule: 'workflow.shape',
    finds: 'an action without what it needs',
    bad: remove(playbook, `${page}/inputs/method`),
    file: playbook,
    at: page,
  },
  {
    rule: 'workflow.shape',
    finds: 'a workflow in a file of its own without a trigger',
    bad: add(paths.workflow, JSON.stringify({ definition: { triggers: {}, actions: {} } })),
    file: paths.workflow,
    at: '/definition/triggers',
    passes: add(
      paths.workflow,
      JSON.stringify({ definition: { triggers: { manual: { type: 'Request', kind: 'Http' } }, actions: {} } }),
    ),
  },
  {
    rule: 'workflow.run-after',
    finds: 'an action that waits for one that is not there',
    bad: set(playbook, `${actions}/Give_up/runAfter`, { Missing: ['Failed'] }),
    file: playbook,
    at: `${actions}/Give_up/runAfter/Missing`,
  },
  {
    rule: 'workflow.run-after',
    finds: 'actions that wait for one another',
    bad: set(playbook, `${actions}/Count_of_alerts/runAfter`, { Update_incident: ['Succeeded'] }),
    file: playbook,
    at: actions,
  },
  {
    rule: 'workflow.duplicate-name',
    finds: 'a name that differs in casing only',
    ...added(compose('x'), 'page'),
    file: playbook,
    at: `${actions}/page`,
  },
  {
    rule: 'workflow.expression',
    finds: 'an expression that cannot be read',
    ...added(compose("@concat('a'")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.expression',
    finds: 'a function that does not exist',
    ...added(compose("@concatenate('a')")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.unknown-action',
    finds: 'an action that is not there',
    ...added(compose("@body('Get_alert')")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.not-run-before',
    finds: 'an action that may run later',
    bad: set(playbook, `${page}/inputs/body/Title`, "@body('Update_incident')?['name']"),
    file: playbook,
    at: `${page}/inputs/body/Title`,
    passes: set(playbook, `${page}/inputs/body/Title`, "@body('Get_incident')?['name']"),
  },
  {
    rule: 'workflow.unknown-loop',
    finds: 'a loop that is not around it',
    ...added(compose("@items('For_each_alert')")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.unknown-parameter',
    finds: 'a parameter that is not declared',
    ...added(compose("@parameters('Team')")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.unknown-variable',
    finds: 'a variable that is not declared',
    ...added(compose("@variables('Total')")),
    file: playbook,
    at: `${addedAt}/inputs`,
  },
  {
    rule: 'workflow.variable',
    finds: 'a variable that is set from itself',
    ...added({ type: 'SetVariable', inputs: { name: 'Count', value: "@add(variables('Count'), 1)" } }),
    file: playbook,
    at: `${addedAt}/inputs/value`,
  },
  {
    rule: 'workflow.variable-not-at-top',
    finds: 'a variable that is declared in a loop',
    bad: set(playbook, `${actions}/For_each_alert/actions/Declare`, {
      type: 'InitializeVariable',
      inputs: { variables: [{ name: 'Inner', type: 'string' }] },
    }),
    file: playbook,
    at: `${actions}/For_each_alert/actions/Declare`,
  },
  {
    rule: 'workflow.response-in-loop',
    finds: 'a response in a loop',
    bad: set(playbook, `${actions}/For_each_alert/actions/Respond`, { type: 'Response', inputs: { statusCode: 200 } }),
    file: playbook,
    at: `${actions}/For_each_alert/actions/Respond`,
  },
  {
    rule: 'workflow.limit',
    finds: 'more than 500 actions',
    bad: set(playbook, `${actions}/Many`, { type: 'Scope', actions: many(500, compose('x')), runAfter: {} }),
    file: playbook,
    at: actions,
  },
  {
    rule: 'workflow.trigger-expression',
    finds: 'a trigger condition that reads an action',
    bad: set(playbook, `${definition}/triggers/Microsoft_Sentinel_incident/conditions`, [
      { expression: "@equals(body('Get_incident'), null)" },
    ]),
    file: playbook,
    at: `${definition}/triggers/Microsoft_Sentinel_incident/conditions/0/expression`,
    passes: set(playbook, `${definition}/triggers/Microsoft_Sentinel_incident/conditions`, [
      { expression: "@equals(triggerBody()?['objectEventType'], 'Create')" },
    ]),
  },
  {
    rule: 'workflow.trigger-expression',
    finds: 'an output of an action that is not there',
    bad: set(playbook, `${definition}/outputs`, { link: { type: 'String', value: "@body('Missing')" } }),
    file: playbook,
    at: `${definition}/outputs/link/value`,
  },
  {
    rule: 'workflow.unreachable',
    finds: 'an action after the end of the run',
    ...added({ ...compose('x'), runAfter: { Give_up: ['Succeeded'] } }),
    file: playbook,
    at: `${addedAt}/runAfter`,
  },
  {
    rule: 'workflow.unreachable',
    finds: 'an action for which another one would have to fail and succeed',
    ...added({ ...compose('x'), runAfter: { Get_incident: ['Failed'], For_each_alert: ['Succeeded'] } }),
    file: playbook,
    at: `${addedAt}/runAfter`,
    passes: set(playbook, addedAt, {
      ...compose('x'),
      runAfter: { Get_incident: ['Failed'], For_each_alert: ['Skipped'] },
    }),
  },
  {
    rule: 'workflow.unreachable',
    finds: 'an action that waits for the first one to be skipped',
    ...added({ ...compose('x'), runAfter: { Count_of_alerts: ['Skipped'] } }),
    file: playbook,
    at: `${addedAt}/runAfter`,
  },
  {
    rule: 'workflow.response-without-request',
    finds: 'a response that nobody waits for',
    ...added({ type: 'Response', inputs: { statusCode: 200 } }),
    file: playbook,
    at: addedAt,
    passes: all(
      set(playbook, addedAt, { type: 'Response', inputs: { statusCode: 200 }, runAfter: {} }),
      set(playbook, `${definition}/triggers`, { manual: { type: 'Request', kind: 'Http' } }),
    ),
  },
  {
    rule: 'workflow.variable-before-use',
    finds: 'a variable that may not be there yet',
    bad: set(playbook, `${actions}/Get_incident/runAfter`, {}),
    file: playbook,
    at: `${actions}/For_each_alert/actions/Count`,
  },
  {
    rule: 'workflow.action-name',
    finds: 'a character that the designer refuses',
    ...added(compose('x'), 'Is it new?'),
    file: playbook,
    at: `${actions}/Is it new?`,
  },
  {
    rule: 'workflow.terminate-in-loop',
    finds: 'an end within a loop',
    bad: set(playbook, `${actions}/For_each_alert/actions/Stop`, {
      type: 'Terminate',
      inputs: { runStatus: 'Failed' },
      runAfter: { Page: ['Failed'] },
    }),
    file: playbook,
    at: `${actions}/For_each_alert/actions/Stop`,
  },
  {
    rule: 'workflow.until-limit',
    finds: 'a loop without a limit',
    bad: remove(playbook, `${actions}/Until_it_is_seen/limit`),
    file: playbook,
    at: `${actions}/Until_it_is_seen`,
  },
  {
    rule: 'workflow.parallel-writes',
    finds: 'a loop that writes in parallel',
    bad: remove(playbook, `${actions}/For_each_alert/runtimeConfiguration`),
    file: playbook,
    at: `${actions}/For_each_alert`,
    passes: all(
      remove(playbook, `${actions}/For_each_alert/runtimeConfiguration`),
      set(playbook, `${actions}/For_each_alert/operationOptions`, 'Sequential'),
    ),
  },
  {
    rule: 'workflow.definition-limit',
    finds: 'more than 50 parameters',
    bad: set(playbook, `${definition}/parameters`, many(51, { type: 'String' })),
    file: playbook,
    at: `${definition}/parameters`,
  },
  {
    rule: 'workflow.definition-size',
    finds: 'a definition that is too large',
    ...added(compose('x'.repeat(1_100_000))),
    file: playbook,
    at: definition,
  },
  {
    rule: 'workflow.description-limit',
    finds: 'a long description',
    bad: set(playbook, `${page}/description`, 'x'.repeat(257)),
    file: playbook,
    at: `${page}/description`,
    passes: set(playbook, `${page}/description`, 'x'.repeat(256)),
  },
  {
    rule: 'workflow.tracked-properties',
    finds: 'too much to track',
    bad: set(playbook, `${page}/trackedProperties`, { text: 'x'.repeat(16_000) }),
    file: playbook,
    at: `${page}/trackedProperties`,
  },
  {
    rule: 'workflow.retry-limit',
    finds: 'more than 90 tries',
    bad: set(playbook, `${page}/inputs/retryPolicy/count`, 91),
    file: playbook,
    at: `${page}/inputs/retryPolicy/count`,
  },
  {
    rule: 'workflow.retry-limit',
    finds: 'an interval below 5 seconds',
    bad: set(playbook, `${page}/inputs/retryPolicy/interval`, 'PT1S'),
    file: playbook,
    at: `${page}/inputs/retryPolicy/interval`,
  },
  {
    rule: 'workflow.concurrency-limit',
    finds: 'more than 50 iterations at once',
    bad: set(playbook, `${actions}/For_each_alert/runtimeConfiguration/concurrency/repetitions`, 51),
    file: playbook,
    at: `${actions}/For_each_alert/runtimeConfiguration/concurrency/repetitions`,
  },
  {
    rule: 'workflow.unused-parameter',
    finds: 'a parameter that changes nothing',
    bad: set(playbook, `${definition}/parameters/Room`, { type: 'String', defaultValue: 'x' }),
    file: playbook,
    at: `${definition}/parameters/Room`,
  },
  {
    rule: 'workflow.parameter-declaration',
    finds: 'a default of another type',
    bad: set(playbook, `${definition}/parameters/Severity`, { type: 'Array', defaultValue: { high: true } }),
    file: playbook,
    at: `${definition}/parameters/Severity/defaultValue`,
  },
  {
    rule: 'workflow.parameter-value',
    finds: 'a parameter without any value',
    bad: remove(playbook, '/resources/2/properties/parameters/TeamSecret'),
    file: playbook,
    at: `${definition}/parameters/TeamSecret`,
  },
  {
    rule: 'workflow.secret-default',
    finds: 'a secret that everybody can read',
    bad: set(playbook, `${definition}/parameters/TeamSecret/defaultValue`, 'hunter2'),
    file: playbook,
    at: `${definition}/parameters/TeamSecret/defaultValue`,
  },
  {
    rule: 'workflow.retry',
    finds: 'a call that gives up at once',
    bad: remove(playbook, `${actions}/Get_incident/inputs/retryPolicy`),
    file: playbook,
    at: `${actions}/Get_incident/inputs`,
    passes: remove(playbook, `${actions}/Update_incident/inputs/retryPolicy`),
  },
  {
    rule: 'workflow.plain-http',
    finds: 'a call without encryption',
    ...added(http({ uri: "http://ip.example/@{triggerBody()?['ip']}" })),
    file: playbook,
    at: `${addedAt}/inputs/uri`,
  },
  {
    rule: 'workflow.unsecured-input',
    finds: 'a secret in the run history',
    bad: remove(playbook, `${page}/runtimeConfiguration`),
    file: playbook,
    at: page,
  },
  {
    rule: 'workflow.unsecured-output',
    finds: 'a token in the run history',
    ...added(http({ method: 'POST', uri: 'https://login.contoso.com/oauth2/v2.0/token' })),
    file: playbook,
    at: addedAt,
    passes: set(playbook, addedAt, {
      ...http({ method: 'POST', uri: 'https://login.contoso.com/oauth2/v2.0/token' }),
      runtimeConfiguration: { secureData: { properties: ['inputs', 'outputs'] } },
    } as never),
  },
  {
    rule: 'workflow.plain-parameter',
    finds: 'a secret that becomes a plain text',
    bad: set(playbook, `${definition}/parameters/TeamSecret/type`, 'String'),
    file: playbook,
    at: `${definition}/parameters/TeamSecret`,
  },
  {
    rule: 'workflow.secret-literal',
    finds: 'a key that is written out',
    ...added(http({ headers: { 'X-Api-Key': '0123456789abcdef' } })),
    file: playbook,
    at: `${addedAt}/inputs/headers/X-Api-Key`,
    passes: set(playbook, addedAt, http({ headers: { 'X-Api-Key': "@parameters('Severity')" } }) as never),
  },
  {
    rule: 'workflow.callback-output',
    finds: 'an output with the callback URL',
    bad: set(playbook, `${definition}/outputs`, { url: { type: 'String', value: '@{listCallbackUrl()}' } }),
    file: playbook,
    at: `${definition}/outputs/url/value`,
  },
  {
    rule: 'sentinel.unknown-operation',
    finds: 'an operation that Microsoft Sentinel does not have',
    bad: set(playbook, `${actions}/Get_incident/inputs/path`, '/Incidents/AlertInformation'),
    file: playbook,
    at: `${actions}/Get_incident/inputs/path`,
    passes: set(playbook, `${actions}/Get_incident/inputs/path`, '/entities/account'),
  },
  {
    rule: 'sentinel.body',
    finds: 'a status that incidents do not have',
    bad: set(playbook, `${actions}/Update_incident/inputs/body/status`, 'Resolved'),
    file: playbook,
    at: `${actions}/Update_incident/inputs/body/status`,
  },
  {
    rule: 'sentinel.body',
    finds: 'a member that the operation ignores',
    bad: set(playbook, `${actions}/Update_incident/inputs/body/tags`, ['x']),
    file: playbook,
    at: `${actions}/Update_incident/inputs/body/tags`,
  },
  {
    rule: 'sentinel.deprecated-operation',
    finds: 'the comment of old',
    bad: all(
      set(playbook, `${actions}/Update_incident/inputs/path`, '/Comment/s/w/g/Incident/1'),
      set(playbook, `${actions}/Update_incident/inputs/body`, { Value: 'x' }),
    ),
    file: playbook,
    at: `${actions}/Update_incident/inputs/path`,
  },
  {
    rule: 'connector-call.unknown-operation',
    finds: 'a path that the connector does not have',
    bad: set(playbook, `${page}/inputs/path`, '/v1/pages'),
    file: playbook,
    at: `${page}/inputs/path`,
  },
  {
    rule: 'connector-call.parameters',
    finds: 'a query parameter that is missing',
    bad: remove(playbook, `${page}/inputs/queries`),
    file: playbook,
    at: `${page}/inputs`,
  },
  {
    rule: 'connector-call.body',
    finds: 'a member that the operation does not know',
    bad: replace(playbook, '"Severity": 1', '"Priority": 1'),
    file: playbook,
    at: `${page}/inputs/body/Priority`,
  },
  {
    rule: 'connector-call.body',
    finds: 'a value of another type',
    bad: replace(playbook, '"Severity": 1', '"Severity": "high"'),
    file: playbook,
    at: `${page}/inputs/body/Severity`,
    passes: replace(playbook, '"Severity": 1', `"Severity": "@length(body('Get_incident'))"`),
  },
  {
    rule: 'swagger.shape',
    finds: 'parameters that are not a list',
    bad: set(paths.swagger, '/paths/~1v2~1pages~1{team}/post/parameters', { team: 'x' }),
    file: paths.swagger,
    at: '/paths/~1v2~1pages~1{team}/post/parameters',
  },
  {
    rule: 'connection-parameters.shape',
    finds: 'a parameter that is not an object',
    bad: set(paths.properties, '/properties/connectionParameters/api_key', 'securestring'),
    file: paths.properties,
    at: '/properties/connectionParameters/api_key',
  },
];
