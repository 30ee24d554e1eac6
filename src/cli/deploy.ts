import { resolve } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { CUSTOM_CONNECTOR } from '../arm/playbook.ts';
import { createDeploymentClient, type DeploymentClient } from '../azure/deployments.ts';
import { createResourceGroups, type ResourceGroups } from '../azure/groups.ts';
import { createResourceClient } from '../azure/resources.ts';
import { createWorkflowClient, type WorkflowClient } from '../azure/workflows.ts';
import type { RelayInAzure } from '../config/config.ts';
import { UserError } from '../domain/errors.ts';
import { textOf } from '../domain/json.ts';
import type { Playbook } from '../workflow/playbook.ts';
import { shippedAssets } from './assets.ts';
import { keepingApiKey } from './deploy/connections.ts';
import { grantSteps } from './deploy/grants.ts';
import { startingLate, startLate } from './deploy/late-start.ts';
import { assertNewOnesCanWork, findFormer, movedDrifts, notMoved, switchOffFormer } from './deploy/move.ts';
import { preview } from './deploy/preview.ts';
import { type Compared, previewMarkdown, runAddress } from './deploy/preview-markdown.ts';
import { planRelay, type RelayPlan, relayKeyInVault } from './deploy/relay.ts';
import { deployRelayCode } from './deploy/relay-code.ts';
import { assertAddress, deployRelayTemplate } from './deploy/relay-template.ts';
import { deployRules } from './deploy/rules.ts';
import {
  chosenPlaybooks,
  connectorDeployment,
  type DeploymentFacts,
  type PlannedDeployment,
  playbookDeployment,
  secretVariable,
} from './deployments.ts';
import { parameterOf } from './doctor/context.ts';
import { type Drift, findDrift, rememberDeployed } from './drift/drift.ts';
import { assertNothingLost, keepingWhatIsThere } from './drift/guard.ts';
import { findRulesDrift } from './drift/rules.ts';
import { secretsHidden } from './hidden-secrets.ts';
import type { Io } from './io.ts';
import { findLeftovers, isOn, NO_USE } from './leftovers.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { liveError } from './live-error.ts';
import { findRelay } from './relay-in-azure.ts';
import { SENTINEL_STEP, setupClients } from './setup/permission-steps.ts';
import { relayGraphSteps, relayRoleSteps } from './setup/relay-steps.ts';
import { retireSteps } from './setup/retire-steps.ts';
import { applied, applySteps, type StepOutcome, stepLine, stepsAsJson } from './setup/run-steps.ts';
import type { SetupStep } from './setup/step.ts';
import { forEachTarget } from './targets.ts';
import { writeWhole } from './write-files.ts';

interface DeployOptions extends LiveOptions {
  readonly allTargets?: true;
  readonly from?: string;
  readonly whatIf?: true;
  readonly markdown?: string;
  readonly yes?: true;
  readonly overwrite?: true;
  readonly move?: true;
  readonly location?: string;
  readonly json?: true;
}

/** Resource providers that the templates need. */
const providers = ['Microsoft.Logic', 'Microsoft.Web', 'Microsoft.SecurityInsights'];

/** Resource providers of the relay. A function app joins a network through the provider of Container Apps. */
function relayProviders({ subnetId, privateEndpointSubnetId, logWorkspaceId }: RelayInAzure): readonly string[] {
  return [
    ...['Microsoft.Storage', 'Microsoft.KeyVault'],
    ...(logWorkspaceId === '' ? [] : ['Microsoft.Insights']),
    ...(subnetId === '' ? [] : ['Microsoft.App']),
    ...(privateEndpointSubnetId === '' ? [] : ['Microsoft.Network']),
  ];
}

/**
 * `deploy`: relay, connector, playbooks, roles, webhook and automation rules, in this order; a first deployment works in one go.
 * `credential` is for tests.
 */
