import type { Draft } from './draft.ts';
import { find, isList, isMap, type JsonMap, type JsonTree, mapOf, sameName } from './json-tree.ts';
import type { PlaybookItem } from './playbook-item.ts';
import { standIn } from './variables.ts';

/** Members that the solution's own author and support replace, or that mean nothing in a package. */
const REPLACED = ['author', 'support', 'prerequisitesDeployTemplateFile'];

/**
 * The `metadata` of the inner template, which the gallery shows; none where the playbook's template has none.
 * A missing update time becomes the time of packaging, missing release notes a single first entry.
 */
export function playbookMetadata(
  { template, file }: PlaybookItem,
  version: JsonTree,
  draft: Draft,
): JsonMap | undefined {
  const written = find(template, 'metadata');
  if (!isMap(written) || written.size === 0) return undefined;
  const metadata = new Map([...written].filter(([name]) => !REPLACED.some((replaced) => sameName(replaced, name))));
  if (find(metadata, 'lastUpdateTime') === undefined) {
    draft.warnings.push({
      file,
      message: 'metadata.lastUpdateTime is missing; the time of packaging is used instead',
    });
    if (draft.now) metadata.set('lastUpdateTime', draft.now.toISOString());
  }
  if (find(metadata, 'releaseNotes') === undefined) {
    const notes = { version, title: standIn(draft.variables, 'blanks'), notes: ['Initial version'] };
    metadata.set('releaseNotes', mapOf(notes));
  }
  return withoutBlanks(metadata);
}

/** Empty lists of entities and tags, and prerequisites without a letter, are dropped. */
function withoutBlanks(metadata: JsonMap): JsonMap {
  return new Map(
    [...metadata].filter(([name, value]) => {
      if (sameName(name, 'entities') || sameName(name, 'tags')) return !(isList(value) && value.length === 0);
      return !(sameName(name, 'prerequisites') && isBlankText(value));
    }),
  );
}

function isBlankText(value: JsonTree): boolean {
  if (isList(value)) return value.every((item) => typeof item === 'string' && item.trim() === '');
  return typeof value === 'string' && value.trim() === '';
}
