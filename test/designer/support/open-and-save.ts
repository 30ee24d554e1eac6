import type { Definition } from '../../../src/connector/swagger.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/wdl/types.ts';
import { actions, type BuiltIn, triggers } from './built-in.ts';
import { connectorOffer, connectorTriggerOffer, type Mutable, put, savedConnectorInputs, taken } from './connector.ts';
import { complaintsOf, type Parameter, savedValue } from './parameter.ts';
import { isJson } from './pieces.ts';
import { at, savedSettings } from './settings.ts';

/*
 * What the Logic Apps designer makes of a Consumption workflow that somebody opens and saves without touching it. Facts:
 * Azure/LogicAppsUX, libs/designer/src/lib/core/parsers/BJSWorkflow/BJSDeserializer.ts, core/actions/bjsworkflow/serializer.ts,
 * core/utils/graph.ts and apps/Standalone/…/ConsumptionSerializationHelpers.ts.
 */

export interface Saved {
  readonly definition: JsonObject;
  /** What the designer would not draw, not show as what it is, or not save: "Get incident: …". */
  readonly complaints: readonly string[];
}

interface Workflow {
  readonly connectors: Readonly<Record<string, Definition>>;
  /** Types of the variables, in lower case, by name. */
  readonly variables: ReadonlyMap<string, string>;
  readonly complain: (name: string, complaints: readonly string[]) => void;
}

/** `connectors`: the definitions of the connectors, by key in `$connections`. */
export function openAndSave(definition: JsonObject, connectors: Readonly<Record<string, Definition>>): Saved {
  const complaints: string[] = [];
  const workflow: Workflow = {
    connectors,
    variables: new Map(variablesIn(definition)),
    complain: (name, found) => complaints.push(...found.map((complaint) => `${name}: ${complaint}`)),
  };
  const triggerNodes = nodes(definition['triggers']);
  const actionNodes = allNodes(definition['actions']);
  complaints.push(...complaintsOfNames([...triggerNodes, ...actionNodes].map(([name]) => name)));
  complaints.push(...complaintsOfCases(actionNodes));
  if (triggerNodes.length !== 1) complaints.push('the designer draws workflows with one trigger');
  return {
    definition: {
      ...definition,
      parameters: savedParameters(definition['parameters'], workflow),
      triggers: map(triggerNodes, (name, trigger) => savedNode(name, trigger, 'trigger', workflow)),
      actions: savedActions(definition['actions'], 'top', workflow),
    },
    complaints,
  };
}

type Place = 'trigger' | 'top' | 'inside';

function savedActions(children: Json | undefined, place: Place, workflow: Workflow): JsonObject {
  const siblings = nodes(children);
  for (const [name, action] of siblings) {
    const predecessors = Object.keys((action['runAfter'] ?? {}) as JsonObject);
    const missing = predecessors.filter((before) => !siblings.some(([sibling]) => sibling === before));
    workflow.complain(
      name,
      missing.map((before) => `cannot be drawn after "${before}", which is not beside it`),
    );
  }
  return map(siblings, (name, action) => savedNode(name, action, place, workflow));
}

/** Members in the order in which the designer writes them. */
function savedNode(name: string, node: JsonObject, place: Place, workflow: Workflow): JsonObject {
  const type = String(node['type']);
  const isConnector = /^ApiConnection(Webhook)?$/i.test(type);
  const builtIn = (place === 'trigger' ? triggers : actions)[type.toLowerCase()];
  if (!isConnector && !builtIn) workflow.complain(name, [`is of a type that is not modelled here: ${type}`]);
  const offer = builtIn?.offer ?? (place === 'trigger' ? connectorTriggerOffer : connectorOffer);
  const settings = savedSettings(node, offer);
  workflow.complain(name, settings.complaints);
  const { retryPolicy: _, ...given } = (node['inputs'] ?? {}) as JsonObject;
  const inputs = isConnector
    ? savedConnectorInputs(given, workflow.connectors, /Webhook$/i.test(type))
    : savedBuiltIn(node, given, builtIn ?? { parameters: [], offer: {} }, workflow);
  workflow.complain(name, inputs.complaints);
  return {
    type,
    ...member(node, 'description'),
    ...member(node, 'kind'),
    ...savedInputs(builtIn, inputs.inputs, settings.retryPolicy),
    ...savedChildren(node, builtIn, workflow),
    ...savedRunAfter(node, place),
    ...member(node, 'metadata'),
    ...settings.members,
  };
}

function savedInputs(builtIn: BuiltIn | undefined, inputs: Json, retryPolicy: Json | undefined): JsonObject {
  const location = builtIn ? builtIn.inputs : 'inputs';
  const whole = retryPolicy === undefined ? inputs : { ...(inputs as JsonObject), retryPolicy };
  if (location !== undefined) return whole === undefined ? {} : { [location]: whole };
  return whole as JsonObject;
}

/** What begins a scope has no `runAfter`; what begins with the trigger has an empty one. */
function savedRunAfter(node: JsonObject, place: Place): JsonObject {
  const runAfter = (node['runAfter'] ?? {}) as JsonObject;
  const begins = Object.keys(runAfter).length === 0;
  return place === 'trigger' || (begins && place === 'inside') ? {} : { runAfter };
}

/** Both branches of an If and the default of a Switch are written, empty or not; then the cases, each with its value last. */
function savedChildren(node: JsonObject, builtIn: BuiltIn | undefined, workflow: Workflow): JsonObject {
  const result: Mutable = {};
  for (const path of builtIn?.children ?? []) put(result, path, savedActions(at(node, ...path), 'inside', workflow));
  if (!builtIn?.cases) return result;
  const { path, value } = builtIn.cases;
  for (const [name, branch] of nodes(node[path])) {
    const given = at(branch, ...value.path);
    workflow.complain(
      name,
      complaintsOf(value, given).map((complaint) => `${value.path.join('.')} ${complaint}`),
    );
    put(result, [path, name, 'actions'], savedActions(branch['actions'], 'inside', workflow));
    put(result, [path, name, ...value.path], savedValue(value, given) ?? '');
  }
  return result;
}

