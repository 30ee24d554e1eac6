import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNames } from '../../src/domain/command-line.ts';
import { sha256 } from '../../src/generator/output.ts';
import { KEY, WEBHOOK_SECRET } from '../relay/support/relay-process.ts';
import { finished, packedInto } from './support/process.ts';

/*
 * The package as people get it: `npm pack`, then installed from the tarball into an empty folder, without a network and with Node alone.
 * Commands run under Node's permission model, so that none can read or write anything outside that folder.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const node = process.execPath;
const path = `${dirname(node)}${delimiter}${process.env['PATH']}`;

let folder = '';
let tarball = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
  tarball = packedInto(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  execFileSync(
    'npm',
    [
      'install',
      '--offline',
      '--cache',
      join(folder, 'empty-cache'),
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      tarball,
    ],
    { cwd: folder, env: { PATH: path, HOME: folder } },
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

function environment(env: Options['env'] = {}): NodeJS.ProcessEnv {
  return { PATH: path, HOME: folder, TMPDIR: folder, ...env };
}

/** Node with access to this folder and nothing else, running what npm linked into it. */
function confined(...args: readonly string[]): readonly string[] {
  const all = join(folder, '*');
  const allowed = [
    '--no-warnings',
    '--permission',
    `--allow-fs-read=${all}`,
    `--allow-fs-write=${all}`,
    '--allow-worker',
  ];
  return [...allowed, join(folder, 'node_modules/signl4-sentinel/lib/bin/signl4-sentinel.mjs'), ...args];
}

