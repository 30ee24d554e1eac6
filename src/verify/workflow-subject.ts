import type { Definition } from '../connector/swagger.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { nameProblems } from '../engine/check/names.ts';
import type { WorkflowProblem } from '../engine/check/problem.ts';
import { structureProblems } from '../engine/check/structure.ts';
import { serviceLimits } from '../engine/limits.ts';
import { type WorkflowModel, workflowModel } from '../engine/model.ts';
import type { WorkflowDefinition } from '../wdl/types.ts';
import { nameIn, objectAt, textAt } from './json-walk.ts';
import { definitionIn } from './kinds.ts';
import type { At } from './rule.ts';
import { shapeProblems } from './rules/connector/swagger-shape.ts';
import { soundDefinition } from './sound-definition.ts';
import { levelsOf, type Resource, resourcesOf, type TemplateLevel } from './template-level.ts';
import type { Tree } from './tree.ts';

/** The API that a workflow's connection uses. */
export type Api =
  | { readonly kind: 'managed'; readonly name: string }
  | { readonly kind: 'custom'; readonly name: string; readonly definition: Definition | undefined }
  | { readonly kind: 'unknown' };

/** A workflow as the service would receive it, with everything that rules need. */
export interface WorkflowSubject {
  readonly name: string;
  /** As written, including its errors. */
  readonly definition: JsonObject;
  /** The tree of actions, without malformed ones. */
  readonly model: WorkflowModel;
  /** Parameter values from the resource; undefined if only the definition is known. */
  readonly values: Readonly<Record<string, Json>> | undefined;
  /** Parameters whose value comes from a secret parameter of the template. */
  readonly secretParameters: ReadonlySet<string>;
  /** Problems for which the engine, and so the service, refuses the workflow. */
  readonly problems: readonly WorkflowProblem[];
  /** The API of a connection by its key in `$connections`; undefined if there is no such connection. */
  apiOf(connectionKey: string): Api | undefined;
  readonly connectionKeys: readonly string[] | undefined;
}

interface TreeWorkflows {
  /** Includes copies; sources come before packages. */
  readonly all: readonly At<WorkflowSubject>[];
  readonly distinct: readonly At<WorkflowSubject>[];
}

const workflowsByTree = new WeakMap<Tree, TreeWorkflows>();

/**
 * All workflows of a tree: in templates, in templates inside packages, and in separate files. One that is identical in several
 * files is included once, at its first location.
 */
export function workflowsOf(tree: Tree): readonly At<WorkflowSubject>[] {
  return treeWorkflows(tree).distinct;
}

/** All workflows of a tree including copies; sources come before packages. */
export function allWorkflows(tree: Tree): readonly At<WorkflowSubject>[] {
  return treeWorkflows(tree).all;
}

function treeWorkflows(tree: Tree): TreeWorkflows {
  const known = workflowsByTree.get(tree);
  if (known) return known;
  const all = findWorkflows(tree);
  const seen = new Set<string>();
  const distinct = all.filter(({ subject }) => {
    const key = fingerprint(subject);
    return !seen.has(key) && seen.add(key);
  });
  workflowsByTree.set(tree, { all, distinct });
  return { all, distinct };
}

function findWorkflows(tree: Tree): At<WorkflowSubject>[] {
  const connectors = customConnectors(tree);
  const levels = levelsOf(tree);
  const ordered = [...levels.filter(({ role }) => role === 'outer'), ...levels.filter(({ role }) => role === 'inner')];
  return [
    ...ordered.flatMap((level) => inTemplate(level, connectors)),
    ...tree.ofKind('workflow').map(({ path, json }) => ({ file: path, ...inFile(json, connectors) })),
  ];
}

/** A key without what packaging adds or removes: equal for a source and its copy in a package. */
export function fingerprint({
  name,
  definition,
  values,
}: Pick<WorkflowSubject, 'name' | 'definition' | 'values'>): string {
  return JSON.stringify([name, pruned(definition), pruned(values ?? {})]);
}

function pruned(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => pruned(item) ?? null);
    return items.length === 0 ? undefined : items;
  }
  if (value === null || value === '') return undefined;
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, pruned(member)] as const)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? undefined : (Object.fromEntries(members) as JsonObject);
}

