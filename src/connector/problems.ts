import { isJsonObject, type Json, type JsonObject, listOf } from '../domain/json.ts';
import type { Problem } from '../domain/problem.ts';
import type { SpecDocument } from './spec.ts';

/** Something wrong in the documents: in which file, and where in it. */
export interface SpecProblem extends Required<Problem> {
  readonly file: string;
  readonly path: readonly (string | number)[];
}

/** Maps that every document may add to; a name may only occur once. */
const sharedMaps = ['paths', 'definitions', 'parameters', 'responses', 'x-pickers'] as const;

/** Members that only a single document may have. */
export const singleMembers = [
  'swagger',
  'info',
  'host',
  'basePath',
  'schemes',
  'consumes',
  'produces',
  'securityDefinitions',
  'security',
  'x-ms-connector-metadata',
  'x-every-operation',
] as const;

const knownMembers = new Set<string>([...sharedMaps, ...singleMembers, 'tags']);

/** What keeps the documents from becoming one definition: unknown or repeated members, references that lead nowhere. */
export function findSpecProblems(documents: readonly SpecDocument[]): SpecProblem[] {
  return [
    ...documents.flatMap(unknownMembers),
    ...documents.flatMap(missingTag),
    ...documents.flatMap(emptyValues),
    ...repeatedMembers(documents),
    ...missingMembers(documents),
    ...brokenReferences(documents),
    ...documents.flatMap(chainedReferences),
    ...unusedEntries(documents),
  ];
}

function unknownMembers({ file, content }: SpecDocument): SpecProblem[] {
  return Object.keys(content)
    .filter((member) => !knownMembers.has(member))
    .map((member) => ({
      file,
      path: [member],
      message: `"${member}" has no meaning here`,
      remedy: `Use one of ${[...knownMembers].join(', ')}.`,
    }));
}

function missingTag({ file, content }: SpecDocument): SpecProblem[] {
  if (content['paths'] === undefined || tagOf(content) !== undefined) return [];
  return [
    {
      file,
      path: ['paths'],
      message: 'a document with paths has one tag with a name and a description, the heading of its operations',
      remedy: "Add tags: [{ name: …, description: '…' }] at the top.",
    },
  ];
}

/** A null is always a mistake: a string with a comma in braces, or a name without a value. */
function emptyValues({ file, content }: SpecDocument): SpecProblem[] {
  const problems: SpecProblem[] = [];
  forEachValue(content, [], (value, path) => {
    if (value !== null) return;
    const remedy = 'Give it a value, and put a string that contains a comma in quotes.';
    problems.push({ file, path, message: `"${path.at(-1)}" has no value`, remedy });
  });
  return problems;
}

/** The one tag of a document: the heading under which the readme lists its operations. */
export function tagOf(content: JsonObject): { name: string; description: string } | undefined {
  const [tag, ...more] = listOf(content['tags']);
  if (more.length > 0 || !isJsonObject(tag)) return undefined;
  const { name, description } = tag;
  return typeof name === 'string' && typeof description === 'string' ? { name, description } : undefined;
}

function repeatedMembers(documents: readonly SpecDocument[]): SpecProblem[] {
  const homes = new Map<string, string>();
  const problems: SpecProblem[] = [];
  const claim = (file: string, ...path: string[]) => {
    const key = path.join('\n');
    const home = homes.get(key);
    if (home === undefined) homes.set(key, file);
    else {
      const remedy = 'Keep one of the two, or give one of them another name.';
      problems.push({ file, path, message: `${path.join(' ')} is already in ${home}`, remedy });
    }
  };
  for (const { file, content } of documents) {
    for (const member of singleMembers) if (content[member] !== undefined) claim(file, member);
    for (const map of sharedMaps) for (const name of Object.keys(entries(content, map))) claim(file, map, name);
  }
  return problems;
}

function missingMembers(documents: readonly SpecDocument[]): SpecProblem[] {
  const first = documents[0];
  if (first === undefined) {
    return [{ file: '', path: [], message: 'there is no document', remedy: 'Add the files of the connector.' }];
  }
  const optional = new Set<string>(['x-every-operation']);
  return singleMembers
    .filter((member) => !optional.has(member) && documents.every(({ content }) => content[member] === undefined))
    .map((member) => ({
      file: first.file,
      path: [],
      message: `no document says "${member}"`,
      remedy: `Add ${member} to info.yaml.`,
    }));
}

interface Use {
  readonly file: string;
  readonly path: Path;
  readonly map: string;
  readonly name: string;
}

function brokenReferences(documents: readonly SpecDocument[]): SpecProblem[] {
  return documents
    .flatMap(usesIn)
    .filter(({ map, name }) => !documents.some(({ content }) => Object.hasOwn(entries(content, map), name)))
    .map(({ file, path, map, name }) => ({
      file,
      path,
      message: `there is no "${name}" in ${map}`,
      remedy: `Correct the name, or add ${name} to ${map}.`,
    }));
}

/** Shared parameters and responses may not refer to others, which could be cyclic. */
function chainedReferences(document: SpecDocument): SpecProblem[] {
  const writtenOut = ['parameters', 'responses'];
  return usesIn(document)
    .filter(({ path, map }) => writtenOut.includes(String(path[0])) && writtenOut.includes(map))
    .map(({ file, path, map, name }) => ({
      file,
      path,
      message: `a shared entry cannot refer to ${name} of ${map}`,
      remedy: 'Write out here what the other entry says.',
    }));
}

function unusedEntries(documents: readonly SpecDocument[]): SpecProblem[] {
  const used = new Set(documents.flatMap(usesIn).map(({ map, name }) => `${map}\n${name}`));
  const problems: SpecProblem[] = [];
  for (const { file, content } of documents) {
    for (const map of sharedMaps.filter((name) => name !== 'paths')) {
      for (const name of Object.keys(entries(content, map))) {
        if (used.has(`${map}\n${name}`)) continue;
        const remedy = 'Remove it, or refer to it where it is needed.';
        problems.push({ file, path: [map, name], message: `nothing uses ${name} of ${map}`, remedy });
      }
    }
  }
  return problems;
}

/** Every `$ref` and `x-picker` of a document, with its place. */
function usesIn({ file, content }: SpecDocument): Use[] {
  const uses: Use[] = [];
  forEachValue(content, [], (value, path) => {
    if (typeof value !== 'string') return;
    if (path.at(-1) === '$ref') {
      const [, map = '', name = ''] = value.split('/');
      uses.push({ file, path, map, name });
    } else if (path.at(-1) === 'x-picker') uses.push({ file, path, map: 'x-pickers', name: value });
  });
  return uses;
}

type Path = readonly (string | number)[];

function forEachValue(value: Json, path: Path, visit: (value: Json, path: Path) => void): void {
  visit(value, path);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) forEachValue(item, [...path, index], visit);
  if (isJsonObject(value)) for (const [key, item] of Object.entries(value)) forEachValue(item, [...path, key], visit);
}

/** A map of a document; empty where the document has none. */
export function entries(content: JsonObject, map: string): JsonObject {
  const value = content[map];
  return isJsonObject(value) ? value : {};
}
