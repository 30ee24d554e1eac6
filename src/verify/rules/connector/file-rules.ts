import { memberOrder } from '../../../connector/definition.ts';
import { type Definition, lookUp, type Schema } from '../../../connector/swagger.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { below, operationsOf, schemasOf, valuesOf } from './walk.ts';

/** The documented limit of a definition is 1 MB. Some publishers were refused above half of that, others were certified. */
const BYTES = 1_000_000;
const CHARACTERS = 500_000;

/** How the file is written. */
export const textRules: readonly SubjectRule<string>[] = [
  {
    id: 'file.layout',
    level: 'note',
    source: sources.connectorStandards,
    help: 'Write the file as UTF-8 without byte order mark, indented by four blanks, without tabs and trailing blanks.',
    check: (text) => [
      ...(text.startsWith('\ufeff') ? [{ pointer: '', message: 'the file starts with a byte order mark' }] : []),
      ...layoutProblem(text.split('\n')),
    ],
  },
  {
    id: 'file.size',
    level: 'error',
    source: sources.connectorStandards,
    help: 'Shorten the definition: share answers of failure, leave out what repeats itself, give short members one line. It must stay below 1 MB; publishers were refused above 500,000 characters.',
    check: (text) => {
      const bytes = text.length > CHARACTERS ? bytesWithoutLayout(text) : 0;
      if (bytes > BYTES) return [{ pointer: '', message: `the file has ${bytes} bytes, at most 1 MB is taken` }];
      const message = `the file has ${text.length} characters, publishers were refused above 500,000`;
      return text.length > CHARACTERS ? [{ pointer: '', message, level: 'warning' }] : [];
    },
  },
];

/** White space does not count: definitions of 1.1 MB with indentation were certified. */
function bytesWithoutLayout(text: string): number {
  return Buffer.byteLength(text.replace(/^\uFEFF/, '').replace(/\n\s+/g, ''));
}

/** Only the first such line is reported, because the rest comes from the same editor. */
function layoutProblem(lines: readonly string[]): Violation[] {
  const wrong = lines.flatMap((line, index) => {
    const problem = lineProblem(line);
    return problem === undefined ? [] : [`line ${index + 1} ${problem}`];
  });
  const rest = wrong.length > 1 ? `, and ${wrong.length - 1} more lines` : '';
  return wrong[0] === undefined ? [] : [{ pointer: '', message: wrong[0] + rest }];
}

function lineProblem(line: string): string | undefined {
  if (line.includes('\t')) return 'has a tab';
  if (line.trimEnd() !== line) return 'ends with a blank';
  const indentation = line.length - line.trimStart().length;
  return indentation % 4 === 0 ? undefined : `is indented by ${indentation} blanks`;
}

