import { isDeepStrictEqual } from 'node:util';
import { find, isList, isMap, JsonNumber, type JsonTree, listAt, textAt } from './json-tree.ts';

/** Holds a package against another one of the same solution, part by part. */

/** A difference at one place; a path ends in `(order)` where only the order of the members differs. */
export interface Difference {
  readonly path: string;
  readonly official: string;
  readonly ours: string;
  /** Why it is there, for the known ones. */
  readonly explanation?: string;
}

export interface ComparedUnit {
  /** `contentTemplates 2 / resources 1`, `variables`, `createUiDefinition`, … */
  readonly name: string;
  /** JSON pointer of the part in the first package. */
  readonly pointer: string;
  readonly differences: readonly Difference[];
}

/** A known difference: cut these pieces out of both texts, and the rest must be the same. */
interface Known {
  readonly path: RegExp;
  readonly official: RegExp;
  readonly ours: RegExp;
  readonly explanation: string;
}

const OLD_NOTE = 'the note of packages made before the release notes were linked';

/** Differences that come from the tool's version or the time of packaging, not from the solution. */
const KNOWN: readonly Known[] = [
  {
    path: /^properties\.descriptionHtml$/,
    official: /^<p><strong>Note:<\/strong> <em>There may be .*?<\/em><\/p>\n/,
    ours: /^(?:<p>.*?<\/p>\n){3}/,
    explanation: OLD_NOTE,
  },
  {
    path: /^parameters\.config\.basics\.description$/,
    official: /\*\*Note:\*\* _There may be .*?_\n\n/,
    ours: /\*\*Note:\*\* (?:.*?\n\n){3}/,
    explanation: OLD_NOTE,
  },
  {
    path: /\.metadata\.lastUpdateTime$/,
    official: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    ours: /^\(absent\)$/,
    explanation: 'the time of packaging, because the playbook names no update time',
  },
  {
    path: /^parameters\.steps\[0\]\.elements\[\d+\]\.name$/,
    official: /(?<=^dataconnectors-link)2$/,
    ours: /(?<=^dataconnectors-link)1$/,
    explanation: 'the fixed name of the link, which tools of 2023 wrote',
  },
  {
    path: /^properties\.(?:requiredDataConnectors|entityMappings|eventGroupingSettings|customDetails|alertDetailsOverride|incidentConfiguration|sentinelEntitiesMappings)\b.* \(order\)$/,
    official: /^.*$/s,
    ours: /^.*$/s,
    explanation: 'the order of members, which the hash tables of PowerShell do not keep',
  },
  {
    path: /^properties\.serializedData$/,
    official: /\r\n$/,
    ours: /\n$/,
    explanation: 'the line break at the end, which is that of the system the tool ran on',
  },
  {
    path: /^playbookTemplateSpecName\d+$/,
    official: /concat\((?=concat\()|,variables\('playbookVersion\d+'\)\)/g,
    ours: /$^/,
    explanation: 'the version at the end of the name, which tools of 2023 wrote',
  },
];

/** A unit is a member of the outer template, a content template without its inner resources, or an inner resource. */
export function* mainTemplateUnits(official: JsonTree, ours: JsonTree): Generator<ComparedUnit> {
  for (const part of ['metadata', 'parameters', 'variables', 'outputs'])
    yield unit(part, `/${part}`, find(official, part), find(ours, part));
  const ourResources = listAt(ours, 'resources');
  for (const [index, resource] of listAt(official, 'resources').entries()) {
    yield* resourceUnits(resource, ourResources[index], index);
  }
  for (const extra of ourResources.slice(listAt(official, 'resources').length))
    yield unit('extra resource', '/resources', undefined, extra);
}

/** A content template counts without its inner resources, and each of those counts too. */
function* resourceUnits(official: JsonTree, ours: JsonTree | undefined, at: number): Generator<ComparedUnit> {
  const name = `${(textAt(official, 'type') ?? '').split('/').at(-1)} ${at + 1}`;
  yield unit(name, `/resources/${at}`, withoutInner(official), ours && withoutInner(ours));
  const ourInner = listAt(ours, 'properties', 'mainTemplate', 'resources');
  for (const [index, inner] of listAt(official, 'properties', 'mainTemplate', 'resources').entries()) {
    const type = (textAt(inner, 'type') ?? '').split('/').at(-1);
    const pointer = `/resources/${at}/properties/mainTemplate/resources/${index}`;
    yield unit(`${name} / ${type} ${index + 1}`, pointer, inner, ourInner[index]);
  }
}

function withoutInner(resource: JsonTree): JsonTree {
  if (!isMap(resource)) return resource;
  const properties = find(resource, 'properties');
  const template = find(properties, 'mainTemplate');
  if (!isMap(properties) || !isMap(template)) return resource;
  const emptied = new Map(template).set('resources', `${listAt(template, 'resources').length} resources`);
  return new Map(resource).set('properties', new Map(properties).set('mainTemplate', emptied));
}

export function unit(
  name: string,
  pointer: string,
  official: JsonTree | undefined,
  ours: JsonTree | undefined,
): ComparedUnit {
  return { name, pointer, differences: [...differences('', official, ours)].map(explained) };
}

function explained(difference: Difference): Difference {
  const known = KNOWN.find(
    ({ path, official, ours }) =>
      path.test(difference.path) && difference.official.replace(official, '') === difference.ours.replace(ours, ''),
  );
  return known ? { ...difference, explanation: known.explanation } : difference;
}

function* differences(path: string, official?: JsonTree, ours?: JsonTree): Generator<Difference> {
  if (isMap(official) && isMap(ours)) {
    const names = new Set([...official.keys(), ...ours.keys()]);
    for (const name of names) yield* differences(path ? `${path}.${name}` : name, official.get(name), ours.get(name));
    if (
      names.size === official.size &&
      names.size === ours.size &&
      !isDeepStrictEqual([...official.keys()], [...ours.keys()])
    ) {
      yield { path: `${path} (order)`, official: [...official.keys()].join(' '), ours: [...ours.keys()].join(' ') };
    }
  } else if (isList(official) && isList(ours)) {
    for (let index = 0; index < Math.max(official.length, ours.length); index++) {
      yield* differences(`${path}[${index}]`, official[index], ours[index]);
    }
  } else if (shown(official) !== shown(ours)) {
    yield { path, official: shown(official), ours: shown(ours) };
  }
}

function shown(value: JsonTree | undefined): string {
  if (value === undefined) return '(absent)';
  if (value instanceof JsonNumber) return value.lexeme;
  if (isMap(value)) return `{${[...value.keys()].join(', ')}}`;
  return isList(value) ? `[${value.length} items]` : typeof value === 'string' ? value : String(value);
}
