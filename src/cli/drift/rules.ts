import { createHash } from 'node:crypto';
import { playbooks } from '../../../playbooks/index.ts';
import { evaluateArm } from '../../arm-expressions/evaluate.ts';
import { offlineDeployment } from '../../arm-expressions/scope.ts';
import { templateScope } from '../../arm-expressions/template.ts';
import { toJson } from '../../arm-expressions/value.ts';
import { type GroupScope, groupPath, isSameGroup, scopeOf } from '../../azure/scope.ts';
import { createSentinelClient, playbooksRunBy } from '../../azure/sentinel.ts';
import type { Edit } from '../../config/patches.ts';
import { armLiteral } from '../../domain/arm-literal.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, memberAt, textOf } from '../../domain/json.ts';
import { canonicalText } from '../../workflow/patch/canonical.ts';
import { compareDefinitions } from '../../workflow/patch/compare.ts';
import { type PlannedDeployment, RULE_TYPE, rulesDeployment } from '../deployments.ts';
import type { Live } from '../live.ts';
import type { Drift } from './drift.ts';

/*
 * Automation rules as people change them in Sentinel. Order, state and expiration of a rule belong to the user, and a deployment
 * keeps them. An edited condition or action stops the deployment. A tag of the playbooks holds short hashes of the rules of the
 * last two deployments: one that fails half-way leaves a mixture of both.
 */

const RULES_TAG = 'hidden-signl4-rules';

/** A generated rule, and the deployed one. */
export interface RuleDrift {
  readonly displayName: string;
  /** Undefined if it does not exist yet. */
  readonly deployed: Json | undefined;
  /** The order that it would get. */
  readonly order: number;
  /** The part of the deployed rule that we generate. */
  readonly now: JsonObject | undefined;
  readonly differences: readonly Edit[];
  /** Whether a person changed it since it was deployed. */
  readonly isEdited: boolean;
}

export interface RulesDrift {
  /** Our rules in the workspace. */
  readonly ours: readonly Json[];
  readonly rules: readonly RuleDrift[];
  /** The deployment, with the user's settings kept as they are in Sentinel. */
  readonly planned: PlannedDeployment;
  /** For the playbooks of the deployment. */
  readonly tag: Readonly<Record<string, string>>;
}

/**
 * Compares the rules that run these playbooks with those of the workspace; undefined if none are needed. `drifts` hold the tags
 * of the last deployment.
 */
export async function findRulesDrift(
  live: Live,
  names: readonly string[],
  drifts: readonly Drift[],
): Promise<RulesDrift | undefined> {
  const planned = rulesDeployment(live, names);
  const resources = listOf(planned.template['resources']).filter(isJsonObject);
  if (!resources.some(isRule)) return undefined;
  const inWorkspace = await createSentinelClient({ ...live.arm, workspace: live.workspace }).automationRules();
  const known = new Set(drifts.flatMap(({ deployed }) => textOf(member(deployed?.tags, RULES_TAG))?.split(',') ?? []));
  const found = resources.map((resource) => {
    if (!isRule(resource)) return { resource };
    const { name, properties } = evaluatedRule(resource, planned, live);
    const deployed = deployedRule(resource, name, inWorkspace, live);
    const view = ruleView(properties);
    const now = deployed === undefined ? undefined : ruleView(member(deployed, 'properties'));
    const isEdited = now !== undefined && canonicalText(now) !== canonicalText(view) && !known.has(hashOf(now));
    return {
      resource: deployed === undefined ? resource : keeping(resource, deployed, live),
      hash: [hashOf(view), ...(now && !isEdited ? [hashOf(now)] : [])],
      drift: {
        displayName: textOf(member(properties, 'displayName')) ?? name,
        ...{ deployed, now, order: Number(member(properties, 'order')) },
        differences: now ? compareDefinitions(view, now) : [],
        isEdited,
      },
    };
  });
  const hashes = [...new Set(found.flatMap(({ hash = [] }) => hash))];
  return {
    ours: found.flatMap(({ drift }) => drift?.deployed ?? []),
    rules: found.flatMap(({ drift }) => drift ?? []),
    planned: { ...planned, template: { ...planned.template, resources: found.map(({ resource }) => resource) } },
    tag: { [RULES_TAG]: hashes.join(',') },
  };
}

/** The generated part of each rule, by the rule's name. */
export function ruleViews(live: Live, names: readonly string[]): ReadonlyMap<string, JsonObject> {
  const planned = rulesDeployment(live, names);
  const views = listOf(planned.template['resources'])
    .filter(isJsonObject)
    .filter(isRule)
    .map((resource) => ruleView(evaluatedRule(resource, planned, live).properties));
  return new Map(views.map((view) => [textOf(view['displayName']) ?? '', view]));
}

const isRule = ({ type }: JsonObject) => type === RULE_TYPE;

/**
 * The deployed rule that a resource stands for, regardless of its id. A rule created under another spelling of the workspace, or
 * by hand from the same template, is updated rather than duplicated.
 */
