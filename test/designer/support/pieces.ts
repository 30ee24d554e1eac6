import type { CallNode, Expression } from '../../../src/wdl/ast.ts';
import { parseTemplate } from '../../../src/wdl/parse.ts';
import { printExpression } from '../../../src/wdl/print.ts';
import type { Json } from '../../../src/wdl/types.ts';

/*
 * A value as an editor of the Logic Apps designer shows it. Facts: Azure/LogicAppsUX, libs/designer/src/lib/core/utils/
 * parameters/{segment,jsonsplitter,uncast}.ts and the expression parser below libs/logic-apps-shared/src/parsers.
 */

/** Text, or a token that stands for an expression. */
export type Piece = { readonly text: string } | { readonly token: string };

/** Whether the designer takes a string for an expression. */
export function isExpression(text: string): boolean {
  return text.length > 1 && (text.startsWith('@') || text.indexOf('@{') > 0);
}

/** The pieces of a value. What cannot be read as expressions becomes one text. `castsOff`: calls that only accounts are not shown. */
export function piecesOf(value: Json, castsOff = true): readonly Piece[] {
  try {
    return joined(typeof value === 'string' ? piecesOfText(value, castsOff) : piecesOfJson(value, castsOff));
  } catch {
    return [{ text: typeof value === 'string' ? value : JSON.stringify(value, null, 2) }];
  }
}

function piecesOfText(text: string, castsOff: boolean): readonly Piece[] {
  if (!isExpression(text)) return [{ text }];
  const template = parseTemplate(text);
  if (template.kind === 'literal') return [{ text }];
  const parts = template.kind === 'expression' ? [template.expression] : template.parts;
  return parts.flatMap((part) => (typeof part === 'string' ? [{ text: part }] : shown(part, castsOff)));
}

/** JSON text with a token in place of every text that is one expression, quotation marks and all. */
function piecesOfJson(value: Json, castsOff: boolean): readonly Piece[] {
  if (value === null) return [{ text: '' }];
  const sections = JSON.stringify(value, null, 2).split(/("(?:[^"\\]|\\.)*")/);
  return sections.flatMap((section): readonly Piece[] => {
    if (!section.startsWith('"')) return [{ text: section }];
    const text: string = JSON.parse(section);
    if (!isExpression(text)) return [{ text: section }];
    const pieces = piecesOfText(text, castsOff);
    const [only, ...others] = pieces;
    if (only && 'token' in only && others.length === 0 && !text.startsWith('@{')) return pieces;
    const escaped = pieces.map((piece) =>
      'text' in piece ? { text: JSON.stringify(piece.text).slice(1, -1) } : piece,
    );
    return [{ text: '"' }, ...escaped, { text: '"' }];
  });
}

function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && 'text' in last && 'text' in piece) result[result.length - 1] = { text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}

function shown(expression: Expression, castsOff: boolean): readonly Piece[] {
  assertReadable(expression);
  const parts = castsOff ? withoutCasts(expression) : [expression];
  return parts.map((part) => (part.kind === 'string' ? { text: part.value } : { token: printExpression(part) }));
}

/** The designer's parser knows calls and literals, but no `[…]` literals. */
function assertReadable(expression: Expression): void {
  if (expression.kind === 'array') throw new TypeError('the designer reads no array literals');
  if (expression.kind === 'call') expression.args.forEach(assertReadable);
  if (expression.kind !== 'access') return;
  assertReadable(expression.target);
  for (const { key } of expression.path) assertReadable(key);
}

/** Functions that only accounts their argument, for the designer. */
const CASTS: ReadonlySet<string> = new Set([
  'base64',
  'encodebase64',
  'base64tobinary',
  'base64tostring',
  'decodebase64',
  'decodedatauri',
  'encodeuricomponent',
  'string',
]);

const DATA_URI = /^data:(application\/octet-stream)?(;base64)?,$/i;

function withoutCasts(expression: Expression): readonly Expression[] {
  const inner = expression.kind === 'call' ? castOf(expression) : undefined;
  if (!inner) return [expression];
  const [only, ...others] = inner;
  return only && others.length === 0 ? withoutCasts(only) : inner;
}

/** What a call casts; undefined where it does more than that. */
function castOf({ name, args }: CallNode): readonly Expression[] | undefined {
  const [first] = args;
  if (!first) return undefined;
  if (name.toLowerCase() === 'concat') {
    return first.kind === 'string' && DATA_URI.test(first.value) && args.length > 1 ? args.slice(1) : undefined;
  }
  if (!CASTS.has(name.toLowerCase())) return undefined;
  const isConcat = first.kind === 'call' && first.name.toLowerCase() === 'concat';
  return name.toLowerCase().endsWith('base64') && isConcat ? first.args : args;
}

/** The value as one text: a token alone is `@…`, among others `@{…}`. */
export function plainText(pieces: readonly Piece[]): string {
  const among = pieces.length > 1;
  return pieces
    .map((piece) => ('text' in piece ? piece.text : among ? `@{${piece.token}}` : `@${piece.token}`))
    .join('');
}

/**
 * The JSON text that the designer makes of pieces to check it. It counts quotation marks to tell a token inside a string from
 * one that is the whole value. Pieces that are not an object or array, or do not fit together, stay as they are.
 */
export function jsonText(pieces: readonly Piece[]): string {
  const plain = plainText(pieces);
  if (!isIn('{}', plain) && !isIn('[]', plain)) return plain;
  let quotes = 0;
  const parts = pieces.map((piece, index) => {
    if ('text' in piece) {
      quotes += piece.text.replaceAll('\\"', '').split('"').length - 1;
      return piece.text;
    }
    const token = JSON.stringify(piece.token).slice(1, -1);
    if (quotes % 2 === 1) return `@{${token}}`;
    const [before, after] = [pieces[index - 1], pieces[index + 1]];
    return `${before && 'text' in before ? '"' : ''}@${token}${after && 'text' in after ? '"' : ''}`;
  });
  return isJson(parts.join('')) ? parts.join('') : plain;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a string is in braces or brackets. */
export function isIn(pair: '{}' | '[]', text: string): boolean {
  return text.trim().startsWith(pair.charAt(0)) && text.trim().endsWith(pair.charAt(1));
}