function run(args: readonly string[], { env }: Options = {}) {
  const { status, stdout, stderr } = spawnSync(node, confined(...args), {
    ...{ cwd: folder, env: environment(env), encoding: 'utf8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs a command that serves until it is asked to end; gives its exit code. `work` gets what it printed first. */
async function serving(args: readonly string[], env: Options['env'], work: (printed: string) => Promise<void>) {
  const child = spawn(node, confined(...args), {
    ...{ cwd: folder, env: environment(env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    await work(await firstText(child));
  } finally {
    child.kill('SIGTERM');
  }
  return ended;
}

function firstText(child: ChildProcess): Promise<string> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)));
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk) => resolve(String(chunk)));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${errors.join('')}`)));
  });
}

/** Every file below a folder, with its hash. */
function hashes(below: string): Record<string, string> {
  const entries = readdirSync(below, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(below.length + 1), sha256(readFileSync(file))]),
  );
}

describe('the package', () => {
  it('is one tarball of less than 4 MB that installs nothing else', () => {
    expect(statSync(tarball).size).toBeLessThan(4 * 1024 * 1024);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'signl4-sentinel',
    ]);
    expect(readdirSync(join(folder, 'node_modules/.bin'))).toEqual(['signl4-sentinel']);
  });

  it('runs by npx, installed or straight from the tarball, and calls itself so', () => {
    const npx = (...args: readonly string[]) =>
      execFileSync('npx', ['--offline', ...args], { cwd: folder, env: environment(), encoding: 'utf8' });
    expect(npx('signl4-sentinel', '--help')).toMatch(/^Usage: npx signl4-sentinel /);
    const elsewhere = mkdtempSync(join(tmpdir(), 'no-project-'));
    copyFileSync(tarball, join(elsewhere, 'tool.tgz'));
    const out = execFileSync(
      'npx',
      ['--offline', '--yes', '--cache', join(folder, 'empty-cache'), './tool.tgz', '--help'],
      {
        ...{ cwd: elsewhere, env: environment(), encoding: 'utf8' },
      },
    );
    rmSync(elsewhere, { recursive: true });
    expect(out).toMatch(/^Usage: npx --package \S+\.tgz signl4-sentinel /);
  });

  it('says which Node it needs', () => {
    const bin = readFileSync(join(folder, 'node_modules/signl4-sentinel/lib/bin/signl4-sentinel.mjs'), 'utf8');
    const old = join(folder, 'old.mjs');
    writeFileSync(old, `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } });\n`);
    writeFileSync(join(folder, 'bin.mjs'), bin);
    const { status, stderr } = spawnSync(node, ['--import', old, join(folder, 'bin.mjs'), 'build'], {
      encoding: 'utf8',
    });
    expect(stderr).toContain('signl4-sentinel needs Node 24 or newer; this is Node 20.1.0');
    expect(status).toBe(1);
  });

  it('names no file that it does not have', () => {
    const home = join(folder, 'node_modules/signl4-sentinel');
    const texts = [['--help'], ...commandNames.map((name) => [name, '--help'])].map((args) => run(args).out).join('\n');
    const named = [...texts.matchAll(/\b(?:docs|scenarios|templates|examples|playbooks)\/[\w./-]*/g)].map(
      ([name]) => name,
    );
    const present = new Set(readdirSync(home, { recursive: true }).map(String));
    expect(named.filter((name) => !present.has(name.replace(/[./]+$/, '')))).toEqual([]);
  });
});

describe('from the tarball alone', () => {
  it.each(commandNames)('%s has help', (name) => {
    expect(run([name, '--help'])).toMatchObject({
      ...{ code: 0, err: '' },
      out: expect.stringMatching(new RegExp(`^Usage: npx signl4-sentinel ${name} `)),
    });
  });

  it('init, build, build --check and verify work, and build writes what the repository writes', () => {
    expect(run(['init', '--yes'])).toMatchObject({ code: 0, out: 'signl4.yaml\nsignl4.schema.json\n' });
    expect(run(['build'])).toMatchObject({ code: 0, err: '' });
    expect(run(['build', '--check'])).toMatchObject({ code: 0, out: 'dist is up to date.\n' });
    expect(run(['verify', 'dist', '--strict'])).toMatchObject({ code: 0, err: '' });
    execFileSync(node, [join(root, 'src/cli/main.ts'), 'build', '--out', 'from-sources'], {
      cwd: folder,
      env: environment(),
    });
    expect(hashes(join(folder, 'dist'))).toEqual(hashes(join(folder, 'from-sources')));
    expect(run(['package', 'dist/solution/SIGNL4'])).toMatchObject({ code: 0 });
  });

  it('eval, run and simulate work', () => {
    expect(run(['eval', "xpath(xml('<a>1</a>'), 'string(/a)')"])).toMatchObject({ code: 0, out: '"1"\n' });
    const workflow = {
      triggers: { manual: { type: 'Request', kind: 'Http' } },
      actions: {
        Answer: {
          type: 'Response',
          kind: 'Http',
          inputs: { statusCode: 200, body: '@triggerBody()?.name' },
          runAfter: {},
        },
      },
    };
    writeFileSync(join(folder, 'workflow.json'), JSON.stringify(workflow).replace('?.name', "?['name']"));
    writeFileSync(join(folder, 'body.json'), '{"name":"Ada"}');
    const ran = run(['run', 'workflow.json', '--trigger', 'body.json', '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      status: 'Succeeded',
      actions: { Answer: { outputs: { body: 'Ada' } } },
    });
    writeFileSync(join(folder, 'story.yaml'), STORY);
    const report = join(folder, 'story.html');
    expect(run(['simulate', 'story.yaml', '--report', report])).toMatchObject({
      code: 0,
      out: expect.stringContaining('all 4 hold'),
    });
    expect(readFileSync(report, 'utf8')).toContain('</html>');
  });

  it('plays a story that comes with it', () => {
    const stories = readdirSync(join(folder, 'node_modules/signl4-sentinel/scenarios')).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(stories.length).toBeGreaterThan(10);
    expect(run(['simulate', join('node_modules/signl4-sentinel/scenarios', 'filter.yaml')])).toMatchObject({ code: 0 });
  });

  it('demo answers, with its page and style', async () => {
    const code = await serving(['demo', '--port', '0'], {}, async (printed) => {
      const url = /http:\S+/.exec(printed)?.[0] ?? '';
      const page = await (await fetch(url)).text();
      const parts = [...page.matchAll(/(?:src|href)="(\/?[\w-]+\.(?:js|css))"/g)].map(([, part = '']) => part);
      for (const part of parts) expect((await fetch(new URL(part, url))).status, part).toBe(200);
      expect(page).toContain('SIGNL4');
    });
    expect(code).toBe(0);
  });

  it('sandbox, deploy, doctor, diff, setup and destroy work together, the relay included', async () => {
    const project = join(folder, 'live');
    mkdirSync(project);
    const code = await serving(['sandbox', '--port', '0', '--json'], {}, async (printed) => {
      const { url, env } = JSON.parse(printed) as { url: string; env: Record<string, string> };
      const config = await (await fetch(`${url}/sandbox/signl4.yaml`)).text();
      writeFileSync(join(project, 'signl4.yaml'), `${config}relay:\n  azure:\n    app: package-relay\n`);
      const live = async (...args: readonly string[]) =>
        finished(spawn(node, confined(...args), { cwd: project, env: environment(env) }));
      const deployed = await live('deploy');
      expect(deployed, deployed.err).toMatchObject({
        code: 0,
        out: expect.stringContaining('"npx signl4-sentinel doctor" checks'),
      });
      expect(await live('doctor')).toMatchObject({ code: 0 });
      expect(await live('diff')).toMatchObject({ code: 0 });
      expect(await live('setup', 'check')).toMatchObject({ code: 0 });
      expect(await live('destroy', '--yes')).toMatchObject({ code: 0 });
    });
    expect(code).toBe(0);
  });

  it('relay starts, and lists its dead letters', async () => {
    const env = { RELAY_KEY: KEY, RELAY_SIGNL4_SECRET: WEBHOOK_SECRET, RELAY_PORT: '0', RELAY_HOST: '127.0.0.1' };
    writeFileSync(join(folder, 'relay.yaml'), WORKSPACE);
    const code = await serving(['relay', '--config', 'relay.yaml'], env, async (printed) => {
      const { listening } = JSON.parse(printed.split('\n')[0] ?? '') as { listening: string };
      expect((await fetch(`${listening}/health/live`)).status).toBe(200);
      expect(run(['relay', 'dead-letters', 'list'], { env })).toMatchObject({
        code: 0,
        out: 'There are no dead letters.\n',
      });
    });
    expect(code).toBe(0);
  });
});

const WORKSPACE = `workspace:
  tenantId: 11111111-1111-4111-8111-111111111111
  subscriptionId: 22222222-2222-4222-8222-222222222222
  resourceGroup: soc
  name: contoso
  workspaceId: 33333333-3333-4333-8333-333333333333
`;

const STORY = `title: A story of my own
steps:
  - at: 0s
    incident: { name: mine, title: Odd sign-in, severity: High }
  - after: 2m
    acknowledge: { incident: mine, by: onCall }
expect:
  - signl4: { name: mine, alerts: 1, status: acknowledged }
  - incident: { name: mine, status: Active, owner: onCall }
`;
