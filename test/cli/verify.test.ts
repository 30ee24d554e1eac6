import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';
import { set } from '../verify/cases/case.ts';
import { contoso, type Files, paths } from '../verify/contoso/files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, files: Files): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
}

function changed(...changes: readonly ((files: Files) => void)[]): Files {
  const files = contoso();
  files.delete(paths.manifest);
  for (const change of changes) change(files);
  return files;
}

async function verify(...args: readonly string[]) {
  const io = capturedIo(folder);
  await runCli(['verify', ...args], io);
  return { out: io.printed.join('\n'), err: io.noted.join('\n'), code: io.exitCode() };
}

describe('verify', () => {
  it('says that there is nothing to find', async () => {
    write('good', contoso());
    expect(await verify('good')).toMatchObject({ out: expect.stringMatching(/^No findings: 20 files/), code: 0 });
  });

  it('looks at dist, and says how to get it', async () => {
    expect(await verify()).toMatchObject({
      err: expect.stringContaining('Run "signl4-sentinel build" first'),
      code: 1,
    });
    write('dist', contoso());
    expect(await verify()).toMatchObject({ code: 0 });
  });

  it('exits 1 with an error, and names the file as seen from here', async () => {
    write('bad', changed(set(paths.metadata, '/support/tier', 'Gold')));
    const { out, code } = await verify('bad');
    expect(code).toBe(1);
    expect(out).toContain(`bad/${paths.metadata}:21:5 error metadata.support`);
  });

  it('exits 0 with warnings, unless --strict', async () => {
    write('warned', changed(set(paths.data, '/TemplateSpec', true)));
    expect(await verify('warned')).toMatchObject({ out: expect.stringContaining('0 errors, 1 warning'), code: 0 });
    expect((await verify('warned', '--strict')).code).toBe(1);
  });

  it('prints JSON with --format json and --json, SARIF with --format sarif', async () => {
    write('json', changed(set(paths.metadata, '/support/tier', 'Gold')));
    const { out } = await verify('json', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      findings: [{ rule: 'agreement.package-content' }, { rule: 'metadata.support', file: `json/${paths.metadata}` }],
    });
    expect((await verify('json', '--format', 'json')).out).toBe(out);
    expect(JSON.parse((await verify('json', '--format', 'sarif')).out)).toMatchObject({ version: '2.1.0' });
  });

  it('takes a single file, and the folder of a solution', async () => {
    write('one', changed(set(paths.playbook, '/resources/2/location', 'westeurope')));
    const file = join('one', paths.playbook);
    expect((await verify(file)).out).toContain(`${file}:`);
    expect(await verify('one/Solutions/Contoso')).toMatchObject({
      code: 1,
      out: expect.not.stringContaining('data.name'),
    });
  });

  it('refuses a folder without anything to verify, and unknown formats', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await verify('empty')).toMatchObject({ err: expect.stringContaining('verify.nothing'), code: 1 });
    expect((await verify('good', '--format', 'xml')).code).toBe(2);
  });
});
