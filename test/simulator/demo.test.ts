import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/problem.ts';
import { createDemo } from '../../src/simulator/demo/app.ts';
import { DemoSession } from '../../src/simulator/demo/session.ts';

let session: DemoSession | undefined;
afterEach(async () => session?.stop());

function demo(config = 'tag: SIGNL4\n') {
  session = new DemoSession(config);
  const app = createDemo(session, (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
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
      ? ((await response.json()) as { message: string; ok: boolean })
      : { message: await response.text(), ok: false };
  };
  return { ask, press, session };
}

describe('the demo page', () => {
  it('is whole without a script, with everything from this computer', async () => {
    const { ask } = demo();
    const response = await ask('/');
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
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

  it('does what buttons say and answers in words', async () => {
    const { press, session: environment } = demo();
    expect(await press('acknowledge')).toEqual({ ok: false, message: 'There is no alert on the phone yet.' });
    expect(await press('new-incident', { plot: '0', severity: 'High' })).toEqual({
      ok: true,
      message: 'Incident 1 came in.',
    });
    expect(await press('annotate', { note: '' })).toEqual({ ok: false, message: 'Type a note first.' });
    expect(await press('acknowledge', { note: 'On it' })).toEqual({ ok: true, message: 'The alert is acknowledged.' });
    expect(await press('acknowledge')).toMatchObject({ ok: false, message: expect.stringContaining('SIGNL4 refuses') });
    expect(environment.incident()?.properties).toMatchObject({
      status: 'Active',
      owner: { assignedTo: 'María López' },
    });
    expect(await press('raise-severity')).toEqual({ ok: false, message: 'It is High already.' });
    expect(await press('close-incident', { classification: 'Undetermined' })).toMatchObject({ ok: true });
    expect(environment.alert()?.status).toBe(2);
    await press('skip', { minutes: '1' });
    expect(environment.alert()?.status).toBe(4);
    expect(await press('nonsense')).toMatchObject({ ok: false });
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
    await press('new-incident', { plot: '0', severity: 'Low' });
    expect(await (await ask('/')).text()).toContain('no automation rule matched incident 1');
    await press('new-incident', { plot: '0', severity: 'High' });
    expect(await (await ask('/')).text()).not.toContain('no automation rule matched incident 2');
  });

  it('deploys a config, or says what is wrong with it and keeps the old one', async () => {
    const { press, session: environment } = demo();
    const wrong = await press('configure', { config: 'tga: x\n' });
    expect(wrong).toMatchObject({ ok: false, message: expect.stringContaining('signl4.yaml:1:1') });
    expect(environment.environment.config.tag).toBe('SIGNL4');
    expect(await press('configure', { config: 'tag: paged\r\n' })).toMatchObject({ ok: true });
    expect(environment.environment.config.tag).toBe('paged');
    expect(() => new DemoSession('tga: x')).toThrow(ConfigError);
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
    const message = await (await ask('/?message=%3Cscript%3Ealert(1)%3C/script%3E')).text();
    expect(message).not.toContain('<script>alert');
    expect(environment.environment.history.runs).toHaveLength(1);
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
