import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { playbooks } from '../../playbooks/index.ts';
import { CUSTOM_CONNECTOR } from '../arm/playbook.ts';
import { createDeployedWorkflows, type DeployedWorkflows } from '../azure/deployed-workflows.ts';
import { createDeploymentClient, type DeploymentClient, type ResourceChange } from '../azure/deployments.ts';
import { createDirectoryClient } from '../azure/directory.ts';
import { createResourceGroups, type ResourceGroups } from '../azure/groups.ts';
import { createResourceClient } from '../azure/resources.ts';
import { createRoleClient } from '../azure/roles.ts';
import { createSentinelClient } from '../azure/sentinel.ts';
import { createWorkflowClient } from '../azure/workflows.ts';
import { UserError } from '../domain/errors.ts';
import { SECURITY_INSIGHTS_APP_ID } from '../domain/roles.ts';
import { shippedAssets } from './assets.ts';
import {
  chosenPlaybooks,
  connectorDeployment,
  type DeploymentFacts,
  environmentName,
  type PlannedDeployment,
  playbookDeployment,
  rulesDeployment,
} from './deployments.ts';
import { type Drift, findDrift, rememberDeployed } from './drift/drift.ts';
import { assertNothingLost, keepingWhatIsThere } from './drift/guard.ts';
import { findRulesDrift, hasRules, type RulesDrift } from './drift/rules.ts';
import type { Io } from './io.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { liveError } from './live-error.ts';
import { hasRole, roleOfSentinel } from './permissions.ts';

interface DeployOptions extends LiveOptions {
  readonly whatIf?: true;
  readonly overwrite?: true;
  readonly location?: string;
  readonly json?: true;
}

/** Resource providers that the templates need. */
const providers = ['Microsoft.Logic', 'Microsoft.Web', 'Microsoft.SecurityInsights'];

/** `deploy`: connector, playbooks and automation rules to Azure, in this order. `credential` is for tests. */
export function deployCommand(io: Io, credential?: TokenCredential): Command {
  return addLiveOptions(
    new Command('deploy')
      .description('deploy the connector, the playbooks and the automation rules to Azure')
      .argument('[playbooks...]', 'only these playbooks, with the connector and the rules'),
  )
    .option('--what-if', 'change nothing; print what Azure would change')
    .option('--overwrite', 'undo edits that were made in the designer since the last deployment')
    .option('--location <region>', 'region for a resource group that does not exist yet')
    .option('--json', 'print { deployments: [{ name, changes? }] }')
    .action((names: readonly string[], options: DeployOptions) =>
      withLive(io, options, credential, (live) => deploy(live, names, options, io)),
    );
}

async function deploy(live: Live, names: readonly string[], options: DeployOptions, io: Io): Promise<void> {
  const chosen = chosenPlaybooks(names);
  const facts = await factsOf(
    live,
    chosen.map(({ name }) => name),
    io,
  );
  const groups = createResourceGroups(live.arm, live.workspace.subscriptionId);
  await prepareGroup(live, groups, options);
  const { subscriptionId, resourceGroup } = live.group;
  const workflows = createDeployedWorkflows(live.arm, subscriptionId, resourceGroup);
  const drifts = await findDrift(live, chosen, workflows, await groups.location(resourceGroup));
  // Who names playbooks wants nothing else touched.
  const withRules = names.length > 0 ? { ...facts, deployedNames: chosen.map(({ name }) => name) } : facts;
  const hasConnector = await createResourceClient(live.arm, live.group).hasCustomConnector(CUSTOM_CONNECTOR);
  const rules = await rulesOf(live, withRules, drifts);
  if (!options.whatIf && !options.overwrite) assertNothingLost(drifts, rules?.rules ?? []);
  const planned = [
    ...(names.length > 0 && hasConnector ? [] : [connectorDeployment(shippedAssets)]),
    ...drifts.map((drift) =>
      keepingWhatIsThere(playbookDeployment(drift.playbook, facts), drift, live.config, rules?.tag ?? {}),
    ),
    ...(rules ? [rules.planned] : []),
  ];
  if (!options.whatIf) await registerProviders(groups, io);
  const outcomes = [];
  for (const deployment of planned) {
    if (io.isTerminal && !options.json) io.note(`${options.whatIf ? 'Comparing' : 'Deploying'} ${deployment.title} …`);
    const client = clientFor(live, deployment);
    const changes = options.whatIf ? await client.whatIf(deployment) : undefined;
    if (!options.whatIf) await client.deploy(deployment);
    if (!options.whatIf && chosen.some(({ name }) => name === deployment.name))
      await remember(deployment, workflows, io);
    outcomes.push({ name: deployment.name, ...(changes ? { changes } : {}) });
    if (!options.json) io.print(changes ? changeReport(deployment, changes) : `deployed ${deployment.title}`);
  }
  if (options.json) io.print(JSON.stringify({ deployments: outcomes }, null, 2));
  else if (!options.whatIf)
    io.print('\nNow run "signl4-sentinel setup apply" for roles and the SIGNL4 webhook, then "doctor".');
}

