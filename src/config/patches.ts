import { isScalar, isSeq, LineCounter, type ParsedNode, parseDocument, type YAMLSeq } from 'yaml';
import { UserError, type Where } from '../domain/errors.ts';
import { isJsonObject, type Json } from '../domain/json.ts';
import { escapeStep, unescapeStep } from '../domain/json-pointer.ts';
import { type ConfigProblem, formatPath, type Path } from './problem.ts';
import { findSecrets } from './secrets.ts';

/*
 * `patches/<playbook>.yaml`: what people changed in the designer and `signl4.yaml` has no choice for. `pull` writes these
 * files, people may; everything that generates playbooks applies them. A list of entries, one for each edit:
 *
 *   - change: actions/Send_to_SIGNL4/inputs/body/Title     was: …  now: …
 *   - add: actions/Post_to_Teams                           value: …
 *   - remove: actions/Tag_the_incident
 *   - rename: actions/Get_incident                         to: Read_incident
 *
 * Places are addressed by name, never by position; a "/" inside a name is written "~1", a "~" as "~0".
 */

/** Keys from the root of the workflow definition; `connections` holds the values of `$connections`. */
export type Place = readonly string[];

export type Edit =
  /** `was` is the value in the generated playbook when the edit was made. */
  | { readonly kind: 'change'; readonly at: Place; readonly was: Json; readonly now: Json }
  | { readonly kind: 'add'; readonly at: Place; readonly value: Json }
  | { readonly kind: 'remove'; readonly at: Place }
  /** Renames an action; references to it are updated. `to` is the new name. */
  | { readonly kind: 'rename'; readonly at: Place; readonly to: string };

export interface PatchEntry {
  readonly edit: Edit;
  readonly where: Where;
}

/** The patches of a configuration by the name of the playbook. */
export type Patches = Readonly<Record<string, readonly PatchEntry[]>>;

export function formatPlace(place: Place): string {
  return place.map(escapeStep).join('/');
}

function parsePlace(text: string): Place {
  return text.split('/').map(unescapeStep);
}

const kinds = ['change', 'add', 'remove', 'rename'] as const;

/** Members of an entry besides its place, by kind. */
const members: Readonly<Record<Edit['kind'], readonly string[]>> = {
  change: ['was', 'now'],
  add: ['value'],
  remove: [],
  rename: ['to'],
};

/** @throws UserError for what is not YAML, not a list of entries, or looks like a secret. */
export function readPatchFile(text: string, file: string): readonly PatchEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  const whereOf = (offset: number): Where => ({ file, line: Math.max(1, lines.linePos(offset).line) });
  const [error] = document.errors;
  if (error)
    throw new UserError('patch.yaml', `this is not valid YAML: ${error.message}`, { where: whereOf(error.pos[0]) });
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return [];
  if (!isSeq<ParsedNode>(root)) throw notAnEntry(whereOf(0), 'the file must be a list of entries');
  return readEntries(root, document.toJS({ maxAliasCount: 100 }) as readonly Json[], whereOf);
}

function readEntries(
  root: YAMLSeq<ParsedNode>,
  entries: readonly Json[],
  whereOf: (offset: number) => Where,
): readonly PatchEntry[] {
  return root.items.map((item, index) => {
    const where = whereOf(item.range?.[0] ?? 0);
    const entry = entries[index] ?? null;
    if (!isJsonObject(entry)) throw notAnEntry(where, 'an entry must be a mapping');
    const [secret] = secretsIn(entry);
    if (secret) throw secretFound(secret.message, { ...where, path: formatPath(secret.path) });
    const edit = readEdit(entry, where);
    const named = secretIn(edit);
    if (named !== undefined) throw secretFound(named, where);
    return { edit, where };
  });
}

function secretFound(message: string, where: Where): UserError {
  return new UserError('patch.secret', message, {
    where,
    remedy: 'Keep it in a parameter of type SecureString: "deploy" takes its value from the environment.',
  });
}

function readEdit(entry: Readonly<Record<string, Json>>, where: Where): Edit {
  const found = kinds.filter((kind) => Object.hasOwn(entry, kind));
  const [kind] = found;
  if (kind === undefined || found.length > 1)
    throw notAnEntry(where, `an entry must have one of the members ${kinds.join(', ')}`);
  const place = entry[kind];
  if (typeof place !== 'string' || place === '')
    throw notAnEntry(
      where,
      `"${kind}" must be the place of the edit, for example actions/Send_to_SIGNL4/inputs/body/Title`,
    );
  const wanted = members[kind];
  const missing = wanted.find((name) => entry[name] === undefined);
  if (missing) throw notAnEntry(where, `"${kind}" needs the member "${missing}"`);
  const surplus = Object.keys(entry).find((name) => name !== kind && !wanted.includes(name));
  if (surplus) throw notAnEntry(where, `"${kind}" has no member "${surplus}"`);
  const at = parsePlace(place);
  const { was = null, now = null, value = null, to = null } = entry;
  if (kind === 'change') return { kind, at, was, now };
  if (kind === 'add') return { kind, at, value };
  if (kind === 'remove') return { kind, at };
  if (typeof to !== 'string' || to === '') throw notAnEntry(where, '"to" must be the new name of the action');
  return { kind, at, to };
}

function notAnEntry(where: Where, message: string): UserError {
  return new UserError('patch.entry', message, {
    where,
    remedy: 'docs/designer-edits.md describes the file. "pull" writes it.',
  });
}

/** An edit as an entry of the file. */
export function entryOf(edit: Edit): Readonly<Record<string, Json>> {
  const place = formatPlace(edit.at);
  switch (edit.kind) {
    case 'change':
      return { change: place, was: edit.was, now: edit.now };
    case 'add':
      return { add: place, value: edit.value };
    case 'remove':
      return { remove: place };
    case 'rename':
      return { rename: place, to: edit.to };
  }
}

/** A member named `token` is not a secret if its value is an expression. */
function secretsIn(value: Json): readonly ConfigProblem[] {
  return findSecrets(value).filter(({ path, at }) => at !== 'key' || !/^@|@\{/.test(String(memberAtPath(value, path))));
}

function memberAtPath(value: Json, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Readonly<Record<string | number, unknown>>)[key], value);
}

/** What in an edit looks like a secret, as text; undefined if nothing does. Such an edit must not be written to a file. */
export function secretIn(edit: Edit): string | undefined {
  const now = edit.kind === 'change' ? edit.now : edit.kind === 'add' ? edit.value : undefined;
  if (now === undefined) return undefined;
  // The telling name may be the last step of the place.
  const value = { [edit.at.at(-1) ?? '']: now };
  return secretsIn(value)[0]?.message;
}
