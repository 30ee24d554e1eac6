import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { buildCommand } from '../../src/cli/build.ts';
import { type Environment, KEY, post, startEnvironment, WEBHOOK_SECRET } from '../relay/support/relay-process.ts';
import { capturedIo } from '../support/captured-io.ts';
import { readDockerfile } from './support/dockerfile.ts';
import { finished } from './support/process.ts';

/*
 * What the image does, without Docker: the files that the Dockerfile copies, in a folder of their own, with its command, environment
 * and user. Where the system lets us, as process 1 with everything but /data and /tmp read-only.
 */

/** Number of the user `node` in the official images. */
const NODE_USER = 1000;
const isRoot = process.getuid?.() === 0;

const namespaces = ['unshare', ...(isRoot ? [] : ['--map-root-user']), '--mount', '--pid', '--fork', '--kill-child'];
const canIsolate = spawnSync(namespaces[0] ?? '', [...namespaces.slice(1), 'true']).status === 0;

let environment: Environment;
let built = '';
let app = '';
let data = '';
let image: ReturnType<typeof readDockerfile>;

beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'relay-build-'));
  environment = await startEnvironment();
  copyFileSync(join(environment.folder, 'signl4.yaml'), join(built, 'signl4.yaml'));
  await buildCommand(capturedIo(built)).parseAsync(['node', 'build']);
  image = readDockerfile(join(built, 'dist/relay/Dockerfile'));
  app = mkdtempSync(join(tmpdir(), 'relay-image-'));
  for (const { sources, mode } of image.copies)
    for (const name of sources) {
      cpSync(join(built, 'dist/relay', name), join(app, name));
      chmodSync(join(app, name), mode);
    }
  chmodSync(app, 0o755);
  data = mkdtempSync(join(tmpdir(), 'relay-data-'));
  if (isRoot) chownSync(data, NODE_USER, NODE_USER);
});
afterAll(async () => {
  for (const folder of [built, app, data]) rmSync(folder, { recursive: true, force: true });
  await environment.dispose();
});

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line that runs `command` as the container would. */
function contained(command: readonly string[]): readonly string[] {
  if (!canIsolate) return command;
  const asUser = isRoot
    ? ['setpriv', `--reuid=${NODE_USER}`, `--regid=${NODE_USER}`, '--clear-groups', '--no-new-privs']
    : [];
  const script = [
    'mount --make-rprivate /',
    `mount --bind ${data} ${data}`,
    'mount -o remount,ro,bind /',
    `exec ${[...asUser, ...command].map(quoted).join(' ')}`,
  ].join(' && ');
  return [...namespaces, 'sh', '-c', script];
}

