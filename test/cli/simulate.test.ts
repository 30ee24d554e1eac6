import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { scenarioSchema } from '../../src/simulator/scenario/schema.ts';
import { capturedIo } from '../support/captured-io.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const story = (name: string) => resolve(root, 'scenarios', name);

async function simulate(args: readonly string[], cwd = root) {
  const io = capturedIo(cwd);
  await simulateCommand(io).parseAsync(args, { from: 'user' });
  return { printed: io.printed.join('\n'), noted: io.noted.join('\n'), exitCode: io.exitCode() };
}

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'story-'));
  writeFileSync(join(folder, 'story.yaml'), text);
  return folder;
}

describe('simulate', () => {
  it('tells a story that holds and exits 0', async () => {
    const { printed, exitCode } = await simulate([story('two-acknowledge.yaml')]);
    expect(printed).toMatch(/^Two people acknowledge at once/);
    expect(printed).toMatch(/all \d+ hold after/);
    expect(exitCode).toBe(0);
  });

  it('exits 1 where something does not hold, and says on which line', async () => {
    const folder = folderWith(
      'title: No\nsteps: [{ sweep: now }]\nexpect:\n  - playbook: { name: SIGNL4-Sweep, runs: 2 }\n',
    );
    const { printed, exitCode } = await simulate(['story.yaml'], folder);
    expect(printed).toContain('✗ runs of SIGNL4-Sweep: 2 — found: 1 (line 4)');
    expect(exitCode).toBe(1);
  });

  it('prints JSON, one object or a list', async () => {
    const one = await simulate([story('kql-off.yaml'), '--json']);
    expect(JSON.parse(one.printed)).toMatchObject({ ok: true, title: 'Searches can be switched off' });
    const two = await simulate([story('kql-off.yaml'), story('by-hand.yaml'), '--json']);
    expect(JSON.parse(two.printed)).toHaveLength(2);
  });

  it('writes one HTML page', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'story-'));
    const { noted } = await simulate([story('kql-off.yaml'), '--report', 'out.html'], folder);
    expect(noted).toContain('wrote out.html');
    expect(readFileSync(join(folder, 'out.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('names a file that is not there', async () => {
    await expect(simulate(['nowhere.yaml'])).rejects.toMatchObject({
      code: 'file.not-found',
      where: { file: 'nowhere.yaml' },
    });
  });

  it('has its schema beside the stories, for editors', () => {
    const published: unknown = JSON.parse(readFileSync(resolve(root, 'scenarios/scenario.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(scenarioSchema)));
  });
});
