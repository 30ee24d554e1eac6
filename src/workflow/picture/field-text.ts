import type { Expression } from '../../wdl/ast.ts';
import { parseTemplate } from '../../wdl/parse.ts';
import { isJsonObject, type Json, type JsonObject } from '../../wdl/types.ts';

/*
 * What is in the fields of a step, as the designer names it: [Incident Title] for a token, fx join(...) for any other
 * expression, a condition as rows of value, operator, value.
 */

/** Tokens that the definition of the Sentinel connector names; others are called as their member. */
const sentinelNames: Readonly<Record<string, string>> = {
  'object.name': 'Incident ARM Name',
  'object.id': 'Incident ARM ID',
  'object.properties.title': 'Incident Title',
  'object.properties.severity': 'Incident Severity',
  'object.properties.status': 'Incident Status',
  'object.properties.description': 'Incident Description',
  'object.properties.incidentNumber': 'Incident Sentinel ID',
  'object.properties.incidentUrl': 'Incident URL',
  'object.properties.Alerts': 'Alerts',
  'object.properties.relatedEntities': 'Entities',
  workspaceId: 'Workspace ID',
};

/** Texts of the fields of one step, one line each; none where the name says it all. */
export function fieldLines(action: JsonObject): readonly string[] {
  const inputs = isJsonObject(action['inputs']) ? action['inputs'] : {};
  const field = (name: string, value: Json | undefined) => (value === undefined ? [] : [`${name}: ${shown(value)}`]);
  switch (action['type']) {
    case 'If':
      return rows(action['expression']);
    case 'Switch':
      return field('On', action['expression']);
    case 'Until':
      return [`Until: ${comparison(action['expression'])}`];
    case 'Foreach':
      return field('From', action['foreach']);
    case 'Select':
      return [...field('From', inputs['from']), ...field('Map', inputs['select'])];
    case 'Query':
      return [...field('From', inputs['from']), `Where: ${comparison(inputs['where'])}`];
    case 'InitializeVariable':
      return (inputs['variables'] as readonly JsonObject[]).flatMap((one) => field(String(one['name']), one['value']));
    case 'Terminate':
      return field('Status', inputs['runStatus']);
    case 'Response':
      return field('Status code', inputs['statusCode']);
    case 'ParseJson':
      return field('Content', inputs['content']);
    case 'Http':
      return [`${inputs['method']}: ${shown(inputs['uri'] ?? '')}`, ...members(inputs['body'])];
    case 'ApiConnection':
      return members(inputs['body']);
    default:
      return [];
  }
}

function members(body: Json | undefined): readonly string[] {
  if (body === undefined) return [];
  if (!isJsonObject(body)) return [`Body: ${shown(body)}`];
  return Object.entries(body).map(([name, value]) => `${name.replace(/^X-S4-/, '')}: ${shown(value)}`);
}

const operators: Readonly<Record<string, readonly [holds: string, fails: string]>> = {
  equals: ['=', '≠'],
  contains: ['contains', 'does not contain'],
  startsWith: ['starts with', 'does not start with'],
  endsWith: ['ends with', 'does not end with'],
  greater: ['>', '≤'],
  greaterOrEquals: ['≥', '<'],
  less: ['<', '≥'],
  lessOrEquals: ['≤', '>'],
};

/** A part of a field: typed text, a token, or an expression that the designer shows by its function alone. */
export interface Piece {
  readonly kind: 'text' | 'token' | 'function';
  readonly text: string;
}

/** A row of a condition: value, operator, value. */
export interface Row {
  readonly left: Json;
  readonly operator: string;
  readonly right: Json;
}

/** Rows that hold together (`and`), or of which one is enough (`or`). */
export interface RowGroup {
  readonly word: string;
  readonly members: readonly (Row | RowGroup)[];
}

/** The tree of a condition as the designer shows it; undefined for anything but rows. */
export function rowGroup(tree: Json | undefined): RowGroup | undefined {
  if (!isJsonObject(tree)) return undefined;
  const [word = 'and', group] = Object.entries(tree)[0] ?? [];
  if (!/^(and|or)$/.test(word) || !Array.isArray(group)) return undefined;
  return { word, members: (group as readonly Json[]).map((member) => rowGroup(member) ?? rowOf(member)) };
}

function rowOf(row: Json): Row {
  if (!isJsonObject(row)) return { left: '', operator: '', right: '' };
  const isNegated = isJsonObject(row['not']);
  const [operator = '', sides] = Object.entries(isNegated ? (row['not'] as JsonObject) : row)[0] ?? [];
  const [left = '', right = ''] = (Array.isArray(sides) ? sides : []) as readonly Json[];
  return { left, operator: operators[operator]?.[isNegated ? 1 : 0] ?? operator, right };
}

