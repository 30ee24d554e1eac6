import { PLAYBOOK_RUNNER } from '../../arm/setup/template.ts';
import type { DeployedWorkflow, WorkflowClient } from '../../azure/workflows.ts';
import { isJsonObject, type Json, member } from '../../domain/json.ts';
import type { PlannedDeployment } from '../deployments.ts';

/*
 * A new sweep runs at once, and fails as long as its identity has no roles. So it is deployed switched off, and switched on when
 * everything else is there. A tag tells the next deployment of one that ended before: nobody switched that sweep off.
 */

/**
 * Also on what `deploy` switched off because it moved, or because the configuration had no use for it: a user who moves back, or wants it
 * again, switches it on.
 */
export const SWITCHED_OFF = { 'hidden-signl4-starts': 'last' } as const;

/** Whether a workflow is off because its deployment did not come to its end. */
export function startsLate({ tags }: Pick<DeployedWorkflow, 'tags'>): boolean {
  return Object.keys(SWITCHED_OFF).some((name) => member(tags, name) !== undefined);
}

/** Tags without the one that says so: the deployment sets it anew where it is due. */
export function withoutLateStart(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !Object.hasOwn(SWITCHED_OFF, name)));
}

/** The deployment of a playbook that starts by itself, switched off where it is new; others as they are. */
export function startingLate(planned: PlannedDeployment, deployed: DeployedWorkflow | undefined): PlannedDeployment {
  const resources = planned.template['resources'];
  const isNew = deployed === undefined || startsLate(deployed);
  if (planned.name !== PLAYBOOK_RUNNER || !isNew || !Array.isArray(resources)) return planned;
  return { ...planned, template: { ...planned.template, resources: resources.map(switchedOff) } };
}

function switchedOff(resource: Json): Json {
  if (!isJsonObject(resource) || resource['type'] !== 'Microsoft.Logic/workflows') return resource;
  const { properties, tags } = resource;
  if (!isJsonObject(properties) || properties['state'] === 'Disabled') return resource;
  return {
    ...resource,
    tags: { ...(isJsonObject(tags) ? tags : {}), ...SWITCHED_OFF },
    properties: { ...properties, state: 'Disabled' },
  };
}

/** Switches on what was deployed switched off. */
export async function startLate(deployed: readonly string[], workflows: WorkflowClient): Promise<void> {
  if (!deployed.includes(PLAYBOOK_RUNNER)) return;
  const sweep = await workflows.find(PLAYBOOK_RUNNER);
  if (sweep && startsLate(sweep)) await workflows.enable(sweep.id, SWITCHED_OFF);
}
