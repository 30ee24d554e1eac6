import { type Definition, lookUp, type Parameter, type Schema } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below, type OperationAt, operationsOf, valuesOf } from './walk.ts';

/** Triggers that register a webhook. */
export const triggerRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'trigger.callback-url',
    level: 'warning',
    source: sources.connectorWebhooks,
    help: 'Mark one field x-ms-notification-url: true and x-ms-visibility: internal; the workflow fills its URL in there.',
    check: (definition) =>
      webhookTriggers(definition).flatMap(({ pointer, value }) => {
        const fields = callbackFields(definition, value.parameters ?? []);
        if (fields.length !== 1)
          return [{ pointer, message: `there are ${fields.length} fields for the callback URL` }];
        const hidden = fields[0]?.['x-ms-visibility'] === 'internal';
        return hidden ? [] : [{ pointer, message: 'the field for the callback URL is not internal' }];
      }),
  },
  {
    id: 'trigger.kind',
    level: 'warning',
    source: sources.connectorWebhooks,
    help: 'Say x-ms-trigger: single, or batch together with x-ms-trigger-hint, on the POST that registers the webhook.',
    check: (definition) =>
      operationsOf(definition).flatMap(({ pointer, value, method, item }) => {
        const trigger = value['x-ms-trigger'];
        if (trigger === undefined) return [];
        const at = below(pointer, 'x-ms-trigger');
        if (trigger === 'batch' && !value['x-ms-trigger-hint']) return [{ pointer: at, message: 'batch has no hint' }];
        if (trigger !== 'single' && trigger !== 'batch')
          return [{ pointer: at, message: `"${trigger}" is not a kind of trigger` }];
        const registers = item['x-ms-notification-content'] !== undefined;
        return registers && method !== 'post'
          ? [{ pointer: at, message: `a webhook is registered with ${method}` }]
          : [];
      }),
  },
  {
    id: 'trigger.notification',
    level: 'warning',
    source: sources.connectorWebhooks,
    help: 'Add x-ms-notification-content with a schema to the path: it is what the trigger gives to the workflow.',
    check: (definition) =>
      operationsOf(definition)
        .filter(
          ({ value }) =>
            value['x-ms-trigger'] !== undefined && callbackFields(definition, value.parameters ?? []).length > 0,
        )
        .filter(({ item }) => item['x-ms-notification-content']?.schema === undefined)
        .map(({ pointer }) => ({ pointer, message: 'the path does not describe the notification' })),
  },
  {
    id: 'trigger.registration',
    level: 'warning',
    source: sources.connectorWebhooks,
    help: 'List the answer 201: Logic Apps waits for it.',
    check: (definition) =>
      webhookTriggers(definition)
        .filter(({ value }) => value.responses?.['201'] === undefined)
        .map(({ pointer }) => ({ pointer: below(pointer, 'responses'), message: '201 is not listed' })),
  },
  {
    id: 'trigger.delete',
    level: 'warning',
    source: sources.connectorWebhooks,
    help: 'Add the operation that deletes a webhook below the path of the trigger, with x-ms-visibility: internal.',
    check: (definition) =>
      webhookTriggers(definition)
        .filter(({ path }) => !operationsOf(definition).some((operation) => deletes(operation, path)))
        .map(({ pointer }) => ({ pointer, message: 'there is no internal operation that deletes the webhook' })),
  },
  {
    id: 'trigger.own-path',
    level: 'warning',
    source: sources.designer,
    help: 'Make the operation internal or move it: designers take the notification for its output.',
    check: (definition) =>
      operationsOf(definition)
        .filter(
          ({ item, value }) => item['x-ms-notification-content'] !== undefined && value['x-ms-trigger'] === undefined,
        )
        .filter(({ value }) => value['x-ms-visibility'] !== 'internal')
        .map(({ pointer }) => ({ pointer, message: 'the operation shares the path of a trigger' })),
  },
];

function webhookTriggers(definition: Definition): OperationAt[] {
  return operationsOf(definition).filter(
    ({ value, item }) => value['x-ms-trigger'] !== undefined && item['x-ms-notification-content'] !== undefined,
  );
}

/** Parameters and members of the body that receive the callback URL. */
function callbackFields(definition: Definition, parameters: readonly Parameter[]): Schema[] {
  return parameters.flatMap((parameter) => {
    const reference = parameter.schema?.$ref;
    const schema = reference === undefined ? parameter.schema : lookUp<Schema>(definition, reference);
    return valuesOf({ ...parameter, schema }).flatMap(({ value }) =>
      typeof value === 'object' && value !== null && (value as Schema)['x-ms-notification-url'] === true
        ? [value as Schema]
        : [],
    );
  });
}

function deletes({ method, path, value }: OperationAt, triggerPath: string): boolean {
  return method === 'delete' && path.startsWith(`${triggerPath}/`) && value['x-ms-visibility'] === 'internal';
}
