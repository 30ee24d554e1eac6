import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAll, writeWhole } from '../../src/cli/write-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signl4-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(at(path), 'utf8');
/** Everything below the folder, hidden files too. */
const tree = () => readdirSync(folder, { recursive: true }).sort();
const tooLong = `${'x'.repeat(300)}.json`;

describe('a file that is written whole', () => {
  it('replaces what was there, and makes its folder', () => {
    writeWhole(at('new/a.txt'), 'one', 'a.txt');
    writeWhole(at('new/a.txt'), 'two', 'a.txt');
    expect(read('new/a.txt')).toBe('two');
    expect(tree()).toEqual(['new', 'new/a.txt']);
  });

  it('keeps its permissions, and stays behind its link', () => {
    writeFileSync(at('real.yaml'), 'one');
    chmodSync(at('real.yaml'), 0o600);
    symlinkSync('real.yaml', at('link.yaml'));
    writeWhole(at('link.yaml'), 'two', 'link.yaml');
    expect([read('real.yaml'), statSync(at('real.yaml')).mode & 0o777]).toEqual(['two', 0o600]);
  });

  it.each([
    ['a name that is too long', () => tooLong, 'file.name-too-long'],
    ['a folder', () => '', 'file.is-folder'],
    [
      'a file below a file',
      () => {
        writeFileSync(at('file'), '');
        return 'file/a.txt';
      },
      'file.not-folder',
    ],
  ])('says what is wrong with %s, and leaves nothing behind', (_, path, code) => {
    const target = path();
    const before = tree();
    expect(() => writeWhole(at(target), 'text', 'shown')).toThrow(
      expect.objectContaining({ code, where: { file: 'shown' }, remedy: expect.any(String) }),
    );
    expect(tree()).toEqual(before);
  });

  it.runIf(process.platform === 'linux')('says so where the disk is full', () => {
    expect(() => writeWhole('/dev/full', 'text', '/dev/full')).toThrow(
      expect.objectContaining({ code: 'file.disk-full', message: 'the disk is full (ENOSPC)' }),
    );
  });
});

describe('files that are written together', () => {
  const shown = (path: string) => join('dist', path);

  it('are all there, the last one last', () => {
    writeAll(at('dist'), new Map([...['manifest.json', 'a/b.json'].map((path) => [path, path] as const)]), shown);
    expect(tree()).toEqual(['dist', 'dist/a', 'dist/a/b.json', 'dist/manifest.json']);
  });

  it('leave the folder as it was where one of them cannot be written', () => {
    mkdirSync(at('dist'));
    writeFileSync(at('dist/manifest.json'), 'old');
    writeFileSync(at('dist/a.json'), 'old');
    const files = new Map([
      ['a.json', 'new'],
      ['new/b.json', 'new'],
      ['manifest.json', 'new'],
      [tooLong, 'new'],
    ]);
    expect(() => writeAll(at('dist'), files, shown, 'manifest.json')).toThrow(
      expect.objectContaining({ code: 'file.name-too-long' }),
    );
    expect(tree()).toEqual(['dist', 'dist/a.json', 'dist/manifest.json']);
    expect([read('dist/a.json'), read('dist/manifest.json')]).toEqual(['old', 'old']);
  });

  it('leave no folder that was not there', () => {
    expect(() => writeAll(at('new/dist'), new Map([[tooLong, '']]), shown)).toThrow();
    expect(tree()).toEqual([]);
  });

  it('say which folder is in the place of a file, and which file in that of a folder', () => {
    mkdirSync(at('a.json'));
    expect(() => writeAll(folder, new Map([['a.json', '']]), shown)).toThrow(
      expect.objectContaining({ code: 'file.is-folder', where: { file: 'dist/a.json' } }),
    );
    writeFileSync(at('file'), '');
    expect(() => writeAll(at('file'), new Map([['a.json', '']]), shown)).toThrow(
      expect.objectContaining({ code: 'file.not-folder' }),
    );
  });

  it('remove what a command left that was ended while it wrote, even with nothing to write', () => {
    const ended = spawnSync(process.execPath, ['--version']).pid;
    for (const files of [new Map(), new Map([['a.json', '']])]) {
      mkdirSync(at(`dist/.writing-${ended}/playbooks`), { recursive: true });
      writeAll(at('dist'), files, shown);
      expect(tree().filter((path) => String(path).includes('.writing'))).toEqual([]);
    }
  });

  it('are not mixed with those of another command that writes at the same time', () => {
    mkdirSync(at(`dist/.writing-${process.ppid}`), { recursive: true });
    writeFileSync(at('dist/a.json'), 'old');
    expect(() => writeAll(at('dist'), new Map([['a.json', 'new']]), shown)).toThrow(
      expect.objectContaining({ code: 'file.busy', remedy: expect.stringContaining(`process ${process.ppid} has`) }),
    );
    expect(tree()).toEqual(['dist', `dist/.writing-${process.ppid}`, 'dist/a.json']);
    expect(read('dist/a.json')).toBe('old');
  });

  it('touch nothing where there is nothing to write', () => {
    writeAll(at('dist'), new Map(), shown);
    expect(tree()).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('where files may not grow', () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  /** No file above some kilobytes: what a full disk does to large files, small ones still fit. */
  const limited = (args: string) =>
    spawnSync('sh', ['-c', `ulimit -f 16; exec '${process.execPath}' '${main}' ${args}`], {
      cwd: folder,
      encoding: 'utf8',
    });

  it('build leaves no output that looks complete, and says so to people and scripts', () => {
    const { status, stdout, stderr } = limited('build --json');
    expect([status, tree()]).toEqual([1, []]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'file.too-large' } });
    expect(stderr).toMatch(/^error: dist\/.*\[file\.too-large\]\n {2}\S/);
  });

  it('init --force leaves the configuration that was there', () => {
    writeFileSync(at('signl4.yaml'), 'tag: MINE\n');
    expect(limited('init --yes --force').status).toBe(1);
    expect([tree(), read('signl4.yaml')]).toEqual([['signl4.yaml'], 'tag: MINE\n']);
  });

  it('output that nobody can take is told as an error, not as a fault of ours', () => {
    const { status, stderr } = limited('--help > /dev/full');
    expect([status, stderr]).toEqual([1, expect.stringContaining('standard output: the disk is full')]);
  });

  it.each([
    ["--out ''", 'there is no folder after --out'],
    ['--out /', 'the root of the disk is no folder for output'],
  ])('build %s writes nothing', (args, message) => {
    const { status, stdout, stderr } = limited(`build --check --json ${args}`);
    expect([status, tree()]).toEqual([2, []]);
    expect(stderr).toContain(message);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage.out' } });
  });
});
