import { type Document, isCollection, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { type Edit, entryOf } from '../../config/patches.ts';
import type { Json } from '../../domain/json.ts';
import { isSame } from '../../workflow/patch/canonical.ts';

const head = (playbook: string) =>
  ` What was changed in the designer of ${playbook}. "build" and "deploy" apply it; delete an entry to undo it.`;

/** The text of a patch file with these edits. Entries that remain keep their text and comments. */
export function patchFileText(before: string | undefined, playbook: string, edits: readonly Edit[]): string {
  const document = parseDocument(before?.trim() ? before : '[]') as Document;
  if (before === undefined) document.commentBefore = head(playbook);
  const root = document.contents;
  if (!isSeq<YAMLMap>(root)) throw new TypeError('a patch file is a list');
  const wanted = edits.map((edit) => entryOf(edit) as Json);
  const kept = root.items.filter((item) => wanted.some((entry) => isSame(entry, item.toJSON() as Json)));
  const added = wanted.filter((entry) => !kept.some((item) => isSame(entry, item.toJSON() as Json)));
  root.flow = false;
  root.items = [...kept, ...added.map((entry) => blockNode(document, entry))];
  return document.toString({ lineWidth: 0 });
}

function blockNode(document: Document, entry: Json): YAMLMap {
  const node = document.createNode(entry, { aliasDuplicateObjects: false });
  if (!isMap(node)) throw new TypeError('an entry is a mapping');
  for (const { value } of node.items) if (isCollection(value)) value.flow = isEmptyCollection(value);
  return node as YAMLMap;
}

const isEmptyCollection = ({ items }: { items: readonly unknown[] }) => items.length === 0;
