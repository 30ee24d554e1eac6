import { existsSync, readFileSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDemo } from '../../src/simulator/demo/app.ts';
import { DemoSession } from '../../src/simulator/demo/session.ts';
import { serveOn } from '../../src/simulator/listen.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const quiet = ['--disable-background-networking', '--disable-component-update'];

const CONFIG =
  "filter:\n  severities: [High, Medium, Low]\nmessage:\n  title: '{{incident.severity}}: {{incident.title}}'\n";
const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

if (!existsSync(executablePath))
  describe('the demo in a browser', () =>
    it.skip(`needs Chromium, which is not at ${executablePath} (set CHROMIUM)`, () => {}));
else describe('the demo in a browser', journeys);

function journeys(): void {
  let browser: Browser;
  let session: DemoSession;
  let address: string;
  let close: () => Promise<void>;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: [...args, ...quiet] });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    session = new DemoSession(CONFIG);
    const app = createDemo(session, text);
    const server = await serveOn(async (request) => app.fetch(request));
    session.start();
    address = `http://127.0.0.1:${server.port}/`;
    close = async () => {
      await server.close();
      await session.stop();
    };
    troubles.length = 0;
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await close();
    expect(troubles).toEqual([]);
  });

  /** A page whose errors fail the test; requests that leave this computer count as errors. */
  async function open(options: { width?: number; height?: number; dark?: boolean } = {}): Promise<Page> {
    const { width = 1440, height = 1000, dark = false } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on(
      'request',
      (request) =>
        !request.url().startsWith(address) && !request.url().startsWith('data:') && troubles.push(request.url()),
    );
    await page.goto(address);
    await page.locator('html.scripted').waitFor();
    return page;
  }

  async function newIncident(page: Page, plot = '0'): Promise<void> {
    const before = await page.locator('#incidents .incident').count();
    if (!(await page.locator('#others[open]').count())) await page.locator('#others summary').click();
    await page.selectOption('select[name=plot]', plot);
    await page.getByRole('button', { name: 'Let it happen' }).click();
    if (before === 0) await page.locator('#incidents .incident').waitFor();
    await said(page, 'came in');
  }

  /** Waits until the page says something; screen readers hear it, too. */
  async function said(page: Page, words: string): Promise<void> {
    await page.getByRole('status').filter({ hasText: words }).waitFor();
  }

  const onPhone = (page: Page, name: string) =>
    page.locator('#phone-actions').getByRole('button', { name, exact: true });
  const alertIs = (page: Page, status: string) => page.locator(`.alert[data-status=${status}]`).waitFor();
  const incidentIs = (page: Page, status: string) => page.locator(`.incident[data-status=${status}]`).waitFor();

  it('shows the way from Sentinel to the phone and back', async () => {
    const page = await open();
    await newIncident(page);
    await alertIs(page, 'open');
    expect(await page.locator('.alert h3').textContent()).toContain('High: Sign-in from unfamiliar location');
    expect(await page.locator('.alert-text').textContent()).toContain('IPAddress');
    await page.getByLabel('Note').fill('On it — سأتولى');
    await onPhone(page, 'Acknowledge').click();
    await alertIs(page, 'acknowledged');
    await incidentIs(page, 'Active');
    expect(await page.locator('.incident .facts').textContent()).toContain('María López');
    await page.getByLabel('Note').fill('checking the laptop');
    await onPhone(page, 'Add note').click();
    await page.locator('.incident .comments', { hasText: 'checking the laptop' }).waitFor();
    await page.getByLabel('Note').fill('#fp the scanner');
    await onPhone(page, 'Close').click();
    await alertIs(page, 'closed');
    await incidentIs(page, 'Closed');
    expect(await page.locator('.incident .facts').textContent()).toContain('FalsePositive - IncorrectAlertLogic');
    expect(await page.locator('.incident .comments').textContent()).toContain('سأتولى');
    await onPhone(page, 'Reopen').click();
    await incidentIs(page, 'New');
  });

  it('takes back, hands on, and lets time out', async () => {
    const page = await open();
    await newIncident(page, '1');
    await alertIs(page, 'open');
    await onPhone(page, 'Acknowledge').click();
    await alertIs(page, 'acknowledged');
    await onPhone(page, 'Undo').click();
    await alertIs(page, 'open');
    await onPhone(page, 'Let it time out').click();
    await page.locator('.incident .facts', { hasText: 'SIGNL4-Escalated' }).waitFor();
    await onPhone(page, 'Let it time out').click();
    await alertIs(page, 'no-response');
    await page.locator('.incident .facts', { hasText: 'SIGNL4-NoResponse' }).waitFor();
    await onPhone(page, 'Hand on').click();
    await said(page, 'Handed on');
    await page
      .locator('#timeline', { hasText: 'Escalated to team' })
      .or(page.locator('#phone-screen', { hasText: 'Alert raised' }))
      .first()
      .waitFor();
  });

  it('follows what the analyst does in Sentinel', async () => {
    const page = await open();
    await newIncident(page, '2');
    await alertIs(page, 'open');
    await page.getByRole('button', { name: 'Raise severity' }).click();
    await page.locator('#phone-screen .chooser').waitFor();
    await page.getByRole('button', { name: 'Take it' }).click();
    await alertIs(page, 'acknowledged');
    await page.getByLabel('Comment in Sentinel').fill('user confirms travel');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.locator('.alert', { hasText: 'user confirms travel' }).waitFor();
    await page.selectOption('select[name=classification]', 'BenignPositive - SuspiciousButExpected');
    await page.getByRole('button', { name: 'Close incident' }).click();
    await alertIs(page, 'closed');
  });

  it('changes filter and message, and says where the config is wrong', async () => {
    const page = await open();
    await page
      .getByLabel(/signl4\.yaml/)
      .fill("message:\n  title: 'WAKE UP {{incident.title}}'\nfilter:\n  severities: [Hihg]\n");
    await page.getByRole('button', { name: 'Deploy' }).click();
    await said(page, 'Not deployed: one problem, in line 4.');
    await page.locator('#config-problems li', { hasText: 'Did you mean High?' }).waitFor();
    await page
      .getByLabel(/signl4\.yaml/)
      .fill("message:\n  title: 'WAKE UP {{incident.title}}'\nfilter:\n  severities: [High]\n");
    await page.getByRole('button', { name: 'Deploy' }).click();
    await said(page, 'Deployed');
    await newIncident(page, '0');
    await page.locator('.alert h3', { hasText: 'WAKE UP Sign-in' }).waitFor();
    await newIncident(page, '3');
    await page.locator('#incidents .chooser').waitFor();
    expect(await page.locator('.alert h3').textContent()).toContain('WAKE UP Sign-in');
    await page.locator('#incidents .chooser button').nth(1).click();
    await page.locator('.incident h3', { hasText: 'Sign-in' }).waitFor();
  });

  it('pages though the relay is down, and works again when it is fixed', async () => {
    const page = await open();
    const relay = page.getByRole('checkbox', { name: 'The relay is down' });
    await relay.check();
    await said(page, 'Broken');
    await newIncident(page, '1');
    await alertIs(page, 'open');
    await onPhone(page, 'Acknowledge').click();
    await alertIs(page, 'acknowledged');
    await relay.uncheck();
    await said(page, 'Fixed');
    await page.getByRole('button', { name: '+15 min' }).click();
    await incidentIs(page, 'Active');
    for (const name of ['Sentinel answers 503', 'Searches are denied', 'SIGNL4 is busy', 'Automation rules are off']) {
      await page.getByRole('checkbox', { name }).check();
      await said(page, `Broken: ${name}`);
    }
  });

  it('finds with the sweep what automation rules missed', async () => {
    const page = await open();
    await page.getByRole('checkbox', { name: 'Automation rules are off' }).check();
    await said(page, 'Broken');
    await newIncident(page, '0');
    // The sweep leaves young incidents to the automation rule: the second one takes it for sure.
    for (const time of ['02:25', '02:40']) {
      await page.getByRole('button', { name: '+15 min' }).click();
      await page.locator('#clock', { hasText: time }).waitFor();
    }
    await alertIs(page, 'open');
    await page.locator('#runs', { hasText: 'SIGNL4-Sweep' }).waitFor();
  });

  it('unfolds runs and requests, and keeps them open while the page changes', async () => {
    const page = await open();
    await newIncident(page);
    await alertIs(page, 'open');
    const run = page.locator('#runs details.run', { hasText: 'SIGNL4-Send-Incident' });
    await run.locator('summary').first().click();
    await run.locator('summary', { hasText: 'Send what the relay wrote' }).first().click();
    const sent = page.locator('#runs pre:visible', { hasText: 'eventId' });
    await sent.first().waitFor();
    await onPhone(page, 'Acknowledge').click();
    await alertIs(page, 'acknowledged');
    expect(await sent.count()).toBeGreaterThan(0);
    await page.locator('summary', { hasText: 'what was sent and answered' }).click();
    await page.locator('#requests details.request summary').first().click();
    await page.locator('#requests .json').first().waitFor();
    expect(await page.locator('body').textContent()).not.toContain('soc-team-secret');
  });

  it('moves time, changes its pace, whose phone it is, light and dark, and starts over', async () => {
    const page = await open();
    const clock = page.locator('#clock');
    await page.getByRole('button', { name: '+5 min' }).click();
    await page.locator('#clock', { hasText: '02:15' }).waitFor();
    await page.getByLabel('Pace').selectOption('60');
    await said(page, '60 times');
    await page.locator('#clock', { hasText: '02:16' }).waitFor();
    await page.getByLabel('Whose phone').selectOption('second');
    await said(page, 'Jörg Müller');
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Light' }).click();
    await newIncident(page);
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByText('A quiet night so far.').waitFor();
    expect(await clock.textContent()).toContain('02:10');
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('To the incidents');
    await page.keyboard.press('Enter');
    const press = async (name: string) => {
      const wanted = page.getByRole('button', { name, exact: true });
      for (let tabs = 0; tabs < 80; tabs++) {
        await page.keyboard.press('Tab');
        if (await wanted.evaluateAll((found) => found.some((one) => one.matches(':focus')))) {
          expect(await wanted.evaluate((one) => one.matches(':focus-visible'))).toBe(true);
          return page.keyboard.press('Enter');
        }
      }
      throw new Error(`no way to "${name}" with the keyboard`);
    };
    await press('Start incident 1');
    await alertIs(page, 'open');
    // The button was replaced by another one in its place, which has the focus.
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Show incident 1');
    await press('Acknowledge');
    await alertIs(page, 'acknowledged');
    await page.keyboard.press('Enter');
    await said(page, '“Acknowledge” is not possible in this state.');
    expect(await page.locator(':focus').textContent()).toBe('Acknowledge');
    await page.keyboard.press('Escape');
    expect(await page.locator('#phone .feedback').textContent()).toBe('');
    await press('Close');
    await alertIs(page, 'closed');
    await incidentIs(page, 'Closed');
    // A note with Return is added to the alert, Escape takes it back before.
    await page.getByLabel('Note').fill('not this');
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Note').inputValue()).toBe('');
    await page.getByLabel('Note').fill('user was on the phone');
    await page.keyboard.press('Enter');
    await page.locator('.incident .comments', { hasText: 'user was on the phone' }).waitFor();
    await page.getByLabel(/signl4\.yaml/).fill('tag: paged\n');
    await page.keyboard.press('Control+Enter');
    await said(page, 'Deployed');
    expect(await page.locator(':focus').getAttribute('id')).toBe('config');
  });

  it('keeps the focus and what is unfolded while the page changes', async () => {
    const page = await open();
    await newIncident(page);
    await alertIs(page, 'open');
    const summary = page.locator('#runs details.run summary').first();
    await summary.click();
    await summary.focus();
    const focused = () => page.evaluate('document.activeElement.closest("details")?.id');
    const id = await focused();
    await session.skip(15 * 60_000);
    session.touch();
    await page.locator('#runs', { hasText: 'SIGNL4-Sweep' }).waitFor();
    expect(await focused()).toBe(id);
    expect(await page.locator(`#${id}`).getAttribute('open')).toBe('');
  });

  it('answers beside what was pressed, and nowhere else', async () => {
    for (const width of [1440, 390]) {
      const page = await open({ width, height: 844 });
      const nextTo = async (press: () => Promise<void>, of: ReturnType<Page['locator']>, words: string) => {
        await of.scrollIntoViewIfNeeded();
        await press();
        await said(page, words);
        const shown = page.locator('.feedback:not(:empty)');
        expect(await shown.count()).toBe(1);
        const [there, here] = [await shown.boundingBox(), await of.boundingBox()];
        const gap = Math.max(
          (there?.y ?? 0) - (here?.y ?? 0) - (here?.height ?? 0),
          (here?.y ?? 0) - (there?.y ?? 0) - (there?.height ?? 0),
        );
        expect(gap, words).toBeLessThan(200);
        expect(there?.y).toBeGreaterThanOrEqual(0);
        expect((there?.y ?? 0) + (there?.height ?? 0), words).toBeLessThanOrEqual(844);
      };
      const start = page.locator('#card-0');
      await nextTo(() => page.getByRole('button', { name: 'Start incident 1' }).click(), start, 'came in');
      const acknowledge = onPhone(page, 'Acknowledge');
      await nextTo(() => acknowledge.click(), acknowledge, 'Acknowledged');
      const take = page.getByRole('button', { name: 'Take it' });
      await nextTo(() => take.click(), take, 'takes');
      const relay = page.getByRole('checkbox', { name: 'The relay is down' });
      await nextTo(() => relay.check(), relay, 'Broken');
      const undo = page.getByRole('button', { name: 'Undo last step' });
      await nextTo(() => undo.click(), undo, 'before “Break: The relay is down”');
      expect(await relay.isChecked()).toBe(false);
      await page.context().close();
      await session.restart();
    }
  });

  it('does one thing for a double click', async () => {
    const page = await open();
    const { signl4, sentinel } = session.environment.world;
    await page.locator('#others summary').click();
    await page.getByRole('button', { name: 'Let it happen' }).dblclick();
    await said(page, 'came in');
    await onPhone(page, 'Hand on').dblclick();
    await said(page, 'Handed on');
    await page.getByRole('button', { name: '+5 min' }).dblclick();
    await said(page, '5 minutes later');
    await page.locator('#clock', { hasText: '02:15' }).waitFor();
    await session.settled();
    expect(sentinel.store.incidents.size).toBe(1);
    expect(signl4.store.alerts.size).toBe(2);
    // The second click of a slow double click, when the first has been answered.
    const later = await page.getByRole('button', { name: '+5 min' }).boundingBox();
    await page.mouse.move((later?.x ?? 0) + 5, (later?.y ?? 0) + 5);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await page.getByRole('button', { name: 'Take it' }).click();
    await said(page, 'takes incident');
    expect(await page.locator('#clock').textContent()).toContain('02:15');
    await page.getByRole('button', { name: 'Undo last step' }).click();
    await said(page, 'before “Take it”');
    await page.getByRole('button', { name: 'Undo last step' }).dblclick();
    await said(page, 'before “+5 min”');
    await session.settled();
    expect(session.lastStep?.title).toBe('Hand on');
  });

  it('shows what is wrong in a config beside its line', async () => {
    const page = await open();
    const config = page.getByLabel(/signl4\.yaml/);
    await config.fill(`tag: SIGNL4\n${'# more\n'.repeat(10)}filter:\n  severities: [Hihg]\ntga: x\n`);
    await page.getByRole('button', { name: 'Deploy' }).click();
    const notes = page.locator('#config-problems li');
    await notes.nth(1).waitFor();
    const lineOf = (line: number) =>
      page
        .locator('#config-lines span')
        .nth(line - 1)
        .boundingBox();
    for (const [index, line] of [13, 14].entries()) {
      const [note, number] = [await notes.nth(index).boundingBox(), await lineOf(line)];
      if (index === 0) expect(Math.abs((note?.y ?? 0) - (number?.y ?? 0))).toBeLessThan(10);
      expect((note?.x ?? 0) > (number?.x ?? 0)).toBe(true);
      await notes.nth(index).getByRole('button').click();
      const selected =
        '[config.selectionStart, config.selectionEnd].map((at) => config.value.slice(0, at).split("\\n").length)';
      expect(await page.evaluate(selected)).toEqual([line, line]);
    }
    expect(await config.getAttribute('aria-invalid')).toBe('true');
    await config.fill('tag: SIGNL4\n');
    await page.getByRole('button', { name: 'Deploy' }).click();
    await said(page, 'Deployed');
    expect(await notes.count()).toBe(0);
    await page.getByRole('button', { name: 'Start over' }).click();
    await said(page, 'A new night');
    expect(await config.inputValue()).toBe(CONFIG);
  });

  it('starts over with what was typed gone, and with the config that it started with', async () => {
    const page = await open();
    const config = page.getByLabel(/signl4\.yaml/);
    await config.fill('tag: paged\n');
    await page.getByRole('button', { name: 'Deploy' }).click();
    await said(page, 'Deployed');
    await config.fill('not deployed');
    await page.getByLabel('Note').fill('half a no');
    await page.getByLabel('Whose phone').selectOption('second');
    await page.getByRole('checkbox', { name: 'SIGNL4 is busy' }).check();
    await said(page, 'Broken');
    await page.getByRole('button', { name: 'Start over' }).click();
    await said(page, 'A new night');
    await page.waitForFunction(`config.value === ${JSON.stringify(CONFIG)}`);
    expect(await page.getByLabel('Note').inputValue()).toBe('');
    expect(await page.getByLabel('Whose phone').inputValue()).toBe('onCall');
    expect(await page.getByRole('checkbox', { name: 'SIGNL4 is busy' }).isChecked()).toBe(false);
    await config.fill('typed, and never deployed');
    await page.getByRole('button', { name: '+1 min' }).click();
    await said(page, '1 minute later');
    await page.getByRole('button', { name: 'Start over' }).click();
    await said(page, 'A new night');
    expect(await config.inputValue()).toBe(CONFIG);
  });

  it.each([1440, 768, 390, 320])('does not stretch with long texts: %s px', async (width) => {
    const page = await open({ width });
    await page.getByRole('button', { name: 'Start incident 2' }).click();
    await alertIs(page, 'open');
    const long = `${'x'.repeat(900)} ${'many words '.repeat(300)}`;
    await page.getByLabel('Comment in Sentinel').fill(long);
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByLabel('Note').fill(long);
    await onPhone(page, 'Add note').click();
    const more = page.locator('.incident details.long');
    await more.nth(1).waitFor();
    for (const box of [more.first(), page.locator('.alert details.long').first()])
      expect((await box.boundingBox())?.height).toBeLessThan(400);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    await more.first().getByText('More').click();
    await more.first().getByText('Less').waitFor();
    expect(await more.first().locator('p').textContent()).toBe(long.trim());
    expect(await page.evaluate(overflow)).toBe(0);
    await page.keyboard.press('Escape');
    expect(await more.first().getAttribute('open')).toBeNull();
  });

  it('has the phone before Sentinel on a narrow screen, for eye and keyboard alike', async () => {
    const page = await open({ width: 390, height: 844 });
    const tops = () =>
      Promise.all(
        ['#story', '#phone', '#sentinel'].map(async (one) => (await page.locator(one).boundingBox())?.y ?? 0),
      );
    const order = 'document.querySelector("#phone").compareDocumentPosition(document.querySelector("#sentinel")) & 4';
    expect(await tops()).toEqual((await tops()).toSorted((a, b) => a - b));
    expect(await page.evaluate(order)).toBe(4);
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.waitForFunction(`!(${order})`);
  });

  it('works without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'Start incident 1' }).click();
    await page.getByText('came in').waitFor();
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await alertIs(page, 'acknowledged');
  });

  it.each([
    ['light', { dark: false }],
    ['dark', { dark: true }],
    ['a phone', { width: 390, height: 844 }],
    ['a phone in the dark', { width: 390, height: 844, dark: true }],
  ])('has no barrier that axe finds: %s', async (_, options) => {
    const page = await open(options);
    expect(await barriers(page)).toEqual([]);
    await newIncident(page, '3');
    await alertIs(page, 'open');
    await newIncident(page, '1');
    await page.locator('#runs details.run summary').first().click();
    await page.getByLabel(/signl4\.yaml/).fill('tga: x');
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.locator('#config-problems li').waitFor();
    await page.getByRole('checkbox', { name: 'The relay is down' }).check();
    await said(page, 'Broken');
    expect(await barriers(page)).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
  });

  async function barriers(page: Page): Promise<readonly string[]> {
    await page.addScriptTag({ content: axe.source });
    const found = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as axe.AxeResults;
    return found.violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  }
}
