import type { ApiManagementAction, FunctionAction, SendToBatchAction, WorkflowAction } from '../../wdl/types.ts';
import { isObject, toJson, type WdlObject, type WdlValue } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed } from '../outcome.ts';
import { membersOf, performCall, type Request, requestParts } from '../transport.ts';
import { actionOf, type Executor } from './executor.ts';
import { shownInputs } from './http.ts';

/** The request that an action's evaluated inputs describe, or what is missing in them. */
type Target = Pick<Request, 'method' | 'path' | 'body'> | { readonly problem: string };

function calling<T extends { readonly inputs: unknown }>(
  kind: Request['kind'],
  targetOf: (inputs: WdlObject) => Target,
): Executor {
  return function* (scope, record) {
    const inputs = evaluate(actionOf<T>(scope).inputs ?? {}, scope);
    record.inputs = shownInputs(inputs);
    if (!isObject(inputs)) return failed('BadRequest', `The inputs of '${scope.node.name}' are not an object.`, inputs);
    const target = targetOf(inputs);
    if ('problem' in target) return failed('BadRequest', target.problem, record.inputs);
    return yield* performCall(scope, record, { kind, action: scope.node.name, ...requestParts(inputs), ...target });
  };
}

/** Workflow: calls another workflow's Request trigger and takes its Response as its own outputs. */
export const workflowCall = calling<WorkflowAction>('Workflow', (inputs) => {
  const id = at(inputs, 'host', 'workflow', 'id');
  const trigger = at(inputs, 'host', 'triggerName');
  if (id === '') return { problem: `The 'host.workflow.id' of the called workflow is missing.` };
  return { method: 'POST', path: `${id}/triggers/${trigger || 'manual'}/run` };
});

/** SendToBatch: sends one message to the Batch trigger of another workflow, which is called like any other trigger. */
export const sendToBatch = calling<SendToBatchAction>('Workflow', (inputs) => {
  const id = at(inputs, 'host', 'workflow', 'id');
  const trigger = at(inputs, 'host', 'triggerName');
  if (id === '') return { problem: `The 'host.workflow.id' of the batch receiver is missing.` };
  if (trigger === '') return { problem: `The 'host.triggerName' of the batch receiver is missing.` };
  const names = ['batchName', 'partitionName', 'messageId', 'content'].filter((name) => inputs[name] !== undefined);
  const message = Object.fromEntries(names.map((name) => [name, inputs[name] ?? null]));
  return { method: 'POST', path: `${id}/triggers/${trigger}/run`, body: toJson(message) };
});

/** Function: calls a function of an Azure function app. */
export const functionCall = calling<FunctionAction>('Function', (inputs) => {
  const id = at(inputs, 'function', 'id');
  if (id === '') return { problem: `The 'function.id' of the called function is missing.` };
  return { method: (at(inputs, 'method') || 'POST').toUpperCase(), path: id };
});

/** ApiManagement: calls an API that Azure API Management publishes. */
export const apiManagement = calling<ApiManagementAction>('ApiManagement', (inputs) => {
  const method = at(inputs, 'method');
  if (method === '') return { problem: `The 'method' is missing.` };
  const template = at(inputs, 'pathTemplate', 'template');
  const pathTemplate = inputs['pathTemplate'];
  const parameters = pathTemplate && isObject(pathTemplate) ? membersOf(pathTemplate['parameters']) : {};
  const path = Object.entries(parameters).reduce(
    (text, [name, value]) => text.replaceAll(`{${name}}`, encodeURIComponent(String(value))),
    template,
  );
  return { method: method.toUpperCase(), path: path || at(inputs, 'api', 'id') };
});

/** The string at a path of an object; empty if there is none. */
function at(inputs: WdlObject, ...path: readonly string[]): string {
  const value = path.reduce<WdlValue | undefined>(
    (current, name) => (current !== undefined && isObject(current) ? current[name] : undefined),
    inputs,
  );
  return typeof value === 'string' ? value : '';
}