/** The rules for the playbooks that will be there, beside those of the workspace; undefined where nothing needs one. */
async function rulesOf(live: Live, facts: DeploymentFacts, drifts: readonly Drift[]): Promise<RulesDrift | undefined> {
  const planned = rulesDeployment(facts);
  if (!hasRules(planned)) return undefined;
  const inWorkspace = await createSentinelClient({ ...live.arm, workspace: live.workspace }).automationRules();
  return findRulesDrift(
    planned,
    live,
    inWorkspace,
    drifts.map(({ deployed }) => deployed),
  );
}

/** What cannot be remembered costs the next deployment a question, never this one its success. */
async function remember({ name }: PlannedDeployment, workflows: DeployedWorkflows, io: Io): Promise<void> {
  try {
    await rememberDeployed(name, workflows);
  } catch (error) {
    io.note(`What was deployed of ${name} could not be noted in its tags (${String(liveError(error, ''))}).`);
  }
}

function clientFor({ arm, workspace, group }: Live, { into }: PlannedDeployment): DeploymentClient {
  return createDeploymentClient({ ...arm, ...(into === 'workspace' ? workspace : group) });
}

/** What is deployed already, and what only the directory knows. */
async function factsOf(live: Live, chosen: readonly string[], io: Io): Promise<DeploymentFacts> {
  const { arm, group } = live;
  const workflows = createWorkflowClient(arm, group.subscriptionId, group.resourceGroup);
  const there = await Promise.all(
    playbooks.map(async ({ name }) => (chosen.includes(name) || (await workflows.find(name)) ? [name] : [])),
  );
  return {
    live,
    secrets: {
      teamSecret: io.env['SIGNL4_TEAM_SECRET'] || undefined,
      apiKey: io.env['SIGNL4_API_KEY'] || undefined,
      relayKey: io.env['RELAY_KEY'] || undefined,
      others: (parameter) => io.env[environmentName(parameter)] || undefined,
    },
    securityInsightsObjectId: await sentinelWithoutRole(live, io),
    deployedNames: there.flat(),
  };
}

/** Sentinel's object id where it still lacks its role, which the rules' template then gives; empty where it has it. */
async function sentinelWithoutRole(live: Live, io: Io): Promise<string> {
  try {
    const principalId = await createDirectoryClient(live.graph).servicePrincipal(SECURITY_INSIGHTS_APP_ID);
    if (principalId === undefined) return '';
    const roles = createRoleClient(live.arm, live.workspace.subscriptionId);
    return (await hasRole(roles, roleOfSentinel(live, principalId))) ? '' : principalId;
  } catch (error) {
    const told = liveError(error, live.workspace.tenantId);
    if (!(told instanceof UserError) || told.code === 'azure.sign-in') throw told;
    io.note(`Whether Microsoft Sentinel may run playbooks cannot be told (${told.message}); "doctor" says more.`);
    return '';
  }
}

async function prepareGroup(live: Live, groups: ResourceGroups, { whatIf, location }: DeployOptions): Promise<void> {
  const { resourceGroup } = live.group;
  if ((await groups.location(resourceGroup)) !== undefined) return;
  if (location === undefined || whatIf)
    throw new UserError('deploy.no-group', `there is no resource group ${resourceGroup}`, {
      remedy: whatIf
        ? 'Make it first: a comparison needs it.'
        : 'Add --location <region> to make it, for example --location westeurope.',
    });
  await groups.create(resourceGroup, location);
}

async function registerProviders(groups: ResourceGroups, io: Io): Promise<void> {
  for (const provider of providers) {
    if (await groups.isRegistered(provider)) continue;
    await groups.register(provider);
    io.note(
      `The subscription now registers ${provider}; if a deployment fails for it, run deploy again in a few minutes.`,
    );
  }
}

const signs: Readonly<Record<ResourceChange['change'], string>> = {
  Create: '+',
  Modify: '~',
  Delete: '-',
  Deploy: '!',
  NoChange: '=',
  Ignore: '*',
  Unsupported: 'x',
};

/** What the deployment has nothing to do with is left out. */
function changeReport({ title }: PlannedDeployment, changes: readonly ResourceChange[]): string {
  const lines = changes
    .filter(({ change }) => change !== 'Ignore')
    .map(({ change, resourceId, properties }) => {
      const where = resourceId.split('/providers/').at(-1) ?? resourceId;
      return `  ${signs[change]} ${where}${properties.length > 0 ? `: ${properties.join(', ')}` : ''}`;
    });
  return [title, ...(lines.length > 0 ? lines : ['  no change'])].join('\n');
}
