import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';
import { contoso, paths } from '../verify/contoso/files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-file-'));
  for (const [path, content] of contoso()) put(`dist/${path}`, content);
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function verify(path: string, ...options: readonly string[]) {
  const io = capturedIo(folder);
  await runCli(['verify', path, ...options], io);
  return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
}

/** What `verify` reads as text or JSON of something that it has rules about. */
const verifiable = [...contoso().keys()].filter((path) => /\.(json|md|svg)$/.test(path));

describe('verify of one file', () => {
  it.each(verifiable)('finds nothing wrong in %s, as in the folder that it is from', async (path) => {
    const { out, err } = await verify(`dist/${path}`);
    if (err.includes('[verify.nothing]')) return;
    expect([out, err]).toEqual([expect.stringMatching(/^No findings: 1 file checked/), '']);
  });

  it.each([...new Set([...contoso().keys()].map((path) => dirname(path)))])(
    'finds nothing wrong in the folder %s, as in the one that it is from',
    async (path) => {
      const { out, err } = await verify(`dist/${path}`);
      if (err.includes('[verify.nothing]')) return;
      expect([out, err]).toEqual([expect.stringMatching(/^No findings: \d+ files? checked/), '']);
    },
  );

  it('says of a folder in a solution what is wrong in it, and not what is wrong beside it', async () => {
    for (const [path, content] of contoso()) put(`part/${path}`, content);
    put(`part/${paths.metadata}`, String(contoso().get(paths.metadata)).replace('"Partner"', '"Gold"'));
    const beside = await verify(`part/${dirname(paths.data)}`);
    expect([beside.code, beside.out]).toEqual([0, expect.stringContaining('No findings: 1 file')]);
    expect((await verify(`part/${dirname(paths.metadata)}`)).code).toBe(1);
  });

  it('does not read what a build left that was ended while it wrote', async () => {
    put('left/good.md', '# Good\n');
    put('left/.writing-77/bad.json', '{ "triggers": {}, "actions": {');
    expect((await verify('left')).out).toMatch(/^No findings: 1 file/);
  });

  it.runIf(process.platform === 'linux')('says that a device is neither file nor folder', async () => {
    expect(await verify('/dev/null')).toMatchObject({ code: 1, err: expect.stringContaining('[verify.kind]') });
  });

  it.runIf(process.platform === 'linux')('says which file the operating system refuses', async () => {
    const { err, code } = await verify('/proc/self/task');
    expect([code, err]).toEqual([1, expect.stringMatching(/^error: \/proc\/self\/task\/.*\[file\.[a-z-]+\]/)]);
  });

  it('looks for the files that a text links to where the text lies', async () => {
    put(
      'notes/readme.md',
      '# Notes\n\n![Picture](./pictures/a.svg) [Guide](more/guide.md#part) [Gone](gone.md) [Folder](more)\n',
    );
    put('notes/pictures/a.svg', '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>A</title></svg>');
    put('notes/more/guide.md', '# Guide\n');
    const { out } = await verify('notes/readme.md', '--json');
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ rule: 'readme.broken-link', file: 'notes/readme.md', message: 'there is no file gone.md' }],
    });
  });

  it('says nothing about the files around it', async () => {
    put('two/good.md', '# Good\n');
    put('two/bad.json', '{ "triggers": {}, "actions": {');
    expect((await verify('two/good.md')).out).toMatch(/^No findings: 1 file/);
    expect((await verify('two/bad.json')).code).toBe(1);
  });

  it('finds what is wrong in it, also where it is a copy of another', async () => {
    for (const [path, content] of contoso()) put(`changed/${path}`, content);
    put(`changed/${paths.metadata}`, String(contoso().get(paths.metadata)).replace('"Partner"', '"Gold"'));
    const { out, code } = await verify(`changed/${paths.metadata}`);
    expect([out, code]).toEqual([expect.stringContaining('error metadata.support'), 1]);
    expect((await verify(`changed/${paths.manifest}`)).out).toContain('is not as it was built');
  });
});
