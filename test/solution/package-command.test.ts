import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { packageCommand } from '../../src/cli/package.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'package-'));
});
afterEach(() => rmSync(out, { recursive: true }));

async function run(...args: string[]): Promise<{ printed: string; noted: string }> {
  const printed: string[] = [];
  const noted: string[] = [];
  const io: Io = {
    cwd: fixtures,
    env: {},
    isTerminal: false,
    clock: { now: Date.now, sleep: async () => {} },
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    setExitCode: () => {},
  };
  await packageCommand(io).parseAsync(args, { from: 'user' });
  return { printed: printed.join('\n'), noted: noted.join('\n') };
}

describe('the command package', () => {
  it('writes the four files and says what is in them', async () => {
    const { printed, noted } = await run('Contoso', '--out', out);
    expect(readdirSync(out).sort()).toEqual([
      '3.0.0.zip',
      'createUiDefinition.json',
      'mainTemplate.json',
      'testParameters.json',
    ]);
    expect(printed).toContain('Package 3.0.0 of 1 custom connector, 1 function app, 2 playbooks:');
    expect(noted).toContain('warning: Playbooks/Contoso-Report/azuredeploy.json: metadata.lastUpdateTime is missing');
  });

  it('takes the wished version', async () => {
    await run('Contoso', '--out', out, '--package-version', '3.4.5');
    expect(readFileSync(join(out, 'mainTemplate.json'), 'utf8')).toContain('"_solutionVersion": "3.4.5"');
  });

  it('prints JSON for scripts, and nothing else', async () => {
    const { printed, noted } = await run('Contoso', '--out', out, '--json');
    expect(JSON.parse(printed)).toMatchObject({
      version: '3.0.0',
      files: [
        join(out, 'mainTemplate.json'),
        join(out, 'createUiDefinition.json'),
        join(out, 'testParameters.json'),
        join(out, '3.0.0.zip'),
      ],
      ms: expect.any(Number),
    });
    expect(noted).toBe('');
  });
});
