import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { createDemo } from '../src/simulator/demo/app.ts';
import { DemoSession } from '../src/simulator/demo/session.ts';
import { serveOn } from '../src/simulator/listen.ts';

/*
 * Writes docs/pictures/demo*.png: the demo after somebody acknowledged the first incident of its story. Needs Chromium at /usr/bin/chromium, or
 * where CHROMIUM says.
 */

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = `${root}docs/pictures/`;
const views = [
  { name: 'demo', width: 1440, height: 1000, scheme: 'light' },
  { name: 'demo-dark', width: 1440, height: 1000, scheme: 'dark' },
  { name: 'demo-phone', width: 390, height: 844, scheme: 'light' },
] as const;

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
for (const { name, width, height, scheme } of views) {
  const session = new DemoSession(
    "filter:\n  severities: [High, Medium]\nmessage:\n  title: '{{incident.severity}}: {{incident.title}}'\ncompany: Contoso\n",
  );
  const app = createDemo(session, (path) => readFileSync(root + path, 'utf8'));
  const server = await serveOn(async (request) => app.fetch(request));
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await acknowledgeOne(page);
  if (width < 500) await page.locator('#phone').evaluate((phone) => phone.scrollIntoView());
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
  await server.close();
  await session.stop();
}
await browser.close();

async function acknowledgeOne(page: Page): Promise<void> {
  await page.locator('html.scripted').waitFor();
  await page.getByRole('button', { name: 'Start incident 1' }).click();
  await page.locator('.alert').waitFor();
  await page.getByLabel('Note').fill('On it, calling Daniel');
  await page.locator('#phone [data-action=acknowledge]').click();
  await page.locator('.incident[data-status=Active]').waitFor();
  await page.locator('#phone .feedback', { hasText: 'Active' }).waitFor();
  await page.getByRole('heading', { name: 'SIGNL4 for Microsoft Sentinel' }).click();
}
