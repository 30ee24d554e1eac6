import type { EvaluationContext } from '../context.ts';
import { WdlError } from '../errors.ts';
import type { WdlObject, WdlValue } from '../values.ts';
import { isArray, isObject } from '../values.ts';
import { formValue, formValues, multipartBody, partIndex } from './form-data.ts';
import type { FunctionDefinition, Parameter } from './signature.ts';
import { define, text } from './signature.ts';

function unknownReference(functionName: string, what: string, remedy: string): WdlError {
  return new WdlError('wdl.unknown-reference', what, { function: functionName, remedy });
}

function notAvailable(functionName: string, remedy: string): WdlError {
  return new WdlError(
    'wdl.not-available',
    `The template function '${functionName}' is not expected at this location.`,
    {
      function: functionName,
      remedy,
    },
  );
}

function actionNamed(functionName: string, name: string, context: EvaluationContext): WdlObject {
  const action = context.action(name);
  if (action !== undefined) return action;
  throw unknownReference(
    functionName,
    `The template action '${name}' referenced by '${functionName}' is not defined in the workflow.`,
    'Use the name of the action as the code view shows it: spaces are underscores.',
  );
}

function outputsOf(record: WdlObject): WdlValue {
  return record['outputs'] ?? null;
}

function bodyOf(outputs: WdlValue): WdlValue {
  return isObject(outputs) ? (outputs['body'] ?? null) : null;
}

function triggerOf(functionName: string, context: EvaluationContext): WdlObject {
  const trigger = context.trigger();
  if (trigger !== undefined) return trigger;
  throw notAvailable(
    functionName,
    'There is no trigger here. In a context for eval, give one: {"trigger": {"outputs": …}}.',
  );
}

function currentItem(functionName: string, value: WdlValue | undefined, loop?: string): WdlValue {
  if (value !== undefined) return value;
  if (loop === undefined) {
    throw notAvailable(functionName, 'It works inside a Foreach, Select, Filter array or Create table action only.');
  }
  throw unknownReference(
    functionName,
    `The template function '${functionName}' refers to the repeating action '${loop}', which does not enclose this place.`,
    'Use the name of a loop around this action, as the code view shows it.',
  );
}

/** `outputs('X')`, under its current and its former name. */
function outputsFunction(name: string): FunctionDefinition {
  return define(name, [text('actionName')], ([action], context) => outputsOf(actionNamed(name, action, context)));
}

/** Of an action inside a For each, seen from outside, the bodies of all iterations. */
function bodyFunction(name: string): FunctionDefinition {
  return define(name, [text('actionName')], ([action], context) => {
    const record = actionNamed(name, action, context);
    const outputs = outputsOf(record);
    return record['repetitionCount'] !== undefined && isArray(outputs) ? outputs.map(bodyOf) : bodyOf(outputs);
  });
}

function found<T>(value: T | undefined, otherwise: () => WdlError): T {
  if (value === undefined) throw otherwise();
  return value;
}

const indexParameter: Parameter<number> = { name: 'index', expects: 'an integer', optional: false, read: partIndex };

/** Reference: "Workflow functions". What they return comes from the evaluation context. */
export const workflowFunctions: readonly FunctionDefinition[] = [
  define('action', [], (_args, context) =>
    found(context.currentAction(), () =>
      notAvailable(
        'action',
        'It works in trackedProperties, in an Until condition and in a webhook’s unsubscribe only.',
      ),
    ),
  ),
  bodyFunction('actionBody'),
  outputsFunction('actionOutputs'),
  define('actions', [text('actionName')], ([action], context) => actionNamed('actions', action, context)),
  bodyFunction('body'),
  define('formDataMultiValues', [text('actionName'), text('key')], ([action, key], context) =>
    formValues('formDataMultiValues', outputsOf(actionNamed('formDataMultiValues', action, context)), key),
  ),
  define('formDataValue', [text('actionName'), text('key')], ([action, key], context) =>
    formValue('formDataValue', outputsOf(actionNamed('formDataValue', action, context)), key),
  ),
  define('item', [], (_args, context) => currentItem('item', context.item())),
  define('items', [text('loopName')], ([loop], context) => currentItem('items', context.loopItem(loop), loop)),
  define('iterationIndexes', [text('loopName')], ([loop], context) =>
    currentItem('iterationIndexes', context.iterationIndex(loop), loop),
  ),
  define('listCallbackUrl', [], (_args, context) =>
    found(context.callbackUrl(), () =>
      notAvailable('listCallbackUrl', 'It works in webhook triggers and actions only.'),
    ),
  ),
  define('multipartBody', [text('actionName'), indexParameter], ([action, index], context) =>
    multipartBody('multipartBody', outputsOf(actionNamed('multipartBody', action, context)), index),
  ),
  outputsFunction('outputs'),
  define('parameters', [text('parameterName')], ([name], context) =>
    found(context.parameter(name), () =>
      unknownReference(
        'parameters',
        `The workflow parameter '${name}' is not found.`,
        'Declare it under the parameters of the workflow.',
      ),
    ),
  ),
  define('result', [text('scopedActionName')], ([scope], context) =>
    found(context.result(scope), () =>
      unknownReference(
        'result',
        `The scoped action '${scope}' referenced by 'result' is not defined in the workflow.`,
        'result takes the name of a Scope, For each, Until, If or Switch action.',
      ),
    ),
  ),
  define('trigger', [], (_args, context) => triggerOf('trigger', context)),
  define('triggerBody', [], (_args, context) => bodyOf(outputsOf(triggerOf('triggerBody', context)))),
  define('triggerFormDataMultiValues', [text('key')], ([key], context) =>
    formValues('triggerFormDataMultiValues', outputsOf(triggerOf('triggerFormDataMultiValues', context)), key),
  ),
  define('triggerFormDataValue', [text('key')], ([key], context) =>
    formValue('triggerFormDataValue', outputsOf(triggerOf('triggerFormDataValue', context)), key),
  ),
  define('triggerMultipartBody', [indexParameter], ([index], context) =>
    multipartBody('triggerMultipartBody', outputsOf(triggerOf('triggerMultipartBody', context)), index),
  ),
  define('triggerOutputs', [], (_args, context) => outputsOf(triggerOf('triggerOutputs', context))),
  define('variables', [text('variableName')], ([name], context) =>
    found(context.variable(name), () =>
      unknownReference(
        'variables',
        `The variable '${name}' is not initialized.`,
        'An Initialize variable action must create it before this one runs.',
      ),
    ),
  ),
  define('workflow', [], (_args, context) =>
    found(context.workflow(), () =>
      notAvailable('workflow', 'In a context for eval, give one: {"workflow": {"name": …}}.'),
    ),
  ),
];
