import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { capturedIo } from '../support/captured-io.ts';
import { type ServedSandbox, startSandbox } from '../support/sandbox.ts';
import { partsOf } from './support/markdown.ts';
import { read } from './support/pages.ts';
import { commandLines } from './support/shell.ts';

/* The ten minutes of docs/sandbox.md, command by command, as somebody would type them. */

const [, tenMinutes = ''] = read('docs/sandbox.md').split('\n## Ten minutes\n');
const [, walk, withRelay, designer] = partsOf({ path: '', text: tenMinutes }).blocks.map(({ text }) => text);

let folder = '';
let sandbox: ServedSandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-sandbox-page-'));
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** How the page starts the tool. */
const HERE = ['npm', 'run', '-s', 'cli', '--'];

async function type(words: readonly string[]): Promise<string> {
  if (words[0] === 'curl') return ask(words.slice(1));
  return words.slice(0, HERE.length).join(' ') === HERE.join(' ') ? tool(words.slice(HERE.length)) : '';
}

async function tool(words: readonly string[]): Promise<string> {
  const io = capturedIo(folder, {
    env: sandbox.env,
    answers: ['yes'],
    clock: { now: () => Date.now(), sleep: (ms) => setTimeout(ms) },
  });
  await runCli(words, io);
  return [...io.printed, ...io.noted].join('\n');
}

async function ask(words: readonly string[]): Promise<string> {
  const after = (option: string) => words[words.indexOf(option) + 1];
  const address = words.find((word) => word.startsWith('$')) ?? '';
  const body = words.includes('-d') ? after('-d') : undefined;
  const method = words.includes('-X') ? after('-X') : 'GET';
  const url = address.replace(/^\$(\w+)/, (_, name: string) => sandbox.env[name] ?? '');
  const answer = await fetch(url, { method: method ?? 'GET', ...(body !== undefined && { body }) });
  expect(answer.status, address).toBeLessThan(300);
  const text = await answer.text();
  if (url.endsWith('.yaml')) writeFileSync(join(folder, 'signl4.yaml'), text);
  return text;
}

describe('ten minutes with the sandbox', () => {
  it('page somebody, show in Sentinel what that person does, and leave nothing', async () => {
    const lines = commandLines(walk ?? '').map(({ words }) => words);
    expect(lines.map((words) => (words[0] === 'curl' ? 'curl' : words.join(' ')))).toEqual([
      ...['. ./sandbox.env', 'curl', `${HERE.join(' ')} deploy`, `${HERE.join(' ')} doctor`],
      ...['curl', 'sleep 5', 'curl', 'curl', 'sleep 5', 'curl', `${HERE.join(' ')} destroy`],
    ]);
    const [, config = [], deploy = [], doctor = [], incident = [], , look = [], acknowledge = []] = lines;
    const destroy = lines.at(-1) ?? [];
    await type(config);
    expect(await type(deploy)).toContain('deployed the automation rules');
    expect(await type(doctor)).toMatch(/^0 failures/m);
    await type(incident);
    await expect
      .poll(async () => JSON.parse(await type(look)), { timeout: 60_000 })
      .toMatchObject({ incidents: [{ status: 'New', labels: ['SIGNL4'] }] });
    await type(acknowledge);
    await expect
      .poll(async () => JSON.parse(await type(look)), { timeout: 60_000 })
      .toMatchObject({ incidents: [{ status: 'Active', owner: expect.anything() }] });
    expect(await type(destroy)).toContain('removed connector');
    expect(sandbox.azure.state.workflows.size).toBe(0);
  });

  it('bring the relay along with one more line', async () => {
    const [printf] = commandLines(withRelay ?? '');
    const [, format = ''] = printf?.words ?? [];
    const file = join(folder, 'signl4.yaml');
    writeFileSync(file, readFileSync(file, 'utf8') + format.replaceAll('\\n', '\n'));
    expect(await type([...HERE, 'deploy'])).toContain('deployed the relay: https://my-relay.azurewebsites.net');
  });

  it('change a playbook as in the designer, and bring that back', async () => {
    const [edit = [], diff = [], pull = [], deploy = []] = commandLines(designer ?? '').map(({ words }) => words);
    await type(edit);
    expect(await type(deploy)).toContain('deploying would undo edits');
    expect(await type(diff)).toContain('filter.severities');
    await type(pull);
    expect(readFileSync(join(folder, 'signl4.yaml'), 'utf8')).toContain('severities: [High]');
    expect(await type(deploy)).toContain('deployed the automation rules');
    const wrong = await fetch(`${sandbox.url}/sandbox/playbooks/SIGNL4-Send-Incident/parameters`, {
      method: 'POST',
      body: '{"Severity":["High"]}',
    });
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { error: expect.stringContaining('no parameter "Severity"') },
    ]);
  });
});