function deployedRule(
  resource: JsonObject,
  name: string,
  inWorkspace: readonly Json[],
  { group }: Live,
): Json | undefined {
  return (
    inWorkspace.find((rule) => isSameRule(resource, rule, groupPath(group))) ??
    inWorkspace.find((rule) => textOf(member(rule, 'name'))?.toLowerCase() === name.toLowerCase())
  );
}

/** Whether a rule was made from the template, whatever its id. */
export function isOurRule(template: JsonObject, rule: Json, playbookGroup: string): boolean {
  return listOf(template['resources']).some(
    (each) => isJsonObject(each) && isRule(each) && isSameRule(each, rule, playbookGroup),
  );
}

/** Compares name, trigger and playbook. */
function isSameRule(resource: JsonObject, existing: Json, playbookGroup: string): boolean {
  const at = (rule: unknown, ...path: readonly string[]) => textOf(memberAt(rule, 'properties', ...path));
  return (
    isJsonObject(existing) &&
    at(resource, 'displayName') === at(existing, 'displayName') &&
    at(resource, 'triggeringLogic', 'triggersWhen') === at(existing, 'triggeringLogic', 'triggersWhen') &&
    playbooksRunBy(existing).some((id) => id.toLowerCase().startsWith(`${playbookGroup.toLowerCase()}/`))
  );
}

/** Resource groups where a rule runs playbooks with our names. */
function placesOfOurs(rule: Json): readonly GroupScope[] {
  const names = new Set(playbooks.map(({ name }) => name.toLowerCase()));
  return playbooksRunBy(rule)
    .map(scopeOf)
    .filter(({ name }) => names.has(name.toLowerCase()))
    .map(({ subscriptionId, resourceGroup }) => ({ subscriptionId, resourceGroup }));
}

/** The same, except for one resource group. */
export function placesElsewhere(rule: Json, group: GroupScope): readonly GroupScope[] {
  return placesOfOurs(rule).filter((place) => !isSameGroup(place, group));
}

export function runsOursIn(group: GroupScope, rule: Json): boolean {
  return placesOfOurs(rule).some((place) => isSameGroup(place, group));
}

function evaluatedRule(resource: JsonObject, { template, parameters }: PlannedDeployment, { workspace }: Live) {
  const { subscriptionId, resourceGroup, tenantId } = workspace;
  const scope = templateScope(template, parameters, { ...offlineDeployment, subscriptionId, resourceGroup, tenantId });
  return {
    name: String(toJson(evaluateArm(resource['name'] ?? '', scope))),
    properties: toJson(evaluateArm(resource['properties'] ?? {}, scope)),
  };
}

/** The part of a rule that we generate: name, trigger, conditions and actions. */
function ruleView(properties: unknown): JsonObject {
  const logic = member(properties, 'triggeringLogic');
  const view = {
    displayName: member(properties, 'displayName'),
    triggersOn: member(logic, 'triggersOn'),
    triggersWhen: member(logic, 'triggersWhen'),
    conditions: member(logic, 'conditions') ?? [],
    runs: listOf(member(properties, 'actions')).map((action) => ({
      type: member(action, 'actionType'),
      order: member(action, 'order'),
      playbook: textOf(memberAt(action, 'actionConfiguration', 'logicAppResourceId'))?.toLowerCase(),
      ...(textOf(member(action, 'actionType')) !== 'RunPlaybook' && { with: member(action, 'actionConfiguration') }),
    })),
  };
  return withoutNull(JSON.parse(JSON.stringify(view)) as Json) as JsonObject;
}

/** Sentinel returns unset members as null, and ids in varying case. */
function withoutNull(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('/subscriptions/') ? value.toLowerCase() : value;
  if (Array.isArray(value)) return value.map(withoutNull);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNull(one)] as const])),
  );
}

function hashOf(view: JsonObject): string {
  return createHash('sha256').update(canonicalText(view)).digest('hex').slice(0, 16);
}

/** The rule with its present order, state and expiration, unless the configuration sets them. */
function keeping(resource: JsonObject, deployed: Json, { config }: Live): JsonObject {
  const { properties } = resource;
  const logic = member(properties, 'triggeringLogic');
  if (!isJsonObject(properties) || !isJsonObject(logic)) return resource;
  const order = memberAt(deployed, 'properties', 'order');
  const isEnabled = memberAt(deployed, 'properties', 'triggeringLogic', 'isEnabled');
  const ends = textOf(memberAt(deployed, 'properties', 'triggeringLogic', 'expirationTimeUtc'));
  return {
    ...resource,
    name: textOf(member(deployed, 'name')) ?? resource['name'] ?? '',
    properties: {
      ...properties,
      ...(typeof order === 'number' && config.deployment.ruleOrder === 0 && { order }),
      triggeringLogic: {
        ...logic,
        ...(typeof isEnabled === 'boolean' && config.deployment.rules === 'keep' && { isEnabled }),
        ...(ends && config.deployment.rulesEnd === '' && { expirationTimeUtc: armLiteral(ends) }),
      },
    },
  };
}
