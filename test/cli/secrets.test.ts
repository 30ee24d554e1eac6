import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { pullCommand } from '../../src/cli/pull.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/* Secrets planted wherever one can be: in the environment, in deployed definitions, in addresses, in what services answer. */

let bench: LiveBench;
beforeEach(async () => {
  bench = await liveBench();
  bench.configure('relay:\n  url: https://relay.contoso.example\n');
});
afterEach(() => bench.close());

const own = { RELAY_KEY: 'planted-relay-key-0001', RELAY_SIGNL4_SECRET: 'planted-webhook-secret-0002' };
const typed = 'planted-in-the-designer-0003';

const commands = [
  ['deploy --what-if', deployCommand, ['--what-if']],
  ['deploy', deployCommand, []],
  ['deploy --json', deployCommand, ['--json']],
  ['setup plan', setupCommand, ['plan']],
  ['setup apply', setupCommand, ['apply']],
  ['doctor', doctorCommand, []],
  ['doctor --json', doctorCommand, ['--json']],
  ['diff', diffCommand, []],
  ['diff --json', diffCommand, ['--json']],
  ['pull', pullCommand, []],
] as const;

function planted(): readonly string[] {
  const { env, state } = bench.azure;
  const keys = [...state.workflows.values()].map(({ accessKey }) => accessKey);
  return [
    ...Object.values(own),
    typed,
    env['SIGNL4_API_KEY'] ?? '',
    env['SIGNL4_TEAM_SECRET'] ?? '',
    env['AZURE_CLIENT_SECRET'] ?? '',
    ...keys,
  ].filter((secret) => secret.length > 7);
}

async function outputs(): Promise<string> {
  const shown: string[] = [];
  for (const [, command, args] of commands) {
    const { out, err } = await bench.run(command, args, own);
    shown.push(out, err);
  }
  return shown.join('\n');
}

describe('no command prints a secret', () => {
  it('where everything works', async () => {
    const shown = await outputs();
    expect(planted().length).toBeGreaterThan(10);
    for (const secret of planted()) expect(shown).not.toContain(secret);
  });

  it('where secrets were typed into the definition', async () => {
    await bench.run(deployCommand, [], own);
    bench.save('SIGNL4-Send-Incident', (draft: { parameters: Record<string, JsonObject> }) => {
      for (const [name, declaration] of Object.entries(draft.parameters))
        if (String(declaration['type']) === 'SecureString')
          draft.parameters[name] = { ...declaration, defaultValue: typed };
    });
    const shown = await outputs();
    for (const secret of planted()) expect(shown).not.toContain(secret);
    expect(shown).toContain('in clear text');
  });

  it.each([400, 403])('where services answer %i and quote what they were sent', async (status) => {
    const quote = JSON.stringify({
      error: { code: 'Quoted', message: `cannot use ${own.RELAY_KEY} and ${bench.azure.env['SIGNL4_TEAM_SECRET']}` },
    });
    for (const service of ['arm', 'signl4', 'graph', 'logs', 'sentinel'] as const)
      bench.azure.world.faults.add({ service, fault: { kind: 'status', status, body: JSON.parse(quote) } });
    const shown = await outputs();
    for (const secret of planted()) expect(shown).not.toContain(secret);
  });
});