/** The definition as a whole. */
export const fileRules: readonly SubjectRule<Definition>[] = [
  {
    id: 'file.openapi-version',
    level: 'error',
    source: sources.openApi,
    help: 'Write the definition in OpenAPI 2.0: "swagger": "2.0". Custom connectors take no other version.',
    check: ({ swagger }) => (swagger === '2.0' ? [] : [{ pointer: '/swagger', message: `the version is ${swagger}` }]),
  },
  {
    id: 'file.member-order',
    level: 'warning',
    source: sources.connectorStandards,
    help: `Order the members: ${memberOrder.join(', ')}.`,
    check: (definition) => {
      const members = Object.keys(definition).filter((member) => memberOrder.some((known) => known === member));
      const wanted = memberOrder.filter((member) => members.includes(member));
      const index = members.findIndex((member, position) => member !== wanted[position]);
      return index < 0 ? [] : [{ pointer: below('', members[index] ?? ''), message: `${wanted[index]} belongs here` }];
    },
  },
  {
    id: 'file.host',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Name one literal host, a base path that starts with a slash and does not end with one, and https alone.',
    check: ({ host, basePath, schemes }) => [
      ...(/^[a-z0-9.-]+$/i.test(host ?? '') ? [] : [{ pointer: '/host', message: `"${host}" is not a literal host` }]),
      ...(/^\/.*[^/]$|^\/$/.test(basePath ?? '')
        ? []
        : [{ pointer: '/basePath', message: `"${basePath}" is not a base path` }]),
      ...(schemes?.join() === 'https'
        ? []
        : [{ pointer: '/schemes', message: `the schemes are ${schemes}, not https` }]),
    ],
  },
  {
    id: 'file.security',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Declare how calls are authorised in securityDefinitions, and name it in security.',
    check: ({ security, securityDefinitions }) => {
      const names = (security ?? []).flatMap((requirement) => Object.keys(requirement));
      if (names.length === 0) return [{ pointer: '/security', message: 'no call is authorised' }];
      return names
        .filter((name) => securityDefinitions?.[name] === undefined)
        .map((name) => ({ pointer: '/security', message: `"${name}" is not defined` }));
    },
  },
  {
    id: 'file.no-empty-operations',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Describe what the operation answers, or remove it; remove paths without operations.',
    check: (definition) => [
      ...Object.entries(definition.paths ?? {})
        .filter(([path]) => !operationsOf(definition).some((operation) => operation.path === path))
        .map(([path]) => ({ pointer: below('', 'paths', path), message: 'the path has no operation' })),
      ...operationsOf(definition)
        .filter(({ value }) => Object.keys(value.responses ?? {}).length === 0)
        .map(({ pointer }) => ({ pointer, message: 'the operation has no responses' })),
    ],
  },
  {
    id: 'file.references',
    level: 'error',
    source: sources.openApi,
    help: 'Correct the reference, or add what it names.',
    check: (definition) =>
      valuesOf(definition).flatMap(({ pointer, value }) =>
        pointer.endsWith('/$ref') && typeof value === 'string' && lookUp(definition, value) === undefined
          ? [{ pointer, message: `${value} leads nowhere` }]
          : [],
      ),
  },
  {
    id: 'file.no-circular-definitions',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Break the circle, for example with an id in place of the object. No designer can show it.',
    check: (definition) =>
      Object.keys(definition.definitions ?? {})
        .filter((name) => reaches(definition, name, name, new Set()))
        .map((name) => ({ pointer: below('', 'definitions', name), message: `${name} contains itself` })),
  },
  {
    id: 'file.no-combined-schemas',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Write the members out. Designers show nothing of a schema that is made of allOf, oneOf or anyOf only.',
    check: (definition) =>
      schemasOf(definition).flatMap(({ pointer, value }) =>
        ['allOf', 'oneOf', 'anyOf']
          .filter((keyword) => Object.hasOwn(value, keyword) && (keyword !== 'allOf' || value.properties === undefined))
          .map((keyword) => ({ pointer: below(pointer, keyword), message: `the schema is made of ${keyword}` })),
      ),
  },
  {
    id: 'file.no-untyped-schemas',
    level: 'warning',
    source: sources.connectorStandards,
    help: 'Give the schema a type, an array its items, an object its properties or additionalProperties.',
    check: (definition) =>
      schemasOf(definition).flatMap(({ pointer, value }) => {
        const problem = typeProblem(value);
        return problem === undefined ? [] : [{ pointer, message: problem }];
      }),
  },
];

function typeProblem({ type, items, properties, additionalProperties, allOf }: Schema): string | undefined {
  if (type === undefined) return allOf === undefined ? 'the schema has no type' : undefined;
  if (type === 'array' && items === undefined) return 'the array has no items';
  const members = Object.keys(properties ?? {}).length;
  if (type === 'object' && members === 0 && !additionalProperties) return 'the object has no members';
  return undefined;
}

/** Whether a definition refers to another one, directly or indirectly. */
function reaches(definition: Definition, from: string, target: string, seen: Set<string>): boolean {
  const prefix = '#/definitions/';
  const names = valuesOf(definition.definitions?.[from] ?? {}).flatMap(({ pointer, value }) =>
    pointer.endsWith('/$ref') && typeof value === 'string' && value.startsWith(prefix)
      ? value.slice(prefix.length)
      : [],
  );
  return names.some((name) => {
    if (name === target) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return reaches(definition, name, target, seen);
  });
}
