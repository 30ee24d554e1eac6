import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { UserError } from '../domain/errors.ts';
import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { findSpecProblems } from './problems.ts';
import type { Connection, ConnectorSpec, Gallery, SpecDocument } from './spec.ts';

const CONNECTION_FILE = 'connection.yaml';

/**
 * Reads the connector's documents from `specFolder` (every `*.yaml`, in the order of their names) and its texts from
 * `templateFolder` (`readme.md`, `intro.md`, `gallery.yaml`, `icon.png`).
 *
 * @throws UserError with file and line where a file is missing, is not YAML, or does not fit with the others.
 */
export function loadConnectorSpec(specFolder: string, templateFolder: string): ConnectorSpec {
  const names = listFolder(specFolder).filter((name) => name.endsWith('.yaml'));
  const files = names.filter((name) => name !== CONNECTION_FILE).map((name) => readYaml(join(specFolder, name)));
  const documents = files.map(({ file, content }): SpecDocument => ({ file, content }));
  const [problem] = findSpecProblems(documents);
  if (problem !== undefined) {
    const source = files.find(({ file }) => file === problem.file);
    const where = { file: problem.file, path: problem.path.join('.'), ...positionOf(source, problem.path) };
    throw new UserError('connector-spec.invalid', problem.message, { where, remedy: problem.remedy });
  }
  const connection = readYaml(join(specFolder, CONNECTION_FILE));
  requireMembers(connection, ['publisher', 'stackOwner', 'iconBrandColor', 'capabilities', 'connectionParameters']);
  const gallery = readYaml(join(templateFolder, 'gallery.yaml'));
  requireMembers(gallery, [
    'title',
    'description',
    'connectorNameDescription',
    'prerequisites',
    'postDeployment',
    'tags',
    'supportTier',
    'supportLink',
    'author',
  ]);
  return {
    documents,
    connection: connection.content as unknown as Connection,
    gallery: gallery.content as unknown as Gallery,
    texts: { readme: readText(join(templateFolder, 'readme.md')), intro: readText(join(templateFolder, 'intro.md')) },
    icon: readBytes(join(templateFolder, 'icon.png')),
  };
}

interface YamlFile extends SpecDocument {
  readonly source: Document;
  readonly lines: LineCounter;
}

function readYaml(file: string): YamlFile {
  const lines = new LineCounter();
  const source = parseDocument(readText(file), { lineCounter: lines, merge: true, prettyErrors: false });
  const [error] = source.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const where = { file, line, column: col };
    throw new UserError('connector-spec.syntax', error.message, { where, remedy: 'Correct the YAML at this place.' });
  }
  const content: unknown = source.toJS();
  if (!isJsonObject(content)) {
    throw new UserError('connector-spec.no-mapping', 'the file is not a mapping of names to values', {
      where: { file, line: 1 },
      remedy: 'Start it with a member such as "paths:".',
    });
  }
  return { file, content, source, lines };
}

/** Line and column of the deepest existing part of a path; empty for the whole file. */
function positionOf(
  yaml: YamlFile | undefined,
  path: readonly (string | number)[],
): { line?: number; column?: number } {
  if (yaml === undefined) return {};
  for (let length = path.length; length > 0; length--) {
    const start = startOf(yaml.source, path.slice(0, length));
    if (start === undefined) continue;
    const { line, col } = yaml.lines.linePos(start);
    return { line, column: col };
  }
  return { line: 1 };
}

/** Where a member begins with its name, or an item of a list. Undefined where the file has neither. */
function startOf(source: Document, path: readonly (string | number)[]): number | undefined {
  const parent: unknown = path.length > 1 ? source.getIn(path.slice(0, -1), true) : source.contents;
  const name = path.at(-1);
  const key: unknown = isMap(parent) ? parent.items.find((pair) => String(pair.key) === String(name))?.key : undefined;
  const node: unknown = key ?? source.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function requireMembers(yaml: YamlFile, members: readonly (keyof Connection | keyof Gallery)[]): void {
  const missing = members.find((member) => (yaml.content as JsonObject)[member] === undefined);
  if (missing === undefined) return;
  throw new UserError('connector-spec.missing-member', `"${missing}" is missing`, {
    where: { file: yaml.file, line: 1, path: missing },
    remedy: `Add ${missing} to the file.`,
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new UserError('file.not-found', 'the folder cannot be read', {
      where: { file: folder },
      remedy: 'Name the folder that holds the YAML files of the connector.',
      cause,
    });
  }
}

function readText(file: string): string {
  return readBytes(file).toString('utf8');
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const remedy = 'Restore the file, or name the folder that holds it.';
    throw new UserError('file.not-found', 'the file cannot be read', { where: { file }, remedy, cause });
  }
}
