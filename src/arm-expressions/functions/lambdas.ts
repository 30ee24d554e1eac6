import type { ArmScope } from '../scope.ts';
import type { ArmExpression } from '../syntax.ts';
import { type ArmValue, argumentError, isArmObject, textOfArm } from '../value.ts';
import { booleanArg, isArray } from './signature.ts';

type Evaluate = (expression: ArmExpression, scope: ArmScope) => ArmValue;
type LambdaFunction = (args: readonly ArmExpression[], scope: ArmScope, evaluate: Evaluate) => ArmValue;

/** Functions that take a `lambda('item', …)` ("Lambda functions for ARM templates"). */
export const lambdaFunctions: Readonly<Record<string, LambdaFunction>> = {
  filter: (args, scope, evaluate) => {
    const { items, apply } = arrayAndLambda('filter', args, scope, evaluate);
    return items.filter((item, index) => booleanArg(apply(item, index), 1, 'filter'));
  },
  map: (args, scope, evaluate) => {
    const { items, apply } = arrayAndLambda('map', args, scope, evaluate);
    return items.map((item, index) => apply(item, index));
  },
  sort: (args, scope, evaluate) => {
    const { items, apply } = arrayAndLambda('sort', args, scope, evaluate);
    return items.toSorted((a, b) => (apply(a, b) === true ? -1 : apply(b, a) === true ? 1 : 0));
  },
  toobject: (args, scope, evaluate) => {
    const { items, apply } = arrayAndLambda('toObject', args, scope, evaluate);
    const value = args[2] ? lambdaOf('toObject', args[2], scope, evaluate) : (item: ArmValue) => item;
    return Object.fromEntries(items.map((item) => [textOfArm(apply(item)), value(item)]));
  },
  groupby: (args, scope, evaluate) => {
    const { items, apply } = arrayAndLambda('groupBy', args, scope, evaluate);
    return Object.fromEntries(Map.groupBy(items, (item) => textOfArm(apply(item))));
  },
  mapvalues: (args, scope, evaluate) => {
    const [source, lambda] = args;
    if (!source || !lambda) throw argumentError('mapValues', 'takes an object and a lambda');
    const of = evaluate(source, scope);
    if (!isArmObject(of)) throw argumentError('mapValues', 'expects an object first');
    const apply = lambdaOf('mapValues', lambda, scope, evaluate);
    return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, apply(value)]));
  },
  reduce: (args, scope, evaluate) => {
    const [source, initial, lambda] = args;
    if (!source || !initial || !lambda) throw argumentError('reduce', 'takes an array, a start value and a lambda');
    const items = evaluate(source, scope);
    if (!isArray(items)) throw argumentError('reduce', 'expects an array first');
    const apply = lambdaOf('reduce', lambda, scope, evaluate);
    return items.reduce<ArmValue>((sum, item) => apply(sum, item), evaluate(initial, scope));
  },
};

function arrayAndLambda(name: string, args: readonly ArmExpression[], scope: ArmScope, evaluate: Evaluate) {
  const [source, lambda] = args;
  if (!source || !lambda) throw argumentError(name, 'takes an array and a lambda');
  const items = evaluate(source, scope);
  if (!isArray(items)) throw argumentError(name, 'expects an array first');
  return { items, apply: lambdaOf(name, lambda, scope, evaluate) };
}

function lambdaOf(name: string, expression: ArmExpression, scope: ArmScope, evaluate: Evaluate) {
  if (expression.kind !== 'call' || expression.name.toLowerCase() !== 'lambda') {
    throw argumentError(name, "expects lambda('item', …) as its last argument");
  }
  const names = expression.args.slice(0, -1).map((arg) => textOfArm(evaluate(arg, scope)));
  const body = expression.args.at(-1);
  if (!body) throw argumentError('lambda', 'has no body');
  return (...values: ArmValue[]) =>
    evaluate(body, {
      ...scope,
      lambda: new Map([...(scope.lambda ?? []), ...names.map((key, at) => [key, values[at] ?? null] as const)]),
    });
}
