import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/cli/config-file.ts';
import { reportError } from '../../src/cli/report.ts';
import { UserError } from '../../src/domain/errors.ts';
import { capturedIo } from '../support/captured-io.ts';

const fixtures = fileURLToPath(new URL('../fixtures/config/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'signl4-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a person sees whose command reads this configuration file. */
async function printedFor(file: string, cwd = fixtures): Promise<string> {
  const io = capturedIo(cwd);
  try {
    await readConfigFile(io, file);
  } catch (error) {
    reportError(error, io);
  }
  return io.noted.join('\n');
}

function reported(error: unknown, env: Readonly<Record<string, string>> = {}) {
  const io = capturedIo(fixtures, { env });
  reportError(error, io);
  return { text: io.noted.join('\n'), code: io.exitCode() };
}

describe('five broken configurations, as a person sees them', () => {
  it.each(['unknown-keys', 'wrong-values', 'tab', 'secret', 'targets'])('%s.yaml', async (name) => {
    const expected = readFileSync(`${fixtures}${name}.expected.txt`, 'utf8');
    expect(`${await printedFor(`${name}.yaml`)}\n`).toBe(expected);
  });

  it('shows no line with a secret', async () => {
    writeFileSync(join(folder, 'one-line.yaml'), 'relay: { url: "https://soc:hunter2@relay.contoso.com", typo: 1 }\n');
    const text = await printedFor('one-line.yaml', folder);
    expect(text).toContain('there is no key "typo"');
    expect(text).toContain('[config.secret]');
    expect(text).not.toContain('hunter2');
  });
});

describe('a configuration file', () => {
  it('that is named but missing is an error with a remedy', async () => {
    expect(await printedFor('none.yaml')).toBe(
      [
        'error: none.yaml: there is no such file [config.not-found]',
        '  Check the path after --config, or run "signl4-sentinel init" to write one.',
      ].join('\n'),
    );
  });

  it('that is not UTF-8 is named as such', async () => {
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('company: M\xfcller\n', 'latin1'));
    expect(await printedFor('latin1.yaml', folder)).toContain('latin1.yaml: the file is not UTF-8 [config.encoding]');
  });

  it.each([
    [
      'UTF-16 with a mark',
      Buffer.from('\uFEFFcompany: A\n', 'utf16le'),
      'It is UTF-16, which Windows PowerShell writes.',
    ],
    ['UTF-16 without one', Buffer.from('company: A\n', 'utf16le'), 'It has null characters'],
    [
      'Windows-1252',
      Buffer.from('tag: A\ncompany: M\xfcller\n', 'latin1'),
      'Line 2 has characters of another encoding',
    ],
  ])('in %s is told what it is', async (_, bytes, found) => {
    writeFileSync(join(folder, 'other.yaml'), bytes);
    const text = await printedFor('other.yaml', folder);
    expect(text).toContain('other.yaml: the file is not UTF-8 [config.encoding]');
    expect(text).toContain(found);
    expect(text).toContain('Save it as UTF-8');
  });

  it('may be named by its folder', async () => {
    mkdirSync(join(folder, 'prod'));
    expect(await printedFor('prod', folder)).toBe(
      'error: prod: this is a folder without a signl4.yaml [config.is-folder]\n  Name a file.',
    );
    writeFileSync(join(folder, 'prod', 'contoso.yaml'), 'tag: WRONG\n');
    expect(await printedFor('prod', folder)).toContain('Name a file, such as prod/contoso.yaml');
    writeFileSync(join(folder, 'prod', 'signl4.yaml'), 'tag: RIGHT\n');
    const { config, fileName } = await readConfigFile(capturedIo(folder), 'prod');
    expect([config.tag, fileName]).toEqual(['RIGHT', 'prod/signl4.yaml']);
  });

  it('is looked for in the current folder, else the defaults hold', async () => {
    expect((await readConfigFile(capturedIo(folder), undefined)).fileName).toBeUndefined();
    writeFileSync(join(folder, 'signl4.yml'), 'tag: FOUND\n');
    const { config, fileName } = await readConfigFile(capturedIo(folder), undefined);
    expect([config.tag, fileName]).toEqual(['FOUND', 'signl4.yml']);
  });
});

describe('reportError', () => {
  it('exits 1, and 2 for mistakes in usage', () => {
    expect(reported(new UserError('config.missing', 'x')).code).toBe(1);
    expect(reported(new UserError('usage.port', 'x')).code).toBe(2);
  });

  it('puts what the operating system refuses into words', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await printedFor('file/signl4.yaml', folder)).toMatch(
      /^error: file\/signl4\.yaml: a part of the path is a file \(ENOTDIR\) \[file\.not-folder\]\n {2}Check the path/,
    );
  });

  it('owns up to a fault of ours, and shows the stack only on request', () => {
    const fault = new TypeError('undefined is not a function');
    expect(reported(fault).text).toMatch(
      /^internal error: undefined is not a function\nThis is a fault of signl4-sentinel/,
    );
    expect(reported(fault).text).not.toContain('report.test.ts');
    expect(reported(fault, { SIGNL4_DEBUG: '1' }).text).toContain('report.test.ts');
  });

  it('shows the neighbourhood of a far column', () => {
    writeFileSync(join(folder, 'wide.yaml'), `${'x'.repeat(500)}HERE${'y'.repeat(500)}\n`);
    const io = capturedIo(folder);
    reportError(new UserError('a.b', 'm', { where: { file: 'wide.yaml', line: 1, column: 501 } }), io);
    const [, line = '', mark = ''] = io.noted.join('\n').split('\n');
    expect(line.length).toBeLessThanOrEqual(110);
    expect(line.slice(mark.indexOf('^')).startsWith('HERE')).toBe(true);
  });
});
