import { posix } from 'node:path';
import type { Placed } from './rule.ts';
import type { Tree } from './tree.ts';

/** Rules that are switched off, everywhere or in some files. */
export interface SwitchedOff {
  /** Id of a rule; a trailing `*` matches all that start with it: `readme.*`. */
  readonly rule: string;
  /** Globs of paths relative to the verified folder. Default: all files. */
  readonly files?: readonly string[];
}

/** The file in the verified folder that switches rules off. */
export const SETTINGS_FILE = '.signl4-verify.yaml';

/** Returns whether a rule is off in a file, either by the settings or by `verify-off: <rule>, <rule>` in a string of the file. */
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

/** Unknown rules after `verify-off:`, which therefore have no effect. */
export function unknownNames({ texts }: Tree, known: readonly string[]): readonly Placed[] {
  return texts.flatMap(({ path, text }) =>
    rulesNamedIn(text)
      .filter((name) => !known.some((id) => isCovered(id, name)))
      .map((name) => ({ file: path, pointer: '', message: `verify-off names "${name}", and there is no such rule` })),
  );
}

/** Entries of the settings whose globs match no files. */
export function unusedEntries({ paths }: Tree, off: readonly SwitchedOff[]): readonly SwitchedOff[] {
  return off.filter(
    ({ files }) => files && ![...paths].some((path) => files.some((glob) => posix.matchesGlob(path, glob))),
  );
}

/** Whether an entry's pattern matches a rule. */
export function isCovered(rule: string, pattern: string): boolean {
  return pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
}
