import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relayCommand } from '../../src/cli/relay.ts';
import { openSqliteStore } from '../../src/relay/store/sqlite.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openStore = () =>
  openSqliteStore(join(folder, 'relay.db'), { now: () => Date.UTC(2026, 0, 10), owner: 'test', leaseMs: 1_000 });

/** Runs `relay …` and gives what it printed. */
async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const noted: string[] = [];
  let exitCode = 0;
  const command = relayCommand({
    cwd: folder,
    env: { RELAY_STORE: join(folder, 'relay.db') },
    isTerminal: false,
    clock: { now: Date.now, sleep: async () => {} },
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  await command.parseAsync(['node', 'relay', ...args]);
  return { printed, noted, exitCode };
}

async function deadLetter(...ids: readonly string[]): Promise<void> {
  const store = openStore();
  for (const id of ids) {
    await store.inbox.accept({ id, session: `sentinel:workspace:${id}`, body: '{}' });
    const [lease] = await store.inbox.take({ limit: 1 });
    if (lease) await store.inbox.deadLetter(lease, 'Sentinel does not know it (HTTP 404)');
  }
  await store.close();
}

async function counts() {
  const store = openStore();
  const found = await store.inbox.counts();
  await store.close();
  return found;
}

describe('relay dead-letters', () => {
  it('lists them for people and for scripts', async () => {
    await deadLetter();
    expect((await run('dead-letters', 'list')).printed).toEqual(['There are no dead letters.']);
    await deadLetter('a');
    expect((await run('dead-letters', 'list')).printed[0]).toContain('Sentinel does not know it (HTTP 404)');
    const { printed } = await run('dead-letters', 'list', '--json');
    expect(JSON.parse(printed.join('\n'))).toEqual([
      {
        id: 'a',
        incident: 'sentinel:workspace:a',
        receivedAt: '2026-01-10T00:00:00.000Z',
        deadLetteredAt: '2026-01-10T00:00:00.000Z',
        attempts: 1,
        error: 'Sentinel does not know it (HTTP 404)',
      },
    ]);
  });

  it('replays and drops by id, or all of them', async () => {
    await deadLetter('a', 'b', 'c');
    expect((await run('dead-letters', 'replay', 'b')).printed).toEqual(['b will be applied again']);
    expect(await counts()).toEqual({ pending: 1, dead: 2 });
    expect((await run('dead-letters', 'drop', '--all')).printed).toEqual(['a dropped', 'c dropped']);
    expect(await counts()).toEqual({ pending: 1, dead: 0 });
  });

  it('says which id it does not know', async () => {
    await deadLetter('a');
    const { noted, exitCode } = await run('dead-letters', 'drop', 'x', 'a');
    expect([noted, exitCode]).toEqual([['there is no dead letter x'], 1]);
    expect(await counts()).toEqual({ pending: 0, dead: 0 });
  });

  it.each([['list'], ['replay', '--all'], ['drop', 'a']])(
    'says that there is no store, and makes none (%s)',
    async (...args) => {
      await expect(run('dead-letters', ...args)).rejects.toMatchObject({
        code: 'relay.no-store',
        where: { file: join(folder, 'relay.db') },
        remedy: expect.stringContaining('RELAY_STORE'),
      });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('asks which ones where none is named', async () => {
    await deadLetter();
    await expect(run('dead-letters', 'drop')).rejects.toMatchObject({ code: 'usage.dead-letters' });
  });
});
