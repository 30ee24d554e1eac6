import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { html, raw } from 'hono/html';
import { chromium } from 'playwright-core';
import { FIRST_SCREEN, renderPage } from '../src/relay/render/page.ts';
import { nameTables } from '../src/rules/product-names.ts';
import { type Sample, samples } from '../test/relay/render/samples.ts';

/*
 * Writes docs/pictures/page-<sample>.png: what the phone shows of the ten incidents that test/relay/render knows. Needs
 * Chromium at /usr/bin/chromium, or where CHROMIUM says.
 */

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const names = nameTables({ products: {}, companies: {}, entities: {} });
/** A middle-sized phone. */
const phone = { width: 390, height: 844 };

const style = `
  body { margin: 0; font: 15px/1.35 system-ui, sans-serif; background: #eef1f5; color: #16202c; }
  header { background: #16202c; color: #fff; padding: 44px 16px 12px; font-weight: 600; }
  article { background: #fff; margin: 12px; border-radius: 12px; padding: 14px; box-shadow: 0 1px 3px #0003; }
  h1 { font-size: 17px; margin: 0 0 10px; }
  .high { border-top: 5px solid #c62828; } .medium { border-top: 5px solid #ef8a17; }
  .low { border-top: 5px solid #2e7d32; } .informational { border-top: 5px solid #546e7a; }
  p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
  dl { margin: 12px 0 0; display: grid; grid-template-columns: 104px 1fr; gap: 5px 8px; font-size: 13px; }
  dt { color: #5b6b7c; } dd { margin: 0; overflow-wrap: anywhere; }`;

function pageHtml({ incident, ...about }: Sample) {
  const title = `${incident.severity}: ${incident.title}`;
  const { text, parameters } = renderPage({ incident, ...about, title }, names);
  const rows = Object.entries(parameters).map(([name, value]) => html`<dt>${name}<dd dir="auto">${value}`);
  const lines = text.split('\n').map((line) => html`<p dir="auto">${line || '\u00a0'}</p>`);
  const kind = (incident.severity ?? '').toLowerCase();
  return html`<!doctype html><meta charset="utf-8"><style>${raw(style)}</style><header>SIGNL4</header>
    <article class="${kind}"><h1 dir="auto">${title}</h1>${lines}<dl>${rows}</dl></article>`;
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: phone, deviceScaleFactor: 1.5 });
for (const sample of samples) {
  await page.setContent(String(await pageHtml(sample)));
  writeFileSync(`${folder}page-${sample.name}.png`, await page.screenshot({ fullPage: true }));
}
await browser.close();
console.log(`${samples.length} pictures; a first screen holds about ${FIRST_SCREEN} characters of text`);
