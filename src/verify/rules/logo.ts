import type { SubjectRule } from '../rule.ts';
import { sources } from '../sources.ts';
import { lineOf, linePointer, type TextFile } from '../tree.ts';

const MAX_BYTES = 5 * 1024;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const FORBIDDEN = /\bstyle=|\bcls=|xmlns:xlink|\bdata-name\b|xlink:href|<title\b|data:image\/png|image\/png;base64/gi;

/** Logos: files below Logos, Data Connectors/Logo and Workbooks/Images/Logo(s). */
export const logoRules: readonly SubjectRule<TextFile>[] = [
  {
    id: 'logo.format',
    level: 'error',
    source: sources.logoValidator,
    help: 'Draw the logo as SVG: other formats are refused.',
    check: ({ path, text }) =>
      /\.svg$/i.test(path) && /<svg\b/.test(text) ? [] : [{ pointer: '', message: 'the logo is no SVG' }],
  },
  {
    id: 'logo.size',
    level: 'warning',
    source: sources.logoValidator,
    help: 'Simplify the drawing to at most 5 KB.',
    check: ({ text }) => {
      const bytes = new TextEncoder().encode(text).length;
      return bytes <= MAX_BYTES ? [] : [{ pointer: '', message: `the logo has ${bytes} bytes` }];
    },
  },
  {
    id: 'logo.content',
    level: 'error',
    source: sources.logoValidator,
    help: 'Use attributes instead of style=, href instead of xlink:href, and no title and no embedded picture.',
    check: ({ text }) =>
      [...text.matchAll(FORBIDDEN)].map(({ 0: found, index }) => ({
        pointer: linePointer(lineOf(text, index)),
        message: `${found} is not allowed`,
      })),
  },
  {
    id: 'logo.ids',
    level: 'error',
    source: sources.logoValidator,
    help: 'Let each id be a GUID of its own: many logos share a page.',
    check: ({ text }) => {
      const seen = new Set<string>();
      return [...text.matchAll(/\sid="([^"]*)"/g)].flatMap(({ 1: id = '', index }) => {
        const isRepeated = seen.has(id);
        seen.add(id);
        if (GUID.test(id) && !isRepeated) return [];
        return [
          {
            pointer: linePointer(lineOf(text, index)),
            message: isRepeated ? `the id ${id} stands twice` : `the id "${id}" is no GUID`,
          },
        ];
      });
    },
  },
];

export function isLogoPath(path: string): boolean {
  return /(^|\/)(Logos|Data Connectors\/Logo|Workbooks\/Images\/Logos?)\/[^/]+$/i.test(path);
}