/** Starts a command of the image in its folder, with its environment. Ports and the store are the test's own. */
function start([command = '', ...args]: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess {
  const [first = '', ...rest] = contained([command === 'node' ? process.execPath : command, ...args]);
  return spawn(first, rest, {
    cwd: app,
    env: {
      PATH: process.env['PATH'],
      ...image.env,
      ...environment.env,
      RELAY_PORT: '0',
      RELAY_STORE: join(data, 'relay.db'),
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const run = (command: readonly string[], more?: Readonly<Record<string, string>>) => finished(start(command, more));

/** Runs `CMD` until `work` is done, then asks it to end as `docker stop` does; gives what it ended with. */
async function whileItRuns(work: (url: string) => Promise<void>): Promise<number | null> {
  const relay = start(image.command);
  const ended = finished(relay);
  try {
    const line = await new Promise<string>((resolve, reject) => {
      if (relay.stdout) createInterface({ input: relay.stdout }).once('line', resolve);
      void ended.then(({ err }) => reject(new Error(err)));
    });
    await work(JSON.parse(line).listening.replace('0.0.0.0', '127.0.0.1'));
  } finally {
    signal(relay);
  }
  return (await ended).code;
}

/** To the relay itself: in a namespace it is the only child of what we started. */
function signal({ pid = 0 }: ChildProcess): void {
  const found = canIsolate ? spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).stdout : '';
  process.kill(Number(found.trim()) || pid, 'SIGTERM');
}

describe('the Dockerfile', () => {
  it('starts from the version of Node that this repository is tested with', () => {
    expect(image.from).toBe(`node:${manifest.devDependencies.node}-bookworm-slim`);
  });

  it('copies three files that nobody may change, none of which holds a secret', () => {
    const names = image.copies.flatMap(({ sources }) => sources);
    expect(names).toEqual(['relay.mjs', 'package.json', 'signl4.yaml']);
    expect(image.copies.every(({ mode }) => mode === 0o444)).toBe(true);
    expect(image.ignored).toEqual(['*', ...names.map((name) => `!${name}`)]);
    expect(Object.keys(image.env).filter((name) => /KEY|SECRET|TOKEN/.test(name))).toEqual([]);
  });

  it('runs without root, and compose.yaml leaves nothing but its folder writable', () => {
    const { services } = parse(image.compose);
    expect(image.user).toBe('node');
    expect(image.volumes).toEqual(['/data']);
    expect(image.env['RELAY_STORE']).toBe('/data/relay.db');
    expect(services.relay).toMatchObject({ read_only: true, cap_drop: ['ALL'], volumes: ['relay-state:/data'] });
    expect(services.relay).not.toHaveProperty('command');
  });
});

describe.runIf(canIsolate)('this test', () => {
  it('runs commands as process 1, and lets them write nothing but their data', async () => {
    const attempt = (path: string) =>
      run(['node', '-e', `console.log(process.pid); fs.writeFileSync(${JSON.stringify(path)}, '')`]);
    expect(await attempt(join(app, 'x'))).toMatchObject({
      code: 1,
      out: '1\n',
      err: expect.stringMatching(/EROFS|EACCES/),
    });
    expect(await attempt(join(data, 'x'))).toMatchObject({ code: 0 });
  });
});

describe(`the image${canIsolate ? ', as process 1 on a read-only file system' : ''}`, () => {
  it('serves, is healthy, and ends on SIGTERM', async () => {
    const code = await whileItRuns(async (url) => {
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      const port = { RELAY_PORT: new URL(url).port };
      expect(await run(image.healthcheck, port)).toMatchObject({ code: 0 });
    });
    expect(code).toBe(0);
  });

  it('is unhealthy where nothing listens', async () => {
    expect(await run(image.healthcheck, { RELAY_PORT: '1' })).toMatchObject({ code: 1 });
  });

  it('shows dead letters beside the running relay, applies them again and drops them', async () => {
    const exec = (...args: readonly string[]) => run(['node', 'relay.mjs', ...args]);
    await whileItRuns(async (url) => {
      const externalId = `sentinel:${environment.world.workspace.workspaceId}:4d9b4e38-5fae-4a4c-a7c3-9b4d1d7c0000`;
      const answer = await post(`${url}/api/signl4/events?secret=${WEBHOOK_SECRET}`, {
        ...{ id: '00000000-0000-4000-8000-000000000001', eventType: 201 },
        ...{ eventRaisedUtc: '2026-01-10T08:00:00Z', user: { mailaddress: 'a@contoso.com' } },
        alert: { id: 'alert', externalEventId: externalId, statusCode: 4 },
      });
      expect(answer.status).toBe(202);
      await expect
        .poll(async () => (await fetch(`${url}/metrics`, { headers: { 'x-api-key': KEY } })).text(), {
          timeout: 60_000,
        })
        .toMatch(/^signl4_relay_dead_letters 1$/m);
      const listed = JSON.parse((await exec('dead-letters', 'list', '--json')).out);
      expect(listed).toMatchObject([{ incident: externalId }]);
      expect((await exec('dead-letters', 'list')).out).toContain(externalId);
      expect((await exec('dead-letters', 'drop', listed[0].id)).out).toContain('dropped');
      expect((await exec('dead-letters', 'list')).out).toBe('There are no dead letters.\n');
      expect(await exec('backup', join(data, 'backup.db'))).toMatchObject({ code: 0 });
      expect(await exec('dead-letters', 'replay', '--all')).toMatchObject({ code: 0 });
    });
  });

  it('says what it can do, and what it cannot', async () => {
    expect(await run(['node', 'relay.mjs', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('dead-letters list'),
    });
    const wrong = await run(['node', 'relay.mjs', 'deadletters']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('there is no command "deadletters"') });
  });
});
