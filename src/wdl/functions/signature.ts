import type { EvaluationContext } from '../context.ts';
import type { WdlReason } from '../errors.ts';
import { WdlError } from '../errors.ts';
import type { BinaryContent, WdlArray, WdlNumber, WdlObject, WdlValue } from '../values.ts';
import { isArray, isBinaryContent, isNumber, isObject, typeName, wholeNumber } from '../values.ts';

/** One declared parameter of a function. */
export interface Parameter<T = unknown> {
  readonly name: string;
  /** Wording for messages: `a string`, `an array or a string`. */
  readonly expects: string;
  readonly optional: boolean;
  /** The argument as the function wants it; `undefined` when it is of the wrong type. */
  read(value: WdlValue): T | undefined;
}

/** A function of the language: its signature, checked before it is called, and its meaning. */
export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be repeated. */
  readonly variadic: boolean;
  /** Arguments are evaluated when, and only when, they are needed: `if`, `and`, `or`, `coalesce`. */
  readonly lazy: boolean;
  call(args: readonly WdlValue[], context: EvaluationContext): WdlValue;
  callLazily(args: readonly (() => WdlValue)[]): WdlValue;
}

type Arguments<P extends readonly Parameter[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** A function whose arguments are evaluated from left to right and checked against its parameters. */
export function define<const P extends readonly Parameter[]>(
  name: string,
  parameters: P,
  evaluate: (args: Arguments<P>, context: EvaluationContext) => WdlValue,
): FunctionDefinition {
  return {
    name,
    parameters,
    variadic: false,
    lazy: false,
    call: (args, context) => {
      const values = parameters.map((parameter, index) =>
        readArgument(name, parameters, parameter, index, args[index]),
      );
      return evaluate(values as Arguments<P>, context);
    },
    callLazily: notLazy,
  };
}

/** A function that takes any number of arguments, at least as many as it has parameters, all read like the last one. */
export function defineVariadic<T>(
  name: string,
  parameters: readonly [Parameter<T>, ...Parameter<T>[]],
  evaluate: (args: readonly T[], context: EvaluationContext) => WdlValue,
): FunctionDefinition {
  return {
    name,
    parameters,
    variadic: true,
    lazy: false,
    call: (args, context) => {
      const values = args.map((value, index) => {
        const parameter = parameters[Math.min(index, parameters.length - 1)] ?? parameters[0];
        return readArgument(name, parameters, parameter, index, value) as T;
      });
      return evaluate(values, context);
    },
    callLazily: notLazy,
  };
}

/** A function that decides itself which of its arguments are evaluated. */
export function defineLazy(
  name: string,
  parameters: readonly Parameter[],
  variadic: boolean,
  evaluate: (args: readonly (() => WdlValue)[]) => WdlValue,
): FunctionDefinition {
  return { name, parameters, variadic, lazy: true, call: notLazy, callLazily: evaluate };
}

function notLazy(): never {
  throw new TypeError('The evaluator must call a function in the way it is defined.');
}

// ---- parameter types --------------------------------------------------------------------------------------------

export function any(name: string): Parameter<WdlValue> {
  return { name, expects: 'a value', optional: false, read: (value) => value };
}

export function text(name: string): Parameter<string> {
  return {
    name,
    expects: 'a string',
    optional: false,
    read: (value) => (typeof value === 'string' ? value : undefined),
  };
}

/** Text, or content of any type. */
export function textOrContent(name: string, expects = 'a string'): Parameter<string | BinaryContent> {
  const read = (value: WdlValue) => (typeof value === 'string' || isBinaryContent(value) ? value : undefined);
  return { name, expects, optional: false, read };
}

/** A whole number, as a JavaScript number; long integers lose digits. */
export function whole(name: string): Parameter<number> {
  return { name, expects: 'an integer', optional: false, read: wholeNumber };
}

export function number(name: string): Parameter<WdlNumber> {
  const read = (value: WdlValue) => (isNumber(value) ? value : undefined);
  return { name, expects: 'an integer, a float or a decimal number', optional: false, read };
}

export function array(name: string): Parameter<WdlArray> {
  return { name, expects: 'an array', optional: false, read: (value) => (isArray(value) ? value : undefined) };
}

export function arrayOrText(name: string): Parameter<WdlArray | string> {
  const read = (value: WdlValue) => (typeof value === 'string' || isArray(value) ? value : undefined);
  return { name, expects: 'an array or a string', optional: false, read };
}

export function object(name: string): Parameter<WdlObject> {
  return { name, expects: 'an object', optional: false, read: (value) => (isObject(value) ? value : undefined) };
}

/** May be left out; null counts as left out. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined> {
  return { ...parameter, optional: true };
}

// ---- checks and messages ----------------------------------------------------------------------------------------

/** Fewest and most arguments of a function. */
export function arity({ parameters, variadic }: FunctionDefinition): { min: number; max: number } {
  const min = parameters.filter((parameter) => !parameter.optional).length;
  return { min, max: variadic ? Number.POSITIVE_INFINITY : parameters.length };
}

/** Throws `wdl.argument-count` when a call has too few or too many arguments. `written` is the name as written. */
export function checkArgumentCount(definition: FunctionDefinition, written: string, count: number): void {
  const { min, max } = arity(definition);
  if (count >= min && count <= max) return;
  throw new WdlError(
    'wdl.argument-count',
    `The template language function '${written}' expects ${expectedCount(definition, min, max)}. ` +
      `The function was invoked with '${count}' parameter(s). ${usage(definition.name)}`,
    { function: definition.name, remedy: `Call it as ${signatureText(definition)}.` },
  );
}

const COUNTS = ['no parameters', 'one parameter', 'two parameters', 'three parameters', 'four parameters'];

function expectedCount({ parameters }: FunctionDefinition, min: number, max: number): string {
  const names = parameters.map(({ name }) => `'${name}'`).join(', ');
  const counts = (count: number) => COUNTS[count] ?? `${count} parameters`;
  if (max === 0) return 'no parameters';
  if (max === Number.POSITIVE_INFINITY) return `at least ${counts(min)}: ${names}, …`;
  if (min === max) return `${counts(min)}: ${names}`;
  return `at least ${counts(min)} and at most ${counts(max)}: ${names}`;
}

/** `substring(text, startIndex, length?)`. */
function signatureText({ name, parameters, variadic }: FunctionDefinition): string {
  const names = parameters.map((parameter) => `${parameter.name}${parameter.optional ? '?' : ''}`);
  return `${name}(${[...names, ...(variadic ? ['…'] : [])].join(', ')})`;
}

function readArgument(
  functionName: string,
  parameters: readonly Parameter[],
  parameter: Parameter,
  index: number,
  value: WdlValue | undefined,
): unknown {
  if (value === undefined || (value === null && parameter.optional)) return undefined;
  const read = parameter.read(value);
  if (read !== undefined) return read;
  const single = parameters.length === 1 && index === 0;
  const which = single ? 'its parameter' : `its ${ordinal(index)} parameter '${parameter.name}'`;
  throw new WdlError(
    'wdl.argument-type',
    `The template language function '${functionName}' expects ${which} to be ${parameter.expects}. ` +
      `The provided value is of type '${typeName(value)}'. ${usage(functionName)}`,
    {
      function: functionName,
      ...(value === null
        ? {
            remedy:
              'The value is null. Give a default with coalesce(…), or test it first with empty or equals(…, null).',
          }
        : {}),
    },
  );
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

function ordinal(index: number): string {
  return ORDINALS[index] ?? `${index + 1}th`;
}

function usage(functionName: string): string {
  return `Please see https://aka.ms/logicexpressions#${functionName} for usage details.`;
}

/** A failure of a function beyond the types of its arguments. The message starts like the service's own. */
export function functionError(
  functionName: string,
  problem: string,
  reason: WdlReason = 'wdl.argument-value',
  remedy?: string,
): WdlError {
  return new WdlError(reason, `The template language function '${functionName}' ${problem}. ${usage(functionName)}`, {
    function: functionName,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** "was invoked with a parameter that is not valid": the service's words for a failed conversion. */
export function conversionError(
  functionName: string,
  why = 'The value cannot be converted to the target type',
): WdlError {
  return functionError(functionName, `was invoked with a parameter that is not valid. ${why}`);
}
