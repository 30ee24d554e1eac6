import { evaluateArm } from '../arm-expressions/evaluate.ts';
import { type ArmScope, offlineDeployment } from '../arm-expressions/scope.ts';
import { templateScope } from '../arm-expressions/template.ts';
import { type ArmValue, Placeholder, toJson } from '../arm-expressions/value.ts';
import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { objectAt, textAt } from './json-walk.ts';
import { oncePer } from './once-per.ts';
import type { JsonFile, Tree } from './tree.ts';

/** A resource of a template. */
export interface Resource {
  /** JSON pointer in the file. */
  readonly at: string;
  /** In lower case. */
  readonly type: string;
  readonly raw: JsonObject;
}

/**
 * A template as a single deployment evaluates it: that of a file, or one that a Content Hub package contains and deploys later.
 * An inner template is given as its own deployment sees it, with outer expressions evaluated and doubled brackets unescaped.
 */
export interface TemplateLevel {
  readonly file: string;
  readonly role: 'outer' | 'inner';
  /** JSON pointer of the template in the file. */
  readonly at: string;
  readonly template: JsonObject;
  readonly scope: ArmScope;
  readonly resources: readonly Resource[];
  /** The evaluated value of a part of the template; undefined if an expression in it fails. */
  evaluate(value: Json | undefined): Json | undefined;
}

const levelsByFile = new WeakMap<JsonFile, readonly TemplateLevel[]>();
/** Copies of a file share the parsed content and all evaluated values. */
const levelsByContent = new WeakMap<JsonObject, readonly TemplateLevel[]>();

/** All templates of a tree, including those in packages and nested deployments. */
export function levelsOf(tree: Tree): TemplateLevel[] {
  return tree.ofKind('template').flatMap((file) => levelsOfFile(file));
}

export function levelsOfFile(file: JsonFile & { readonly json: JsonObject }): readonly TemplateLevel[] {
  const known = levelsByFile.get(file);
  if (known) return known;
  const read = levelsByContent.get(file.json) ?? levelsAt(file.path, file.json, '', 'outer');
  levelsByContent.set(file.json, read);
  const levels = read.map((level) => (level.file === file.path ? level : { ...level, file: file.path }));
  levelsByFile.set(file, levels);
  return levels;
}

function levelsAt(file: string, template: JsonObject, at: string, role: TemplateLevel['role']): TemplateLevel[] {
  const scope = templateScope(template, valuesFor(template), offlineDeployment);
  const level: TemplateLevel = {
    file,
    role,
    at,
    template,
    scope,
    resources: resourcesIn(template, at),
    evaluate: evaluatedOnce(scope),
  };
  const inner = level.resources.flatMap(({ raw, at: resource, type }) => {
    const member = innerTemplateMember(type, raw);
    const text = member === undefined ? undefined : objectAt(raw, 'properties')[member];
    if (member === undefined || text === undefined) return [];
    const evaluatesLater = type !== 'microsoft.resources/deployments';
    const found = evaluatesLater ? evaluated(text, scope) : text;
    return found !== undefined && isJsonObject(found)
      ? levelsAt(file, found, `${resource}/properties/${member}`, 'inner')
      : [];
  });
  return [level, ...inner];
}

/** The member with the inner template of Content Hub templates, template specs (version 2 packages) and nested deployments. */
export function innerTemplateMember(type: string, raw: JsonObject): 'mainTemplate' | 'template' | undefined {
  if (type.endsWith('/contenttemplates') || type === 'microsoft.resources/templatespecs/versions')
    return 'mainTemplate';
  const isInner = textAt(raw, 'properties', 'expressionEvaluationOptions', 'scope')?.toLowerCase() === 'inner';
  return type === 'microsoft.resources/deployments' && isInner ? 'template' : undefined;
}

/**
 * Resources are a list or an object by symbolic name (languageVersion 2.0). Includes child resources and nested templates
 * evaluated in the outer scope.
 */
function resourcesIn(template: JsonObject, at: string): Resource[] {
  const resources = template['resources'];
  if (typeof resources !== 'object' || resources === null) return [];
  return Object.entries(resources as Readonly<Record<string, Json>>).flatMap(([key, raw]) => {
    if (!isJsonObject(raw)) return [];
    const pointer = `${at}/resources${pointerStep(key)}`;
    const type = (textAt(raw, 'type') ?? '').toLowerCase();
    const isInner = innerTemplateMember(type, raw) !== undefined;
    const nested =
      type === 'microsoft.resources/deployments' && !isInner
        ? resourcesIn(objectAt(raw, 'properties', 'template'), `${pointer}/properties/template`)
        : resourcesIn(raw, pointer);
    return [{ at: pointer, type, raw }, ...nested];
  });
}

