import { playbooks, playbooksOf } from '../../playbooks/index.ts';
import { automationRules } from '../arm/automation-rules.ts';
import { playbookTemplate } from '../arm/playbook.ts';
import { PLAYBOOK_RESPONDER } from '../arm/setup/template.ts';
import type { ArmTemplate } from '../arm/template.ts';
import type { TemplateDeployment, VaultSecretId } from '../azure/deployments.ts';
import type { Config } from '../config/config.ts';
import { UserError } from '../domain/errors.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { nearest } from '../domain/text.ts';
import type { Assets } from '../generator/assets.ts';
import { releases } from '../generator/releases.ts';
import { configuredWorkflow } from '../workflow/patch/patched.ts';
import type { Playbook } from '../workflow/playbook.ts';
import type { Live } from './live.ts';

/** Whether a template is deployed beside the playbooks or beside the workspace. */
export interface PlannedDeployment extends TemplateDeployment {
  readonly into: 'playbooks' | 'workspace';
  /** What people call it. */
  readonly title: string;
}

/** Secrets that the templates need, from the environment. Empty ones are not passed. */
interface DeploymentSecrets {
  readonly teamSecret: string | undefined;
  readonly apiKey: string | undefined;
  /** The key itself, or a reference to it in a key vault. */
  readonly relayKey: string | VaultSecretId | undefined;
  /** Value of a parameter that was added in the designer. */
  readonly others: (parameter: string) => string | undefined;
}

export interface DeploymentFacts {
  readonly live: Live;
  readonly secrets: DeploymentSecrets;
}

/**
 * The playbooks with these names; without names, all that the configuration needs.
 * @throws UserError for an unknown name, and for a playbook that the configuration does not need
 */
export function chosenPlaybooks(names: readonly string[], config: Config): readonly Playbook[] {
  const known = playbooks.map(({ name }) => name);
  return names.length === 0
    ? playbooksOf(config)
    : names.map((typed) => {
        const found = playbooks.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
        if (found && playbooksOf(config).includes(found)) return found;
        if (found)
          throw new UserError('usage.playbook', `${found.name} has no use here`, {
            remedy: `It needs ${found.name === PLAYBOOK_RESPONDER ? 'respond.playbooks' : 'graph.enabled: true'} and no relay.url: a relay does its work itself.`,
          });
        const guess = nearest(typed, known);
        const remedy = guess ? `Did you mean ${guess}?` : `There are: ${known.join(', ')}.`;
        throw new UserError('usage.playbook', `there is no playbook "${typed}"`, { remedy });
      });
}

export function connectorDeployment(assets: Assets): PlannedDeployment {
  const content = assets.published().get('connector/azuredeploy.json') ?? '';
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  const template = JSON.parse(text) as JsonObject;
  return { name: 'signl4-connector', title: 'the SIGNL4 connector', template, parameters: {}, into: 'playbooks' };
}

/**
 * The template of one playbook with its parameter values.
 * @throws UserError naming the environment variable of a secret that is missing
 */
export function playbookDeployment(playbook: Playbook, { live, secrets }: DeploymentFacts): PlannedDeployment {
  const template = playbookTemplate(playbook, configuredWorkflow(playbook, live.config).workflow, {
    release: releases[0],
    deployment: live.config.deployment,
    passApiKey: secrets.apiKey !== undefined,
  });
  const { workspace } = live;
  const added = Object.entries(template.parameters).flatMap(([parameter, { type }]) =>
    type === 'securestring' ? [[parameter, secrets.others(parameter)] as const] : [],
  );
  const { relayKey } = secrets;
  const isInVault = typeof relayKey === 'object' && 'RelayKey' in template.parameters;
  const values: Readonly<Record<string, Json | undefined>> = {
    ...Object.fromEntries(added),
    TeamSecret: secrets.teamSecret,
    Signl4ApiKey: secrets.apiKey,
    RelayKey: typeof relayKey === 'string' ? relayKey : undefined,
    WorkspaceName: workspace.name,
    WorkspaceResourceGroup: workspace.resourceGroup,
    WorkspaceSubscriptionId: workspace.subscriptionId,
    WorkspaceId: workspace.workspaceId,
  };
  const { name } = playbook;
  return {
    name,
    title: name,
    template: asJson(template),
    parameters: given(template, values, name, isInVault ? ['RelayKey'] : []),
    ...(isInVault && { vaultSecrets: { RelayKey: relayKey } }),
    into: 'playbooks',
  };
}

