import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/problem.ts';
import { createDemo } from '../../src/simulator/demo/app.ts';
import { DemoSession } from '../../src/simulator/demo/session.ts';
import { story } from '../../src/simulator/demo/story.ts';

let session: DemoSession | undefined;
afterEach(async () => session?.stop());

interface Answer {
  readonly ok: boolean;
  readonly message: string;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

function demo(config = 'tag: SIGNL4\n') {
  session = new DemoSession(config);
  const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const app = createDemo(session, text, 'npm run -s cli --');
  const host = '127.0.0.1:4280';
  const ask = (path: string, init: RequestInit = {}) =>
    app.fetch(new Request(`http://${host}${path}`, { ...init, headers: { host, ...init.headers } }));
  const press = async (action: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const response = await ask(`/do/${action}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'application/json', ...headers },
    });
    return response.headers.get('content-type')?.includes('json')
      ? ((await response.json()) as Answer)
      : { message: await response.text(), ok: false, problems: [] };
  };
  return { ask, press, session };
}

/** Everything that is so in the simulated world. */
function worldOf({ now, timeline, environment: { world, history, config }, faults, told }: DemoSession) {
  return structuredClone({
    now,
    timeline: timeline.entries,
    incidents: [...world.sentinel.store.incidents.values()],
    alerts: [...world.signl4.store.alerts.values()],
    runs: history.runs.map(({ playbook, startedAt, endedAt, result }) => [
      playbook,
      startedAt,
      endedAt,
      result?.status,
    ]),
    // What a playbook asks at one instant side by side may be written down in either order.
    requests: world.log.entries
      .map(({ at, service, method, path, status }) => [at, service, method, path, status].join(' '))
      .sort(),
    faults: [...faults.keys()],
    told: [...told],
    tag: config.tag,
  });
}

describe('the demo page', () => {
  it('says first what it is, is whole without a script, with everything from this computer', async () => {
    const { ask } = demo();
    const response = await ask('/');
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page).toMatch(
      /<\/h1>[\s\S]{0,250}<p class="lead">See a night on call: security incidents from Microsoft Sentinel/,
    );
    expect(page).toContain('A quiet night so far.');
    expect(page).not.toMatch(/https?:\/\/(?!127)/);
    for (const path of ['/page.css', '/demo.css', '/demo.js']) expect((await ask(path)).status).toBe(200);
  });

  it('works on when more than an hour has gone by, longer than a token lasts', async () => {
    const { press, session: night } = demo();
    await press('new-incident', { plot: '0', severity: 'High' });
    for (let times = 0; times < 6; times++) await press('skip', { minutes: '15' });
    expect(await press('acknowledge')).toMatchObject({ ok: true });
    await press('skip', { minutes: '1' });
    expect(night.incident()?.properties.status).toBe('Active');
    await press('skip', { minutes: '1440' });
    expect(await press('close', { note: '#fp' })).toMatchObject({ ok: true });
    await press('skip', { minutes: '1' });
    expect(night.incident()?.properties.status).toBe('Closed');
    expect(night.environment.world.log.find({}).filter(({ status }) => status === 401)).toEqual([]);
  });

  it('tells three incidents, in plain English, each of which pages somebody once', async () => {
    const { press, session: night } = demo();
    expect(story).toHaveLength(3);
    for (const [place, { title }] of story.entries()) {
      expect(await press('story', { incident: String(place) })).toMatchObject({
        ok: true,
        message: `Incident ${place + 1} came in: the phone rings.`,
      });
      expect(night.alert()?.title).toContain(title);
      expect(`${night.alert()?.title} ${night.alert()?.text}`).not.toMatch(/(?![a-z])\p{L}/iu);
      expect(await press('story', { incident: String(place) })).toMatchObject({
        ok: false,
        message: 'It has happened already.',
      });
    }
    expect(night.environment.world.signl4.store.alerts.size).toBe(3);
    expect(await press('story', { incident: '3' })).toMatchObject({ ok: false });
    const rows = night.environment.world.signl4.store.alerts.values().next().value?.text;
    expect(rows).toContain('Bucharest, RO');
  });

  it('shows how the advice of each incident works out', async () => {
    const { press, session: night } = demo(
      'respond: { playbooks: { isolate: { playbook: "/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg/providers/Microsoft.Logic/workflows/Isolate", on: host } } }\n',
    );
    await press('story', { incident: '0' });
    await press('acknowledge');
    await press('close', { note: '#tp password reset' });
    expect(night.incident()?.properties).toMatchObject({ status: 'Closed', classification: 'TruePositive' });
    await press('story', { incident: '1' });
    await press('acknowledge', { note: '#run isolate' });
    await press('skip', { minutes: '1' });
    expect(JSON.stringify(night.alert()?.annotations)).toContain('isolate');
    expect(night.environment.history.runs.map(({ playbook }) => playbook)).toContain('Isolate');
    await press('story', { incident: '2' });
    expect((await press('let-it-time-out')).message).toContain('escalated');
    expect((await press('let-it-time-out')).message).toContain('no response');
    await press('close-incident', { classification: 'Undetermined' });
    await press('skip', { minutes: '1' });
    expect(night.alert()?.status).toBe(4);
  });

  it('does what buttons say and answers in words, with what Sentinel shows of it', async () => {
    const { press, session: environment } = demo();
    expect(await press('acknowledge')).toMatchObject({ ok: false, message: 'There is no alert on the phone yet.' });
    expect(await press('new-incident', { plot: '0', severity: 'High' })).toMatchObject({
      ok: true,
      message: 'Incident 1 came in: the phone rings.',
    });
    expect(await press('annotate', { note: '' })).toMatchObject({ ok: false, message: 'Type a note first.' });
    expect(await press('acknowledge', { note: 'On it' })).toMatchObject({
      ok: true,
      message: 'Acknowledged. In Sentinel: Active, María López, 2 comments.',
    });
    expect(await press('acknowledge')).toMatchObject({ ok: false, message: expect.stringContaining('SIGNL4 refuses') });
    expect(environment.incident()?.properties).toMatchObject({
      status: 'Active',
      owner: { assignedTo: 'María López' },
    });
    expect(await press('close-incident', { classification: 'Undetermined' })).toMatchObject({ ok: true });
    expect(environment.alert()?.status).toBe(2);
    await press('skip', { minutes: '1' });
    expect(environment.alert()?.status).toBe(4);
    expect(await press('nonsense')).toMatchObject({ ok: false });
  });

  it('says so where Sentinel does not show yet what was done on the phone', async () => {
    const { press } = demo();
    await press('story', { incident: '0' });
    await press('trouble', { name: 'sentinel', on: 'on' });
    expect(await press('acknowledge')).toMatchObject({
      ok: true,
      message: 'Acknowledged. Sentinel shows no change yet.',
    });
  });

  it('never tells of a refused press as of something that was done, and does not remember it as a step', async () => {
    const { press, session: night } = demo();
    await press('story', { incident: '0' });
    await press('take-incident');
    await press('skip', { minutes: '1' });
    const before = worldOf(night);
    const step = night.lastStep;
    for (const [action, fields] of [
      ['take-incident', {}],
      ['raise-severity', {}],
      ['comment-incident', { comment: '  ' }],
      ['annotate', { note: '' }],
      ['acknowledge', {}],
      ['undo-close', {}],
      ['configure', { config: 'tga: x' }],
      ['trouble', { name: 'nothing', on: 'on' }],
      ['trouble', { name: 'relay' }],
      ['story', { incident: '0' }],
    ] as const)
      expect(await press(action, fields), action).toMatchObject({ ok: false });
    expect(worldOf(night)).toEqual(before);
    expect(night.lastStep).toEqual(step);
    await press('close-incident');
    for (const action of ['take-incident', 'raise-severity', 'close-incident'])
      expect(await press(action), action).toMatchObject({ ok: false, message: 'Incident 1 is closed.' });
  });

  it('takes steps back one by one, to exactly the world that was', async () => {
    const { press, session: night } = demo();
    const worlds: unknown[] = [];
    const steps: readonly (readonly [string, Record<string, string>])[] = [
      ['story', { incident: '1' }],
      ['acknowledge', { note: 'On it' }],
      ['trouble', { name: 'relay', on: 'on' }],
      ['skip', { minutes: '15' }],
      ['story', { incident: '0' }],
      ['choose-person', { person: 'second' }],
      ['configure', { config: 'tag: paged\n' }],
      ['new-incident', { plot: '2', severity: 'High' }],
      ['let-it-time-out', {}],
      ['trouble', { name: 'relay' }],
      ['comment-incident', { comment: 'seen' }],
    ];
    for (const [action, fields] of steps) {
      if (action !== 'choose-person') worlds.push(worldOf(night));
      expect(await press(action, fields), action).toMatchObject({ ok: true });
    }
    expect(night.configText).toBe('tag: paged\n');
    for (const world of worlds.reverse()) {
      expect(await press('back')).toMatchObject({ ok: true });
      expect(worldOf(night)).toEqual(world);
    }
    expect(night.configText).toBe('tag: SIGNL4\n');
    expect(await press('back')).toMatchObject({ ok: false, message: 'Nothing has been done yet.' });
  });

  it('goes back in time, and keeps what had happened by then', async () => {
    const { press, session: night } = demo();
    await press('story', { incident: '0' });
    await press('skip', { minutes: '1' });
    const then = worldOf(night);
    await press('skip', { minutes: '5' });
    await press('acknowledge');
    const later = night.now;
    expect(await press('rewind', { minutes: '5' })).toMatchObject({
      ok: true,
      message: 'Back at 02:11:02. What happened later has not happened.',
    });
    expect(night.now).toBe(later - 300_000);
    expect(night.alert()?.status).toBe(1);
    expect(worldOf(night)).toEqual({ ...then, now: night.now });
    await press('rewind', { minutes: '60' });
    expect(new Date(night.now).toISOString()).toBe('2026-01-10T02:10:00.000Z');
    expect(night.incident()).toBeUndefined();
  });

  it('starts over: world, config, faults, pace and whose phone it is', async () => {
    const { press, session: night } = demo();
    const atFirst = worldOf(night);
    await press('configure', { config: 'tag: paged\n' });
    await press('story', { incident: '0' });
    await press('trouble', { name: 'signl4', on: 'on' });
    await press('choose-person', { person: 'second' });
    await press('speed', { speed: '60' });
    expect(await press('restart')).toMatchObject({ ok: true });
    expect(worldOf(night)).toEqual(atFirst);
    expect([night.configText, night.speed, night.choice, night.lastStep]).toEqual([
      'tag: SIGNL4\n',
      1,
      { person: 'onCall' },
      undefined,
    ]);
  });

  it('does the same press once, however often it comes', async () => {
    const { press, session: night } = demo();
    const [first, second] = await Promise.all([
      press('skip', { minutes: '5', once: 'a' }),
      press('skip', { minutes: '5', once: 'a' }),
    ]);
    expect(second).toEqual(first);
    expect(new Date(night.now).toISOString()).toBe('2026-01-10T02:15:00.000Z');
    await press('new-incident', { plot: '0', once: 'b' });
    expect(await press('new-incident', { plot: '0', once: 'b' })).toMatchObject({ ok: true });
    expect(night.environment.world.sentinel.store.incidents.size).toBe(1);
    await press('skip', { minutes: '5', once: 'c' });
    expect(new Date(night.now).toISOString()).toBe('2026-01-10T02:20:01.500Z');
  });

  it('takes any kind of attack where none is chosen, the same ones every night', async () => {
    const { press, session: environment } = demo();
    const night = async () => {
      for (let i = 0; i < 6; i++) await press('new-incident', { plot: '', severity: '' });
      const titles = [...environment.environment.world.sentinel.store.incidents.values()].map(
        ({ properties }) => properties.title,
      );
      await press('restart');
      return titles.map((title) => title.replace(/ on \d+ hosts$/, ''));
    };
    const titles = await night();
    expect(new Set(titles).size).toBeGreaterThan(2);
    expect(await night()).toEqual(titles);
  });

  it('says that no rule is about an incident that the filter leaves out', async () => {
    const { ask, press } = demo('filter: { severities: [High] }\n');
    expect(await press('new-incident', { plot: '0', severity: 'Low' })).toMatchObject({
      message: 'Incident 1 came in. Nobody was paged.',
    });
    expect(await (await ask('/')).text()).toContain('no automation rule matched incident 1');
    await press('new-incident', { plot: '0', severity: 'High' });
    expect(await (await ask('/')).text()).not.toContain('no automation rule matched incident 2');
  });

  it('deploys a config, or says line by line what is wrong with it and keeps the old one', async () => {
    const { ask, press, session: environment } = demo();
    const wrong = 'tga: x\nfilter:\n  severities: [Hihg]\n';
    expect(await press('configure', { config: wrong })).toEqual({
      ok: false,
      message: 'Not deployed: 2 problems, in lines 1, 3.',
      problems: [
        { line: 1, message: expect.stringContaining('tga') },
        { line: 3, message: expect.stringContaining('Did you mean') },
      ],
    });
    expect(environment.environment.config.tag).toBe('SIGNL4');
    const page = await ask('/do/configure?area=config', {
      method: 'POST',
      body: new URLSearchParams({ config: wrong }),
    });
    expect(page.status).toBe(422);
    expect(await page.text()).toMatch(/tga: x[\s\S]*<strong>Line 3<\/strong>/);
    expect(await press('configure', { config: 'tag: paged\r\n' })).toMatchObject({ ok: true });
    expect(environment.environment.config.tag).toBe('paged');
    expect(() => new DemoSession('tga: x')).toThrow(ConfigError);
  });

  it('names a command in a remedy the way the tool was started', async () => {
    const { press } = demo();
    const { problems } = await press('configure', { config: 'hello' });
    expect(problems).toEqual([{ line: 1, message: expect.stringContaining('"npm run -s cli -- init" writes one') }]);
  });

  it('is for this computer only: neither other names nor other pages reach it', async () => {
    const { ask, press } = demo();
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect(await press('restart', {}, { origin: 'https://evil.example' })).toMatchObject({
      ok: false,
      message: 'This comes from elsewhere.',
    });
    expect(await press('restart', {}, { origin: 'null' })).toMatchObject({ ok: false });
    expect(await press('restart', {}, { origin: 'http://127.0.0.1:4280' })).toMatchObject({ ok: true });
  });

  it('escapes what comes from outside, also when it is unfolded', async () => {
    const { ask, press, session: environment } = demo();
    await press('new-incident', { plot: '2' });
    const page = await (await ask('/')).text();
    expect(page).toContain('&lt;privilegiert&gt;');
    expect(page).not.toContain('<privilegiert>');
    const inside = await (await ask('/inside/run/0')).text();
    expect(inside).toContain('Trigger');
    expect(inside).not.toContain('<privilegiert>');
    expect((await ask('/inside/run/99')).status).toBe(404);
    const message = await (await ask('/?area=time&message=%3Cscript%3Ealert(1)%3C/script%3E')).text();
    expect(message).toContain('&lt;script&gt;');
    expect(message).not.toContain('<script>alert');
    expect(environment.environment.history.runs).toHaveLength(1);
  });

  it('folds long comments, and shows short ones as they are', async () => {
    const { ask, press } = demo();
    await press('story', { incident: '0' });
    await press('comment-incident', { comment: 'short one' });
    expect(await (await ask('/')).text()).toContain('<p dir="auto">short one</p>');
    await press('comment-incident', { comment: 'long '.repeat(200) });
    const page = await (await ask('/')).text();
    expect(page).toMatch(
      /<details class="long" id="comment-[^"]+">\s*<summary><span class="start" dir="auto">long (long )+l?o?n?g?…/,
    );
    expect(page).toContain('>More<');
  });

  it('streams what changes', async () => {
    const { ask, press } = demo();
    const stop = new AbortController();
    const response = await ask('/changes', { signal: stop.signal });
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    const decoder = new TextDecoder();
    const next = async () =>
      JSON.parse(decoder.decode((await reader.read()).value).replace(/^data: /, '')) as Record<string, string>;
    expect(Object.keys(await next())).toContain('incidents');
    await press('new-incident', { plot: '0' });
    expect((await next())['incidents']).toContain('Sign-in from unfamiliar location');
    stop.abort();
    await reader.cancel();
  });
});
