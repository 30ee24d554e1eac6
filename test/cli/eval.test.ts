import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eval-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = capturedIo(folder);
  await runCli(['eval', ...args], io);
  return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

describe('eval <expr>', () => {
  it('prints the value as JSON', async () => {
    expect(await run("concat('a', 1)")).toEqual({ out: '"a1"', err: '', code: 0 });
    expect(await run("createArray(1, 2.0, ticks('2018-01-01'))")).toMatchObject({ out: '[1,2.0,636503616000000000]' });
  });

  it('reads a context, byte order mark and all, and keeps the kind of its numbers', async () => {
    const context = file(
      'context.json',
      '\uFEFF{"variables": {"half": 3.0}, "trigger": {"outputs": {"body": {"a": "x"}}}}',
    );
    expect(
      await run("createArray(div(variables('half'), 2), triggerBody()?['a'])", '--context', context),
    ).toMatchObject({
      out: '[1.5,"x"]',
    });
  });

  it('reads a template where asked to', async () => {
    expect(await run('a @{add(1, 2)}', '--mode', 'template')).toMatchObject({ out: '"a 3"' });
    expect(await run('1', '--mode', 'arm')).toMatchObject({ code: 2, out: '' });
  });

  it('says why an expression fails, where, and what to do: exit 1', async () => {
    const { out, err, code } = await run('concat("a")');
    expect([out, code]).toEqual(['', 1]);
    expect(err).toContain("at position '7' is not expected");
    expect(err).toContain('  concat("a")\n         ^');
    expect(err).toContain('single quotation marks');
  });

  it('prints {value} or {error} with --json', async () => {
    expect(await run('add(1, 2)', '--json')).toMatchObject({ out: '{"value":3}' });
    const { out, code } = await run('toUpper(null)', '--json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'InvalidTemplate', reason: 'wdl.argument-type' } });
    expect(code).toBe(1);
  });

  it.each([
    [['--context', 'nowhere.json', '1'], 'nowhere.json: there is no such file [usage.not-found]'],
    [['--context', 'broken.json', '1'], 'The file is not JSON'],
    [['--context', 'list.json', '1'], 'the context must be an object'],
    [['--context', 'body.json', "triggerBody()?['a']"], "trigger has a member 'body' but no 'outputs'"],
    [[], 'Give an expression, or a file of them with --batch'],
    [['1', '--batch', 'list.json'], 'not both'],
    [['--batch', 'list.json', '--context', 'list.json'], 'every entry has its own context'],
    [['--batch', 'object.json'], 'The batch must be an array'],
    [['--batch', 'broken.json'], 'The file is not JSON'],
    [['--batch', '.'], 'Name a file, such as body.json'],
  ])('%j is a mistake in usage: exit 2', async (args, message) => {
    file('broken.json', '{"a": ');
    file('list.json', '[]');
    file('body.json', '{"trigger": {"body": {"a": 1}}}');
    file('object.json', '{}');
    const { out, err, code } = await run(...args);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain(message);
  });
});

describe('eval --batch', () => {
  it('gives one outcome for each entry, in order, whatever is wrong with some', async () => {
    const entries = [
      { expr: 'add(1, 2)', fn: 'add', expected: 3, note: 'unknown members are ignored' },
      { expr: "a @@{x} @{parameters('a')}", mode: 'template', context: { parameters: { a: true } } },
      { expr: 'div(1, 0)' },
      { expr: 'item()', context: { items: { Outer: 1, Inner: null } } },
      { expr: 5 },
      'add(1, 2)',
      { expr: '1', mode: 'arm' },
      { expr: '1', context: [] },
      { expr: 'null' },
    ];
    const { out, err, code } = await run('--batch', file('batch.json', JSON.stringify(entries)));
    expect([err, code]).toEqual(['', 0]);
    expect(JSON.parse(out)).toMatchObject([
      { value: 3 },
      { value: 'a @{x} True' },
      { error: { reason: 'wdl.division-by-zero' } },
      { value: null },
      { error: { message: '"expr" must be a string, but it is of type \'Integer\'.' } },
      { error: { message: 'An entry must be an object with "expr", but it is of type \'String\'.' } },
      { error: { message: '"mode" must be one of expression, template.' } },
      { error: { reason: 'wdl.context' } },
      { value: null },
    ]);
  });

  it('gives an empty list for an empty batch', async () => {
    expect(await run('--batch', file('empty.json', '[]'))).toEqual({ out: '[]', err: '', code: 0 });
  });
});
