import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { flowPicture } from '../../src/workflow/picture/svg.ts';
import { committedPictures } from '../../tools/designer-pictures.ts';
import { loopPictures } from '../../tools/loop-picture.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('../../', import.meta.url));

const flows = playbooks.map(
  ({ name, title, build }) => [`${name}/flow.svg`, flowPicture(build(defaultConfig).definition, title)] as const,
);
const pictures = [...loopPictures, ...committedPictures(), ...flows];

/** Texts that leave the picture, and pairs of texts that overlap, as a browser measures them. */
const troubles = `(() => {
  const svg = document.querySelector('svg');
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const outside = texts.filter(([, { left, right, top, bottom }]) =>
    left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom);
  const overlapping = texts.flatMap(([text, a], index) => texts.slice(index + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3).map(([other]) => text + ' / ' + other));
  return [...outside.map(([text]) => 'outside: ' + text), ...overlapping];
})()`;

if (!existsSync(executablePath))
  describe('pictures in a browser', () =>
    it.skip(`need Chromium, which is not at ${executablePath} (set CHROMIUM)`, () => {}));
else
  describe('pictures in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
    });
    afterAll(() => browser.close());

    it.each(pictures)('%s has every text inside, and none over another', async (_, picture) => {
      const page = await browser.newPage();
      await page.setContent(picture);
      expect(await page.evaluate(troubles)).toEqual([]);
      await page.close();
    });

    it.each([
      [1280, false, 'loop.svg'],
      [1280, true, 'loop-dark.svg'],
      [390, false, 'loop-narrow.svg'],
      [390, true, 'loop-narrow-dark.svg'],
    ])('at %s px, dark: %s, the README shows %s', async (width, dark, name) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' });
      const picture = /<picture>[\s\S]*<\/picture>/.exec(readFileSync(`${root}README.md`, 'utf8'))?.[0] ?? '';
      await page.setContent(`<base href="http://127.0.0.1:1/">${picture}`);
      expect(await page.evaluate('document.querySelector("img").currentSrc')).toMatch(new RegExp(`/${name}$`));
      await page.close();
    });
  });
