import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { committedPictures } from '../../tools/designer-pictures.ts';
import { loopPictures } from '../../tools/loop-picture.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string) => readFileSync(root + path, 'utf8');
const drawn = new Map([
  ...committedPictures(),
  ...[...loopPictures].map(([name, picture]) => [`docs/pictures/${name}`, picture] as const),
]);
const guides = readdirSync(`${root}playbooks`, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('pictures in the repository that are drawn from code', () => {
  it.each([...drawn.keys()])(
    '%s is what its tool draws: node tools/loop-picture.ts, node tools/designer-pictures.ts',
    (path) => {
      expect(text(path)).toBe(drawn.get(path));
      const parser = new DOMParser({ onError: onWarningStopParsing });
      expect(parser.parseFromString(text(path), 'image/svg+xml').documentElement?.getAttribute('role')).toBe('img');
    },
  );

  it('of the designer are each shown in a guide, and no guide shows one that there is not', () => {
    const shown = guides.flatMap(({ name }) =>
      [...text(`playbooks/${name}/readme.md`).matchAll(/!\[[^\]]{20,}\]\(\.\/([^)]+)\)/g)].map(
        ([, file]) => `playbooks/${name}/${file}`,
      ),
    );
    expect(shown.sort()).toEqual([...drawn.keys()].filter((path) => path.startsWith('playbooks/')).sort());
    expect(shown.length).toBeGreaterThan(6);
    expect(text('docs/designer-edits.md')).toContain('](pictures/designer.svg)');
  });

  it('of the loop open the README, for light and dark, wide and narrow', () => {
    const [top = ''] = text('README.md').split('\n## ');
    const picture = /<picture>[\s\S]*<\/picture>/.exec(top)?.[0] ?? '';
    expect([...picture.matchAll(/docs\/pictures\/([^"]+)/g)].map(([, name]) => name)).toEqual([
      'loop-narrow-dark.svg',
      'loop-narrow.svg',
      'loop-dark.svg',
      'loop.svg',
    ]);
    expect(picture).toMatch(
      /alt="Microsoft Sentinel .*playbooks.*relay.*SIGNL4.*phone.*acknowledge, close, write a note, not answer/,
    );
  });
});
