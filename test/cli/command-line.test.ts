import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLineOf } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands.ts';
import { ioInForce } from '../../src/cli/in-force.ts';
import { runCli } from '../../src/cli/program.ts';
import { calledAs, commandNames } from '../../src/domain/command-line.ts';
import { capturedIo } from '../support/captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('how the tool was started', () => {
  const npx = join(folder, '_npx/0123');
  mkdirSync(npx, { recursive: true });
  writeFileSync(join(npx, 'package.json'), JSON.stringify({ _npx: { packages: ['https://example.com/s.tgz'] } }));
  const bin = 'node_modules/.bin/signl4-sentinel';
  const path = { PATH: `/usr/bin:/usr/local/bin:/home/me/project/node_modules/.bin` };

  it.each([
    [
      'npm run in the repository',
      { npm_lifecycle_event: 'cli', npm_package_name: 'signl4-sentinel' },
      '/repo/src/cli/main.ts',
      'npm run -s cli --',
    ],
    [
      'npx in a project',
      { npm_command: 'exec', npm_lifecycle_event: 'npx' },
      `/home/me/project/${bin}`,
      'npx signl4-sentinel',
    ],
    [
      'a script of a project',
      { npm_command: 'run-script', npm_lifecycle_event: 'cli', npm_package_name: 'soc', ...path },
      `/home/me/project/${bin}`,
      'npx signl4-sentinel',
    ],
    [
      'its file in a project',
      {},
      '/home/me/project/node_modules/signl4-sentinel/lib/bin/signl4-sentinel.mjs',
      'npx signl4-sentinel',
    ],
    [
      'npx without an installation',
      { npm_command: 'exec' },
      join(npx, bin),
      'npx --package https://example.com/s.tgz signl4-sentinel',
    ],
    ['a global installation', path, '/usr/local/bin/signl4-sentinel', 'signl4-sentinel'],
    [
      'a global installation on Windows',
      { Path: '/users/me/npm' },
      '/users/me/npm/node_modules/signl4-sentinel/lib/bin/signl4-sentinel.mjs',
      'signl4-sentinel',
    ],
    ['the file alone', {}, '/home/me/project/tools/signl4-sentinel.mjs', 'node tools/signl4-sentinel.mjs'],
    ['a wrapper that says so', { SIGNL4_COMMAND_LINE: './s4', npm_command: 'exec' }, `/home/me/project/${bin}`, './s4'],
  ])('%s', (_, env, script, expected) => {
    expect(commandLineOf({ env, script, cwd: '/home/me/project' })).toBe(expected);
  });
});

describe('a text', () => {
  it('has every command as it has to be typed', () => {
    const text = 'Run "signl4-sentinel setup apply", then signl4-sentinel deploy --move; see `signl4-sentinel doctor`.';
    expect(calledAs(text, 'npm run -s cli --')).toBe(
      'Run "npm run -s cli -- setup apply", then npm run -s cli -- deploy --move; see `npm run -s cli -- doctor`.',
    );
  });

  it.each([
    'A fault of signl4-sentinel 3.1.0',
    'TEST of signl4-sentinel doctor, please acknowledge',
    'the secret signl4-sentinel-client-secret',
    'npx signl4-sentinel init',
  ])('%s is left as it is', (text) => {
    expect(calledAs(text, 'npm run -s cli --')).toBe(text);
  });

  it('may propose every command', () => {
    expect([...commandNames].sort()).toEqual(commands.map(({ name }) => name).sort());
  });
});

describe('the command line, started in a way of its own', () => {
  const started = (cwd = folder) => ({ ...capturedIo(cwd), commandLine: String.raw`C:\s4 "x"` });

  it('says so in help, errors and remedies, for people and for scripts', async () => {
    const io = started();
    await runCli(['sandbox', '--help'], io);
    await runCli(['build', '--config', 'missing.yaml', '--json'], io);
    expect(io.printed[0]).toMatch(/^Usage: C:\\s4 "x" sandbox /);
    expect(io.printed.join('\n')).toContain(String.raw`C:\s4 "x" deploy && C:\s4 "x" doctor`);
    expect(io.noted.join('\n')).toContain(String.raw`run "C:\s4 "x" init" to write one`);
    expect(JSON.parse(io.printed.at(-1) ?? '')).toMatchObject({
      error: { remedy: expect.stringContaining(String.raw`run "C:\s4 "x" init" to write one`) },
    });
  });

  it('says so in JSON of the live commands', () => {
    const io = started();
    ioInForce(io, { target: 'contoso' }).print(JSON.stringify([{ remedy: 'Run "signl4-sentinel deploy".' }]));
    expect(JSON.parse(io.printed[0] ?? '')).toEqual([{ remedy: String.raw`Run "C:\s4 "x" deploy --target contoso".` }]);
  });

  it('leaves what people evaluate as it is', async () => {
    const io = started();
    await runCli(['eval', "concat('signl4-sentinel ', 'deploy')"], io);
    expect(io.printed).toEqual(['"signl4-sentinel deploy"']);
  });

  it('is written into a new configuration, and from there into the guides', async () => {
    const io = { ...capturedIo(folder), commandLine: 'npm run -s cli --' };
    await runCli(['init', '--yes'], io);
    await runCli(['build', '--json'], io);
    expect(readFileSync(join(folder, 'signl4.yaml'), 'utf8')).toMatch(/^commandLine: npm run -s cli --$/m);
    for (const guide of ['relay/readme.md', 'setup/guide.md', 'playbooks/SIGNL4-Sweep/readme.md'])
      expect(readFileSync(join(folder, 'dist', guide), 'utf8')).toMatch(/`npm run -s cli -- (deploy|setup apply)`/);
  });

  it('does not change what build writes', async () => {
    const files = async (commandLine: string) => {
      const cwd = mkdtempSync(join(folder, 'built-'));
      await runCli(['build'], { ...capturedIo(cwd), commandLine });
      return readFileSync(join(cwd, 'dist/manifest.json'), 'utf8');
    };
    expect(await files('npm run -s cli --')).toBe(await files('npx signl4-sentinel'));
  });
});
