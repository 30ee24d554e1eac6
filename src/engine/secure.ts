import type { Json, SecureData } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';
import type { ActionNode, TypeName, WorkflowModel } from './model.ts';
import { referencesOfAction } from './references.ts';

/** Text that the run history shows for secured content. */
export const HIDDEN = 'Content not shown due to security configuration.';

/** Parts of an action that the run history must not show. */
export interface SecureParts {
  readonly inputs: boolean;
  readonly outputs: boolean;
}

/** Actions that pass their inputs through, so hidden inputs also hide their outputs. */
const PASSING: ReadonlySet<TypeName> = new Set([
  'Compose',
  'ParseJson',
  'Response',
  'Select',
  'Query',
  'Join',
  'Table',
  'SetVariable',
  'AppendToArrayVariable',
  'AppendToStringVariable',
]);

/**
 * Secured inputs and outputs of all actions that have any, by id. Inputs that refer to secured outputs are hidden as well
 * ("Secure access and data in Azure Logic Apps", considerations for secure inputs and outputs).
 */
export function secureParts(model: WorkflowModel, trigger: object | undefined): Map<string, SecureParts> {
  const parts = new Map<string, SecureParts>();
  for (const node of model.nodes) {
    const secured = securedProperties(node.action);
    const inputs = secured.includes('inputs');
    parts.set(node.id, { inputs, outputs: secured.includes('outputs') || (inputs && PASSING.has(node.type)) });
  }
  const triggerIsSecured = trigger !== undefined && securedProperties(trigger).includes('outputs');
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of model.nodes) {
      const own = parts.get(node.id);
      if (!own || own.inputs || !refersToSecured(node, parts, triggerIsSecured)) continue;
      parts.set(node.id, { inputs: true, outputs: own.outputs || PASSING.has(node.type) });
      changed = true;
    }
  }
  return parts;
}

/** `runtimeConfiguration.secureData.properties` of a trigger or action. */
export function securedProperties(operation: object): readonly string[] {
  const { runtimeConfiguration } = operation as { runtimeConfiguration?: { secureData?: SecureData } };
  return runtimeConfiguration?.secureData?.properties ?? [];
}

function refersToSecured(node: ActionNode, parts: ReadonlyMap<string, SecureParts>, trigger: boolean): boolean {
  const found = referencesOfAction(node.action);
  if (trigger && found.trigger.length > 0) return true;
  return found.actions.some(({ name }) => parts.get(name.toLowerCase())?.outputs === true);
}

const SECRETS = new Set(['password', 'secret', 'pfx', 'value', 'clientsecret']);

/** Authentication as shown in the run history, with `*sanitized*` for secrets. */
export function sanitizedAuthentication<T extends WdlValue | Json>(authentication: T): T {
  if (typeof authentication !== 'object' || authentication === null || Array.isArray(authentication))
    return authentication;
  const members = Object.entries(authentication).map(([name, value]) => [
    name,
    SECRETS.has(name.toLowerCase()) ? '*sanitized*' : value,
  ]);
  return Object.fromEntries(members) as T;
}
