import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { playbooksOfDefender, playbooksWithRightsOf } from '../arm/setup/template.ts';
import { secretCredential } from '../azure/credential.ts';
import { createKeyVault } from '../azure/key-vault.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { applicationSteps } from './setup/application-steps.ts';
import { playbookGraphSteps } from './setup/graph-steps.ts';
import { playbookSteps, responseSentinelSteps, sentinelSteps, setupClients } from './setup/permission-steps.ts';
import { relaySteps } from './setup/relay-steps.ts';
import { retireSteps } from './setup/retire-steps.ts';
import { applied, applySteps, lookAt, planned, type StepOutcome, stepLine, stepsAsJson } from './setup/run-steps.ts';
import type { SetupStep } from './setup/step.ts';
import { webhookSteps } from './setup/webhook-step.ts';
import { forEachTarget } from './targets.ts';

interface SetupOptions extends LiveOptions {
  readonly app?: true;
  readonly rotateSecret?: true;
  readonly graph?: true;
  readonly keyVault?: string;
  readonly allTargets?: true;
  readonly from?: string;
  readonly json?: true;
}

/**
 * `setup plan|apply|check`: what must exist besides the templates: roles of playbooks and relay, permissions of Microsoft Graph,
 * Sentinel's permission to run playbooks, webhooks in SIGNL4, and with `--app` an application with a secret. `credential` is for
 * tests.
 */
export function setupCommand(io: Io, credential?: TokenCredential): Command {
  const setup = new Command('setup').description('roles, permissions and the SIGNL4 webhook: plan, apply, check');
  const actions = {
    plan: { says: 'show what would be done', act: plan },
    apply: { says: 'do it; what is in place already stays', act: apply },
    check: { says: 'exit 1 if something is missing', act: check },
  };
  for (const [name, { says, act }] of Object.entries(actions)) {
    addLiveOptions(setup.command(name).description(says))
      .option('--app', 'an Entra application with a secret too, for the connector that SIGNL4 hosts')
      .option(
        '--rotate-secret',
        'with --app: a new secret even if the old one is still valid; with --key-vault the old one is removed',
      )
      .option('--key-vault <name>', 'with --app: where the secret goes; without it the secret is shown once')
      .option('--graph', 'with --app: permissions for the Microsoft Graph security API')
      .option('--json', 'print the steps as JSON')
      .option('--all-targets', 'all targets of the configuration, one after the other')
      .option('--from <target>', 'with --all-targets: begin with this one')
      .action((options: SetupOptions) => {
        const of = (target: string | undefined, own: Io) =>
          withLive(own, { ...options, ...(target && { target }) }, credential, async (live, told) =>
            act(await stepsFor(live, options, told), options, told),
          );
        return options.allTargets ? forEachTarget(io, options, of) : of(options.target, io);
      });
  }
  return setup;
}

/** Requests a token as the application, to prove that the secret works. */
async function signIn({ cloud, workspace, arm }: Live, clientId: string, secret: string): Promise<void> {
  const credential = secretCredential(cloud.authority, { tenantId: workspace.tenantId, clientId, secret });
  await credential.getToken(arm.scope ?? `${arm.endpoint}/.default`);
}

async function stepsFor(live: Live, options: SetupOptions, io: Io): Promise<readonly SetupStep[]> {
  const clients = setupClients(live);
  const secret = {
    rotate: options.rotateSecret === true,
    vault: options.keyVault === undefined ? undefined : createKeyVault(live.keyVault(options.keyVault)),
    clock: io.clock,
    signIn: (clientId: string, text: string) => signIn(live, clientId, text),
  };
  const choices = { secret, graph: options.graph === true };
  return [
    ...playbookSteps(live, playbooksWithRightsOf(live.config), clients),
    ...(await retireSteps(live, clients)),
    ...sentinelSteps(live, clients),
    ...responseSentinelSteps(live, clients),
    ...(await relaySteps(live, { ...clients, clock: io.clock })),
    ...playbookGraphSteps(live, playbooksOfDefender, { ...clients, clock: io.clock }),
    ...webhookSteps(live, clients.workflows),
    ...(options.app ? applicationSteps(live, choices, clients) : []),
  ];
}

async function plan(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const looked = await lookAt(steps);
  io.print(options.json ? jsonOf(looked) : looked.map((each) => stepLine(each, planned)).join('\n'));
}

async function check(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const looked = await lookAt(steps);
  io.print(options.json ? jsonOf(looked) : looked.map((each) => stepLine(each, planned)).join('\n'));
  if (looked.some(({ state }) => state.kind === 'todo' || state.kind === 'blocked')) io.setExitCode(1);
}

async function apply(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const told = {
    report: (outcome: StepOutcome) => io.print(stepLine(outcome, applied)),
    tell: (text: string) => io.print(`         ${text}`),
  };
  const outcomes = await applySteps(steps, io, options.json ? {} : told);
  if (options.json) io.print(jsonOf(outcomes));
  if (outcomes.some(({ state }) => state.kind === 'blocked')) io.setExitCode(1);
}

function jsonOf(outcomes: readonly StepOutcome[]): string {
  return JSON.stringify(stepsAsJson(outcomes), null, 2);
}
