import type { WdlObject, WdlValue } from './values.ts';

/**
 * What an expression can see of its workflow run. A look-up that returns `undefined` means "there is no such thing";
 * the function then fails with an error that names it. Values may be plain JSON, or exact values (`WdlFloat` and its
 * kin) where the caller keeps them.
 */
export interface EvaluationContext {
  /** `{ name, outputs, … }` of the trigger, as `trigger()` returns it. */
  trigger(): WdlObject | undefined;
  /** `{ name, status, inputs, outputs, startTime, … }` of an action; an action that has not run has no outputs. */
  action(name: string): WdlObject | undefined;
  /** The action that is being evaluated, for `action()`. */
  currentAction(): WdlObject | undefined;
  variable(name: string): WdlValue | undefined;
  parameter(name: string): WdlValue | undefined;
  /** Item of the innermost loop, or of Select, Query and Table. */
  item(): WdlValue | undefined;
  /** Item of the named Foreach. */
  loopItem(loop: string): WdlValue | undefined;
  /** Zero-based iteration of the named Until. */
  iterationIndex(loop: string): number | undefined;
  /** Results of the direct children of a Scope, Foreach, Until, If or Switch. */
  result(scope: string): WdlValue | undefined;
  /** `{ name, id, type, location, tags, run: { name, id, type } }`. */
  workflow(): WdlObject | undefined;
  callbackUrl(): string | undefined;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** At least 0, less than 1. */
  random(): number;
}

/** The shape that `eval --context` reads. All members are optional. */
export interface PlainContext {
  readonly trigger?: WdlObject;
  readonly actions?: Readonly<Record<string, WdlObject>>;
  readonly variables?: WdlObject;
  readonly parameters?: WdlObject;
  /** Current item by loop name; the last one is the innermost and the value of `item()`. */
  readonly items?: WdlObject;
  readonly workflow?: WdlObject;
  /** Value of `item()` where it differs from the innermost loop's (Select, Query). */
  readonly item?: WdlValue;
  readonly iterationIndexes?: Readonly<Record<string, number>>;
  readonly results?: WdlObject;
  readonly action?: WdlObject;
  readonly callbackUrl?: string;
}

/** Where time and chance come from; a fixed clock and a seeded source make an evaluation repeatable. */
export interface Environment {
  now(): number;
  random(): number;
}

/** A context over plain data. Names of actions, variables and loops are matched as the service does: case is ignored. */
export function fromPlainContext(plain: PlainContext, environment: Environment): EvaluationContext {
  return {
    trigger: () => plain.trigger,
    action: (name) => actionNamed(plain.actions, name),
    currentAction: () => plain.action,
    variable: (name) => lookUp(plain.variables, name),
    parameter: (name) => lookUp(plain.parameters, name),
    item: () => (plain.item !== undefined ? plain.item : Object.values(plain.items ?? {}).at(-1)),
    loopItem: (loop) => lookUp(plain.items, loop),
    iterationIndex: (loop) => lookUp(plain.iterationIndexes, loop),
    result: (scope) => lookUp(plain.results, scope),
    workflow: () => plain.workflow,
    callbackUrl: () => plain.callbackUrl,
    now: () => environment.now(),
    random: () => environment.random(),
  };
}

function actionNamed(actions: PlainContext['actions'], name: string): WdlObject | undefined {
  const record = lookUp(actions, name);
  return record === undefined ? undefined : { name, ...record };
}

function lookUp<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  if (members === undefined) return undefined;
  const key = findKey(members, name);
  return key === undefined ? undefined : members[key];
}

/** The member a name selects: the exact one, else the first that differs in case only. */
export function findKey(members: Readonly<Record<string, unknown>>, name: string): string | undefined {
  if (Object.hasOwn(members, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(members).find((key) => key.toLowerCase() === lower);
}