function inTemplate(level: TemplateLevel, connectors: ReadonlyMap<string, Definition>): At<WorkflowSubject>[] {
  return resourcesOf(level, 'Microsoft.Logic/workflows').flatMap((resource) => {
    const definition = level.evaluate(objectAt(resource.raw, 'properties')['definition']);
    if (definition === undefined || !isJsonObject(definition)) return [];
    const values = level.evaluate(objectAt(resource.raw, 'properties')['parameters']);
    const given = isJsonObject(values) ? unwrapped(values) : {};
    const name = level.evaluate(resource.raw['name']);
    const subject = subjectFrom({
      name: typeof name === 'string' ? name : 'workflow',
      definition,
      values: given,
      secretParameters: secretsOf(resource, level),
      connectors,
    });
    return [{ file: level.file, at: `${resource.at}/properties/definition`, subject }];
  });
}

function inFile(json: JsonObject, connectors: ReadonlyMap<string, Definition>): Omit<At<WorkflowSubject>, 'file'> {
  const definition = definitionIn(json) ?? json;
  const isAlone = definition === json;
  const around = json['definition'] === definition ? json : objectAt(json, 'properties');
  const values = isAlone || around['parameters'] === undefined ? undefined : unwrapped(objectAt(around, 'parameters'));
  return {
    at: isAlone ? '' : around === json ? '/definition' : '/properties/definition',
    subject: subjectFrom({ name: 'workflow', definition, values, secretParameters: new Set(), connectors }),
  };
}

interface SubjectParts extends Pick<WorkflowSubject, 'name' | 'definition' | 'values' | 'secretParameters'> {
  readonly connectors: ReadonlyMap<string, Definition>;
}

function subjectFrom({ connectors, ...parts }: SubjectParts): WorkflowSubject {
  const sound = soundDefinition(parts.definition);
  const model = workflowModel(sound);
  const connections = parts.values?.['$connections'];
  const keys = connections !== undefined && isJsonObject(connections) ? connections : undefined;
  let problems: readonly WorkflowProblem[] | undefined;
  return {
    ...parts,
    model,
    // Computed lazily, because it is never needed for copies.
    get problems() {
      problems ??= [
        ...structureProblems(parts.definition as unknown as WorkflowDefinition, serviceLimits),
        ...nameProblems(model, serviceLimits),
      ];
      return problems;
    },
    connectionKeys: keys && Object.keys(keys),
    apiOf: (key) => {
      const own = keys && nameIn(keys, key);
      const entry = own === undefined ? undefined : keys?.[own];
      return entry === undefined ? undefined : apiFrom(textAt(entry, 'id') ?? '', connectors);
    },
  };
}

function apiFrom(id: string, connectors: ReadonlyMap<string, Definition>): Api {
  const match = /\/(managedApis|customApis)\/([^/]+)$/i.exec(id);
  const [, kind = '', name = ''] = match ?? [];
  if (!match) return { kind: 'unknown' };
  if (kind.toLowerCase() === 'managedapis') return { kind: 'managed', name: name.toLowerCase() };
  return { kind: 'custom', name, definition: connectors.get(name.toLowerCase()) };
}

/** The definitions of all custom connectors in a tree, by their name in lower case. */
function customConnectors(tree: Tree): ReadonlyMap<string, Definition> {
  const found = levelsOf(tree).flatMap((level) =>
    resourcesOf(level, 'Microsoft.Web/customApis').flatMap(({ raw }) => {
      const name = level.evaluate(raw['name']);
      const swagger = level.evaluate(objectAt(raw, 'properties')['swagger']);
      return typeof name === 'string' &&
        swagger !== undefined &&
        isJsonObject(swagger) &&
        shapeProblems(swagger).length === 0
        ? [[name.toLowerCase(), swagger as unknown as Definition] as const]
        : [];
    }),
  );
  return new Map(found);
}

/** `{ name: { value } }` -> name -> value. */
function unwrapped(parameters: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, entry]) => [name, objectAt(entry)['value'] ?? entry]),
  );
}

const PARAMETER_CALL = /parameters\('([^']+)'\)/gi;

/** Workflow parameters whose value or default comes from a `securestring` or `secureobject` parameter of the template. */
function secretsOf({ raw }: Resource, { template }: TemplateLevel): ReadonlySet<string> {
  const declared = objectAt(template, 'parameters');
  const isSecret = (name: string) =>
    Object.entries(declared).some(
      ([one, declaration]) =>
        one.toLowerCase() === name.toLowerCase() && /^secure/i.test(textAt(declaration, 'type') ?? ''),
    );
  const filled = [
    ...Object.entries(objectAt(raw, 'properties', 'parameters')),
    ...Object.entries(objectAt(raw, 'properties', 'definition', 'parameters')),
  ];
  return new Set(
    filled
      .filter(([, entry]) =>
        [...JSON.stringify(entry).matchAll(PARAMETER_CALL)].some(([, name = '']) => isSecret(name)),
      )
      .map(([name]) => name.toLowerCase()),
  );
}
