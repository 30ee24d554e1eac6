import { bodyOfType } from '../../wdl/content/body.ts';
import { JsonTextError, parseJsonText } from '../../wdl/json-text.ts';
import { withoutComments } from '../../wdl/lenient-json.ts';
import type { JavaScriptCodeAction, LiquidAction, XsltAction } from '../../wdl/types.ts';
import { isBinaryContent, isObject, type WdlValue } from '../../wdl/values.ts';
import { isFailure } from '../calls.ts';
import { evaluate, type Scope } from '../context.ts';
import { statusCodeName } from '../http-status.ts';
import { LiquidSyntaxError } from '../liquid/parse.ts';
import { renderLiquid } from '../liquid/render.ts';
import { mapKey } from '../maps.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { headerOf } from '../retry-policy.ts';
import type { Process } from '../scheduler.ts';
import { oneCall } from '../transport.ts';
import { actionOf, type Executor } from './executor.ts';

const MOCK = 'its output as a mock that names the action';

/** Liquid: renders the map of that name, where the run was given it and its input is JSON. */
export const liquid: Executor = function* (scope, record) {
  const { name } = scope.node;
  const { kind, inputs: written } = actionOf<LiquidAction>(scope);
  const inputs = evaluate(written, scope);
  record.inputs = inputs;
  const map = mapName(inputs);
  if (map === '') return failed('BadRequest', noMap, inputs);
  const asWritten = String(kind);
  const source = scope.run.maps.get(mapKey(map));
  switch (asWritten.toLowerCase()) {
    case 'jsontojson':
    case 'jsontotext': {
      if (source === undefined) {
        const needs = `the Liquid map '${map}': give it with the maps, or ${MOCK}`;
        return yield* elsewhere(scope, inputs, { method: 'LIQUID', path: map, needs });
      }
      const rendered = render(scope, map, source, inputs);
      if ('status' in rendered) return rendered;
      return asWritten.toLowerCase() === 'jsontotext'
        ? succeeded(inputs, { body: rendered.text })
        : jsonOutcome(rendered.text, inputs);
    }
    case 'xmltojson':
    case 'xmltotext': {
      const needs = `what the service makes of XML for the Liquid map '${map}', which no writing tells: give ${MOCK}`;
      return yield* elsewhere(scope, inputs, { method: 'LIQUID', path: map, needs });
    }
    default: {
      const message = `The kind of the Liquid action '${name}' must be JsonToJson, JsonToText, XmlToJson or XmlToText, but it is '${asWritten}'.`;
      return failed('InvalidLiquidActionKind', message, inputs);
    }
  }
};

/** Xslt: the output comes from a mock. XML is a content object, unless the action or the mock says that it is text. */
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

/** JavaScriptCode: the output comes from a mock. */
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

/** The output of what an integration account would do; `textType` is what a text in it is, without a Content-Type. */
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

function render(scope: Scope, map: string, source: string, inputs: WdlValue): { readonly text: string } | Outcome {
  const { run, node } = scope;
  const content = jsonContent(isObject(inputs) ? (inputs['content'] ?? null) : null);
  if ('problem' in content) {
    const message = `The 'content' of the Liquid action '${node.name}' must be JSON, but it is ${content.problem}.`;
    return failed('BadRequest', message, inputs);
  }
  try {
    const { text, warnings } = renderLiquid(source, content.value, run.clock.now());
    for (const warning of warnings) run.warnings.add(`The Liquid map '${map}': ${warning}`);
    return { text };
  } catch (error) {
    if (!(error instanceof LiquidSyntaxError)) throw error;
    return failed('BadRequest', `The Liquid map '${map}' of '${node.name}' cannot be read: ${error.message}.`, inputs);
  }
}

function jsonContent(content: WdlValue): { readonly value: WdlValue } | { readonly problem: string } {
  if (isBinaryContent(content)) return { problem: `of type '${content['$content-type']}'` };
  if (typeof content !== 'string') return { value: content };
  try {
    return { value: parseJsonText(content) };
  } catch (error) {
    if (error instanceof JsonTextError) return { problem: 'a text that cannot be read as JSON' };
    throw error;
  }
}

/** The service reads what a map makes with Json.NET: a comma before a closing bracket and comments pass. */
function jsonOutcome(text: string, inputs: WdlValue): Outcome {
  try {
    return succeeded(inputs, { body: parseJsonText(withoutComments(text)) });
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const message = `An error occurred while converting the transformed value to JSON. The transformed value is not a valid JSON. '${error.message}'`;
    return failed('IncorrectLiquidTransformOutputType', message, inputs);
  }
}
