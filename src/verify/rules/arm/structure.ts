import { holdsPlaceholder } from '../../../arm-expressions/value.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { listAt, objectAt, textAt } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { Resource, TemplateLevel } from '../../template-level.ts';

/** What Azure Resource Manager refuses before it deploys anything. */
export const armStructureRules: readonly SubjectRule<TemplateLevel>[] = [
  {
    id: 'arm.resource-members',
    level: 'error',
    source: sources.armSyntax,
    help: 'Give every resource type, name and apiVersion as strings, and the template a contentVersion.',
    check: ({ template, resources, at }) => [
      ...(textAt(template, 'contentVersion') === undefined
        ? [{ pointer: '', message: 'the template has no contentVersion' }]
        : []),
      ...resources.flatMap((resource) =>
        ['type', 'name', 'apiVersion']
          .filter((member) => textAt(resource.raw, member) === undefined)
          .map((member) => ({ pointer: below(resource, at), message: `the resource has no ${member}` })),
      ),
    ],
  },
  {
    id: 'arm.duplicate-resource',
    level: 'error',
    source: sources.armSyntax,
    help: 'Remove one, or give it another name: a template may have a resource once.',
    check: (level) => {
      const certain = level.resources.filter(({ raw }) => raw['condition'] === undefined && raw['copy'] === undefined);
      const seen = new Set<string>();
      return certain.flatMap((resource) => {
        const name = nameOf(level, resource);
        if (name === undefined || resource.type === '') return [];
        const scope = level.evaluate(resource.raw['scope']) ?? '';
        const key = [parentOf(resource), resource.type, name, scope].join('\n').toLowerCase();
        if (!seen.has(key)) {
          seen.add(key);
          return [];
        }
        return [{ pointer: below(resource, level.at), message: `there is another ${resource.type} called "${name}"` }];
      });
    },
  },
  {
    id: 'arm.missing-dependency',
    level: 'error',
    source: sources.armSyntax,
    help: 'Let dependsOn name resources of the same template: what is there already needs no dependency.',
    check: missingDependencies,
  },
  {
    id: 'arm.default-value',
    // Only refused if no other value is passed.
    level: 'warning',
    source: sources.armSyntax,
    help: 'Let the default have the type of the parameter, and be among its allowed values and within its limits.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'parameters')).flatMap(([name, declared]) => {
        const problem = isJsonObject(declared) ? defaultProblem(declared) : 'the parameter must be an object';
        return problem === undefined
          ? []
          : [{ pointer: `/parameters${pointerStep(name)}`, message: `${name}: ${problem}` }];
      }),
  },
];

/** Pointers of violations are relative to the template. */
function below({ at }: Resource, template: string): string {
  return at.slice(template.length);
}

/** Of a child: where its parent is. */
function parentOf({ at }: Resource): string {
  return at.slice(0, at.lastIndexOf('/resources/'));
}

/** Undefined if it depends on values that only a deployment has. */
function nameOf(level: TemplateLevel, { raw }: Resource): string | undefined {
  const name = level.evaluate(raw['name']);
  const isMadeUp = typeof name === 'string' && name.includes(String(level.evaluate('[newGuid()]')));
  return typeof name === 'string' && !isMadeUp && !holdsPlaceholder(name) ? name : undefined;
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase();

function missingDependencies(level: TemplateLevel): Violation[] {
  const { resources, at, template } = level;
  const names = resources.map((resource) => nameOf(level, resource));
  // A name that is only known at deployment may be the one meant.
  if (names.some((name) => name === undefined)) return [];
  const symbolic = Array.isArray(template['resources']) ? [] : Object.keys(objectAt(template, 'resources'));
  const known = new Set(
    [
      ...names.flatMap((name = '') => [name, lastOf(name)]),
      ...resources.flatMap(({ raw }) => textAt(raw, 'copy', 'name') ?? []),
      ...symbolic,
    ].map((name) => name.toLowerCase()),
  );
  return resources.flatMap((resource, index) =>
    listAt(resource.raw, 'dependsOn').flatMap((entry, position) => {
      const id = level.evaluate(entry);
      if (typeof id !== 'string' || id === '' || holdsPlaceholder(id)) return [];
      const pointer = `${below(resource, at)}/dependsOn/${position}`;
      const own = names[index]?.toLowerCase();
      const isItself = own !== undefined && id.toLowerCase().endsWith(`/${resource.type}/${own}`);
      if (isItself && resource.raw['copy'] === undefined)
        return [{ pointer, message: 'the resource depends on itself' }];
      return known.has(id.toLowerCase()) || known.has(lastOf(id))
        ? []
        : [{ pointer, message: `no resource of the template is "${id}"` }];
    }),
  );
}

const IS_OF: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  securestring: (value) => typeof value === 'string',
  int: (value) => Number.isInteger(value),
  bool: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => isJsonObject(value),
  secureobject: (value) => isJsonObject(value),
};

function defaultProblem(declared: JsonObject): string | undefined {
  const type = textAt(declared, 'type');
  const isOf = IS_OF[type?.toLowerCase() ?? ''];
  if (declared['$ref'] !== undefined) return undefined;
  if (!isOf) return `the type is ${JSON.stringify(type ?? null)}; expected ${Object.keys(IS_OF).join(', ')}`;
  const value = declared['defaultValue'];
  // Nullable parameters have null; the value of an expression is only known at deployment.
  if (value === undefined || value === null || holdsExpression(value)) return undefined;
  if (!isOf(value)) return `the default must be of type ${type}; got ${JSON.stringify(value).slice(0, 60)}`;
  const allowed = listAt(declared, 'allowedValues');
  const given = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const isAllowed = (one: Json) => allowed.some((each) => JSON.stringify(each) === JSON.stringify(one));
  if (allowed.length > 0 && !isAllowed(value) && !given.every(isAllowed))
    return `the default ${JSON.stringify(value).slice(0, 60)} is not among the allowed values`;
  const size = typeof value === 'number' ? value : (value as string | readonly Json[]).length;
  const [least, most] = typeof value === 'number' ? ['minValue', 'maxValue'] : ['minLength', 'maxLength'];
  const limit = (name: string | undefined) => Number(declared[name ?? ''] ?? Number.NaN);
  if (size < limit(least)) return `the default is below ${least}, ${limit(least)}`;
  if (size > limit(most)) return `the default is above ${most}, ${limit(most)}`;
  return undefined;
}

function holdsExpression(value: Json): boolean {
  if (typeof value === 'string') return /^\[(?!\[).*\]$/s.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value as object).some((one) => holdsExpression(one as Json))
  );
}
