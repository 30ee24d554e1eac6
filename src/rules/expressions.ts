import type { Json } from '../domain/json.ts';

/*
 * What the rules write for a workflow: bare WDL expressions (no leading `@`), choices that become workflow parameters, and
 * local actions. Plain values, so that the rules need no builder; `src/workflow` turns them into actions.
 * Whether `if`, `and` and `or` evaluate arguments they do not need is not documented: every expression here is one that can
 * be evaluated whatever the incident looks like.
 */

/** A bare WDL expression, without the leading `@`. */
export type Wdl = string;

/** A choice of the user as a workflow parameter, which people edit in the designer. */
interface WorkflowChoice {
  readonly type: 'String' | 'Int' | 'Bool' | 'Array' | 'Object';
  readonly defaultValue: Json;
  readonly description: string;
}
export type WorkflowChoices = Readonly<Record<string, WorkflowChoice>>;

/** An action that an expression needs, since WDL has no functions of its own. Run them in the order given. */
export type LocalAction = {
  /** What a person reads in the designer: "Tags in lower case"; unique within all locals of the rules. */
  readonly name: string;
  readonly description: string;
} & (
  | { readonly kind: 'select'; readonly from: Wdl; readonly select: Wdl }
  | { readonly kind: 'query'; readonly from: Wdl; readonly where: Wdl }
  /** An expression, or an object of them. */
  | { readonly kind: 'compose'; readonly inputs: Wdl | Readonly<Record<string, Wdl>> }
);

export const call = (name: string, ...args: readonly Wdl[]): Wdl => `${name}(${args.join(', ')})`;

/** What nobody sees in an editor, and editors lose: control characters, blanks that are none. */
const INVISIBLE = /([\p{Cc}\u00a0]+)/u;

/** A text as a literal; line breaks and other invisible characters go through a function. */
export function literal(text: string): Wdl {
  const parts = text.split(INVISIBLE).filter((part) => part !== '');
  const quoted = parts.map((part) =>
    INVISIBLE.test(part) ? `decodeUriComponent('${encodeURIComponent(part)}')` : `'${part.replaceAll("'", "''")}'`,
  );
  if (quoted.length === 0) return "''";
  return quoted.length === 1 ? quoted.join('') : call('concat', ...quoted);
}

/** Null-safe path: `at('item()', 'properties', 'title')` is `item()?['properties']?['title']`. */
export const at = (base: Wdl, ...path: readonly string[]): Wdl =>
  path.reduce((wdl, name) => `${wdl}?[${literal(name)}]`, base);

/** Null-safe look-up by a key that is itself an expression. */
export const lookUp = (base: Wdl, key: Wdl): Wdl => `${base}?[${key}]`;

export const parameter = (name: string): Wdl => `parameters('${name}')`;
const actionKey = (name: string) => name.replaceAll(' ', '_');
export const bodyOf = (actionName: string): Wdl => `body('${actionKey(actionName)}')`;
export const outputsOf = (actionName: string): Wdl => `outputs('${actionKey(actionName)}')`;

export const concat = (...args: readonly Wdl[]): Wdl => call('concat', ...args);
export const not = (value: Wdl): Wdl => call('not', value);
export const and = (...args: readonly Wdl[]): Wdl => (args.length === 1 ? args.join('') : call('and', ...args));
export const or = (...args: readonly Wdl[]): Wdl => call('or', ...args);
export const when = (condition: Wdl, yes: Wdl, no: Wdl): Wdl => call('if', condition, yes, no);
export const empty = (value: Wdl): Wdl => call('empty', value);
export const equals = (a: Wdl, b: Wdl): Wdl => call('equals', a, b);
export const contains = (whole: Wdl, part: Wdl): Wdl => call('contains', whole, part);
export const lower = (text: Wdl): Wdl => call('toLower', text);
export const trim = (text: Wdl): Wdl => call('trim', text);
export const replace = (text: Wdl, old: Wdl, by: Wdl): Wdl => call('replace', text, old, by);

/** Text of a scalar that may be missing, null or a number. */
export const text = (value: Wdl): Wdl => call('string', call('coalesce', value, "''"));
/** An array that may be missing or null. */
export const list = (value: Wdl): Wdl => call('coalesce', value, "json('[]')");
/** A list of texts in lower case, in one step, through its JSON text. */
export const lowerList = (texts: Wdl): Wdl => call('json', lower(call('string', texts)));
/** Whether two lists have a text in common. */
export const overlaps = (a: Wdl, b: Wdl): Wdl => not(empty(call('intersection', a, b)));
/** A list without empty texts and repetitions, in the order of first appearance. */
export const distinct = (texts: Wdl): Wdl => call('skip', call('union', "createArray('', '')", texts), '1');

/** The first of some texts that is not empty; `''` where all are. */
export function firstText(...texts: readonly Wdl[]): Wdl {
  const [head, ...rest] = texts;
  if (head === undefined) return "''";
  return rest.length === 0 ? head : when(empty(head), firstText(...rest), head);
}

/**
 * Cuts to `limit` UTF-16 units with an ellipsis, as `cut` in domain/text does. Half a surrogate pair at the end turns into
 * U+FFFD on its way through base64, which shows that one unit less is wanted.
 */
export function cutText(value: Wdl, limit: number): Wdl {
  const taken = (count: number) => call('take', value, String(count));
  const lastCharacter = call('last', call('base64ToString', call('base64', concat("' '", taken(limit - 1)))));
  const shortened = when(equals(lastCharacter, "decodeUriComponent('%EF%BF%BD')"), taken(limit - 2), taken(limit - 1));
  return when(call('greater', call('length', value), String(limit)), concat(shortened, "'…'"), value);
}

/** The friendly name that an Object parameter with keys in lower case has for `name`, or `name` itself. */
export function friendlyWdl(table: string, name: Wdl): Wdl {
  return text(call('coalesce', lookUp(parameter(table), lower(name)), name));
}
