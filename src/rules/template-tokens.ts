import { call, coalesce, type Expr, join, string, type Text, take, text } from '../wdl/build.ts';
import { type Fields, parsePlaceholder, type TemplateFilter } from './placeholder.ts';
import { fillTemplate, placeholdersOf } from './template.ts';

/*
 * Compiles a template of the config to the text in a field of an action: `{{incident.title}}` becomes the token that a person
 * would pick there. Nothing is interpreted at run time.
 */

/** Tokens by field; fields without one are only filled by the relay. Lists are expressions that return arrays. */
export type Tokens = Readonly<Record<string, Expr | undefined>>;

export interface TokenSource {
  readonly fields: Fields;
  readonly tokens: Tokens;
  /** Number of items shown of a list unless the template uses `first`. */
  limitOf(field: string): number | undefined;
}

/**
 * The template as a string with tokens; undefined if nothing is left of it. Paragraphs that only the relay can fill are left out.
 */
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

/** Whether something is left: a token, or text without placeholders. */
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

/** Applies text filters; `join` and `first` have already turned the list into a string. */
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