/** The rows of a condition; those inside a further group are set in, with its word before all but the first. */
function rows(tree: Json | undefined): readonly string[] {
  const group = rowGroup(tree);
  return group ? linesOf(group) : [];
}

function linesOf({ word, members }: RowGroup): readonly string[] {
  return members.flatMap((member, index) => {
    const joined = index === 0 ? '' : `${word} `;
    if ('members' in member) {
      const [first = '', ...rest] = linesOf(member);
      return [`${joined}(${first}`, ...rest.map((row, at) => `  ${row}${at === rest.length - 1 ? ')' : ''}`)];
    }
    const { left, operator, right } = member;
    return [`${joined}${shown(left)} ${operator} ${shown(right) || '(blank)'}`];
  });
}

/** The one line of a loop or a filter: a comparison of two as a row, anything longer by its outermost function. */
function comparison(value: Json | undefined): string {
  const template = parseTemplate(String(value ?? ''));
  if (template.kind !== 'expression' || template.expression.kind !== 'call') return shown(value ?? '');
  const outer = template.expression;
  const [only] = outer.args;
  const isNegated = /^not$/i.test(outer.name) && only?.kind === 'call';
  const { name, args } = isNegated ? only : outer;
  const [left, right] = args;
  const word = operators[name]?.[isNegated ? 1 : 0];
  return word && left && right ? `${token(left)} ${word} ${token(right)}` : token(outer);
}

/** A value with its expressions as tokens. */
function shown(value: Json): string {
  if (Array.isArray(value)) return value.map((one: Json) => shown(one)).join(', ');
  if (isJsonObject(value)) return Object.values(value).map(shown).join(', ');
  if (typeof value !== 'string') return String(value);
  return piecesOf(value)
    .map(pieceText)
    .join('')
    .replaceAll(/\s*\n+\s*/g, ' ↵ ');
}

/** The parts of a text with expressions, as a field shows them. */
export function piecesOf(value: string): readonly Piece[] {
  const template = parseTemplate(value);
  if (template.kind === 'literal') return [{ kind: 'text', text: template.text }];
  const parts = template.kind === 'expression' ? [template.expression] : template.parts;
  return parts.map((part) => (typeof part === 'string' ? { kind: 'text', text: part } : pieceOf(part)));
}

const texts: Readonly<Record<Piece['kind'], (text: string) => string>> = {
  text: (text) => text,
  token: (text) => `[${text}]`,
  function: (text) => `fx ${text}`,
};
const pieceText = ({ kind, text }: Piece) => texts[kind](text);
const token = (expression: Expression) => pieceText(pieceOf(expression));

function pieceOf(expression: Expression): Piece {
  if (expression.kind === 'string') return { kind: 'text', text: expression.value };
  if (expression.kind === 'call') return callPiece(expression.name, argument(expression));
  if (expression.kind === 'number') return { kind: 'text', text: expression.text };
  if (expression.kind !== 'access') return { kind: 'function', text: expression.kind };
  const { target, path } = expression;
  const names = path.map(({ key }) => (key.kind === 'string' ? key.value : undefined));
  const name = target.kind === 'call' ? target.name : '';
  if (!READS.test(name) || names.includes(undefined)) return { kind: 'function', text: `${name}(...)` };
  const whole = names.join('.');
  const last = names.at(-1) ?? '';
  if (/^outputs$/i.test(name)) return { kind: 'token', text: whole === 'statusCode' ? 'Status code' : last };
  if (/^trigger/i.test(name)) return { kind: 'token', text: sentinelNames[whole] ?? last };
  return { kind: 'token', text: /^items?$/i.test(name) ? whole : last };
}

const READS = /^(body|outputs|items?|triggerBody|triggerOutputs|variables|parameters)$/i;

const argument = ({ args: [first] }: { readonly args: readonly Expression[] }) =>
  first?.kind === 'string' ? first.value : undefined;

function callPiece(name: string, first = ''): Piece {
  if (/^(parameters|variables)$/i.test(name)) return { kind: 'token', text: first };
  // The designer shows [Body] or [Output] here; the name of the step says more.
  if (/^(body|outputs)$/i.test(name)) return { kind: 'token', text: inWords(first) };
  if (/^items?$/i.test(name)) return { kind: 'token', text: 'Current item' };
  return /^triggerBody$/i.test(name) ? { kind: 'token', text: 'Body' } : { kind: 'function', text: `${name}(...)` };
}

/** The name of a step as the designer shows it. */
export function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}

/** At most `letters`, with an ellipsis where something is left out. */
export function shortened(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1).trimEnd()}…` : text;
}
