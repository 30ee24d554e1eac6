import { posix } from 'node:path';
import { parseDocument } from 'yaml';
import { UserError } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json.ts';
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

/**
 * Reads `off:` of a settings file: ids, or `{rule, files}`.
 * @throws UserError where the file is none, or names a rule that does not exist
 */
export function readSwitchedOff(text: string, file: string, known: readonly string[]): SwitchedOff[] {
  const document = parseDocument(text);
  const wrong = (message: string, remedy: string) =>
    new UserError('verify.settings', message, { where: { file }, remedy });
  const [error] = document.errors;
  if (error) throw wrong(error.message.split('\n')[0] ?? 'the file must be YAML', 'Mend the file at this place.');
  const settings: unknown = document.toJS() ?? {};
  const entries = isJsonObject(settings) ? (settings['off'] ?? []) : undefined;
  if (!Array.isArray(entries)) {
    throw wrong('"off" must be a list', 'Write off: and below it the ids of rules, one a line: - playbook.tags');
  }
  return entries.map((entry: unknown) => {
    const rule = isJsonObject(entry) ? entry['rule'] : entry;
    const files = isJsonObject(entry) ? [entry['files'] ?? []].flat() : [];
    if (typeof rule !== 'string' || !files.every((one) => typeof one === 'string')) {
      throw wrong(
        'an entry of "off" must be a rule, or {rule, files}',
        'Write - playbook.tags or - rule: … with files: …',
      );
    }
    if (!known.some((id) => isCovered(id, rule))) {
      throw wrong(`there is no rule "${rule}"`, 'docs/verify.md lists the rules, as does verify --json.');
    }
    return files.length === 0 ? { rule } : { rule, files };
  });
}

/** Says whether a rule is off in a file: by the settings, or by `verify-off: <rule>, <rule>` in a text of the file itself. */
export function switchedOffIn(tree: Tree, off: readonly SwitchedOff[]): (rule: string, file: string) => boolean {
  const inLine = new Map(tree.texts.map(({ path, text }) => [path, rulesNamedIn(text)]));
  return (rule, file) =>
    off.some(
      (one) => isCovered(rule, one.rule) && (one.files?.some((glob) => posix.matchesGlob(file, glob)) ?? true),
    ) ||
    (inLine.get(file)?.some((one) => isCovered(rule, one)) ?? false);
}

const IN_LINE = /verify-off:\s*([\w*.-]+(?:\s*,\s*[\w*.-]+)*)/g;

function rulesNamedIn(text: string): string[] {
  return [...text.matchAll(IN_LINE)].flatMap(([, rules = '']) => rules.split(/\s*,\s*/));
}

function isCovered(rule: string, pattern: string): boolean {
  return pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern;
}
