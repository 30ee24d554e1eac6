import type { Problem } from '../domain/problem.ts';
import { nearest } from '../domain/text.ts';
import { fieldAliases, type ListField, type TextField } from './fields.ts';

/** The content of `{{…}}`: a field, and filters applied from left to right. */
export interface Placeholder {
  readonly field: string;
  readonly filters: readonly TemplateFilter[];
}

export type TemplateFilter =
  | { readonly name: 'join'; readonly text: string }
  | { readonly name: 'default'; readonly text: string }
  | { readonly name: 'first'; readonly count: number }
  | { readonly name: 'truncate'; readonly count: number }
  | { readonly name: 'upper' }
  | { readonly name: 'lower' };

/** The filters, as listed in the guide. `list` filters come before `text` filters: the result of `join` is a string. */
export const templateFilters = {
  join: { argument: 'text', on: 'list', says: 'join ", ": puts the text between the items of a list' },
  first: { argument: 'count', on: 'list', says: 'first 3: shows that many items and counts the rest' },
  upper: { argument: 'none', on: 'text', says: 'upper: capital letters' },
  lower: { argument: 'none', on: 'text', says: 'lower: small letters' },
  truncate: { argument: 'count', on: 'text', says: 'truncate 80: cuts to that many characters, 3 to 10000' },
  default: { argument: 'text', on: 'text', says: 'default "none": stands in for an empty value' },
} as const satisfies Record<TemplateFilter['name'], { argument: string; on: string; says: string }>;

export type Fields = Readonly<Record<string, TextField | ListField>>;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** Parses the text between the braces, e.g. `entities.hosts | join ", "`. Field names ignore case. */
export function parsePlaceholder(source: string, fields: Fields): Placeholder | Problem {
  const parts = splitOutsideQuotes(source);
  if (!parts) return { message: 'a quotation mark is not closed', remedy: 'Write texts as "…".' };
  const [name = '', ...rest] = parts.map((part) => part.trim());
  const field = fieldNamed(name, fields);
  if (!field) return unknown('field', name, Object.keys(fields));
  const filters: TemplateFilter[] = [];
  for (const part of rest) {
    const filter = parseFilter(part);
    if ('message' in filter) return filter;
    filters.push(filter);
  }
  return misplaced(field, filters, fields) ?? { field, filters };
}

function fieldNamed(name: string, fields: Fields): string | undefined {
  const wanted = name.toLowerCase();
  const alias = fieldAliases[wanted] ?? wanted;
  return Object.keys(fields).find((field) => field.toLowerCase() === alias.toLowerCase());
}

/** A list filter applied to a string, or after a filter that returns a string. */
function misplaced(field: string, filters: readonly TemplateFilter[], fields: Fields): Problem | undefined {
  let isList = fields[field]?.kind === 'list';
  for (const { name } of filters) {
    const { on } = templateFilters[name];
    if (on === 'list' && !isList) {
      return {
        message: `"${name}" works on lists, and "${field}" is a string here`,
        remedy: `Leave "| ${name}" out, or move it in front of the other filters.`,
      };
    }
    if (name === 'join' || on === 'text') isList = false;
  }
  return undefined;
}

function parseFilter(source: string): TemplateFilter | Problem {
  const [, typed = '', argument = ''] = /^(\S*)\s*(.*)$/s.exec(source) ?? [];
  const name = Object.keys(templateFilters).find((candidate) => candidate === typed.toLowerCase());
  switch (name) {
    case 'upper':
    case 'lower':
      return argument === '' ? { name } : { message: `"${name}" takes no argument`, remedy: `Write "| ${name}".` };
    case 'first':
    case 'truncate':
      return countFilter(name, argument);
    case 'join':
    case 'default': {
      const text = unquoted(argument);
      if (text === undefined) return { message: `"${name}" needs a string`, remedy: `Write | ${name} ", ".` };
      return { name, text };
    }
    default:
      return unknown('filter', typed, Object.keys(templateFilters));
  }
}

function countFilter(name: 'first' | 'truncate', argument: string): TemplateFilter | Problem {
  const count = Number(argument);
  const least = name === 'first' ? 1 : 3;
  if (/^\d+$/.test(argument) && count >= least && count <= 10_000) return { name, count };
  return { message: `"${name}" needs a whole number from ${least} to 10000`, remedy: `Write "| ${name} 10".` };
}

function unknown(what: string, typed: string, known: readonly string[]): Problem {
  const meant = nearest(typed, known);
  return {
    message: typed === '' ? `a ${what} is missing` : `there is no ${what} "${typed}"`,
    remedy: meant ? `Did you mean "${meant}"?` : `Known: ${known.join(', ')}.`,
  };
}

/** The string in single or double quotation marks with \n, \t, \\ and \" decoded; undefined if it is not quoted. */
function unquoted(source: string): string | undefined {
  const inner = /^(["'])(.*)\1$/s.exec(source)?.[2];
  return inner?.replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}

/** Splits at `|` outside quotation marks; undefined if a quotation mark is not closed. */
function splitOutsideQuotes(source: string): readonly string[] | undefined {
  const parts = [''];
  let quote = '';
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    if (quote !== '' && character === '\\') {
      parts[parts.length - 1] += character + source.charAt(++i);
    } else if (quote === '' && character === '|') {
      parts.push('');
    } else {
      if (quote === character) quote = '';
      else if (quote === '' && (character === '"' || character === "'")) quote = character;
      parts[parts.length - 1] += character;
    }
  }
  return quote === '' ? parts : undefined;
}
