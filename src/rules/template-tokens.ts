import { call, coalesce, type Expr, join, string, type Text, take, text } from '../wdl/build.ts';
import { type Fields, parsePlaceholder, type TemplateFilter } from './placeholder.ts';
import { fillTemplate, placeholdersOf } from './template.ts';

/*
 * A template of the config as the text that is in a field of an action: `{{incident.title}}` becomes the token that a
 * person would pick there. Nothing is interpreted while a playbook runs.
 */

/** Tokens by field. A field without one is filled by the relay only. Lists are expressions of arrays. */
export type Tokens = Readonly<Record<string, Expr | undefined>>;

export interface TokenSource {
  readonly fields: Fields;
  readonly tokens: Tokens;
  /** Items that a list shows unless the template says `first`. */
  limitOf(field: string): number | undefined;
}

/** The template as a string with tokens; undefined where nothing is left of it. Paragraphs that only the relay fills are left out. */
export function compileTemplate(template: string, source: TokenSource): Text | undefined {
  const paragraphs = template.split('\n\n').filter((paragraph) => isFilled(paragraph, source));
  if (paragraphs.length === 0) return undefined;
  return paragraphs
    .map((paragraph) => compileParagraph(paragraph, source))
    .reduce((all, next) => text`${all}\n\n${next}`);
}

/** Fields of the template that only the relay fills. */
export function relayOnly(
  template: string,
  { fields, tokens }: Pick<TokenSource, 'fields' | 'tokens'>,
): readonly string[] {
  return placeholdersOf(template).flatMap((placeholder) => {
    const parsed = parsePlaceholder(placeholder, fields);
    return 'message' in parsed || tokens[parsed.field] ? [] : [parsed.field];
  });
}

/** Whether something is left: a token, or words without any placeholder. */
function isFilled(paragraph: string, source: TokenSource): boolean {
  const all = placeholdersOf(paragraph);
  return paragraph.trim() !== '' && (all.length === 0 || relayOnly(paragraph, source).length < all.length);
}

function compileParagraph(paragraph: string, source: TokenSource): Text {
  const tokens: Text[] = [];
  const marked = fillTemplate(paragraph, (placeholder) => {
    const token = tokenOf(placeholder, source);
    return token ? `\u0000${tokens.push(text`${token}`) - 1}\u0000` : '';
  });
  return marked
    .split('\u0000')
    .reduce(
      (all, part, index) => (index % 2 === 0 ? text`${all}${part}` : text`${all}${tokens[Number(part)] ?? ''}`),
      text``,
    );
}

function tokenOf(placeholder: string, source: TokenSource): Expr | undefined {
  const parsed = parsePlaceholder(placeholder, source.fields);
  if ('message' in parsed) return undefined;
  const token = source.tokens[parsed.field];
  const declared = source.fields[parsed.field];
  if (!token || !declared) return undefined;
  if (declared.kind === 'text') return parsed.filters.reduce(applyFilter, token);
  const first = parsed.filters.find((filter) => filter.name === 'first')?.count ?? source.limitOf(parsed.field);
  const separator = parsed.filters.find((filter) => filter.name === 'join')?.text ?? declared.separator;
  return parsed.filters.reduce(applyFilter, join(first === undefined ? token : take(token, first), separator));
}

/** The text filters; `join` and `first` have made the text of a list before. */
function applyFilter(value: Expr, filter: TemplateFilter): Expr {
  switch (filter.name) {
    case 'upper':
      return call('toUpper', string(value));
    case 'lower':
      return call('toLower', string(value));
    case 'truncate':
      return take(string(value), filter.count);
    case 'default':
      return coalesce(value, filter.text);
    case 'join':
    case 'first':
      return value;
  }
}
