import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { type ActionNode, ancestors } from '../engine/model.ts';
import { parseTemplate } from '../wdl/parse.ts';
import { at, textsOf } from './json-walk.ts';

/*
 * Measures how well a workflow reads in the designer. The designer draws nested actions inside each other, shows an expression as
 * the name of its outermost function, and a condition as rows of value, operator, value: anything long, deep or wrapped in a
 * function is not legible there.
 */

/** Beyond these limits, people use the code view instead of the designer. */
export const readable = { expressionCharacters: 300, nestedCalls: 6, nestedActions: 4 } as const;

/** Nesting level at which an action is drawn; 1 is the top. */
export function levelOf(node: ActionNode): number {
  return ancestors(node).length + 1;
}

/** One expression: `@…`, or one `@{…}` of a string. */
export interface WrittenExpression {
  readonly pointer: string;
  readonly characters: number;
  /** 2 for `a(b(item()))`: a call without arguments does not count, because it shows as a token. */
  readonly nestedCalls: number;
}

/** All expressions of the trigger and the actions; each `@{…}` of a string counts separately. */
export function writtenExpressions(definition: JsonObject): readonly WrittenExpression[] {
  return ['triggers', 'actions'].flatMap((member) =>
    textsOf(definition[member] ?? {}, `/${member}`).flatMap(({ pointer, text }) =>
      expressionsIn(text).map((expression) => ({
        pointer,
        characters: expression.length,
        nestedCalls: nestedCalls(expression),
      })),
    ),
  );
}

function expressionsIn(text: string): readonly string[] {
  if (/^@[^@{]/.test(text)) return [text.slice(1)];
  const found: string[] = [];
  for (const { index } of text.matchAll(/(?<!@)@\{/g)) found.push(text.slice(index + 2, closingBrace(text, index + 2)));
  return found;
}

/** End of the expression that begins here: its own closing brace, not one in a string. */
function closingBrace(text: string, from: number): number {
  let isQuoted = false;
  for (let index = from; index < text.length; index++) {
    if (text[index] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text[index] === '}') return index;
  }
  return text.length;
}

function nestedCalls(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of expression.replaceAll(/'[^']*'|\(\s*\)/g, '')) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** A row of a condition: operator and operands as in the definition. */
export interface ConditionRow {
  readonly pointer: string;
  readonly operator: string;
  readonly sides: readonly Json[];
}

/** The rows of an If from all its groups; undefined if the designer cannot show them as rows. */
export function conditionRows({ pointer, action }: ActionNode): readonly ConditionRow[] | undefined {
  const expression = at(action as unknown as Json, 'expression');
  return expression !== undefined && isJsonObject(expression) ? rowsIn(expression, `${pointer}/expression`) : undefined;
}

function rowsIn(tree: JsonObject, pointer: string): readonly ConditionRow[] {
  return Object.entries(tree).flatMap(([operator, inner]) => {
    const here = pointer + pointerStep(operator);
    if (operator === 'not' && isJsonObject(inner)) return rowsIn(inner, here);
    if (!Array.isArray(inner)) return [];
    const members = inner as readonly Json[];
    if (operator !== 'and' && operator !== 'or') return [{ pointer: here, operator, sides: members }];
    return members.flatMap((member, index) => (isJsonObject(member) ? rowsIn(member, `${here}/${index}`) : []));
  });
}

/** Functions that the designer shows as a token. */
const READS =
  /^(parameters|variables|body|outputs|actions|action|items?|trigger|trigger(Body|Outputs)|workflow|iterationIndexes|true|false|null)$/i;

/** `f(…)` is equal to true: such a row does not show what is compared. */
export function isTruthOfCall({ operator, sides }: ConditionRow): boolean {
  const isTruth = (side: Json) =>
    typeof side === 'boolean' || /^(@?(true|false)|@(true|false)\(\))$/i.test(String(side));
  return operator === 'equals' && sides.some(isTruth) && sides.some((side) => !isTruth(side) && isComputed(side));
}

function isComputed(side: Json): boolean {
  if (typeof side !== 'string' || !/^@[^@]/.test(side)) return false;
  try {
    const template = parseTemplate(side);
    const [only] = template.kind === 'interpolation' ? template.parts : [];
    const read = template.kind === 'expression' ? template.expression : only;
    return typeof read === 'object' && read.kind === 'call' && !READS.test(read.name);
  } catch {
    return false;
  }
}
