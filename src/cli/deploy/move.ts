import { playbooks } from '../../../playbooks/index.ts';
import { type GroupScope, groupPath } from '../../azure/scope.ts';
import { createWorkflowClient } from '../../azure/workflows.ts';
import { UserError } from '../../domain/errors.ts';
import { type Json, member } from '../../domain/json.ts';
import { type Drift, findDrift } from '../drift/drift.ts';
import { findRulesDrift, placesElsewhere } from '../drift/rules.ts';
import type { Io } from '../io.ts';
import type { Live } from '../live.ts';
import type { StepOutcome } from '../setup/run-steps.ts';
import { SWITCHED_OFF } from './late-start.ts';

/*
 * Playbooks that move to another resource group, subscription or tenant. Those that the automation rules run are in charge: what
 * people did to them comes along, they work until the new ones can, and then they are switched off.
 */

/** Playbooks that were deployed for the workspace of the configuration, and where. */
export interface Former {
  readonly place: GroupScope;
  readonly drifts: readonly Drift[];
}

/** The playbooks that our rules run in another place, compared with what would be deployed; undefined where they run none there. */
export async function findFormer(live: Live): Promise<Former | undefined> {
  const [place] = (await ourRules(live)).flatMap((rule) => placesElsewhere(rule, live.group));
  if (!place) return undefined;
  const there = { ...live, group: { ...live.group, ...place } };
  return { place, drifts: await findDrift(there, playbooks, createWorkflowClient(live.arm, place)) };
}

/** Those of the workspace; none where there is no such workspace, of which others tell. */
async function ourRules(live: Live): Promise<readonly Json[]> {
  try {
    const names = playbooks.map(({ name }) => name);
    return (await findRulesDrift(live, names, []))?.ours ?? [];
  } catch (error) {
    if (member(error, 'statusCode') === 404) return [];
    throw error;
  }
}

/** What people read where playbooks would move that nobody asked to move. */
export function notMoved(live: Live, place: GroupScope): UserError {
  return new UserError(
    'deploy.moved',
    `the automation rules run the playbooks in ${groupPath(place)}, and signl4.yaml has them in ${groupPath(live.group)}`,
    {
      remedy: `To move them: deploy --move, which takes along what people changed, and switches off those of ${place.resourceGroup} in the end. To bring edits back from there first: pull --resource-group ${groupPath(place)}. To leave them: write that place into "deployment" in signl4.yaml.`,
    },
  );
}

/** What is deployed anew, with what people did to the one in charge: its settings count, also over one that was here before. */
export function movedDrifts(drifts: readonly Drift[], former: Former): readonly Drift[] {
  return drifts.map((drift) => {
    const { deployed } = former.drifts.find(({ playbook }) => playbook === drift.playbook) ?? {};
    return deployed ? { ...drift, deployed } : drift;
  });
}

/** @throws UserError where the new playbooks lack a role: rules and SIGNL4 stay with those that work */
export function assertNewOnesCanWork(steps: readonly StepOutcome[], place: GroupScope): void {
  const missing = steps.flatMap(({ title, state }) => (state.kind === 'blocked' ? [`${title}: ${state.reason}`] : []));
  if (missing.length === 0) return;
  throw new UserError(
    'deploy.not-moved',
    `the new playbooks are there, and the automation rules and SIGNL4 still use those of ${place.resourceGroup}, because this is missing:\n${missing.map((line) => `  ${line}`).join('\n')}`,
    { remedy: 'Have it given, then run "signl4-sentinel deploy --move" again.' },
  );
}

/** Switches off what nothing runs any more, and says how it goes. */
export async function switchOffFormer(live: Live, { place, drifts }: Former, io: Io): Promise<void> {
  const workflows = createWorkflowClient(live.arm, place);
  for (const { deployed } of drifts)
    if (deployed && deployed.state !== 'Disabled') await workflows.disable(deployed.id, SWITCHED_OFF);
  io.note(
    `The playbooks in ${groupPath(place)} are switched off. To remove them: signl4-sentinel destroy --resource-group ${groupPath(place)}`,
  );
}
