import type { Config } from '../../config/config.ts';
import type { PatchEntry } from '../../config/patches.ts';
import { armLiteralValue } from '../../domain/arm-literal.ts';
import { UserError, type Where } from '../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, objectOf } from '../../domain/json.ts';
import { references } from '../../wdl/references.ts';
import type { WorkflowDefinition } from '../../wdl/types.ts';
import type { Playbook } from '../playbook.ts';
import type { Choice, Workflow } from '../workflow.ts';
import { applyEdits } from './apply.ts';
import { isSame } from './canonical.ts';

/** Placeholder for a member of a connection that only the deployment knows. */
export const FROM_DEPLOYMENT = '[deployment]';

/** The configured playbook with edits made in the designer. @throws UserError for an edit that cannot be applied */
export function configuredWorkflow(playbook: Playbook, config: Config): Patched {
  return patchedWorkflow(playbook.build(config), config.patches?.[playbook.name] ?? []);
}

interface Patched {
  readonly workflow: Workflow;
  readonly superfluous: readonly PatchEntry[];
}

export function patchedWorkflow(workflow: Workflow, entries: readonly PatchEntry[]): Patched {
  if (entries.length === 0) return { workflow, superfluous: [] };
  const before = editableForm(workflow);
  const { definition, superfluous } = applyEdits(before, entries);
  assertSound(definition, entries[0]?.where ?? {});
  return { workflow: fromEditableForm(workflow, before, definition), superfluous };
}

/** The definition with the defaults of its parameters in place, and with its connections. */
function editableForm({ definition, choices, derived, connections }: Workflow): JsonObject {
  const chosen = Object.entries(choices).map(([name, { type, defaultValue }]): [string, Json] => [
    name,
    { type, ...(defaultValue !== undefined && type !== 'SecureString' && { defaultValue }) },
  ]);
  const following = Object.entries(derived.parameters).map(([name, { arm }]): [string, Json] => [
    name,
    { type: 'String', defaultValue: arm },
  ]);
  return {
    ...(definition as unknown as JsonObject),
    parameters: Object.fromEntries([...chosen, ...following]),
    connections: Object.fromEntries(
      connections.map(({ key, api }) => [
        key,
        {
          connectionId: FROM_DEPLOYMENT,
          connectionName: FROM_DEPLOYMENT,
          id: FROM_DEPLOYMENT,
          ...(api.kind === 'managed' && {
            connectionProperties: { authentication: { type: 'ManagedServiceIdentity' } },
          }),
        },
      ]),
    ),
  };
}

function fromEditableForm(workflow: Workflow, before: JsonObject, edited: JsonObject): Workflow {
  const { parameters, connections, ...definition } = edited;
  const declared = objectOf(parameters);
  const { $connections, ...generated } = objectOf(workflow.definition.parameters as unknown as Json);
  const choices: Record<string, Choice> = {};
  const derived: Record<string, { description: string; arm: string }> = {};
  const declarations: Record<string, Json> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const choice = workflow.choices[name];
    const follows = workflow.derived.parameters[name];
    const isUnchanged = isSame(objectOf(before['parameters'])[name], declaration);
    const members = isJsonObject(declaration) ? declaration : {};
    if (choice) choices[name] = withDefault(choice, members['defaultValue']);
    else if (follows && isUnchanged) derived[name] = follows;
    else if (members['type'] === 'SecureString') choices[name] = { type: 'SecureString', description: addedSecret };
    declarations[name] =
      (choice || isUnchanged ? generated[name] : undefined) ??
      (members['type'] === 'SecureString' ? { type: 'SecureString' } : armLiteralValue(members));
  }
  return {
    ...workflow,
    choices,
    derived: { ...workflow.derived, parameters: derived },
    connectionValues: changedConnections(objectOf(before['connections']), objectOf(connections)),
    definition: {
      ...definition,
      parameters: {
        $connections: $connections ?? { defaultValue: {}, type: 'Object' },
        ...declarations,
      },
      ...Object.fromEntries(
        ['triggers', 'outputs', 'metadata', 'staticResults'].flatMap((name) => {
          const value = edited[name];
          return value === undefined ? [] : [[name, literalWhereEdited(before[name], value)]];
        }),
      ),
    } as unknown as WorkflowDefinition,
  };
}

const addedSecret = 'Secret that the playbook uses; it was added in the designer.';

function withDefault(choice: Choice, defaultValue: Json | undefined): Choice {
  return defaultValue === undefined || choice.type === 'SecureString' ? choice : { ...choice, defaultValue };
}

/** Strings of the playbook may be ARM expressions; strings in edits are literal. Actions contain none. */
function literalWhereEdited(before: Json | undefined, after: Json): Json {
  if (isSame(before, after)) return after;
  if (!isJsonObject(before) || !isJsonObject(after)) return armLiteralValue(after);
  return Object.fromEntries(Object.entries(after).map(([key, value]) => [key, literalWhereEdited(before[key], value)]));
}

/** Detects broken references after edits or a new release: an action that runs after, or reads, a missing one. */
function assertSound(definition: JsonObject, { file }: Where): void {
  const names = new Set<string>();
  const problems: string[] = [];
  const visit = (actions: Json | undefined): void => {
    const siblings = objectOf(actions);
    for (const [name, action] of Object.entries(siblings)) {
      if (names.has(name.toLowerCase())) problems.push(`two actions are called ${name}`);
      names.add(name.toLowerCase());
      for (const before of Object.keys(objectOf(objectOf(action)['runAfter'])))
        if (!Object.hasOwn(siblings, before)) problems.push(`${name} runs after ${before}, which is not beside it`);
      const { actions: inner, else: otherwise, default: fallback, cases } = objectOf(action);
      visit(inner);
      for (const branch of [otherwise, fallback, ...Object.values(objectOf(cases))]) visit(objectOf(branch)['actions']);
    }
  };
  visit(definition['actions']);
  for (const { name, pointer } of references(definition['actions']).actions)
    if (!names.has(name.toLowerCase())) problems.push(`actions${pointer} reads ${name}, which is not there`);
  const [problem] = problems;
  if (problem)
    throw new UserError('patch.broken', `with these edits the playbook does not fit together: ${problem}`, {
      where: file === undefined ? {} : { file },
      remedy: 'Adapt the entries to the playbook as it is generated now.',
    });
}

function changedConnections(before: JsonObject, after: JsonObject): JsonObject {
  const changed = Object.entries(after).filter(([key, value]) => !isSame(before[key], value));
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return { ...Object.fromEntries(changed), ...Object.fromEntries(removed.map((key) => [key, null])) };
}
