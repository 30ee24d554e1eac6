import { isList, isMap, JsonNumber, type JsonTree } from './json-tree.ts';

/** JSON text as `ConvertTo-Json` writes it: two spaces, nothing but quotes and control characters escaped, a line break at the end. */
export function printJson(tree: JsonTree): string {
  return `${print(tree, '')}\n`;
}

/** The same without white space, as `ConvertTo-Json -Compress` writes it. */
export function printCompactJson(tree: JsonTree): string {
  if (typeof tree === 'string') return quote(tree);
  if (tree instanceof JsonNumber) return tree.lexeme;
  if (isList(tree)) return `[${tree.map(printCompactJson).join(',')}]`;
  if (!isMap(tree)) return String(tree);
  return `{${[...tree].map(([key, member]) => `${quote(key)}:${printCompactJson(member)}`).join(',')}}`;
}

function print(tree: JsonTree, indent: string): string {
  if (typeof tree === 'string') return quote(tree);
  if (tree instanceof JsonNumber) return tree.lexeme;
  const inner = `${indent}  `;
  let text = '';
  if (isList(tree)) {
    for (const item of tree) text += `${text === '' ? '' : ','}\n${inner}${print(item, inner)}`;
    return text === '' ? '[]' : `[${text}\n${indent}]`;
  }
  if (!isMap(tree)) return String(tree);
  for (const [key, member] of tree) {
    text += `${text === '' ? '' : ','}\n${inner}${quote(key)}: ${print(member, inner)}`;
  }
  return text === '' ? '{}' : `{${text}\n${indent}}`;
}

const SEPARATORS = /[\u0085\u2028\u2029]/;

/** The three line separators of Unicode are escaped too, as the tool's writer does. */
function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return SEPARATORS.test(quoted)
    ? quoted.replaceAll(/[\u0085\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted;
}
