import { isJsonObject, type Json } from '../../domain/json.ts';
import { pointerStep } from '../../domain/json-pointer.ts';
import { type JsonPart, partsOf } from '../json-walk.ts';
import type { Placed, RuleGroup } from '../rule.ts';
import { sources } from '../sources.ts';
import { lineOf, linePointer, type TextFile, type Tree } from '../tree.ts';

/** `docs.microsoft.com/en-us/…`: a link with a fixed locale (S2 of the link validator). */
const LOCALE_LINK = /https:\/\/(?:docs|azure)\.microsoft\.com\/[a-z]{2}-[a-z]{2}\/[^\s"')>\]]*/gi;

/** Patterns that only match real secrets, each with a substring of every match. Parameter names and expressions do not match. */
const SECRET_FORMS: readonly (readonly [what: string, mark: string, form: RegExp])[] = [
  ['a private key', 'PRIVATE KEY', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g],
  ['a storage account key', 'AccountKey=', /AccountKey=[A-Za-z0-9+/]{40,}={0,2}/g],
  ['the signature of a callback URL', 'sig=', /[?&]sig=[A-Za-z0-9_%-]{30,}/g],
  ['a JSON Web Token', '.eyJ', /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/g],
  ['a GitHub token', 'gh', /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g],
  ['an AWS access key', 'AKIA', /\bAKIA[0-9A-Z]{16}\b/g],
  ['a client secret of Microsoft Entra ID', '8Q~', /\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{34}\b/g],
];

/** Members with sample values. */
const SAMPLES = /^(placeholder|toolTip)$/i;

/** Rules for all files. */
export const fileRules: RuleGroup = [
  {
    id: 'json.syntax',
    level: 'error',
    source: sources.validations,
    help: 'Correct the file at this place; any JSON editor shows it too.',
    check: ({ broken }) => broken.map(({ path, problem }) => ({ file: path, pointer: '', message: problem })),
  },
  {
    id: 'json.byte-order-mark',
    level: 'error',
    source: sources.validations,
    help: 'Save the file as UTF-8 without a byte order mark: the validators of the repository do not read it.',
    check: (tree) =>
      tree.jsons
        .filter(({ text }) => text.startsWith('\ufeff'))
        .map(({ path }) => ({
          file: path,
          pointer: '',
          message: 'the file begins with a byte order mark',
          ...levelIn(tree),
        })),
  },
  {
    id: 'json.duplicate-member',
    level: 'warning',
    source: sources.json,
    help: 'Merge the two members or rename one: readers keep the last one and lose the first without a word.',
    check: ({ jsons }) =>
      jsonsThatMayRepeat(jsons).flatMap(({ path, positions }) =>
        positions().duplicates.map(({ pointer, name, first }) => ({
          file: path,
          pointer,
          message: `"${name}" is there twice in one object; the first one, at line ${first.line}, is lost`,
        })),
      ),
  },
  {
    id: 'json.names-differ-by-case',
    level: 'error',
    source: sources.packagingTool,
    help: 'Rename one of the two: Azure and the packaging tool take them for the same name.',
    check: ({ jsons }) =>
      jsons
        .filter(({ kind }) => kind !== 'other-json' && kind !== 'manifest')
        .filter(({ json }) => hasNamesThatDifferByCase(json))
        .flatMap(({ path, json }) =>
          partsOf(json).flatMap(({ pointer, value }) =>
            namesThatDifferByCase(value).map(([first, second]) => ({
              file: path,
              pointer: pointer + pointerStep(second),
              message: `"${first}" and "${second}" differ in casing only`,
            })),
          ),
        ),
  },
  {
    id: 'json.comment',
    level: 'error',
    source: sources.validations,
    help: "Remove comments and commas before closing brackets: template deployments accept them, the repository's validators do not.",
    check: (tree) =>
      tree.jsons
        .filter(({ isStrict }) => !isStrict)
        .map(({ path }) => ({
          file: path,
          pointer: '',
          message: 'the file has comments or commas before closing brackets',
          ...levelIn(tree),
        })),
  },
  {
    id: 'links.locale',
    level: 'error',
    source: sources.validations,
    help: 'Leave the language out: the site shows the page in the language of the reader.',
    check: (tree) =>
      matches(tree, '://', LOCALE_LINK, (found) => `the link ${found} fixes a language`).map((found) => ({
        ...found,
        ...levelIn(tree),
      })),
  },
  {
    id: 'text.secret',
    level: 'error',
    source: sources.validations,
    help: 'Take it out, and replace it where it is used: who has read the file has it.',
    check: (tree) =>
      SECRET_FORMS.flatMap(([what, mark, form]) =>
        matches(tree, mark, form, (found) => `${found.slice(0, 8)}… looks like ${what}`),
      ),
  },
];

/** Only the repository of solutions validates this; elsewhere it is advice. */
function levelIn(tree: Tree): { readonly level?: 'warning' } {
  return tree.ofKind('solution-data').length > 0 ? {} : { level: 'warning' };
}

/** Files whose text has more names than the parsed value: positions are only computed for these. */
function jsonsThatMayRepeat(jsons: Tree['jsons']): Tree['jsons'] {
  const counts = new Map<string, boolean>();
  return jsons.filter(({ text, json }) => {
    const repeats = counts.get(text) ?? namesWritten(text) > membersOf(json).length;
    counts.set(text, repeats);
    return repeats;
  });
}

function membersOf(json: Json): readonly JsonPart[] {
  return partsOf(json).filter(({ isMember }) => isMember);
}

/** Maximum number of names in a JSON file: quotation marks followed by a colon, some of which may be within strings. */
function namesWritten(text: string): number {
  let names = 0;
  for (const { index } of text.matchAll(/"\s*:/g)) if (!isEscaped(text, index)) names++;
  return names;
}

/** Whether an odd number of backslashes precedes an offset. */
function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text[offset - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** Whether any two names in a file differ only in case, so that its objects must be compared. */
function hasNamesThatDifferByCase(json: Json): boolean {
  const names = new Set(membersOf(json).map(({ name }) => name));
  return new Set([...names].map((name) => name.toLowerCase())).size < names.size;
}

function namesThatDifferByCase(value: unknown): (readonly [first: string, second: string])[] {
  if (!isJsonObject(value)) return [];
  const names = Object.keys(value);
  if (new Set(names.map((name) => name.toLowerCase())).size === names.length) return [];
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return first === undefined ? [] : [[first, name] as const];
  });
}

/** @param mark substring of every match, to skip most files quickly */
function matches({ texts, jsons }: Tree, mark: string, form: RegExp, message: (found: string) => string): Placed[] {
  const pointers = new Map(jsons.map((file) => [file.path, file]));
  return texts.flatMap((file) => {
    if (!file.text.includes(mark)) return [];
    const json = pointers.get(file.path);
    const found = json === undefined ? matchesInText(file, form) : matchesInJson(json, form);
    return found.map(([pointer, text]) => ({ file: file.path, pointer, message: message(text) }));
  });
}

function matchesInText({ text }: TextFile, form: RegExp): (readonly [pointer: string, found: string])[] {
  return [...text.matchAll(form)].map(({ 0: found, index }) => [linePointer(lineOf(text, index)), found]);
}

function matchesInJson(
  { json, text }: Tree['jsons'][number],
  form: RegExp,
): (readonly [pointer: string, found: string])[] {
  if (text.search(form) < 0) return [];
  return partsOf(json).flatMap(({ pointer, name, value }) =>
    typeof value === 'string' && !SAMPLES.test(name)
      ? [...value.matchAll(form)].map(([found]) => [pointer, found] as const)
      : [],
  );
}
