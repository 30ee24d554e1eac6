import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { lineOf, linePointer, type TextFile } from '../../tree.ts';

const MAX_BYTES = 5 * 1024;
/** GUIDs of versions 1 to 5; the validator checks the fixed characters. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** Strings that the validator searches for, case-sensitively. */
const REFUSED = ['style=', 'cls=', 'xmlns:xlink', 'data-name', 'xlink:href', '<title>'];
/** An embedded picture; the validator only detects those with a file name. */
const EMBEDDED = /data:image\/(?!svg)[a-z]+/i;

/** Logos: files below Logos, Data Connectors/Logo and Workbooks/Images/Logo(s). */
export const logoRules: readonly SubjectRule<TextFile>[] = [
  {
    id: 'logo.format',
    level: 'error',
    source: sources.logoValidator,
    help: 'Draw the logo as SVG: other formats are refused.',
    check: ({ path, text }) =>
      /\.svg$/i.test(path) && /<svg\b/.test(text) ? [] : [{ pointer: '', message: 'the logo is not an SVG' }],
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
    check: ({ text }) => [
      ...REFUSED.flatMap((part) => {
        const index = text.indexOf(part);
        return index < 0 ? [] : [{ pointer: linePointer(lineOf(text, index)), message: `${part} is not allowed` }];
      }),
      ...(text.includes('<image') && text.includes('.png')
        ? [{ pointer: linePointer(lineOf(text, text.indexOf('.png'))), message: 'a PNG picture is embedded' }]
        : []),
      ...[EMBEDDED.exec(text)].flatMap((found) =>
        found === null
          ? []
          : [
              {
                pointer: linePointer(lineOf(text, found.index)),
                message: `the drawing holds a picture (${found[0]})`,
                level: 'warning' as const,
              },
            ],
      ),
    ],
  },
  {
    id: 'logo.ids',
    level: 'error',
    source: sources.logoValidator,
    help: 'Let each id be a GUID of its own: many logos share a page.',
    check: ({ text }) => {
      const ids = [...text.matchAll(/id="([^"]*)"/g)].map(({ 1: id = '', index }) => ({ id, index }));
      const wrong = ids.filter(
        ({ id }, position) => !GUID.test(id) || ids.findIndex((one) => one.id === id) < position,
      );
      const [first] = wrong;
      if (first === undefined) return [];
      const what = GUID.test(first.id) ? `the id ${first.id} is there twice` : `the id "${first.id}" is not a GUID`;
      const rest = wrong.length > 1 ? `, and ${wrong.length - 1} more are wrong` : '';
      return [{ pointer: linePointer(lineOf(text, first.index)), message: what + rest }];
    },
  },
];

export function isLogoPath(path: string): boolean {
  return /(^|\/)(Logos|Data Connectors\/Logo|Workbooks\/Images\/Logos?)\/[^/]+$/i.test(path);
}
