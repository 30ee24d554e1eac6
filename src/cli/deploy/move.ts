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
 * Playbooks that move to another resource group, subscription or tenant. The ones that the automation rules run are the source:
 * edits made to them are carried over, they keep working until the new ones can, and are then disabled.
 */

/** Playbooks that were deployed for the configured workspace, and where they are. */
export interface Former {
  readonly place: GroupScope;
  readonly drifts: readonly Drift[];
}

/**
 * The playbooks that our rules run in another resource group, compared with what would be deployed; undefined if there are none.
 */
export async function findFormer(live: Live): Promise<Former | undefined> {
  const [place] = (await ourRules(live)).flatMap((rule) => placesElsewhere(rule, live.group));
  if (!place) return undefined;
  const there = { ...live, group: { ...live.group, ...place } };
  return { place, drifts: await findDrift(there, playbooks, createWorkflowClient(live.arm, place)) };
}

/** Our rules in the workspace. None if the workspace does not exist; other checks report that. */
async function ourRules(live: Live): Promise<readonly Json[]> {
  try {
    const names = playbooks.map(({ name }) => name);
    return (await findRulesDrift(live, names, []))?.ours ?? [];
  } catch (error) {
    if (member(error, 'statusCode') === 404) return [];
    throw error;
  }
}

/** The error if the configuration names another place for the playbooks and `--move` was not given. */
export function notMoved(live: Live, place: GroupScope): UserError {
  return new UserError(
    'deploy.moved',
    `the automation rules run the playbooks in ${groupPath(place)}, and signl4.yaml has them in ${groupPath(live.group)}`,
    {
      remedy: `To move them: deploy --move, which takes along what people changed, and switches off those of ${place.resourceGroup} in the end. To bring edits back from there first: pull --resource-group ${groupPath(place)}. To leave them: write that place into "deployment" in signl4.yaml.`,
    },
  );
}

/**
 * The deployments with the edits and settings of the playbooks in use. These win over a playbook left in the new place by an
 * earlier deployment.
 */
export function movedDrifts(drifts: readonly Drift[], former: Former): readonly Drift[] {
  return drifts.map((drift) => {
    const { deployed } = former.drifts.find(({ playbook }) => playbook === drift.playbook) ?? {};
    return deployed ? { ...drift, deployed } : drift;
  });
}

/** @throws UserError if the new playbooks lack a role; rules and SIGNL4 then keep using the old ones */
export function assertNewOnesCanWork(steps: readonly StepOutcome[], place: GroupScope): void {
  const missing = steps.flatMap(({ title, state }) => (state.kind === 'blocked' ? [`${title}: ${state.reason}`] : []));
  if (missing.length === 0) return;
  throw new UserError(
    'deploy.not-moved',
    `the new playbooks are there, and the automation rules and SIGNL4 still use those of ${place.resourceGroup}, because this is missing:\n${missing.map((line) => `  ${line}`).join('\n')}`,
    { remedy: 'Have it given, then run "signl4-sentinel deploy --move" again.' },
  );
}

/** Disables the old playbooks, which nothing runs any more, and reports the result. */
export async function switchOffFormer(live: Live, { place, drifts }: Former, io: Io): Promise<void> {
  const workflows = createWorkflowClient(live.arm, place);
  for (const { deployed } of drifts)
    if (deployed && deployed.state !== 'Disabled') await workflows.disable(deployed.id, SWITCHED_OFF);
  io.note(
    `The playbooks in ${groupPath(place)} are switched off. To remove them: signl4-sentinel destroy --resource-group ${groupPath(place)}`,
  );
}