export function deployCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('deploy')
      .description('deploy relay, connector, playbooks, roles, webhook and automation rules to Azure')
      .argument('[playbooks...]', 'only these playbooks, and the rules that run them'),
  )
    .option('--what-if', 'print what Azure would change; on a terminal, ask whether to deploy it')
    .option(
      '--markdown <file>',
      'with --what-if: write it as a comment for a pull request, of at most 65,536 characters',
    )
    .option('-y, --yes', 'with --what-if: deploy it without asking')
    .option('--overwrite', 'undo edits that were made in the designer since the last deployment')
    .option('--move', 'let the automation rules and SIGNL4 go over to the playbooks in a new place')
    .option('--location <region>', 'region for a resource group that does not exist yet')
    .option('--json', 'print { deployments: [{ name, changes?, diagnostics? }], retiring?, steps? }')
    .option('--all-targets', 'all targets of the configuration, one after the other')
    .option('--from <target>', 'with --all-targets: begin with this one')
    .action((names: readonly string[], options: DeployOptions) => {
      const deployTo = (target: string | undefined, own: Io) =>
        withLive(own, { ...options, ...(target && { target }) }, credential, (live, told) =>
          deploy(live, names, options, told),
        );
      return options.allTargets ? forEachTarget(io, options, deployTo) : deployTo(options.target, io);
    });
}

async function deploy(opened: Live, names: readonly string[], options: DeployOptions, io: Io): Promise<void> {
  const chosen = chosenPlaybooks(names, opened.config);
  const chosenNames = chosen.map(({ name }) => name);
  // A deployment of named playbooks must not touch anything else.
  const isWhole = names.length === 0;
  if (options.move && !isWhole)
    throw new UserError('usage.move', 'playbooks move together: deploy --move takes no names', {
      remedy: 'Run "signl4-sentinel deploy --move".',
    });
  if (options.markdown !== undefined && !options.whatIf)
    throw new UserError('usage.markdown', '--markdown is the form of a comparison', {
      remedy: 'Add --what-if, or leave --markdown out.',
    });
  if (options.markdown !== undefined && options.allTargets)
    throw new UserError('usage.markdown', '--markdown takes the comparison of one target', {
      remedy: 'Name it with --target, once for each file.',
    });
  const former = await findFormer(opened);
  if (former && !options.move) throw notMoved(opened, former.place);
  const groups = createResourceGroups(opened.arm, opened.group.subscriptionId);
  await prepareGroup(opened, groups, options);
  const relay = isWhole ? await planRelay(opened, io) : undefined;
  const live = relay?.webhookSecret === undefined ? opened : { ...opened, relaySecret: relay.webhookSecret };
  const secrets = secretsOf(io);
  const relayKey = relay?.key ?? secrets.relayKey ?? (await relayKeyInVault(live));
  const facts = { live, secrets: { ...secrets, relayKey } };
  const workflows = createWorkflowClient(live.arm, live.group);
  const there = await findDrift(live, chosen, workflows, await groups.location(live.group.resourceGroup));
  assertOwnWorkspace(there, live);
  const resources = createResourceClient(live.arm, live.group);
  const hasConnector = await resources.hasCustomConnector(CUSTOM_CONNECTOR);
  const { apiKey } = facts.secrets;
  const connections = apiKey === undefined ? (await resources.connections()).map(({ name }) => name) : [];
  const planned = (playbook: Playbook) => keepingApiKey(playbookDeployment(playbook, facts), { apiKey, connections });
  const drifts = former ? movedDrifts(there, former) : there;
  const rules = await findRulesDrift(live, chosenNames, drifts);
  const assertUnedited = () => {
    if (!options.overwrite) assertNothingLost([...there, ...(former?.drifts ?? [])], rules?.rules ?? []);
  };
  if (!options.whatIf) assertUnedited();
  const playbooksAndConnector = [
    ...(!isWhole && hasConnector ? [] : [connectorDeployment(shippedAssets)]),
    ...drifts.map((drift) =>
      startingLate(
        keepingWhatIsThere(planned(drift.playbook), drift, live.config, rules?.tag ?? {}),
        former ? undefined : drift.deployed,
      ),
    ),
  ];
  const all = [...(relay ? [relay.planned] : []), ...playbooksAndConnector, ...(rules ? [rules.planned] : [])];
  if (options.whatIf) {
    const retiring = isWhole ? (await findLeftovers(live, workflows)).filter(isOn).map(({ name }) => name) : [];
    await compare(live, all, retiring, options, io);
    if (!options.yes && (options.json || !(await isWanted(io)))) return;
    // The comparison does not show which of the differences are edits made by people.
    assertUnedited();
  }
  await registerProviders(groups, [...providers, ...(relay ? relayProviders(live.config.relay.azure) : [])], io);
  const relaySteps = relay ? await deployRelay(live, relay, options, io) : [];
  const give = (wanted: readonly SetupStep[]) => applySteps(wanted, io, toldBy(io, options));
  // Switch off what is no longer wanted first, before anything else can fail.
  const retired = isWhole ? await give(await retireSteps(live, setupClients(live))) : [];
  for (const deployment of playbooksAndConnector) {
    say(io, options, `Deploying ${deployment.title} …`);
    await clientFor(live, deployment, io).deploy(deployment);
    if (chosenNames.includes(deployment.name)) await remember(deployment, workflows, io);
    if (!options.json) io.print(`deployed ${deployment.title}`);
  }
  const { roles, webhooks } = grantSteps(live, chosenNames, {
    ...{ needsSentinel: rules !== undefined, isWhole, clock: io.clock },
  });
  const given = await give(roles);
  if (former) assertNewOnesCanWork(given, former.place);
  const steps = [...relaySteps, ...retired, ...given, ...(await give(webhooks))];
  if (rules) {
    say(io, options, `Deploying ${rules.planned.title} …`);
    const sentinel = steps.find(({ title }) => title === SENTINEL_STEP);
    const mayWait = sentinel?.state.kind !== 'blocked' && !live.foreign.playbooks;
    await deployRules(clientFor(live, rules.planned, io), rules.planned, {
      ...{ io, mayWait },
      isForeign: live.foreign.playbooks,
    });
    if (!options.json) io.print(`deployed ${rules.planned.title}`);
  }
  await startLate(chosenNames, workflows);
  if (former) await switchOffFormer(live, former, io);
  const deployments = all.map(({ name }) => ({ name }));
  if (options.json) io.print(JSON.stringify({ deployments, steps: stepsAsJson(steps) }, null, 2));
  else io.print('\n"signl4-sentinel doctor" checks that everything works.');
  if (steps.some(({ state }) => state.kind === 'blocked')) io.setExitCode(1);
}

