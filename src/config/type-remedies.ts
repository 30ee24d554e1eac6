import { bare, candidates } from './candidates.ts';
import { resolved } from './defaults.ts';
import { quoted } from './document.ts';
import type { Path } from './problem.ts';
import type { SchemaNode, SchemaType } from './schema/node.ts';

/** A value of the wrong type. */
interface Mistyped {
  readonly value: unknown;
  readonly schema: SchemaNode;
  readonly path: Path;
  /** As typed, if that is known and is a single line. */
  readonly typed: string | undefined;
}

/** Remedy for a file whose content is not a section; `otherFile` if it is obviously something else. */
export function wholeFileRemedy(
  value: unknown,
  { schema, otherFile }: { readonly schema: SchemaNode; readonly otherFile: string },
): string {
  if (Array.isArray(value))
    return value.length === 0 ? 'Remove the brackets.' : 'Remove the "- " in front of the keys.';
  const text = typeof value === 'string' ? value : '';
  const [, key, other] = /^\s*([A-Za-z]\w*)(?::|\s*=\s*)(\S.*)$/m.exec(text) ?? [];
  if (key !== undefined && Object.hasOwn(schema.properties ?? {}, key))
    return `Write a colon and a blank between key and value: "${key}: ${other}"`;
  return otherFile;
}

export function remedyOf(wanted: SchemaType, { value, schema, path, typed }: Mistyped): string | undefined {
  if (value === null) return nothingRemedy(wanted, typed);
  if (wanted === 'array') return listRemedy(value, schema, typed);
  if (wanted === 'integer') return numberRemedy(value, schema);
  if (wanted === 'object') return sectionRemedy(value, schema, path);
  if (wanted === 'boolean' && typeof value === 'string') {
    const word = bare(value).toLowerCase();
    if (/^(yes|y|on|1|true|enabled)$/.test(word))
      return /^true$/i.test(value) ? 'Remove the quotes: true' : 'Write true.';
    if (/^(no|n|off|0|false|disabled)$/.test(word))
      return /^false$/i.test(value) ? 'Remove the quotes: false' : 'Write false.';
  }
  if (wanted === 'boolean') return undefined;
  // Where numbers are allowed as well (durations), quotes would not help.
  if (Array.isArray(schema.type) && typeof value === 'object' && schema.examples?.[0] !== undefined)
    return `For example ${JSON.stringify(schema.examples[0])}`;
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (isScalar) return `Put it in quotes: ${quoted(typed ?? String(value))}`;
  return typed === undefined ? 'Write a single string.' : `Put it in quotes: ${quoted(typed)}`;
}

function nothingRemedy(wanted: SchemaType, typed: string | undefined): string {
  const usual = 'Write a value, or remove the line to get the default.';
  if (typed?.startsWith('#')) return `To YAML "#" starts a comment. Put the text in quotes: ${quoted(typed)}`;
  if (typed?.startsWith('&')) return `To YAML "&" starts an anchor. Put the text in quotes: ${quoted(typed)}`;
  return wanted === 'string' && typed
    ? `${usual} If you mean the text itself, put it in quotes: ${quoted(typed)}`
    : usual;
}

/** Suggests a list of the value, split at commas; for a section, one entry per member. */
function listRemedy(value: unknown, { items }: SchemaNode, typed: string | undefined): string {
  const entry = resolved(items ?? {});
  if (typeof value === 'object') {
    const [first = ''] = Object.keys(value ?? {});
    return entry.required?.includes('name')
      ? `Begin each entry with its name: "- name: ${first}", and indent the rest below.`
      : 'Begin each entry with "- ".';
  }
  if (typeof value !== 'string') return `Write a list: [${quoted(typed ?? String(value))}]`;
  // Names that are one word each may also have lines or blanks between them.
  const between = entry.enum === undefined ? /[,;]/ : /(?:[,;\s]|\band\b)+/i;
  const parts = value.split(between).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  return `Write a list: [${parts.map((part) => candidates(part, (entry.enum ?? []).map(String))[0] ?? part).join(', ')}]`;
}

function numberRemedy(value: unknown, schema: SchemaNode): string {
  const text = typeof value === 'string' ? bare(value) : '';
  if (/^\d+$/.test(text)) return `Remove the quotes: ${text}`;
  const grouped = /^\d{1,3}([,. _']\d{3})+$/.test(text) ? text.replaceAll(/\D/g, '') : undefined;
  const number = grouped ?? /^(\d+)\s*[a-z]+$/i.exec(text)?.[1];
  return number === undefined ? rangeRemedy(schema) : `Write the number alone: ${number}`;
}

export function rangeRemedy({ minimum, maximum }: SchemaNode): string {
  return maximum === undefined
    ? `Choose a whole number of at least ${minimum}.`
    : `Choose a whole number from ${minimum} to ${maximum}.`;
}

function sectionRemedy(value: unknown, { properties, required }: SchemaNode, path: Path): string | undefined {
  if (!properties)
    return Array.isArray(value) ? 'Write "name: value" in each line, without the "- " in front.' : undefined;
  if (Array.isArray(value)) return 'Remove the "- " in front of its members.';
  if (typeof value === 'string' && required?.includes('name') && typeof path.at(-1) === 'number')
    return `Write "- name: ${value}"`;
  return `Put its members on lines of their own: ${Object.keys(properties).join(', ')}`;
}
