import { isJsonObject, type Json } from '../domain/json.ts';

/** Parameters and properties fit on one line, which makes diffs readable. */
const LINE = 800;
const INDENTATION = 4;

/**
 * Prints a definition indented by four blanks, with values that fit on one line. Publishers were refused above 500,000
 * characters, and with one member per line half of a definition is white space.
 */
export function printDefinition(value: unknown, indentation = 0): string {
  const line = onOneLine(value as Json);
  if (line.length + indentation <= LINE) return line;
  const inside = indentation + INDENTATION;
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item: unknown) => printDefinition(item, inside))]
    : [
        '{',
        '}',
        members(value as object).map(([name, item]) => `${JSON.stringify(name)}: ${printDefinition(item, inside)}`),
      ];
  return `${open}\n${items.map((item) => ' '.repeat(inside) + item).join(',\n')}\n${' '.repeat(indentation)}${close}`;
}

function onOneLine(value: Json): string {
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[${value.map((item: Json) => onOneLine(item)).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const list = members(value).map(([name, member]) => `${JSON.stringify(name)}: ${onOneLine(member)}`);
  return list.length === 0 ? '{}' : `{${list.join(', ')}}`;
}

function members<T>(value: object & { readonly [name: string]: T }): [string, T][];
function members(value: object): [string, unknown][];
function members(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
