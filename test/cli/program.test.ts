import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { runCli } from '../../src/cli/program.ts';
import { version } from '../../src/cli/version.ts';
import { capturedIo } from '../support/captured-io.ts';

async function run(...args: readonly string[]) {
  const io = capturedIo('/nowhere');
  await runCli(args, io);
  return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
}

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await run('--version')).toEqual({ out: version, err: '', code: 0 });
  });

  it('lists every command with its summary', async () => {
    const { out, code } = await run('--help');
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, 'm'));
    expect(code).toBe(0);
  });

  it.each(commands.map(({ name }) => name))('%s describes itself as the list does, and has help', async (name) => {
    const entry = commands.find((candidate) => candidate.name === name);
    const command = await entry?.load(capturedIo('/nowhere'));
    expect(command?.name()).toBe(name);
    expect(command?.description()).toBe(entry?.summary);
    expect(await run(name, '--help')).toMatchObject({ err: '', code: 0 });
    expect((await run('help', name)).out).toBe((await run(name, '--help')).out);
  });

  it('tells an error as JSON, too, where JSON is asked for', async () => {
    for (const name of ['deploy', 'diff', 'destroy']) {
      const { out, err, code } = await run(name, '--json');
      expect(JSON.parse(out)).toMatchObject({
        error: { code: 'live.no-workspace', remedy: expect.stringMatching(/workspace/) },
      });
      expect(err).toContain('[live.no-workspace]');
      expect(code).toBe(1);
    }
    expect(JSON.parse((await run('deploy', '--json', '--no-such-option')).out)).toMatchObject({
      error: { message: expect.stringContaining('--no-such-option') },
    });
  });

  const subcommands = [
    'setup plan',
    'setup apply',
    'setup check',
    'relay dead-letters list',
    'relay dead-letters drop',
  ];

  it.each([...commands.map(({ name }) => name), ...subcommands])(
    '%s --json tells its failure as JSON',
    async (name) => {
      const { out, err, code } = await run(...name.split(' '), '--json', '--no-such-option');
      expect(JSON.parse(out)).toEqual({
        error: { code: 'commander.unknownOption', message: expect.stringContaining("unknown option '--") },
      });
      expect([code, err]).toEqual([2, expect.stringContaining('unknown option')]);
    },
  );

  it.each([
    'init /dev/null/x --yes',
    'build --config none.yaml',
    'verify none',
    'package none',
    'eval --batch none.json',
    'run none.json',
    'simulate none.yaml',
    'demo --config none.yaml',
    'relay --config none.yaml',
    ...['deploy', 'setup plan', 'doctor', 'diff', 'pull', 'destroy'].map((name) => `${name} --config none.yaml`),
  ])('%s --json tells what is wrong with its input as JSON', async (line) => {
    const { out } = await run(...line.split(' '), '--json');
    const { error } = JSON.parse(out) as { error: Record<string, unknown> };
    // Commands without data have no --json: that is what is wrong then.
    expect(error['code']).toMatch(/\.not-found$|\.no-folder$|\.not-folder$|^commander\.unknownOption$/);
    expect(error['message']).not.toMatch(/^error:|\n/);
  });

  it.each([['--format', 'json'], ['--format=json']])('verify %s %s does so, too', async (...format) => {
    const { out } = await run('verify', 'none', ...format);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'file.not-found' } });
  });

  it('takes what follows -- for no option', async () => {
    expect((await run('eval', '--', '--json')).out).toBe('');
  });

  it('without a command shows help on stderr and exits 2', async () => {
    const { out, err, code } = await run();
    expect(out).toBe('');
    expect(err).toContain('Usage: signl4-sentinel');
    expect(code).toBe(2);
  });

  it.each([
    [['biuld'], "unknown command 'biuld'", '(Did you mean build?)'],
    [['init', '--yess'], "unknown option '--yess'", '(Did you mean --yes?)'],
    [['init', 'a', 'b'], 'too many arguments', ''],
    [['build', '--out'], "option '-o, --out <folder>' argument missing", ''],
  ])('%j is a mistake in usage: exit 2', async (args, message, suggestion) => {
    const { out, err, code } = await run(...args);
    expect(out).toBe('');
    expect(err).toContain(`error: ${message}`);
    expect(err).toContain(suggestion);
    expect(code).toBe(2);
  });
});
