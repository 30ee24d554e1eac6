/**
 * Draws the workbook with the simulated month: `node tools/workbook-picture.ts`.
 *   docs/pictures/on-call.svg, and for the gallery templates/contenthub/SIGNL4OnCall{Black,White}.png
 * The SVG is the same everywhere; the PNGs are what Chromium makes of it (/usr/bin/chromium, or where CHROMIUM says).
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { tilesOf } from '../src/monitoring/tiles/tiles.ts';
import { loadKqlParser } from '../src/relay/kql/parser.ts';
import { answerOf, october } from '../src/simulator/month/answers.ts';
import { type Theme, themes, workbookPicture } from '../src/simulator/month/picture.ts';
import { monthEnd, monthPlan } from '../src/simulator/month/plan.ts';
import { monthTables } from '../src/simulator/month/tables.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
export const picturePath = `${root}docs/pictures/on-call.svg`;

/** What the gallery's pictures have room for. */
const IN_GALLERY = ['all', 'by-severity', 'week-pages', 'week-acknowledge', 'trend', 'severities-per-day', 'load'];
/** Everything but the table of tables. */
const IN_DOCS = [
  ...IN_GALLERY,
  'unanswered',
  'unchanged',
  'unpaged',
  'failed-runs',
  'not-started',
  'run-times',
  'table-lag',
];

/** The picture for the docs. */
export function docsPicture(): Promise<string> {
  return drawn(IN_DOCS, themes.White);
}

async function drawn(names: readonly string[], theme: Theme): Promise<string> {
  const parse = await loadKqlParser();
  const tables = monthTables(monthPlan());
  const tiles = new Map(tilesOf({ filter: ['Status in ("New")'], unmanned: [] }).map((tile) => [tile.name, tile]));
  const shown = names
    .flatMap((name) => tiles.get(name) ?? [])
    .map((tile) => ({ tile, answer: answerOf(tile, october, tables, monthEnd, parse) }));
  return workbookPicture(
    'SIGNL4 on-call',
    'Time range: October 2026 (simulated) · all severities, products and teams',
    shown,
    theme,
  );
}

if (import.meta.main) {
  writeFileSync(picturePath, await docsPicture());
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  for (const name of ['Black', 'White'] as const) {
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${await drawn(IN_GALLERY, themes[name])}`);
    const file = `${root}templates/contenthub/SIGNL4OnCall${name}.png`;
    writeFileSync(file, await page.screenshot({ fullPage: true }));
  }
  await browser.close();
}