export const RULE_TYPE = 'Microsoft.SecurityInsights/automationRules';

/**
 * The automation rules that run these playbooks. Sentinel's role is not part of it: it takes effect too slowly and is granted
 * earlier.
 */
export function rulesDeployment(live: Live, deployedNames: readonly string[]): PlannedDeployment {
  const template = automationRules(live.config);
  const title = 'the automation rules';
  const values: Readonly<Record<string, Json | undefined>> = {
    WorkspaceName: live.workspace.name,
    PlaybookSubscriptionId: live.group.subscriptionId,
    PlaybookResourceGroup: live.group.resourceGroup,
    PlaybookTenantId: live.group.tenantId,
  };
  return {
    name: 'signl4-automation-rules',
    title,
    template: withRulesFor(deployedNames, asJson(template)),
    parameters: given(template, values, title),
    into: 'workspace',
  };
}

/** Values for the parameters that the template declares. Each one without a default must have a value, here or in `elsewhere`. */
function given(
  { parameters }: ArmTemplate,
  values: Readonly<Record<string, Json | undefined>>,
  title: string,
  elsewhere: readonly string[] = [],
): JsonObject {
  const missing = Object.entries(parameters).filter(
    ([name, { defaultValue }]) => defaultValue === undefined && values[name] === undefined && !elsewhere.includes(name),
  );
  if (missing.length > 0)
    throw missingValues(
      missing.map(([name]) => name),
      title,
    );
  const entries = Object.keys(parameters).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Where the value of a secret parameter comes from. */
const sources: Readonly<Record<string, string>> = {
  TeamSecret: 'SIGNL4_TEAM_SECRET (SIGNL4 portal: Teams, the team: the last part of its webhook address)',
  Signl4ApiKey: 'SIGNL4_API_KEY (SIGNL4 portal: Integrations, API keys)',
  RelayKey: 'RELAY_KEY (the key that the relay was started with; a relay that deploy brings needs none)',
};

export function missingValues(names: readonly string[], title: string): UserError {
  const wanted = names.map((name) => sources[name] ?? secretVariable(name)).join(' and ');
  return new UserError('deploy.missing-value', `${title} needs ${names.join(' and ')}`, {
    remedy: `Set the environment variable ${wanted}.`,
  });
}

/** `TeamsToken` to `TEAMS_TOKEN`: the variable that holds the value of a secret parameter. */
export function secretVariable(parameter: string): string {
  return parameter
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/\W+/g, '_')
    .toUpperCase();
}

/** Without rules for playbooks that are not deployed, which Azure would refuse. */
function withRulesFor(names: readonly string[], template: JsonObject): JsonObject {
  const resources = template['resources'] as readonly JsonObject[];
  const absent = playbooks.map(({ name }) => name).filter((name) => !names.includes(name));
  return {
    ...template,
    resources: resources.filter((resource) => !absent.some((name) => runs(resource, name, template))),
  };
}

function runs(resource: JsonObject, playbook: string, template: JsonObject): boolean {
  if (resource['type'] !== RULE_TYPE) return false;
  const parameters = template['parameters'] as Readonly<Record<string, { readonly defaultValue?: Json }>>;
  const text = JSON.stringify(resource);
  return Object.entries(parameters).some(
    ([name, { defaultValue }]) => defaultValue === playbook && text.includes(`parameters('${name}')`),
  );
}

function asJson(template: ArmTemplate): JsonObject {
  return template as unknown as JsonObject;
}
