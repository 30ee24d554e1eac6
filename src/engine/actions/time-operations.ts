import type { ExpressionAction } from '../../wdl/types.ts';
import { isObject, type WdlObject } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { failed, succeeded } from '../outcome.ts';
import { actionOf, type Executor } from './executor.ts';

interface Operation {
  readonly name: string;
  /** Members of the inputs in the order of the function's parameters; a trailing `?` marks optional ones. */
  readonly members: readonly string[];
}

/** The designer's date and time operations. Each is a function of the expression language with named arguments. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  currenttime: { name: 'utcNow', members: [] },
  addtotime: { name: 'addToTime', members: ['baseTime', 'interval', 'timeUnit', 'formatString?'] },
  subtractfromtime: { name: 'subtractFromTime', members: ['baseTime', 'interval', 'timeUnit', 'formatString?'] },
  getfuturetime: { name: 'getFutureTime', members: ['interval', 'timeUnit', 'formatString?'] },
  getpasttime: { name: 'getPastTime', members: ['interval', 'timeUnit', 'formatString?'] },
  converttimezone: {
    name: 'convertTimeZone',
    members: ['baseTime', 'sourceTimeZone', 'destinationTimeZone', 'formatString?'],
  },
};

/** Expression actions: "Current time", "Convert time zone", … The result becomes the body. */
export const timeOperation: Executor = (scope) => {
  const action = actionOf<ExpressionAction>(scope);
  const kind = String(action.kind).toLowerCase();
  const operation = Object.hasOwn(OPERATIONS, kind) ? OPERATIONS[kind] : undefined;
  if (!operation) {
    return failed('BadRequest', `The kind '${action.kind}' of an Expression action is not known to this engine.`);
  }
  const value = evaluate(action.inputs ?? {}, scope);
  const inputs: WdlObject = isObject(value) ? value : {};
  const given = operation.members
    .map((member) => ({ name: member.replace('?', ''), isOptional: member.endsWith('?') }))
    .filter(({ name, isOptional }) => !isOptional || inputs[name] !== undefined);
  const missing = given.find(({ name }) => inputs[name] === undefined);
  if (missing) return failed('BadRequest', `The inputs of '${action.kind}' lack '${missing.name}'.`, inputs);
  const args = given.map(({ name }) => `item()['${name}']`).join(', ');
  const body = evaluate(`@${operation.name}(${args})`, scope, { value: inputs });
  return succeeded(inputs, { body });
};