/**
 * Deploys the resources, roles and code of the relay and waits until it is ready. Returns the setup steps that its template
 * cannot do.
 */
async function deployRelay(
  live: Live,
  { planned }: RelayPlan,
  options: DeployOptions,
  io: Io,
): Promise<readonly StepOutcome[]> {
  const tell = (text: string) => say(io, options, text);
  tell(`Deploying ${planned.title} …`);
  await deployRelayTemplate(clientFor(live, planned, io), planned, (text) => io.note(text));
  const relay = await findRelay(live);
  if (!relay)
    throw new UserError('deploy.relay', 'Azure made no function app', {
      remedy: 'Run "signl4-sentinel deploy" again.',
    });
  assertAddress(live, relay.app);
  const clients = { ...setupClients(live), clock: io.clock };
  const steps = [...relayRoleSteps(live, relay, clients), ...relayGraphSteps(live, relay, clients)];
  const outcomes = await applySteps(steps, io, toldBy(io, options));
  await deployRelayCode(live, relay.app, { assets: shippedAssets, io, say: tell });
  if (!options.json) io.print(`deployed ${planned.title}: ${live.config.relay.url}`);
  return outcomes;
}

function say(io: Io, { json }: DeployOptions, text: string): void {
  if (io.isTerminal && !json) io.note(text);
}

/** @throws UserError if the deployed playbooks belong to another workspace */
function assertOwnWorkspace(drifts: readonly Drift[], { workspace, group }: Live): void {
  for (const { playbook, deployed } of drifts) {
    const id = deployed && textOf(parameterOf(deployed, 'WorkspaceId'));
    if (!id || id.toLowerCase() === workspace.workspaceId.toLowerCase()) continue;
    throw new UserError(
      'deploy.other-workspace',
      `${playbook.name} in ${group.resourceGroup} belongs to the workspace ${id}, not to ${workspace.name} (${workspace.workspaceId})`,
      {
        remedy: `Give the playbooks of ${workspace.name} a resource group of their own: deployment.resourceGroup in signl4.yaml.`,
      },
    );
  }
}

/** Reports setup steps, except those already done. */
function toldBy(io: Io, { json }: DeployOptions) {
  return {
    report(outcome: StepOutcome): void {
      if (!json && outcome.state.kind !== 'done') io.print(stepLine(outcome, applied));
    },
    tell(text: string): void {
      if (!json) io.print(`         ${text}`);
    },
  };
}

