import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { WorkflowDefinition } from '../wdl/types.ts';

/**
 * A definition of which a tree can be built: leaves out malformed actions and members. The structure rules report those; the
 * other rules check the rest.
 */
export function soundDefinition(definition: JsonObject): WorkflowDefinition {
  return {
    ...definition,
    parameters: objectsOf(definition['parameters']),
    triggers: objectsOf(definition['triggers']),
    actions: soundActions(definition['actions']),
  } as unknown as WorkflowDefinition;
}

function soundActions(actions: Json | undefined): JsonObject {
  return mapped(objectsOf(actions), soundAction);
}

function soundAction(action: JsonObject): JsonObject {
  const sound: Record<string, Json> = { ...action, runAfter: statesOf(action['runAfter']) };
  if ('actions' in action) sound['actions'] = soundActions(action['actions']);
  if ('cases' in action) sound['cases'] = mapped(objectsOf(action['cases']), withSoundActions);
  for (const branch of ['else', 'default']) {
    const inside = action[branch];
    if (inside !== undefined) sound[branch] = isJsonObject(inside) ? withSoundActions(inside) : {};
  }
  if (String(action['type']).toLowerCase() === 'initializevariable') sound['inputs'] = soundVariables(action['inputs']);
  return sound;
}

function withSoundActions(branch: JsonObject): JsonObject {
  return { ...branch, actions: soundActions(branch['actions']) };
}

function statesOf(runAfter: Json | undefined): JsonObject {
  const entries = runAfter !== undefined && isJsonObject(runAfter) ? Object.entries(runAfter) : [];
  return Object.fromEntries(
    entries.map(([name, states]) => [
      name,
      Array.isArray(states) ? states.filter((state) => typeof state === 'string') : [],
    ]),
  );
}

function soundVariables(inputs: Json | undefined): JsonObject {
  const variables = inputs !== undefined && isJsonObject(inputs) ? inputs['variables'] : undefined;
  return { variables: Array.isArray(variables) ? variables.filter(isJsonObject) : [] };
}

function objectsOf(value: Json | undefined): Readonly<Record<string, JsonObject>> {
  if (value === undefined || !isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])),
  );
}

function mapped(
  objects: Readonly<Record<string, JsonObject>>,
  change: (object: JsonObject) => JsonObject,
): Record<string, JsonObject> {
  return Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, change(object)]));
}
