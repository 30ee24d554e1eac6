import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/simulator/faults.ts';
import { armWorld } from './client.ts';

describe('faults', () => {
  const strike = async (rule: Omit<FaultRule, 'service'>) => {
    const setup = armWorld();
    setup.world.faults.add({ service: 'signl4', ...rule });
    const send = (signal?: AbortSignal) =>
      setup.world.fetch('https://connect.signl4.com/webhook/soc-team-secret', {
        method: 'POST',
        body: '{"Title":"x"}',
        ...(signal && { signal }),
      });
    return { ...setup, send };
  };

  it('answer in place of a service, as often as told, with the headers given', async () => {
    const { world, send } = await strike({
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      times: 2,
    });
    const first = await send();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await send()).status).toBe(429);
    expect((await send()).status).toBe(201);
    expect(world.signl4.store.alerts.size).toBe(1);
  });

  it('let some requests pass first, and strike only what fits', async () => {
    const { world, send } = await strike({ fault: { kind: 'status', status: 503 }, skip: 1, path: '/webhook/*' });
    expect((await send()).status).toBe(201);
    expect((await send()).status).toBe(503);
    const other = await world.fetch('https://connect.signl4.com/api/v2/teams', {
      headers: { 'x-s4-api-key': world.signl4.apiKey },
    });
    expect(other.status).toBe(200);
  });

  it('can spoil the answer after the work is done', async () => {
    const { world, send } = await strike({ fault: { kind: 'reset' }, afterWork: true, times: 1 });
    await expect(send()).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    expect(world.signl4.store.alerts.size).toBe(1);
  });

  it('cut an answer in the middle', async () => {
    const { send } = await strike({ fault: { kind: 'truncated' } });
    const response = await send();
    expect(response.status).toBe(201);
    await expect(response.json()).rejects.toThrow();
  });

  it('send a web page where JSON is due', async () => {
    const { send } = await strike({ fault: { kind: 'html' } });
    const response = await send();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('Sign in');
  });

  it('send a huge answer without holding it', async () => {
    const { send } = await strike({ fault: { kind: 'huge', bytes: 5_000_000 } });
    const { value } = (await (await send()).json()) as { value: string[] };
    expect(value[0]?.length).toBe(4_999_986);
  });

  it('delay on the clock of the world', async () => {
    const { send, clock } = await strike({ fault: { kind: 'latency', ms: 2_000 } });
    const start = clock.now();
    const pending = send().then(() => clock.now() - start);
    await clock.advance(5_000);
    expect(await pending).toBe(2_000);
  });

  it('hang until the caller gives up', async () => {
    const { send, clock } = await strike({ fault: { kind: 'hang' } });
    const stop = new AbortController();
    const pending = send(stop.signal).catch((error: unknown) => error);
    clock.after(30_000, () => stop.abort(new Error('deadline')));
    await clock.advance(60_000);
    expect(await pending).toMatchObject({ message: 'deadline' });
  });

  it('end when they are taken back', async () => {
    const { world } = armWorld();
    const end = world.faults.add({ fault: { kind: 'reset' } });
    const send = () => world.fetch('https://connect.signl4.com/webhook/soc-team-secret', { method: 'POST', body: 'x' });
    await expect(send()).rejects.toThrow('fetch failed');
    end();
    expect((await send()).status).toBe(201);
  });
});

describe('the request log', () => {
  it('holds every request with its answer, in order', async () => {
    const { world, arm } = armWorld();
    await world.fetch('https://connect.signl4.com/webhook/soc-team-secret', { method: 'POST', body: '{"Title":"x"}' });
    await arm('GET', 'incidents?$top=5');
    world.faults.add({ fault: { kind: 'reset' } });
    await world.fetch('https://graph.microsoft.com/v1.0/users').catch(() => {});
    expect(world.log.entries).toMatchObject([
      {
        service: 'signl4',
        method: 'POST',
        path: '/webhook/soc-team-secret',
        body: { Title: 'x' },
        status: 201,
        response: { title: 'x' },
      },
      { service: 'sentinel', method: 'GET', status: 200, response: { value: [] } },
      { service: 'graph', failure: 'fetch failed' },
    ]);
    expect(world.log.find({ service: 'sentinel', path: '*/incidents' })).toHaveLength(1);
  });
});

describe('the world', () => {
  it('does not resolve hosts that it does not know, and takes on new ones', async () => {
    const { world } = armWorld();
    await expect(world.fetch('https://example.com/')).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } });
    world.route('relay.contoso.example', async () => Response.json({ ok: true }));
    expect(await (await world.fetch('https://relay.contoso.example/health')).json()).toEqual({ ok: true });
    expect(world.log.find({ service: 'outside' })).toHaveLength(1);
  });

  it('is the same for the same seed and another for another', () => {
    const ids = (seed: string) => armWorld({ seed }).world.sentinel.store.createIncident({ title: 'x' }).name;
    expect(ids('a')).toBe(ids('a'));
    expect(ids('a')).not.toBe(ids('b'));
  });
});
