import { lexer, type Token, type Tokens, walkTokens } from 'marked';

/* What tests need of a Markdown page: its blocks of code, its spans of code, its links and its headings, each with its line. */

export interface Page {
  /** Path from the root of the repository, or from the folder that `build` wrote. */
  readonly path: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly line: number;
  /** As behind the fence, without what follows a blank; empty where there is none. */
  readonly language: string;
  readonly text: string;
}

export interface Span {
  readonly line: number;
  readonly text: string;
}

export interface PageParts {
  readonly blocks: readonly CodeBlock[];
  readonly spans: readonly Span[];
  /** Targets of links and pictures, HTML's included. */
  readonly links: readonly Span[];
  /** Anchors of headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

const partsByText = new Map<string, PageParts>();

/** Read once for each text: configurations have most guides in common. */
export function partsOf({ text }: Page): PageParts {
  const parts = partsByText.get(text) ?? readParts(text);
  partsByText.set(text, parts);
  return parts;
}

function readParts(text: string): PageParts {
  const blocks: CodeBlock[] = [];
  const spans: Span[] = [];
  const links: Span[] = [];
  const headings: string[] = [];
  let line = 1;
  for (const block of lexer(text)) {
    walkTokens([block], (token) => {
      const at = line + linesBefore(block.raw, token.raw);
      if (token.type === 'code') blocks.push({ line: at, ...codeOf(token as Tokens.Code) });
      if (token.type === 'codespan') spans.push({ line: at, text: unescaped((token as Tokens.Codespan).text) });
      if (token.type === 'link' || token.type === 'image') links.push({ line: at, text: (token as Tokens.Link).href });
      if (token.type === 'html')
        for (const [, target = ''] of token.raw.matchAll(/\s(?:href|src|srcset)="([^"]*)"/g))
          links.push({ line: at, text: target });
      if (token.type === 'heading') headings.push(plainText((token as Tokens.Heading).tokens));
    });
    line += count(block.raw, '\n');
  }
  return { blocks, spans, links, anchors: anchorsOf(headings) };
}

function codeOf({ lang, text }: Tokens.Code): Omit<CodeBlock, 'line'> {
  return { language: lang?.split(/\s/)[0] ?? '', text };
}

/** In a table a pipe inside code is escaped. */
function unescaped(code: string): string {
  return code.replaceAll('\\|', '|');
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : ''))
    .join('');
}

/** https://github.com/Flet/github-slugger: lower case, without punctuation, blanks become hyphens, repeated ones are numbered. */
function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const slug = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

function linesBefore(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 0 : count(text.slice(0, at), '\n');
}

function count(text: string, what: string): number {
  return text.split(what).length - 1;
}
