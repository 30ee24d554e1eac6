import { Marked, type RendererThis, type Token, type Tokens } from 'marked';

/**
 * Markdown as PowerShell's ConvertFrom-Markdown renders it (Markdig with its extensions): CommonMark, bare URLs are links,
 * `a.` counts like `1.`, headings have an id, void elements end in ` />`, and a paragraph in a list item follows on the same line.
 */
export function markdownToHtml(markdown: string): string {
  return converter.parse(letterLists(markdown), { async: false });
}

/** Marks the items of a list with letters; the parser knows numbers only. */
const LETTER_MARK = '\uE000';

function letterLists(markdown: string): string {
  let expected = 0;
  return markdown
    .split('\n')
    .map((line) => {
      const [start = '', indent = '', letter = ''] = /^( {0,3})([A-Za-z])[.)] +(?=\S)/.exec(line) ?? [];
      if (!start && (line.trim() === '' || expected === 0)) return line;
      const number = letter.toLowerCase().charCodeAt(0) - 96;
      if (number !== 1 && number !== expected + 1) return line;
      expected = number;
      return `${indent}${number}. ${LETTER_MARK}${letter === letter.toUpperCase() ? 'A' : 'a'}${line.slice(start.length)}`;
    })
    .join('\n');
}

const LETTER_ITEM = new RegExp(`^${LETTER_MARK}([Aa])`);

const converter = new Marked({
  gfm: true,
  tokenizer: {
    /** Addresses become links only behind a scheme or `www.`. */
    url(source) {
      return /^(?:https?:\/\/|ftp:\/\/|mailto:|www\.)/.test(source) ? false : undefined;
    },
  },
  renderer: {
    text(this: RendererThis, token: Tokens.Text | Tokens.Escape) {
      if ('tokens' in token && token.tokens) return this.parser.parseInline(token.tokens);
      return escapeHtml(token.text.replace(LETTER_ITEM, '').replace(/ +\n/g, '\n'));
    },
    heading(this: RendererThis, { tokens, depth, text }: Tokens.Heading) {
      return `<h${depth} id="${headingId(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    paragraph(this: RendererThis, { tokens }: Tokens.Paragraph) {
      return `<p>${this.parser.parseInline(tokens).replace(/^ +| +$/gm, '')}</p>\n`;
    },
    hr: () => '<hr />\n',
    br: () => '<br />\n',
    codespan: ({ text }) => `<code>${escapeHtml(text)}</code>`,
    link(this: RendererThis, { href, title, tokens }: Tokens.Link) {
      return `<a href="${escapeUrl(href)}"${titleAttribute(title)}>${this.parser.parseInline(tokens)}</a>`;
    },
    image: ({ href, title, text }) =>
      `<img src="${escapeUrl(href)}" alt="${escapeHtml(text)}"${titleAttribute(title)} />`,
    list(this: RendererThis, token: Tokens.List) {
      const items = token.items.map((item) => `<li>${itemBlocks(this, item, token.loose)}</li>\n`).join('');
      return token.ordered ? `<ol${orderedAttributes(token)}>\n${items}</ol>\n` : `<ul>\n${items}</ul>\n`;
    },
  },
});

function orderedAttributes({ items, start }: Tokens.List): string {
  const letter = LETTER_ITEM.exec(items[0]?.text ?? '')?.[1];
  const type = letter ? ` type="${letter}"` : '';
  return start === '' || start === 1 ? type : `${type} start="${start}"`;
}

function itemBlocks(renderer: RendererThis, item: Tokens.ListItem, loose: boolean): string {
  let html = '';
  for (const block of item.tokens) {
    const rendered = renderer.parser.parse([loose ? asParagraph(block) : block]);
    html += html && !html.endsWith('\n') && rendered ? `\n${rendered}` : rendered;
  }
  return html;
}

function asParagraph(block: Token): Token {
  return block.type === 'text' ? { ...block, type: 'paragraph' } : block;
}

function titleAttribute(title: string | null | undefined): string {
  return title ? ` title="${escapeHtml(title)}"` : '';
}

function headingId(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9 ._-]/g, '')
    .trim()
    .replace(/ +/g, '-');
  return slug.replace(/^[^a-z]+/, '') || 'section';
}

const HTML_CHARACTERS: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[<>"]|&(?!#?\w+;)/g, (char) => HTML_CHARACTERS[char] ?? char);
}

function escapeUrl(url: string): string {
  const encoded = url.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (char) => encodeURIComponent(char));
  return encoded.replace(/&(?!amp;)/g, '&amp;');
}
