import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { playbookTemplate } from '../../src/arm/playbook.ts';
import { runCli } from '../../src/cli/program.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { releases } from '../../src/generator/releases.ts';
import { capturedIo } from '../support/captured-io.ts';

const root = new URL('../../', import.meta.url);
const example = readFileSync(new URL('docs/engine.md', root), 'utf8').split('## A whole example')[1] ?? '';
const [parameters = '', mocks = ''] = [...example.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => block);
const command = /run dist\/playbooks\/SIGNL4-Callback\/azuredeploy\.json (.*)/.exec(example)?.[1] ?? '';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-page-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the whole example of docs/engine.md', () => {
  it('reads, changes and comments on the incident', async () => {
    const [release] = releases;
    const template = playbookTemplate(callback, callback.build(defaultConfig), { release });
    writeFileSync(join(folder, 'azuredeploy.json'), JSON.stringify(template));
    writeFileSync(join(folder, 'parameters.json'), parameters);
    writeFileSync(join(folder, 'mocks.json'), mocks);
    const io = capturedIo(folder);
    const args = command.replace('playbooks/', `${root.pathname}playbooks/`).split(' ');
    await runCli(['run', 'azuredeploy.json', ...args, '--json'], io);
    expect(io.exitCode()).toBe(0);
    const { status, calls } = JSON.parse(io.printed.join('\n'));
    expect(status).toBe('Succeeded');
    expect(calls.map(({ action, status: answer }: Record<string, unknown>) => [action, answer])).toEqual([
      ['Get_incident', 200],
      ['Comment_on_the_incident', 201],
      ['Set_active_and_assign', 200],
    ]);
    expect(calls[2].body).toMatchObject({ status: 'Active', owner: 'm.lopez@contoso.com' });
  });
});