/** The scope in which a resource is evaluated (that of the first iteration of a copy loop); undefined if it is not deployed. */
export function scopeOfResource(level: TemplateLevel, raw: JsonObject): ArmScope | undefined {
  const copy = raw['copy'];
  if (copy === undefined || !isJsonObject(copy))
    return level.evaluate(raw['condition']) === false ? undefined : level.scope;
  const count = level.evaluate(copy['count']);
  if (count === 0) return undefined;
  const scope = {
    ...level.scope,
    copyIndexes: new Map([
      ['', 0],
      [String(copy['name']), 0],
    ]),
  };
  return evaluated(raw['condition'], scope) === false ? undefined : scope;
}

/** Caches evaluated parts, which many rules ask for. */
function evaluatedOnce(scope: ArmScope): TemplateLevel['evaluate'] {
  const ofPart = oncePer((part: Json) => evaluated(part, scope));
  return (part) => (typeof part === 'object' && part !== null ? ofPart(part) : evaluated(part, scope));
}

function evaluated(value: Json | undefined, scope: ArmScope): Json | undefined {
  if (value === undefined || !mayHaveExpressions(value)) return value;
  try {
    return toJson(evaluateArm(value, scope));
  } catch (error) {
    if (error instanceof UserError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a string or member name starts with a bracket; otherwise there is nothing to evaluate. */
function mayHaveExpressions(value: Json): boolean {
  if (typeof value === 'string') return value.startsWith('[');
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return (value as readonly Json[]).some(mayHaveExpressions);
  return Object.entries(value).some(([name, member]) => name.startsWith('[') || mayHaveExpressions(member));
}

/** Values for required parameters. Strings have placeholders already, and objects have any member. */
const standIns: Readonly<Record<string, (name: string) => ArmValue>> = {
  int: () => 0,
  bool: () => false,
  array: () => [],
  object: (name) => new Placeholder(`parameters(${name})`),
  secureobject: (name) => new Placeholder(`parameters(${name})`),
};

function valuesFor(template: JsonObject): Record<string, ArmValue> {
  return Object.fromEntries(
    Object.entries(objectAt(template, 'parameters')).flatMap(([name, declaration]) => {
      const standIn = standIns[(textAt(declaration, 'type') ?? '').toLowerCase()];
      return standIn === undefined || objectAt(declaration)['defaultValue'] !== undefined
        ? []
        : [[name, standIn(name)]];
    }),
  );
}

/** The resources of a type, with the level they belong to. */
export function resourcesOf(level: TemplateLevel, type: string): readonly Resource[] {
  return level.resources.filter((resource) => resource.type === type.toLowerCase());
}

/** Resources of packages of versions 1 and 2. */
const OF_OLD_PACKAGES = ['microsoft.resources/templatespecs', 'workspaces/providers/metadata'];

/** Whether a template is a Content Hub package: it has a contentPackages resource or its own metadata resource. */
export function isPackage({ file, role, resources }: TemplateLevel): boolean {
  const types = ['/contentpackages', '/contenttemplates'];
  if (/(^|\/)mainTemplate\.json$/i.test(file)) types.push(...OF_OLD_PACKAGES);
  return role === 'outer' && resources.some(({ type }) => types.some((end) => type.endsWith(end)));
}

/** Resources that make a template what it is. */
const MAIN_TYPES = ['Microsoft.Logic/workflows', 'Microsoft.Web/customApis'];

const sourceNames = new WeakMap<Tree, ReadonlySet<string>>();

/** Whether the source of a template in a package is in the same tree: problems are then reported there. */
export function hasSource(tree: Tree, level: TemplateLevel): boolean {
  if (level.role === 'outer') return false;
  let known = sourceNames.get(tree);
  if (known === undefined) {
    const outer = levelsOf(tree).filter((one) => one.role === 'outer' && !isPackage(one));
    known = new Set(outer.flatMap(mainNames));
    sourceNames.set(tree, known);
  }
  const names = mainNames(level);
  return names.length > 0 && names.every((name) => known.has(name));
}

function mainNames(level: TemplateLevel): string[] {
  return MAIN_TYPES.flatMap((type) =>
    resourcesOf(level, type).map(({ raw }) => `${type} ${level.evaluate(raw['name'])}`.toLowerCase()),
  );
}
