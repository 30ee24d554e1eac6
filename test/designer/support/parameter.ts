import { isJsonObject, type Json } from '../../../src/wdl/types.ts';
import { isExpression, isIn, isJson, jsonText, type Piece, piecesOf, plainText } from './pieces.ts';

/*
 * One parameter of an operation in the Logic Apps designer: what it says of a value when somebody saves, and what it writes
 * back of a value that nobody edited. Facts: Azure/LogicAppsUX, libs/designer/src/lib/core/utils/validation.ts and
 * parameters/helper.ts (validateParameter, parameterValueToString, getJSONValueFromString, the condition view models).
 */

export interface Parameter {
  /** Where the value lies: `['limit', 'count']`. Empty: the inputs as a whole. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'any';
  readonly format?: string;
  readonly required?: boolean;
  /** A map of Select: an object, or a string that begins with a token. */
  readonly map?: true;
  /** Editor of a condition: the rows of an If, or the one line of Until and Filter array. */
  readonly condition?: 'rows' | 'line';
}

/** The value as it is written back: as text, which everything but a string parameter reads as JSON where it can. */
export function savedValue({ type, required }: Parameter, value: Json | undefined): Json | undefined {
  if (value === undefined) return required ? '' : undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return type !== 'string' && isJson(text) ? (JSON.parse(text) as Json) : text;
}

/** What keeps the designer from saving, or from showing the value as what it is. */
export function complaintsOf(parameter: Parameter, value: Json | undefined): readonly string[] {
  if (value === undefined) return parameter.required ? ['is required'] : [];
  const unread = textsIn(value).filter((text) => isExpression(text) && !isRead(text));
  return [
    ...unread.map((text) => `is not an expression that the designer reads: ${text}`),
    ...refusals(parameter, value),
  ];
}

function refusals(parameter: Parameter, value: Json): readonly string[] {
  if (parameter.condition === 'rows') return refusalsOfRows(value);
  if (parameter.condition === 'line' && typeof value !== 'string') return ['must be a string: it has one line to edit'];
  const pieces = piecesOf(value);
  const text = plainText(pieces);
  if (parameter.required && text === '') return ['is required'];
  if (parameter.map && 'token' in (pieces[0] ?? {})) return [];
  const isObject = parameter.type === 'object' || (parameter.type === 'any' && isIn('{}', text));
  return isObject ? refusalsOfObject(pieces) : refusalsOfText(parameter, text);
}

/** An object is JSON or one token: a string with several pieces is neither. */
function refusalsOfObject(pieces: readonly Piece[]): readonly string[] {
  const [first, ...others] = pieces;
  const isToken = first !== undefined && 'token' in first && others.length === 0;
  return isToken || isJson(jsonText(pieces)) ? [] : ['is not valid JSON'];
}

const FORMS: Readonly<Partial<Record<Parameter['type'], (text: string) => boolean>>> = {
  integer: (text) => /^[-+]?\d+$/.test(text),
  number: (text) => !Number.isNaN(Number(text)),
  boolean: (text) => /^(true|false)$/i.test(text),
  array: (text) => isIn('[]', text),
};

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uri: (text) => /^(https?|ftp):\/\/\S+$/i.test(text),
  'date-time': (text) => !Number.isNaN(Date.parse(text)),
};

function refusalsOfText({ type, format }: Parameter, text: string): readonly string[] {
  if (text === '' || isExpression(text)) return [];
  if (FORMS[type]?.(text) === false) return [`is not a valid ${type}`];
  return format !== undefined && FORMATS[format]?.(text) === false ? [`is not a valid ${format}`] : [];
}

const COMPARISONS = 'equals|contains|greater|greaterOrEquals|less|lessOrEquals|startsWith|endsWith'.split('|');

/** A tree of groups and rows. */
function refusalsOfRows(value: Json): readonly string[] {
  const group = isJsonObject(value) ? (value['and'] ?? value['or']) : undefined;
  if (!Array.isArray(group)) return ['shows no rows: it must be a group of them, {"and": […]}'];
  return group.flatMap(refusalsOfRow);
}

function refusalsOfRow(row: Json): readonly string[] {
  if (!isJsonObject(row)) return ['has a row that is not a comparison'];
  if (row['and'] || row['or']) return refusalsOfRows(row);
  const comparison = isJsonObject(row['not']) ? row['not'] : row;
  const [[operator, operands] = ['', []], ...others] = Object.entries(comparison);
  const isRow = COMPARISONS.includes(operator) && Array.isArray(operands) && operands.length === 2;
  if (!isRow || others.length > 0) return [`has a row that is not a comparison of two: ${JSON.stringify(row)}`];
  return (operands as readonly Json[]).flatMap(refusalsOfSide);
}

/** A side is edited as one token or one text, and what only casts is not shown: it is lost when somebody edits a row. */
function refusalsOfSide(side: Json): readonly string[] {
  if (typeof side !== 'string' || !isExpression(side)) return [];
  const whole = piecesOf(side, false);
  const isMixed = whole.length > 1;
  const losesCast = !isMixed && plainText(piecesOf(side)) !== plainText(whole);
  return [
    ...(isMixed ? [`has a side that is neither one token nor one text: ${side}`] : []),
    ...(losesCast ? [`has a side whose accounts is lost when somebody edits a row: ${side}`] : []),
  ];
}

/** Every text in a value, names of members too. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(textsIn)];
}

/** A template that is one text in the designer's eyes was not understood, unless it is an escaped one or holds just a string. */
function isRead(text: string): boolean {
  if (text.startsWith('@{') && plainText(piecesOf(text, false)) !== text) return true;
  return text.startsWith('@@') || /@@\{/.test(text) || piecesOf(text, false).some((piece) => 'token' in piece);
}
