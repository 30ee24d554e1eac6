import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/simulator/page/report.ts';
import { loadScenario } from '../../../src/simulator/scenario/load.ts';
import { play } from '../../../src/simulator/scenario/play.ts';
import { storyJson, storyText } from '../../../src/simulator/scenario/text.ts';

const folder = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const story = (file: string) => loadScenario(readFileSync(folder + file, 'utf8'), `scenarios/${file}`);

describe('the stories that ship', () => {
  it('show every row of the feature list that playbooks and relay have', () => {
    const shown = new Set(files.flatMap((file) => story(file).shows));
    expect([...shown].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
    expect(files.length).toBeGreaterThanOrEqual(12);
  });

  it.each(files)('%s holds', async (file) => {
    const played = await play(story(file));
    const failed = played.findings
      .filter(({ ok }) => !ok)
      .map(({ text, found, line }) => `line ${line}: ${text}, found ${found}`);
    expect(failed).toEqual([]);
    expect(played.findings.length).toBeGreaterThan(2);
  });
});

describe('playing a story', () => {
  it('goes the same way every time, down to the ids', async () => {
    const [first, second] = [await play(story('false-alarm.yaml')), await play(story('false-alarm.yaml'))];
    expect(storyText(second, { colours: false })).toBe(storyText(first, { colours: false }));
    expect(second.environment.world.log.entries.map(({ path, at }) => [path, at])).toEqual(
      first.environment.world.log.entries.map(({ path, at }) => [path, at]),
    );
  });

  it('finds what does not hold, and tells what is instead and on which line', async () => {
    const text = `title: Wrong\nsteps:\n  - incident: { name: one, title: One, severity: Low, alerts: [{ product: MDATP }] }\nexpect:\n  - signl4: { name: one, alerts: 2, status: closed, title: Two }\n  - incident: { name: one, status: Closed, owner: onCall, hasTags: [x], lacksTags: [SIGNL4], comments: { atMost: 0 } }\n  - playbook: { name: SIGNL4-Send-Incident, runs: 0, status: Failed, actions: { Send what the relay wrote: Skipped } }\n  - requests: { service: signl4, count: 0 }\n  - relay: { applied: 7 }\n  - quietFor: 1h\n`;
    const played = await play(loadScenario(text, 'wrong.yaml'));
    expect(played.ok).toBe(false);
    expect(played.findings.map(({ ok, text: what, found, line }) => [ok, line, what, found?.slice(0, 30)])).toEqual([
      [false, 5, 'SIGNL4 alerts of one: 2', '1'],
      [false, 5, 'status of the SIGNL4 alert of one is closed', 'open'],
      [false, 5, 'title of the SIGNL4 alert of one says "Two"', 'Low: One'],
      [false, 6, 'status of incident one is Closed', 'New'],
      [false, 6, 'owner of incident one is María López', 'nobody'],
      [false, 6, 'incident one has the tag x', expect.stringContaining('SIGNL4')],
      [false, 6, 'incident one does not have the tag SIGNL4', expect.stringContaining('SIGNL4')],
      [false, 6, 'comments of incident one: at most 0', expect.stringMatching(/^[1-9]/)],
      [false, 7, 'runs of SIGNL4-Send-Incident: 0', '1'],
      [false, 7, 'every run of SIGNL4-Send-Incident is Failed', 'Succeeded'],
      [false, 7, 'action "Send what the relay wrote" of SIGNL4-Send-Incident is Skipped', 'Succeeded'],
      [false, 8, 'requests to signl4: 0', expect.stringMatching(/^[1-9]/)],
      [false, 9, 'notifications that the relay applied: 7', '1'],
      [false, 10, 'nothing has happened for 1 h', expect.any(String)],
    ]);
  });

  it('is told as text, as data and as one HTML page without anything outside', async () => {
    const played = await play(story('unicode.yaml'));
    expect(storyText(played, { colours: false })).toMatch(/^Letters from everywhere\n/);
    expect(storyText(played, { colours: false })).toMatch(/\+01:00\.0 {2}person {4}María López acknowledges alert/);
    expect(storyJson(played)).toMatchObject({
      ok: true,
      title: 'Letters from everywhere',
      runs: expect.arrayContaining([
        expect.objectContaining({ playbook: 'SIGNL4-Send-Incident', status: 'Succeeded' }),
      ]),
    });
    const page = await reportHtml([played, played], 'body{}', Date.parse('2026-11-27T21:40:00Z'));
    expect(page).toContain('<style>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(/i);
    expect(page).toContain('All 26 expectations hold');
  });

  it('has a report that opens with a summary: how it went, when, how much, and the first failure with its reason', async () => {
    const text =
      'title: Wrong\nstory: Somebody is paged.\nsteps:\n  - incident: { name: one, title: One, alerts: [{ product: MDATP }] }\nuntil: 2h\nexpect:\n  - incident: { name: one, status: New }\n  - incident: { name: one, status: Closed }\n';
    const wrong = await play(loadScenario(text, 'wrong.yaml'));
    const written = Date.parse('2026-11-27T21:40:00Z');
    const summaryOf = async (...stories: Parameters<typeof reportHtml>[0]) => {
      const page = await reportHtml(stories, '', written);
      const [, start = ''] = page.split('<main>');
      const summary = start.slice(0, start.indexOf('</header>'));
      expect(start.trimStart()).toMatch(/^<header class="summary">/);
      for (const [, id] of summary.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
      return summary
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
    };
    const calls = wrong.environment.world.log.entries.length;
    expect(await summaryOf(wrong)).toBe(
      `Wrong Somebody is paged. Failed. 1 of 2 expectations does not hold. Expectations 1 of 2 hold Simulated time 2 h: 10 Jan 2026, 08:00 to 10:00 UTC Incidents 1 Pages to phones 1 Runs of playbooks ${wrong.environment.history.runs.length} Calls ${calls} Written 27 Nov 2026, 21:40 UTC First failure status of incident one is Closed (line 8) Found: New First trouble in the story: after 15 min 1 s, SIGNL4: alert 0001 is left without a response`,
    );
    const right = await play(story('false-alarm.yaml'));
    const both = await summaryOf(right, wrong);
    expect(both).toMatch(/^2 stories Failed\. 1 of \d+ expectations does not hold\. Stories 2, 1 failed/);
    expect(both).toMatch(/First failure Wrong: status of incident one is Closed/);
    expect(both).toMatch(/passed A scanner.* failed Wrong status of incident one is Closed; found: New 1\/2 1 \d+$/i);
    expect(await summaryOf(right)).not.toContain('First failure');
  });
});
