import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { junitXml } from '../../src/cli/junit.ts';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';
import { junitProblems } from '../support/junit.ts';
import { propertySeed } from '../support/seed.ts';

const story = (name: string) => fileURLToPath(new URL(`../../scenarios/${name}`, import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'junit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = capturedIo(folder);
  await runCli([...args, '--junit', 'report.xml'], io);
  return { xml: readFileSync(join(folder, 'report.xml'), 'utf8'), code: io.exitCode(), io };
}

describe('simulate --junit', () => {
  it('has a suite for each story and a case for everything that was to be true', async () => {
    const { xml, code } = await run('simulate', story('two-acknowledge.yaml'), story('kql-off.yaml'));
    expect(code).toBe(0);
    expect(junitProblems(xml)).toEqual([]);
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml).toContain('name="Two people acknowledge at once"');
    expect(xml).not.toContain('<failure');
  });

  it('says what was found instead, and exits 1', async () => {
    const text =
      'title: No & <never>\nsteps: [{ sweep: now }]\nexpect:\n  - playbook: { name: SIGNL4-Sweep, runs: 2 }\n';
    writeFileSync(join(folder, 'no.yaml'), text);
    const { xml, code } = await run('simulate', 'no.yaml');
    expect(code).toBe(1);
    expect(junitProblems(xml)).toEqual([]);
    expect(xml).toContain('classname="simulate.No &amp; &lt;never&gt;"');
    expect(xml).toContain('<failure message="found: 1 (line 4 of the scenario)" type="expectation">');
  });
});

describe('run --junit', () => {
  const workflow = (actions: object) =>
    JSON.stringify({ triggers: { manual: { type: 'Request', kind: 'Http' } }, actions });

  it('has a case for the run, and one for each call without a mock', async () => {
    const get = { type: 'Http', inputs: { method: 'GET', uri: 'https://example.com/a' }, runAfter: {} };
    writeFileSync(join(folder, 'get.json'), workflow({ Get: get }));
    const { xml, code } = await run('run', 'get.json');
    expect(code).toBe(1);
    expect(junitProblems(xml)).toEqual([]);
    expect(xml).toMatch(/failures="2"/);
    expect(xml).toMatch(/<failure message="[^"]*GET[^"]*example\.com/);
  });

  it('passes where the run succeeds', async () => {
    writeFileSync(join(folder, 'compose.json'), workflow({ A: { type: 'Compose', inputs: 1, runAfter: {} } }));
    const { xml, code } = await run('run', 'compose.json');
    expect(code).toBe(0);
    expect(junitProblems(xml)).toEqual([]);
    expect(xml).toContain('<testcase name="the run succeeds" classname="run.compose.json"');
  });
});

it('is valid whatever the texts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', ' ', ']]>', '\u0000\u001b[31m', '\ud800', 'a\r\nb'),
  );
  const suite = fc.record({
    name: text,
    startedAt: fc.integer({ min: 0, max: 4e12 }),
    tookMs: fc.integer({ min: -5, max: 1e9 }),
    cases: fc.array(fc.record({ name: text, failure: text }, { requiredKeys: ['name'] }), { maxLength: 3 }),
    output: text,
  });
  fc.assert(
    fc.property(fc.array(suite, { maxLength: 2 }), (suites) => {
      expect(junitProblems(junitXml('simulate', suites))).toEqual([]);
    }),
    { seed: propertySeed('junit', 18), numRuns: 300 },
  );
});