function savedBuiltIn(
  node: JsonObject,
  given: JsonObject,
  builtIn: BuiltIn,
  workflow: Workflow,
): { readonly inputs: Json; readonly complaints: readonly string[] } {
  const [first] = builtIn.parameters;
  const whole = first?.path.length === 0 ? first : undefined;
  if (whole) {
    const value = node[builtIn.inputs ?? 'inputs'];
    return { inputs: savedValue(whole, value) ?? null, complaints: complaintsOf(whole, value) };
  }
  const rest = structuredClone(builtIn.inputs ? given : node) as Mutable;
  const saved: Mutable = {};
  const complaints: string[] = [];
  for (const parameter of typedParameters(node, builtIn, workflow)) {
    const value = taken(rest, parameter.path);
    complaints.push(...complaintsOf(parameter, value).map((complaint) => `${parameter.path.join('.')} ${complaint}`));
    const kept = isHidden(parameter, node) ? undefined : savedValue(parameter, value);
    if (kept !== undefined) put(saved, parameter.path, kept);
  }
  // What the designer does not know is kept where it lies among inputs, and lost where it lies beside them.
  if (builtIn.inputs) for (const [name, value] of Object.entries(rest)) put(saved, [name], value);
  return { inputs: saved, complaints };
}

/** The value of a variable has the variable's type. */
function typedParameters(node: JsonObject, builtIn: BuiltIn, { variables }: Workflow): readonly Parameter[] {
  const type = variables.get(String(at(node, 'inputs', 'name')));
  return builtIn.parameters.map((parameter) =>
    parameter.path[0] === 'value' && type ? { ...parameter, type: type as Parameter['type'] } : parameter,
  );
}

/** A run that was not terminated as failed has no error. */
function isHidden({ path }: Parameter, node: JsonObject): boolean {
  return path[0] === 'runError' && at(node, 'inputs', 'runStatus') !== 'Failed';
}

const PARAMETER_TYPES = /^(secure)?(string|object)$|^(int|float|bool|array)$/i;

/**
 * `$connections` is always declared, and what has no name is dropped. Texts of other types than texts are read as JSON, where
 * they are any.
 */
function savedParameters(parameters: Json | undefined, workflow: Workflow): JsonObject {
  const declared = nodes(parameters).filter(([name]) => name !== '$connections' && name !== '');
  return {
    $connections: { defaultValue: {}, type: 'Object' },
    ...map(declared, (name, { defaultValue, ...declaration }) => {
      const type = String(declaration['type']);
      if (!PARAMETER_TYPES.test(type)) workflow.complain(name, [`is of no type that a parameter may have: ${type}`]);
      const isText = /string$/i.test(type) || typeof defaultValue !== 'string';
      const value = isText ? defaultValue : defaultOfText(defaultValue);
      return { ...declaration, ...(value !== undefined && { defaultValue: value }) };
    }),
  };
}

function defaultOfText(text: string): Json | undefined {
  if (text === '') return undefined;
  return isJson(text) ? (JSON.parse(text) as Json) : text;
}

const NAME_LIMIT = 80;

function complaintsOfNames(names: readonly string[]): readonly string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.flatMap((name, index) => [
    ...(lower.indexOf(name.toLowerCase()) === index ? [] : [`${name}: is the name of two`]),
    ...(name.length > NAME_LIMIT || /[<>%&\\?/@:]/.test(name)
      ? [`${name}: is not a name that the designer takes`]
      : []),
  ]);
}

/** A case that has the name of an action is renamed when somebody opens the workflow. */
function complaintsOfCases(actions: readonly (readonly [string, JsonObject])[]): readonly string[] {
  const taken = new Set(actions.map(([name]) => name));
  return actions.flatMap(([switchName, node]) =>
    nodes(node['cases']).flatMap(([name]) => {
      const isTaken = taken.has(name);
      taken.add(name);
      return isTaken ? [`${switchName}: the case "${name}" has the name of something else and is renamed`] : [];
    }),
  );
}

function variablesIn(definition: JsonObject): readonly (readonly [string, string])[] {
  return allNodes(definition['actions']).flatMap(([, node]) => {
    const variables = at(node, 'inputs', 'variables');
    return (Array.isArray(variables) ? variables : []).map(
      (variable: JsonObject) => [String(variable['name']), String(variable['type']).toLowerCase()] as const,
    );
  });
}

function nodes(value: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return Object.entries((value ?? {}) as Readonly<Record<string, JsonObject>>);
}

function allNodes(children: Json | undefined): readonly (readonly [string, JsonObject])[] {
  return nodes(children).flatMap(([name, node]) => [
    [name, node] as const,
    ...allNodes(node['actions']),
    ...allNodes(at(node, 'else', 'actions')),
    ...allNodes(at(node, 'default', 'actions')),
    ...nodes(node['cases']).flatMap(([, branch]) => allNodes(branch['actions'])),
  ]);
}

function map(
  entries: readonly (readonly [string, JsonObject])[],
  save: (name: string, node: JsonObject) => JsonObject,
): JsonObject {
  return Object.fromEntries(entries.map(([name, node]) => [name, save(name, node)]));
}

function member(node: JsonObject, name: string): JsonObject {
  const value = node[name];
  return value === undefined || (isJsonObject(value) && Object.keys(value).length === 0) ? {} : { [name]: value };
}