/** Prints what Azure would change, with exit code 0. */
async function compare(
  live: Live,
  planned: readonly PlannedDeployment[],
  retiring: readonly string[],
  options: DeployOptions,
  io: Io,
): Promise<void> {
  const deployments = [];
  const compared: Compared[] = [];
  for (const deployment of planned) {
    say(io, options, `Comparing ${deployment.title} …`);
    const result = await clientFor(live, deployment, io).whatIf(deployment);
    deployments.push({ name: deployment.name, ...result });
    compared.push({ title: deployment.title, result });
    if (!options.json) io.print(preview(deployment.title, result));
  }
  const retirement = `Enabled -> Disabled (${NO_USE}); its webhook goes`;
  if (!options.json) for (const name of retiring) io.print(`${name}\n  ~ state: ${retirement}`);
  if (options.markdown !== undefined) {
    const lines = retiring.map((name) => `${name}: ${retirement}`);
    const text = previewMarkdown({ compared, retiring: lines, whole: runAddress(io.env) });
    writeWhole(resolve(io.cwd, options.markdown), secretsHidden(io.env)(text), options.markdown);
  }
  if (options.json && !options.yes)
    io.print(JSON.stringify({ deployments, ...(retiring.length > 0 && { retiring }) }, null, 2));
}

/** Asks on a terminal; without one the answer is no, and `--what-if` only compares. */
async function isWanted(io: Io): Promise<boolean> {
  const answer = await io.ask?.('Deploy this now? (y/N)');
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

/** A failure to update the tags must not fail this deployment: it only means that the next one has to ask. */
async function remember({ name }: PlannedDeployment, workflows: WorkflowClient, io: Io): Promise<void> {
  try {
    await rememberDeployed(name, workflows);
  } catch (error) {
    io.note(`What was deployed of ${name} could not be noted in its tags (${String(liveError(error, ''))}).`);
  }
}

function clientFor({ arm, workspace, group }: Live, { into }: PlannedDeployment, io: Io): DeploymentClient {
  const { subscriptionId, resourceGroup } = into === 'workspace' ? workspace : group;
  return createDeploymentClient({ ...arm, subscriptionId, resourceGroup, wait: (ms) => io.clock.sleep(ms) });
}

function secretsOf({ env }: Io): DeploymentFacts['secrets'] {
  return {
    teamSecret: env['SIGNL4_TEAM_SECRET'] || undefined,
    apiKey: env['SIGNL4_API_KEY'] || undefined,
    relayKey: env['RELAY_KEY'] || undefined,
    others: (parameter) => env[secretVariable(parameter)] || undefined,
  };
}

async function prepareGroup(live: Live, groups: ResourceGroups, { whatIf, location }: DeployOptions): Promise<void> {
  const { resourceGroup, subscriptionId, tenantId } = live.group;
  const home = await groups.tenantId();
  if (home !== undefined && home.toLowerCase() !== tenantId.toLowerCase())
    throw new UserError(
      'deploy.tenant',
      `the subscription ${subscriptionId} is in the tenant ${home}, not in ${tenantId}`,
      { remedy: `Write deployment.tenantId: ${home} into signl4.yaml, or the subscription that you mean.` },
    );
  if ((await groups.location(resourceGroup)) !== undefined) return;
  if (location === undefined || whatIf)
    throw new UserError(
      'deploy.no-group',
      `there is no resource group ${resourceGroup} in the subscription ${subscriptionId}`,
      {
        remedy: whatIf
          ? 'Make it first: a comparison needs it.'
          : 'Add --location <region> to make it, for example --location westeurope.',
      },
    );
  await groups.create(resourceGroup, location);
}

const LONGEST_REGISTRATION_MS = 5 * 60_000;

async function registerProviders(groups: ResourceGroups, needed: readonly string[], io: Io): Promise<void> {
  for (const provider of needed) {
    if (await groups.isRegistered(provider)) continue;
    io.note(`The subscription now registers ${provider}; that takes some minutes.`);
    await groups.register(provider);
    const limit = io.clock.now() + LONGEST_REGISTRATION_MS;
    while (!(await groups.isRegistered(provider)) && io.clock.now() < limit) await io.clock.sleep(10_000);
  }
}
