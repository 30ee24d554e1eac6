import { parseJson } from './json-parse.ts';
import { printCompactJson } from './json-print.ts';
import { isList, isMap, type JsonMap, type JsonTree } from './json-tree.ts';
import { throughPowerShell } from './powershell.ts';
import { standIn, type Variables } from './variables.ts';

/**
 * A workbook as the text that its resource carries: compact JSON without null, `{}` and `[]`, and a line break at the end (`\n`, as the
 * tool writes it on Linux; `\r\n` on Windows). A query that is JSON itself gets a line break of its own.
 */
export function serializedWorkbook(workbook: JsonMap, outer: Variables): string {
  return `${printCompactJson(tidied(workbook, outer))}\n`;
}

function tidied(object: JsonMap, outer: Variables): JsonMap {
  return new Map(
    [...object].flatMap(([name, value]): [string, JsonTree][] => {
      const left = tidiedMember(name, value, outer);
      return left === undefined ? [] : [[name, left]];
    }),
  );
}

function tidiedMember(name: string, value: JsonTree, outer: Variables): JsonTree | undefined {
  if (value === null) return undefined;
  if (isList(value)) return value.length === 0 ? undefined : value.map((item) => tidiedItem(item, outer));
  if (isMap(value)) {
    if (value.size === 0)
      return name.toLowerCase() === 'datasources' ? standIn(outer, 'TemplateEmptyObject') : undefined;
    const left = tidied(value, outer);
    return left.size === 0 ? undefined : left;
  }
  return name.toLowerCase() === 'query' && typeof value === 'string' ? jsonQuery(value) : value;
}

function tidiedItem(item: JsonTree, outer: Variables): JsonTree {
  if (isMap(item)) return tidied(item, outer);
  return isList(item) ? item.map((inner) => tidiedItem(inner, outer)) : item;
}

/** A query that is JSON is read and written anew: a list of one item loses its brackets, members that are null or `"[]"` go. */
function jsonQuery(query: string): string {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return query;
  }
  if (typeof value !== 'object' || value === null) return query;
  const tree = throughPowerShell(parseJson(query, 'query').tree);
  const only = isList(tree) && tree.length === 1 && tree[0] !== undefined ? tree[0] : tree;
  const left = isMap(only) ? new Map([...only].filter(([, member]) => member !== null && member !== '[]')) : only;
  return `${printCompactJson(left)}\n`;
}
