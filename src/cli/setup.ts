import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { playbooksWithRights } from '../arm/setup/template.ts';
import { createDirectoryClient } from '../azure/directory.ts';
import { createRoleClient } from '../azure/roles.ts';
import { createWorkflowClient } from '../azure/workflows.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { applicationSteps } from './setup/application-steps.ts';
import { playbookSteps, sentinelStep } from './setup/permission-steps.ts';
import { applied, applySteps, lookAt, planned, type StepOutcome, stepLine, stepsAsJson } from './setup/run-steps.ts';
import type { SetupStep } from './setup/step.ts';
import { webhookStep } from './setup/webhook-step.ts';

interface SetupOptions extends LiveOptions {
  readonly app?: true;
  readonly rotateSecret?: true;
  readonly graph?: true;
  readonly json?: true;
}

/**
 * `setup plan|apply|check`: what must be in place beside the templates: roles, Sentinel's permission to run playbooks, the
 * webhook in SIGNL4, and with `--app` an application with secret. `credential` is for tests.
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
      .option('--rotate-secret', 'with --app: a new secret even if the old one is still valid')
      .option('--graph', 'with --app: permissions for the Microsoft Graph security API')
      .option('--json', 'print the steps as JSON')
      .action((options: SetupOptions) =>
        withLive(io, options, credential, (live) => act(stepsFor(live, options), options, io)),
      );
  }
  return setup;
}

function stepsFor(live: Live, options: SetupOptions): readonly SetupStep[] {
  const { arm, workspace, group } = live;
  const clients = {
    roles: createRoleClient(arm, workspace.subscriptionId),
    workflows: createWorkflowClient(arm, group.subscriptionId, group.resourceGroup),
    directory: createDirectoryClient(live.graph),
  };
  const choices = { rotateSecret: options.rotateSecret === true, graph: options.graph === true, now: Date.now };
  return [
    ...playbookSteps(live, playbooksWithRights, clients),
    sentinelStep(live, clients),
    webhookStep(live, clients.workflows),
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
  if (looked.some(({ state }) => state.kind !== 'done')) io.setExitCode(1);
}

async function apply(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const report = options.json ? undefined : (outcome: StepOutcome) => io.print(stepLine(outcome, applied));
  const outcomes = await applySteps(steps, io, report);
  if (options.json) io.print(jsonOf(outcomes));
  if (outcomes.some(({ state }) => state.kind === 'blocked')) io.setExitCode(1);
}

function jsonOf(outcomes: readonly StepOutcome[]): string {
  return JSON.stringify(stepsAsJson(outcomes), null, 2);
}
