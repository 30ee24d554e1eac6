import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { playbooksWithRights } from '../arm/setup/template.ts';
import { createDirectoryClient } from '../azure/directory.ts';
import { createRoleClient } from '../azure/roles.ts';
import { createWorkflowClient } from '../azure/workflows.ts';
import { UserError } from '../domain/errors.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { liveError } from './live-error.ts';
import { applicationSteps } from './setup/application-steps.ts';
import { playbookSteps, sentinelStep } from './setup/permission-steps.ts';
import type { SetupStep, StepState } from './setup/step.ts';
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
  io.print(options.json ? jsonOf(looked) : looked.map((each) => lineOf(each, planned)).join('\n'));
}

async function check(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const looked = await lookAt(steps);
  io.print(options.json ? jsonOf(looked) : looked.map((each) => lineOf(each, planned)).join('\n'));
  if (looked.some(({ state }) => state.kind !== 'done')) io.setExitCode(1);
}

/** One after the other: later steps look for what earlier ones made. A step that is refused does not stop the others. */
async function apply(steps: readonly SetupStep[], options: SetupOptions, io: Io): Promise<void> {
  const outcomes: (Looked & { readonly told: string | undefined })[] = [];
  for (const step of steps) {
    let state = await orBlocked(step.look);
    let told: string | undefined;
    if (state.kind === 'todo') {
      if (io.isTerminal) io.note(`${step.title} …`);
      const before = state;
      state = await orBlocked(async () => {
        told = await step.apply();
        return before;
      });
    }
    const outcome = { title: step.title, state, told };
    outcomes.push(outcome);
    if (!options.json)
      io.print([lineOf(outcome, applied), ...(told === undefined ? [] : [`         ${told}`])].join('\n'));
  }
  if (options.json)
    io.print(
      JSON.stringify(
        outcomes.map(({ title, state, told }) => ({ title, ...state, told })),
        null,
        2,
      ),
    );
  if (outcomes.some(({ state }) => state.kind === 'blocked')) io.setExitCode(1);
}

interface Looked {
  readonly title: string;
  readonly state: StepState;
}

function lookAt(steps: readonly SetupStep[]): Promise<readonly Looked[]> {
  return Promise.all(steps.map(async ({ title, look }) => ({ title, state: await orBlocked(look) })));
}

/** What Azure or SIGNL4 refuse blocks the step; without a sign-in there is nothing to go on with. */
async function orBlocked(attempt: () => Promise<StepState>): Promise<StepState> {
  try {
    return await attempt();
  } catch (error) {
    const told = liveError(error, '');
    if (!(told instanceof UserError) || told.code === 'azure.sign-in') throw error;
    return { kind: 'blocked', reason: [told.message, told.remedy].filter(Boolean).join('. ') };
  }
}

function jsonOf(looked: readonly Looked[]): string {
  return JSON.stringify(
    looked.map(({ title, state }) => ({ title, ...state })),
    null,
    2,
  );
}

const planned = { done: 'in place', todo: 'to do', blocked: 'blocked' } as const;
const applied = { done: 'in place', todo: 'done', blocked: 'blocked' } as const;

function lineOf({ title, state }: Looked, words: Readonly<Record<StepState['kind'], string>>): string {
  return `${words[state.kind].padEnd(8)} ${title}${detailOf(state)}`;
}

function detailOf(state: StepState): string {
  const detail = state.kind === 'blocked' ? state.reason : state.note;
  return detail === undefined ? '' : ` (${detail})`;
}
