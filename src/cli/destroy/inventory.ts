import { playbooks } from '../../../playbooks/index.ts';
import { CUSTOM_CONNECTOR } from '../../arm/playbook.ts';
import { PLAYBOOK_RESPONDER } from '../../arm/setup/template.ts';
import { createDirectoryClient } from '../../azure/directory.ts';
import { createRemoval, type Removal } from '../../azure/removal.ts';
import { createRoleClient } from '../../azure/roles.ts';
import { groupPath, workspacePath } from '../../azure/scope.ts';
import { createSentinelClient } from '../../azure/sentinel.ts';
import { createWorkflowClient } from '../../azure/workflows.ts';
import { type Json, memberAt, textOf } from '../../domain/json.ts';
import { builtInRoles, SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { createSignl4Client } from '../../signl4/client.ts';
import { rulesDeployment } from '../deployments.ts';
import { isOurRule, placesElsewhere, runsOursIn } from '../drift/rules.ts';
import type { Live } from '../live.ts';
import { deployedResponseIds, eachOnce, responseIds } from '../responses.ts';
import { allCallbacks, expectedWebhook, isNamed, leadsTo } from '../signl4-webhook.ts';
import type { Inventory, Made } from './made.ts';
import { relayInventory } from './relay.ts';

const names = playbooks.map(({ name }) => name);
const TEMPLATE_TAG = 'hidden-SentinelTemplateName';

/** What we deployed, identified by our tags and names one by one. Other resources of the group are not read. */
export async function takeInventory(live: Live): Promise<Inventory> {
  const removal = createRemoval(live.arm);
  const group = groupPath(live.group);
  const [workflows, connections] = await Promise.all([
    removal.list(group, 'Microsoft.Logic/workflows'),
    removal.list(group, 'Microsoft.Web/connections'),
  ]);
  const ours = workflows.filter(isOurPlaybook);
  const others = workflows.filter((workflow) => !isOurPlaybook(workflow));
  const rules = await ruleInventory(live, removal);
  const ownConnections = connections.filter((connection) => isOwn(connection, ours, others));
  const connector = await connectorInventory(removal, group, connections, ownConnections);
  const relay = await relayInventory(live, removal);
  return {
    made: [
      ...rules.made,
      ...(await webhooks(live, rules.isElsewhere)),
      ...(await assignments(live, ours, others.length > 0)),
      ...ours.map((workflow) => resource(removal, workflow, 'playbook')),
      ...ownConnections.map((connection) => resource(removal, connection, 'connection')),
      ...connector.made,
      ...relay.made,
    ],
    kept: [
      ...rules.kept,
      ...connector.kept,
      ...relay.kept,
      ...others
        .filter((workflow) => names.includes(nameOf(workflow)))
        .map((workflow) => `playbook ${nameOf(workflow)}: it does not carry our tag ${TEMPLATE_TAG}`),
    ],
  };
}

const nameOf = (value: Json) => textOf(memberAt(value, 'name')) ?? '';
const idOf = (value: Json) => textOf(memberAt(value, 'id')) ?? '';

function isOurPlaybook(workflow: Json): boolean {
  return names.includes(textOf(memberAt(workflow, 'tags', TEMPLATE_TAG)) ?? '');
}

function resource(removal: Removal, value: Json, kind: string): Made {
  return { title: `${kind} ${nameOf(value)}`, remove: () => removal.remove(idOf(value)) };
}

/** Whether only our playbooks use a connection. */
function isOwn(connection: Json, ours: readonly Json[], others: readonly Json[]): boolean {
  const uses = (workflow: Json) =>
    Object.values(
      Object(memberAt(workflow, 'properties', 'parameters', '$connections', 'value')) as Record<string, Json>,
    ).some((used) => textOf(memberAt(used, 'connectionId'))?.toLowerCase() === idOf(connection).toLowerCase());
  return ours.some(uses) && !others.some(uses);
}

async function connectorInventory(
  removal: Removal,
  group: string,
  connections: readonly Json[],
  own: readonly Json[],
): Promise<Inventory> {
  const apis = await removal.list(group, 'Microsoft.Web/customApis');
  const connector = apis.find((api) => nameOf(api).toLowerCase() === CUSTOM_CONNECTOR.toLowerCase());
  if (!connector) return { made: [], kept: [] };
  const users = connections.filter(
    (connection) =>
      !own.includes(connection) &&
      textOf(memberAt(connection, 'properties', 'api', 'id'))?.toLowerCase() === idOf(connector).toLowerCase(),
  );
  if (users.length === 0) return { made: [resource(removal, connector, 'connector')], kept: [] };
  return { made: [], kept: [`connector ${nameOf(connector)}: ${users.map(nameOf).join(', ')} still use it`] };
}

async function ruleInventory(live: Live, removal: Removal): Promise<Inventory & { readonly isElsewhere: boolean }> {
  const { template } = rulesDeployment(live, names);
  const rules = await createSentinelClient({ ...live.arm, workspace: live.workspace }).automationRules();
  const title = (rule: Json) => textOf(memberAt(rule, 'properties', 'displayName')) ?? nameOf(rule);
  const ours = rules.filter((rule) => isOurRule(template, rule, groupPath(live.group)));
  const elsewhere = rules
    .filter((rule) => !ours.includes(rule))
    .flatMap((rule) => placesElsewhere(rule, live.group).map((place) => ({ rule, place })));
  return {
    made: ours.map((rule) => ({ title: `automation rule "${title(rule)}"`, remove: () => removal.remove(idOf(rule)) })),
    isElsewhere: elsewhere.length > 0,
    kept: [
      ...rules
        .filter((rule) => !ours.includes(rule) && runsOursIn(live.group, rule))
        .map((rule) => `automation rule "${title(rule)}": somebody made it; it runs a playbook that goes`),
      ...elsewhere.map(
        ({ rule, place }) => `automation rule "${title(rule)}": it runs a playbook in ${groupPath(place)}`,
      ),
    ],
  };
}

async function webhooks(live: Live, isElsewhere: boolean): Promise<readonly Made[]> {
  if (!live.signl4.apiKey) return [];
  const signl4 = createSignl4Client(live.signl4);
  const workflows = createWorkflowClient(live.arm, live.group);
  const there = await signl4.webhooks();
  const found = await Promise.all(
    allCallbacks(live).map(async ({ playbook, webhook }) => {
      const named = there.filter((each) => isNamed(each, webhook, live));
      const here = await expectedWebhook(live, workflows, playbook);
      // A webhook by our name calls nothing if nothing is deployed here, unless the playbooks have moved.
      return here ? named.filter(({ url }) => leadsTo(url, here)) : isElsewhere ? [] : named;
    }),
  );
  return found.flat().map(({ id, name }) => ({
    title: `webhook "${name}" in SIGNL4`,
    remove: () => signl4.deleteWebhook(id),
  }));
}

/**
 * Role assignments of the playbooks' identities, which are deleted with them. Sentinel's own is included only if no other
 * playbook needs it.
 */
async function assignments(live: Live, ours: readonly Json[], hasOthers: boolean): Promise<readonly Made[]> {
  const roles = createRoleClient(live.arm);
  const removal = createRemoval(live.arm);
  const [workspace, group] = [workspacePath(live.workspace), groupPath(live.group)];
  const responder = await createWorkflowClient(live.arm, live.group).find(PLAYBOOK_RESPONDER);
  // Also responses that the deployed list still has.
  const responses = eachOnce([
    ...responseIds(live.config.respond),
    ...(responder ? deployedResponseIds(responder) : []),
  ]);
  const identities = ours.flatMap((workflow) => {
    const principalId = textOf(memberAt(workflow, 'identity', 'principalId'));
    if (principalId === undefined) return [];
    const who = nameOf(workflow);
    return [
      { who, principalId, scopes: [workspace, group], given: playbookRoles },
      ...(who === PLAYBOOK_RESPONDER ? [{ who, principalId, scopes: responses, given: responseRoles }] : []),
    ];
  });
  const sentinel =
    hasOthers || ours.length === 0
      ? undefined
      : await createDirectoryClient(live.graph).servicePrincipal(SECURITY_INSIGHTS_APP_ID);
  const all = [
    ...identities,
    ...(sentinel === undefined
      ? []
      : [{ who: 'Microsoft Sentinel', principalId: sentinel, scopes: [group], given: sentinelRoles }]),
  ];
  const found = await Promise.all(
    all.flatMap(({ who, principalId, scopes, given }) =>
      scopes.map(async (scope) => {
        const held = await roles.assignments(scope, principalId);
        return held
          .filter((each) => each.scope.toLowerCase() === scope.toLowerCase())
          .flatMap(({ id, roleId }) => {
            const role = given[roleId];
            return role === undefined ? [] : [{ title: `role ${role} of ${who}`, remove: () => removal.remove(id) }];
          });
      }),
    ),
  );
  return found.flat();
}

const playbookRoles: Readonly<Record<string, string>> = {
  [builtInRoles.sentinelResponder]: 'Microsoft Sentinel Responder',
  [builtInRoles.sentinelPlaybookOperator]: 'Microsoft Sentinel Playbook Operator',
};
const responseRoles: Readonly<Record<string, string>> = {
  [builtInRoles.sentinelPlaybookOperator]: 'Microsoft Sentinel Playbook Operator on a response',
  [builtInRoles.reader]: 'Reader on a response',
};
const sentinelRoles: Readonly<Record<string, string>> = {
  [builtInRoles.sentinelAutomationContributor]: 'Microsoft Sentinel Automation Contributor',
};
