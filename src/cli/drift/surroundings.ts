import { CUSTOM_CONNECTOR } from '../../arm/playbook.ts';
import { createResourceClient } from '../../azure/resources.ts';
import type { WorkflowClient } from '../../azure/workflows.ts';
import type { Config } from '../../config/config.ts';
import { listOf, member, memberAt, textOf } from '../../domain/json.ts';
import { shippedAssets } from '../assets.ts';
import { connectorDeployment } from '../deployments.ts';
import { findLeftovers, isOn, NO_USE } from '../leftovers.ts';
import type { Live } from '../live.ts';
import type { Drift } from './drift.ts';
import { editLine, type Surrounding } from './report.ts';
import { findRulesDrift, type RuleDrift } from './rules.ts';

/*
 * What `diff` compares besides definitions. A deployment undoes none of it, except changes to the connector; an edited rule stops
 * it.
 */

/** Whether a playbook is enabled, who may call it, and whether it has an identity. */
export function playbookSurroundings({ playbook, deployed }: Drift, { deployment }: Config): readonly string[] {
  if (!deployed) return [];
  const wantsOff = deployment.disabled.some((name) => name.toLowerCase() === playbook.name.toLowerCase());
  const isOff = deployed.state !== 'Enabled';
  const identity = textOf(member(deployed.identity, 'type')) ?? '';
  const wanted = playbook.restrictCallers ? deployment.allowedCallers : [];
  const callers = listOf(memberAt(deployed.accessControl, 'triggers', 'allowedCallerIpAddresses')).map(
    (range) => textOf(member(range, 'addressRange')) ?? '',
  );
  const others = Object.keys(deployed.accessControl ?? {}).filter((room) => room !== 'triggers');
  const hasPolicies = memberAt(deployed.accessControl, 'triggers', 'openAuthenticationPolicies') !== undefined;
  return [
    ...(isOff && !wantsOff ? [`~ state: ${deployed.state}`] : []),
    ...(!isOff && wantsOff ? ['~ state: Enabled, though deployment.disabled names it'] : []),
    ...(isSameSet(callers, wanted)
      ? []
      : [`~ accessControl.triggers: only ${callers.join(', ') || 'policies'} may call it`]),
    ...(hasPolicies ? ['~ accessControl.triggers: needs a token'] : []),
    ...others.map((room) => `~ accessControl.${room}: restricted`),
    ...(/SystemAssigned/i.test(identity) ? [] : ['~ identity: no system-assigned identity']),
  ];
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** The automation rules of the workspace, for the playbooks that are deployed. */
export async function ruleSurroundings(live: Live, drifts: readonly Drift[]): Promise<readonly Surrounding[]> {
  const rules = await rulesOfDeployed(live, drifts);
  return rules.map((rule) => ({ name: `automation rule "${rule.displayName}"`, lines: ruleLines(rule) }));
}

export async function rulesOfDeployed(live: Live, drifts: readonly Drift[]): Promise<readonly RuleDrift[]> {
  const names = drifts.flatMap(({ deployed }) => deployed?.name ?? []);
  return (await findRulesDrift(live, names, drifts))?.rules ?? [];
}

function ruleLines({ deployed, differences }: RuleDrift): readonly string[] {
  if (deployed === undefined) return ['- there is none'];
  const logic = memberAt(deployed, 'properties', 'triggeringLogic');
  const ends = textOf(member(logic, 'expirationTimeUtc'));
  return [
    ...(member(logic, 'isEnabled') === false ? ['~ switched off'] : []),
    ...(ends ? [`~ ends at ${ends}`] : []),
    ...differences.map((edit) => editLine(edit)),
  ];
}

/** Playbooks that are enabled although the configuration does not need them. */
export async function leftoverSurroundings(live: Live, workflows: WorkflowClient): Promise<readonly Surrounding[]> {
  const leftovers = (await findLeftovers(live, workflows)).filter(isOn);
  return leftovers.map(({ name, state }) => ({ name, lines: [`~ state: ${state}, though ${NO_USE}`] }));
}

/** The custom connector: the address it sends requests to. */
export async function connectorSurroundings(live: Live): Promise<Surrounding> {
  const name = `connector ${CUSTOM_CONNECTOR}`;
  const { arm, group } = live;
  const deployed = await createResourceClient(arm, group).customConnector(CUSTOM_CONNECTOR);
  if (deployed === undefined) return { name, lines: ['- not deployed'] };
  const [generated] = listOf(connectorDeployment(shippedAssets).template['resources']);
  const place = (connector: unknown) => serviceUrl(connector) ?? '';
  const [wanted, found] = [place(generated), place(deployed)];
  return { name, lines: wanted === found || found === '' ? [] : [`~ serviceUrl: ${wanted} -> ${found}`] };
}

function serviceUrl(connector: unknown): string | undefined {
  return textOf(memberAt(connector, 'properties', 'backendService', 'serviceUrl'))
    ?.replace(/\/+$/, '')
    .toLowerCase();
}
