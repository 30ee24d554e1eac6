import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/relay/store/sqlite.ts';
import type { RelayStore } from '../../src/relay/store/store.ts';
import { serveOn } from '../../src/simulator/listen.ts';
import { KEY, relayWorld } from './support/world.ts';

/** What a container has, and nothing else: `node relay.mjs …`. */
const entry = fileURLToPath(new URL('../../src/relay/hosts/main.ts', import.meta.url));

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-operate-'));
  file = join(folder, 'relay.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(args: readonly string[], env: Readonly<Record<string, string>> = { RELAY_STORE: file }) {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, err, code: await code };
}

const closing = (id: string) => ({
  id,
  session: `sentinel:workspace:${id}`,
  body: JSON.stringify({
    id,
    eventType: 201,
    user: { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' },
    alert: { statusCode: 4, externalEventId: `sentinel:workspace:${id}` },
    annotation: { message: 'False alarm: the backup job\nruns at night' },
  }),
});

async function deadLetter(store: RelayStore, ...notifications: readonly ReturnType<typeof closing>[]): Promise<void> {
  for (const notification of notifications) {
    await store.inbox.accept(notification);
    const [lease] = await store.inbox.take({ limit: 1 });
    if (lease) await store.inbox.deadLetter(lease, 'Sentinel does not know it (HTTP 404)');
  }
}

async function inStore<T>(use: (store: RelayStore) => Promise<T>): Promise<T> {
  const store = openSqliteStore(file, { now: Date.now, owner: 'test', leaseMs: 60_000 });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe('node relay.mjs', () => {
  it('shows of a dead letter what happened, to which incident, who did it, what they said and why it failed', async () => {
    await inStore((store) => deadLetter(store, closing('a'), { ...closing('b'), body: 'no JSON' }));
    const { out, code } = await run(['dead-letters', 'list']);
    expect(code).toBe(0);
    expect(out).toContain('sentinel:workspace:a\n  closed by mlopez "False alarm: the backup job runs at night"\n');
    expect(out).toContain('sentinel:workspace:b\n  unreadable\n  Sentinel does not know it (HTTP 404)');
    const { out: json } = await run(['dead-letters', 'list', '--json']);
    expect(JSON.parse(json)).toMatchObject([
      { id: 'a', event: 'closed', person: 'mlopez', incident: 'sentinel:workspace:a', attempts: 1 },
      { id: 'b', incident: 'sentinel:workspace:b' },
    ]);
  });

  it('shows control characters and marks that turn the reading direction as what they are', async () => {
    const odd = closing('a\u001b[2J\u202e');
    await inStore((store) => deadLetter(store, { ...odd, body: odd.body.replace('mlopez', 'm\u0007\u009blopez') }));
    const { out } = await run(['dead-letters', 'list']);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out).toContain('a\\u001b[2J\\u202e');
  });

  it('replays and drops all of them, however many there are', async () => {
    const many = Array.from({ length: 250 }, (_, n) => closing(`n${n}`));
    await inStore((store) => deadLetter(store, ...many));
    const dropped = await run(['dead-letters', 'drop', 'n3', 'n7', 'unknown']);
    expect(dropped).toMatchObject({ out: 'n3 dropped\nn7 dropped\n', code: 1 });
    expect(dropped.err).toContain('there is no dead letter unknown');
    const { out } = await run(['dead-letters', 'replay', '--all']);
    expect(out.trim().split('\n')).toHaveLength(248);
    expect(await inStore(({ inbox }) => inbox.counts())).toEqual({ pending: 248, dead: 0 });
  });

  it('copies its file while somebody writes to it', async () => {
    const copy = join(folder, 'copy.db');
    await inStore(async (store) => {
      await deadLetter(store, closing('a'));
      expect(await run(['backup', copy])).toMatchObject({ out: `copied to ${copy}\n`, code: 0 });
      expect((await run(['backup', copy])).err).toContain('the copy would replace a file');
    });
    file = copy;
    expect(await inStore(({ deadLetters }) => deadLetters.list(5))).toMatchObject([{ id: 'a' }]);
  });

  it.each([
    [['dead-letter'], 'there is no command "dead-letter"'],
    [['dead-letters', 'list', '--jsn'], "Unknown option '--jsn'"],
    [['dead-letters', 'drop'], 'drop needs ids of dead letters, or --all'],
    [['dead-letters', 'drop', 'n1', '--all'], 'drop takes ids or --all, not both'],
    [['backup', 'copy.db'], 'there is no store of a relay at this path'],
    [['dead-letters', 'list', '--url', 'http://relay.example.com'], '--url must be an https:// address'],
    [['dead-letters', 'list', '--url', 'https://relay.example.com'], 'the relay does not open without a key'],
  ])('says what is wrong with %j, and starts no relay', async (args, problem) => {
    const { out, err, code } = await run(args);
    expect([out, code]).toEqual(['', 1]);
    expect(err).toContain(problem);
  });
});

describe('the dead letters of a relay elsewhere', () => {
  async function remote() {
    const relay = relayWorld();
    const server = await serveOn(async (request) => relay.app.fetch(request));
    return { relay, url: `http://127.0.0.1:${server.port}`, close: server.close };
  }

  it('are listed and settled over its own endpoint, all of them', async () => {
    const { relay, url, close } = await remote();
    await deadLetter(relay.store, ...Array.from({ length: 120 }, (_, n) => closing(`n${n}`)));
    const env = { RELAY_KEY: KEY };
    const listed = await run(['dead-letters', 'list', '--json', '--url', url], env);
    expect(JSON.parse(listed.out)).toHaveLength(120);
    expect((await run(['dead-letters', 'drop', 'n5', '--url', url], env)).out).toBe('n5 dropped\n');
    const replayed = await run(['dead-letters', 'replay', '--all', '--url', url], env);
    expect(replayed.out.trim().split('\n')).toHaveLength(119);
    expect(await relay.store.inbox.counts()).toEqual({ pending: 119, dead: 0 });
    expect((await run(['dead-letters', 'list', '--url', url], env)).out).toBe('There are no dead letters.\n');
    await close();
  });

  it('are for those with a key', async () => {
    const { relay, url, close } = await remote();
    const { err, code } = await run(['dead-letters', 'list', '--url', url], { RELAY_KEY: 'another-key-0123456789' });
    expect(code).toBe(1);
    expect(err).toContain('HTTP 401');
    for (const path of ['/api/dead-letters/replay', '/api/dead-letters/drop']) {
      expect((await relay.post(path, { ids: ['a'] }, {})).status).toBe(401);
      expect((await relay.post(path, { ids: [] })).status).toBe(400);
      expect((await relay.post(path, { ids: Array(101).fill('a') })).status).toBe(400);
    }
    await close();
  });
});
