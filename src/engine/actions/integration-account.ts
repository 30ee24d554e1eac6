import { bodyOfType } from '../../wdl/content/body.ts';
import type { JavaScriptCodeAction, LiquidAction, XsltAction } from '../../wdl/types.ts';
import { isObject, type WdlValue } from '../../wdl/values.ts';
import { isFailure } from '../calls.ts';
import { evaluate, type Scope } from '../context.ts';
import { statusCodeName } from '../http-status.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { headerOf } from '../retry-policy.ts';
import type { Process } from '../scheduler.ts';
import { oneCall } from '../transport.ts';
import { actionOf, type Executor } from './executor.ts';

const MOCK = 'its output as a mock that names the action';

/** Liquid: a mock provides the output. */
export const liquid: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<LiquidAction>(scope).inputs, scope);
  record.inputs = inputs;
  const map = mapName(inputs);
  if (map === '') return failed('BadRequest', noMap, inputs);
  const needs = `DotLiquid for the map '${map}', which this engine does not have: give ${MOCK}`;
  return yield* elsewhere(scope, inputs, { method: 'LIQUID', path: map, needs });
};

/** Xslt: a mock provides the output. XML is a content object unless the action or the mock says that it is text. */
export const xslt: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<XsltAction>(scope).inputs, scope);
  record.inputs = inputs;
  const map = mapName(inputs);
  if (map === '') return failed('BadRequest', noMap, inputs);
  const options = isObject(inputs) ? String(inputs['transformOptions'] ?? '') : '';
  const type = /\bGenerateTextOutput\b/i.test(options) ? 'text/plain' : 'application/xml; charset=utf-8';
  const needs = `an XSLT processor for the map '${map}', which this engine does not have: give ${MOCK}`;
  return yield* elsewhere(scope, inputs, { method: 'XSLT', path: map, needs }, type);
};

/** JavaScriptCode: a mock provides the output. */
export const javaScriptCode: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<JavaScriptCodeAction>(scope).inputs ?? {}, scope);
  record.inputs = inputs;
  const needs = `JavaScript on an integration account, which this engine does not run: give ${MOCK}`;
  return yield* elsewhere(scope, inputs, { method: 'JAVASCRIPT', path: scope.node.name, needs });
};

interface Task {
  readonly method: string;
  readonly path: string;
  readonly needs: string;
}

/** The mock's output for an integration account. `textType` is the content type of a string without one. */
function* elsewhere(scope: Scope, inputs: WdlValue, task: Task, textType?: string): Process<Outcome> {
  const { name } = scope.node;
  const call = { kind: 'IntegrationAccount', action: name, ...task, queries: {}, headers: {}, retry: 0 } as const;
  const result = yield* oneCall(scope, call);
  if (isFailure(result)) return failed(result.failure.code, result.failure.message, inputs);
  const type = headerOf(result.headers, 'content-type') ?? (typeof result.body === 'string' ? textType : undefined);
  const outputs = { body: bodyOfType(result.body ?? null, type) };
  const code = statusCodeName(result.status);
  return result.status < 400 ? succeeded(inputs, outputs, code) : { status: 'Failed', code, inputs, outputs };
}

const noMap = "The 'integrationAccount.map.name' of the inputs must be the name of a map.";

function mapName(inputs: WdlValue): string {
  const path = ['integrationAccount', 'map', 'name'];
  const name = path.reduce<WdlValue>((at, step) => (isObject(at) ? (at[step] ?? null) : null), inputs);
  return typeof name === 'string' ? name : '';
}
