import { isCollection, isScalar, isSeq, parseDocument } from 'yaml';
import type { Json } from '../../domain/json.ts';

/** A value for one place of the configuration. */
export interface ConfigPatch {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** The text of a configuration with values set, and comments, order and everything else kept. */
export function patchConfig(text: string, patches: readonly ConfigPatch[]): string {
  const document = parseDocument(text);
  for (const { path, value } of patches) {
    makeWay(document, path);
    const node = document.createNode(value);
    const before = document.getIn(path, true);
    // A list on one line stays on one line.
    if (isCollection(node)) node.flow = isCollection(before) ? before.flow === true : isSeq(node);
    document.setIn(path, node);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** `filter:` with nothing behind it is no section that a member could be put into. */
function makeWay(document: ReturnType<typeof parseDocument>, path: ConfigPatch['path']): void {
  for (let depth = 1; depth < path.length; depth++) {
    const prefix = path.slice(0, depth);
    const node = document.getIn(prefix, true);
    if (isScalar(node) && node.value === null) document.setIn(prefix, document.createNode({}));
  }
}
