import type { Config } from '../../config/config.ts';
import type { Edit } from '../../config/patches.ts';
import { armLiteral, armLiteralValue } from '../../domain/arm-literal.ts';
import { UserError } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { applyEdits } from '../../workflow/patch/apply.ts';
import { valueAt } from '../../workflow/patch/compare.ts';
import { startsLate, withoutLateStart } from '../deploy/late-start.ts';
import type { PlannedDeployment } from '../deployments.ts';
import { type Drift, deployedTag } from './drift.ts';
import { editLine } from './report.ts';
import type { RuleDrift } from './rules.ts';

/** The edits of a playbook that a deployment would undo, one line each; empty if none would be lost. */
export function lostEdits({ playbook, edits, secrets, generated }: Drift): readonly string[] {
  const lost = edits.filter((edit) => !isIn(edit, generated));
  return [...lost.map((edit) => editLine(edit, playbook.name)), ...secrets.map((secret) => `! ${secret}`)];
}

/** Whether a definition has an edit already. */
function isIn(edit: Edit, definition: JsonObject): boolean {
  if (edit.kind === 'remove') return valueAt(definition, edit.at) === undefined;
  try {
    return applyEdits(definition, [{ edit, where: {} }]).superfluous.length > 0;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** @throws UserError if a deployment would undo edits made in the designer */
export function assertNothingLost(drifts: readonly Drift[], rules: readonly RuleDrift[]): void {
  const lost = drifts.flatMap((drift) => {
    const lines = lostEdits(drift);
    if (lines.length === 0) return [];
    const why = drift.isBaseKnown
      ? 'was edited since it was deployed'
      : 'is not what would be generated, and nothing tells what was last deployed';
    return [`${drift.playbook.name} ${why}:`, ...lines.map((line) => `  ${line}`)];
  });
  const edited = rules.filter(({ isEdited }) => isEdited);
  for (const { displayName, differences } of edited)
    lost.push(`the automation rule "${displayName}" was edited:`, ...differences.map((edit) => `  ${editLine(edit)}`));
  if (lost.length === 0) return;
  throw new UserError('deploy.edited', `deploying would undo edits\n${lost.join('\n')}`, {
    remedy: `Run "signl4-sentinel pull" to keep them in signl4.yaml and patches/, then deploy again; or deploy with --overwrite to undo them.${edited.length > 0 ? ' Of an edited rule, "pull" keeps conditions that are choices of the filter; of anything else make another rule, under another name.' : ''}`,
  });
}

/**
 * The deployment with everything that it does not manage left as it is in Azure: tags, whether the playbook is enabled, access
 * control, further identities. Also sets the tag that records what is deployed.
 */
export function keepingWhatIsThere(
  planned: PlannedDeployment,
  { deployed, generated }: Drift,
  { deployment }: Config,
  rulesTag: Readonly<Record<string, string>>,
): PlannedDeployment {
  const { name, value } = deployedTag(generated);
  const tag = { ...rulesTag, [name]: value };
  const resources = planned.template['resources'];
  if (!Array.isArray(resources)) return planned;
  return {
    ...planned,
    template: {
      ...planned.template,
      resources: resources.map((resource: Json) =>
        isJsonObject(resource) && resource['type'] === 'Microsoft.Logic/workflows'
          ? kept(resource, deployed, tag, deployment)
          : resource,
      ),
    },
  };
}

function kept(
  resource: JsonObject,
  deployed: Drift['deployed'],
  tag: Readonly<Record<string, string>>,
  { allowedCallers }: Config['deployment'],
): JsonObject {
  const { tags, properties } = resource;
  const own = isJsonObject(tags) ? tags : {};
  if (!deployed) return { ...resource, tags: { ...own, ...tag } };
  const { accessControl, state, identity } = deployed;
  const isChosen = allowedCallers.length > 0 && isJsonObject(properties) && properties['accessControl'] !== undefined;
  return {
    ...resource,
    tags: { ...otherTags(withoutLateStart(deployed.tags), { ...own, ...tag }), ...own, ...tag },
    ...(isJsonObject(identity['userAssignedIdentities']) && { identity: keptIdentity(identity) }),
    properties: {
      ...(isJsonObject(properties) ? properties : {}),
      ...(state === 'Disabled' && !startsLate(deployed) && { state }),
      // Access control from the configuration is already in the template.
      ...(accessControl && !isChosen && { accessControl: armLiteralValue(accessControl) }),
    },
  };
}

/** Azure ignores case in names of tags. */
function otherTags(tags: Readonly<Record<string, string>>, own: JsonObject): JsonObject {
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const others = Object.entries(tags).filter(([name]) => !taken.has(name.toLowerCase()));
  return Object.fromEntries(others.map(([name, value]) => [armLiteral(name), armLiteral(value)]));
}

function keptIdentity(identity: JsonObject): JsonObject {
  const assigned = identity['userAssignedIdentities'];
  const ids = isJsonObject(assigned) ? Object.keys(assigned) : [];
  return {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])),
  };
}
