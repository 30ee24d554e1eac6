import { unescapeArm } from '../domain/arm-literal.ts';
import { UserError } from '../domain/errors.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { isJsonObject, type Json } from '../wdl/types.ts';
import { addressFunctions } from './functions/addresses.ts';
import { azureFunctions, listSecrets } from './functions/azure.ts';
import { collectionFunctions } from './functions/collections.ts';
import { dateFunctions } from './functions/dates.ts';
import { lambdaFunctions } from './functions/lambdas.ts';
import { numberFunctions } from './functions/numbers.ts';
import { type ArmFunctions, booleanArg } from './functions/signature.ts';
import { textFunctions } from './functions/text.ts';
import type { ArmScope, UserFunction } from './scope.ts';
import { type ArmExpression, isArmExpression, parseArmExpression } from './syntax.ts';
import { type ArmValue, argumentError, armMember, isArmObject, Placeholder, textOfArm, typeNameOf } from './value.ts';

const functions: ArmFunctions = {
  ...textFunctions,
  ...collectionFunctions,
  ...numberFunctions,
  ...dateFunctions,
  ...addressFunctions,
  ...azureFunctions,
};

/**
 * Evaluates every expression of a piece of a template: strings in brackets, names of members included; `[[` becomes `[`.
 * @throws UserError `arm.syntax`, `arm.unknown-function`, `arm.argument`, … with the path of the expression
 */
export function evaluateArm(json: Json, scope: ArmScope, path = ''): ArmValue {
  if (typeof json === 'string') return located(path, () => evaluateText(json, scope));
  if (Array.isArray(json)) {
    return (json as readonly Json[]).map((item, index) => evaluateArm(item, scope, `${path}/${index}`));
  }
  if (!isJsonObject(json)) return json as number | boolean | null;
  const members = Object.entries(json).map(([name, item]) => {
    const at = `${path}${pointerStep(name)}`;
    return [located(at, () => textOfArm(evaluateText(name, scope))), evaluateArm(item, scope, at)] as const;
  });
  return Object.fromEntries(members);
}

/** Evaluates one string of a template. */
function evaluateText(text: string, scope: ArmScope): ArmValue {
  return isArmExpression(text) ? evaluateExpression(parseArmExpression(text), scope) : unescapeArm(text);
}

function evaluateExpression(expression: ArmExpression, scope: ArmScope): ArmValue {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'member':
      return memberOf(evaluateExpression(expression.of, scope), expression.name, expression.optional);
    case 'index': {
      const of = evaluateExpression(expression.of, scope);
      const index = evaluateExpression(expression.index, scope);
      if (typeof index !== 'number') return memberOf(of, textOfArm(index), expression.optional);
      const item = Array.isArray(of) ? (of as readonly ArmValue[])[index] : undefined;
      if (item === undefined && !expression.optional && !(of instanceof Placeholder)) {
        throw new UserError('arm.index', `There is no item ${index} in ${typeNameOf(of)}.`);
      }
      return of instanceof Placeholder ? of.member(String(index)) : (item ?? null);
    }
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

function memberOf(of: ArmValue, name: string, optional: boolean): ArmValue {
  const value = armMember(of, name);
  if (value !== undefined) return value;
  if (optional) return null;
  const known = isArmObject(of) ? `; it has ${Object.keys(of).join(', ') || 'none'}` : '';
  throw new UserError('arm.property', `There is no property '${name}' in ${typeNameOf(of)}${known}.`);
}

function call(name: string, args: readonly ArmExpression[], scope: ArmScope): ArmValue {
  const lower = name.toLowerCase();
  const special = specialForms[lower];
  if (special) return special(args, scope, name);
  const lambdaFunction = lambdaFunctions[lower];
  if (lambdaFunction) return lambdaFunction(args, scope, evaluateExpression);
  const values = args.map((arg) => evaluateExpression(arg, scope));
  const own = scope.userFunction(name);
  if (own) return callUserFunction(own, values, scope);
  const known = functions[lower];
  if (known) {
    if (values.length < known.least || values.length > known.most) {
      throw argumentError(name, `does not take ${values.length} argument(s)`);
    }
    return known.apply(values, scope, name);
  }
  if (lower.startsWith('list')) return listSecrets(name, values, scope.deployment);
  throw new UserError('arm.unknown-function', `There is no template function '${name}'.`, {
    remedy: 'Check its spelling; a function of the template itself is called with its namespace, `contoso.name()`.',
  });
}

type SpecialForm = (args: readonly ArmExpression[], scope: ArmScope, name: string) => ArmValue;

/** Functions that do not evaluate all of their arguments, or that reach into the template. */
const specialForms: Readonly<Record<string, SpecialForm>> = {
  if: (args, scope, name) => {
    const [condition, whenTrue, whenFalse] = args;
    if (!condition || !whenTrue || !whenFalse) throw argumentError(name, 'takes three arguments');
    return evaluateExpression(booleanArg(evaluateExpression(condition, scope), 0, name) ? whenTrue : whenFalse, scope);
  },
  and: (args, scope, name) => args.every((arg, at) => booleanArg(evaluateExpression(arg, scope), at, name)),
  or: (args, scope, name) => args.some((arg, at) => booleanArg(evaluateExpression(arg, scope), at, name)),
  parameters: (args, scope) => scope.parameter(nameArgument(args, scope)),
  variables: (args, scope) => scope.variable(nameArgument(args, scope)),
  copyindex: (args, scope, name) => {
    const first = args[0] && evaluateExpression(args[0], scope);
    const second = args[1] && evaluateExpression(args[1], scope);
    const index = scope.copyIndexes?.get(typeof first === 'string' ? first : '');
    if (index === undefined) throw argumentError(name, 'has no copy loop around it');
    const offset = [first, second].find((value) => typeof value === 'number') ?? 0;
    return index + offset;
  },
  lambdavariables: (args, scope, name) => {
    const wanted = nameArgument(args, scope);
    const value = scope.lambda?.get(wanted);
    if (value === undefined) throw argumentError(name, `knows no lambda argument '${wanted}' here`);
    return value;
  },
};

function nameArgument(args: readonly ArmExpression[], scope: ArmScope): string {
  return args[0] ? textOfArm(evaluateExpression(args[0], scope)) : '';
}

/** The output of a template's own function sees its parameters and nothing else. */
function callUserFunction(own: UserFunction, values: readonly ArmValue[], scope: ArmScope): ArmValue {
  const given = new Map(own.parameters.map((parameter, index) => [parameter.toLowerCase(), values[index] ?? null]));
  return evaluateArm(own.output, {
    deployment: scope.deployment,
    userFunction: () => undefined,
    parameter: (name) => given.get(name.toLowerCase()) ?? null,
    variable: (name) => {
      throw argumentError('variables', `cannot be used in a template's own function ('${name}')`);
    },
  });
}

/** Adds the path of the expression to an error that has none yet. */
function located<T>(path: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof UserError) || error.where.path !== undefined) throw error;
    throw new UserError(error.code, error.message, {
      where: { ...error.where, path },
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      cause: error,
    });
  }
}
