import { PLAYBOOK_RUNNER } from '../../arm/setup/template.ts';
import type { DeployedWorkflow, WorkflowClient } from '../../azure/workflows.ts';
import { isJsonObject, type Json, member } from '../../domain/json.ts';
import type { PlannedDeployment } from '../deployments.ts';

/*
 * A new sweep runs at once, and fails until its identity has its roles. It is therefore deployed disabled and enabled as the last
 * step. A tag marks it meanwhile, so that after an interrupted deployment the next one knows that no person disabled it.
 */

/**
 * Also set on playbooks that `deploy` disabled because they moved or the configuration no longer needs them: deploying them again
 * enables them.
 */
export const SWITCHED_OFF = { 'hidden-signl4-starts': 'last' } as const;

/** Whether a workflow is disabled only because its deployment was not finished. */
export function startsLate({ tags }: Pick<DeployedWorkflow, 'tags'>): boolean {
  return Object.keys(SWITCHED_OFF).some((name) => member(tags, name) !== undefined);
}

/** The tags without that mark; the deployment sets it again where needed. */
export function withoutLateStart(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !Object.hasOwn(SWITCHED_OFF, name)));
}

/** The deployment of the sweep, disabled if it is new. Other playbooks are returned unchanged. */
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

/** Enables the playbooks that were deployed disabled. */
export async function startLate(deployed: readonly string[], workflows: WorkflowClient): Promise<void> {
  if (!deployed.includes(PLAYBOOK_RUNNER)) return;
  const sweep = await workflows.find(PLAYBOOK_RUNNER);
  if (sweep && startsLate(sweep)) await workflows.enable(sweep.id, SWITCHED_OFF);
}
