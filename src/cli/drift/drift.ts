import { createHash } from 'node:crypto';
import { workflowFromTemplate } from '../../arm-expressions/workflow-resource.ts';
import type { DeployedWorkflow, WorkflowClient } from '../../azure/workflows.ts';
import type { Edit } from '../../config/patches.ts';
import { isJsonObject, type Json, type JsonObject, member, textOf } from '../../domain/json.ts';
import { canonicalText, cleanDefinition } from '../../workflow/patch/canonical.ts';
import { compareDefinitions } from '../../workflow/patch/compare.ts';
import type { Playbook } from '../../workflow/playbook.ts';
import { playbookDeployment } from '../deployments.ts';
import type { Live } from '../live.ts';
import { secretOf, withoutSecrets } from './secret.ts';

/*
 * The workflow itself records what was deployed last: a tag holds a hash of its definition at that time. A save in the designer
 * sends back the tags that were loaded, so the hash must always be compared with the current definition. If it differs, the
 * deployed definition is looked for among the versions that Azure keeps.
 */

const HASH_TAG = 'hidden-signl4-deployed';
const MOST_VERSIONS = 100;

/** How a deployed playbook differs from the generated one, and which of the differences people made. */
export interface Drift {
  readonly playbook: Playbook;
  /** Undefined: not deployed. */
  readonly deployed: DeployedWorkflow | undefined;
  /** The definition that would be deployed, patches included, with template expressions evaluated. */
  readonly generated: JsonObject;
  /** From what would be deployed to what is deployed. */
  readonly differences: readonly Edit[];
  /** What people changed since the last deployment; equal to `differences` if that is not known. */
  readonly edits: readonly Edit[];
  /** Descriptions of edits that contain a secret in clear text. Neither of the lists above includes them. */
  readonly secrets: readonly string[];
  /** Whether what was last deployed is known. */
  readonly isBaseKnown: boolean;
}

/**
 * Compares deployed playbooks with generated ones. Values of secret parameters are not compared, because Azure does not return
 * them. `location` is the region of the resource group, used for playbooks that are not deployed yet.
 */
export async function findDrift(
  live: Live,
  playbooks: readonly Playbook[],
  workflows: WorkflowClient,
  location = '',
): Promise<readonly Drift[]> {
  return Promise.all(playbooks.map((playbook) => driftOf(live, playbook, workflows, location)));
}

async function driftOf(live: Live, playbook: Playbook, workflows: WorkflowClient, location: string): Promise<Drift> {
  const deployed = await workflows.find(playbook.name);
  const generated = generatedDefinition(playbook, live, deployed?.location ?? location);
  if (!deployed) return { playbook, deployed, generated, differences: [], edits: [], secrets: [], isBaseKnown: false };
  const now = liveDefinition(deployed);
  const { definition } = withoutSecrets(now);
  const all = compareDefinitions(generated, definition);
  const base = all.length === 0 ? now : await lastDeployed(deployed, now, generated, workflows);
  const edited = base ? compareDefinitions(withoutSecrets(base).definition, definition) : all;
  const secretNames = secretParameters(generated, now);
  const secret = (edit: Edit) => secretOf(edit, secretNames);
  return {
    playbook,
    deployed,
    generated,
    differences: all.filter((edit) => secret(edit) === undefined),
    edits: edited.filter((edit) => secret(edit) === undefined),
    secrets: [...new Set([...all, ...edited].flatMap((edit) => secret(edit) ?? []))],
    isBaseKnown: base !== undefined,
  };
}

/** The definition of the last deployment; undefined if it cannot be found. */
async function lastDeployed(
  { name, tags }: DeployedWorkflow,
  now: JsonObject,
  generated: JsonObject,
  workflows: WorkflowClient,
): Promise<JsonObject | undefined> {
  const hash = textOf(member(tags, HASH_TAG));
  if (hash === undefined) return undefined;
  const known = [now, generated].find((definition) => hashOf(definition) === hash);
  if (known) return known;
  let left = MOST_VERSIONS;
  try {
    for await (const saved of workflows.versions(name)) {
      const definition = liveDefinition(saved);
      if (hashOf(definition) === hash) return definition;
      left -= 1;
      if (left === 0) break;
    }
  } catch {
    // Without permission to read versions, the comparison with the generated definition still works.
  }
  return undefined;
}

/** The tag that records what is deployed, for a definition as returned by `findDrift`. */
export function deployedTag(definition: JsonObject): { readonly name: string; readonly value: string } {
  return { name: HASH_TAG, value: hashOf(definition) };
}

/** Updates the tag after a deployment if the service normalised the definition. */
export async function rememberDeployed(name: string, workflows: WorkflowClient): Promise<void> {
  const deployed = await workflows.find(name);
  if (!deployed) return;
  const tag = deployedTag(liveDefinition(deployed));
  if (member(deployed.tags, tag.name) !== tag.value) await workflows.addTags(deployed.id, { [tag.name]: tag.value });
}

function hashOf(definition: JsonObject): string {
  return createHash('sha256').update(canonicalText(definition)).digest('hex');
}

/** Placeholder for secrets, whose values do not affect the definition. */
const anySecret = 'not-compared';
const anySecrets = { teamSecret: anySecret, apiKey: undefined, relayKey: anySecret, others: () => anySecret };

/** The definition that would be deployed, evaluated as Azure would. */
export function generatedDefinition(playbook: Playbook, live: Live, location: string): JsonObject {
  const { template, parameters } = playbookDeployment(playbook, { live, secrets: anySecrets });
  const deployment = { ...live.group, location };
  return liveDefinition(workflowFromTemplate(template, { parameters, deployment }));
}

/** The normalised definition. A given parameter value replaces the default. */
function liveDefinition({ definition, parameters }: { definition: JsonObject; parameters: JsonObject }): JsonObject {
  const declared = definition['parameters'];
  const merged = Object.entries(isJsonObject(declared) ? declared : {}).map(([name, declaration]): [string, Json] => {
    const value = isSecret(declaration) ? undefined : parameters[name];
    return [
      name,
      value === undefined || !isJsonObject(declaration) ? declaration : { ...declaration, defaultValue: value },
    ];
  });
  return cleanDefinition({ ...definition, parameters: Object.fromEntries(merged) }, parameters['$connections']);
}

function secretParameters(...definitions: readonly JsonObject[]): readonly string[] {
  const names = definitions.flatMap(({ parameters = {} }) =>
    isJsonObject(parameters)
      ? Object.entries(parameters).flatMap(([name, declaration]) => (isSecret(declaration) ? [name] : []))
      : [],
  );
  return [...new Set(names)];
}

function isSecret(declaration: Json): boolean {
  return /^secure/i.test(textOf(member(declaration, 'type')) ?? '');
}
