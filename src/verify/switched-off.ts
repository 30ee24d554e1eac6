import { posix } from 'node:path';
import type { Placed } from './rule.ts';
import type { Tree } from './tree.ts';

/** Rules that do not apply, everywhere or in some files. */
export interface SwitchedOff {
  /** A rule's id; `*` at the end stands for all that begin so: `readme.*`. */
  readonly rule: string;
  /** Globs of paths below the folder that is verified; all files where it is missing. */
  readonly files?: readonly string[];
}

/** The file in the verified folder that switches rules off. */
export const SETTINGS_FILE = '.signl4-verify.yaml';

/** Says whether a rule is off in a file: by the settings, or by `verify-off: <rule>, <rule>` in a string of the file itself. */
export function switchedOffIn(tree: Tree, off: readonly SwitchedOff[]): (rule: string, file: string) => boolean {
  const inLine = new Map(tree.texts.map(({ path, text }) => [path, rulesNamedIn(text)]));
  return (rule, file) =>
    off.some(
      (one) => isCovered(rule, one.rule) && (one.files?.some((glob) => posix.matchesGlob(file, glob)) ?? true),
    ) ||
    (inLine.get(file)?.some((one) => isCovered(rule, one)) ?? false);
}

const NAME = String.raw`[\w*]+(?:[.-][\w*]+)*`;
const IN_LINE = new RegExp(String.raw`verify-off:\s*(${NAME}(?:\s*,\s*${NAME})*)`, 'gi');

function rulesNamedIn(text: string): string[] {
  return [...text.matchAll(IN_LINE)].flatMap(([, rules = '']) => rules.split(/\s*,\s*/));
}

/** Names behind `verify-off:` that are not a rule's: what they were to switch off is still on. */
export function unknownNames({ texts }: Tree, known: readonly string[]): readonly Placed[] {
  return texts.flatMap(({ path, text }) =>
    rulesNamedIn(text)
      .filter((name) => !known.some((id) => isCovered(id, name)))
      .map((name) => ({ file: path, pointer: '', message: `verify-off names "${name}", and there is no such rule` })),
  );
}

/** Entries of the settings whose globs match no file. */
export function unusedEntries({ paths }: Tree, off: readonly SwitchedOff[]): readonly SwitchedOff[] {
  return off.filter(
    ({ files }) => files && ![...paths].some((path) => files.some((glob) => posix.matchesGlob(path, glob))),
  );
}

/** Whether a rule is the one of an entry, or one of those that it stands for. */
export function isCovered(rule: string, pattern: string): boolean {
  return pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
}
