import { createHash } from 'node:crypto';
import { compareOrdinal } from '../wdl/compare.ts';
import { ruleGroups } from './groups.ts';
import type { Finding, Report } from './report.ts';
import type { Placed, TreeRule } from './rule.ts';
import { sources } from './sources.ts';
import { type SwitchedOff, switchedOffIn, unknownNames } from './switched-off.ts';
import { readTree, type Tree } from './tree.ts';

export interface VerifyOptions {
  readonly off?: readonly SwitchedOff[];
  /** Report every finding, even if a file has many of the same kind. */
  readonly every?: boolean;
  /** Report findings for this file or folder only; the others provide context. */
  readonly only?: string;
}

/** Every rule, in the order of the groups. */
const rules: readonly TreeRule[] = [
  ...Object.values(ruleGroups).flat(),
  {
    id: 'verify.unknown-rule',
    level: 'warning',
    source: sources.ours,
    help: 'Correct the id; docs/verify.md lists the rules.',
    check: (tree) =>
      unknownNames(
        tree,
        rules.map(({ id }) => id),
      ),
  },
];
export const allRules: readonly TreeRule[] = uniqueRules(rules);

/**
 * Runs all rules on files: `path -> content`, with paths relative to a folder and forward slashes. A finding in two files with
 * the same content is reported once.
 * @param folderName name of that folder, for rules about the folder of a solution
 * @public for tests; the commands verify trees that they have read
 */
export function verifyFiles(
  files: ReadonlyMap<string, string | Uint8Array>,
  folderName = '',
  options: VerifyOptions = {},
): Report {
  return verifyTree(readTree(files, folderName), options);
}

/** The same for files that were read already. */
export function verifyTree(tree: Tree, { off = [], every = false, only }: VerifyOptions = {}): Report {
  const isNew = firstOfItsKind(tree);
  const isOff = switchedOffIn(tree, off);
  const all = rules
    .flatMap((rule) =>
      rule
        .check(tree)
        .filter(({ file }) => only === undefined || isWithin(file, only))
        .filter((placed) => !isOff(rule.id, placed.file) && isNew(rule.id, placed))
        .map((placed) => finding(rule, placed, tree)),
    )
    .sort(byPlace);
  const findings = every ? all : folded(all);
  return {
    ok: findings.every(({ level }) => level !== 'error'),
    findings,
    rules: allRules.map(({ id, level, source, help }) => ({ id, level, source, help })),
  };
}

/** Whether a file is the named one, or lies in the named folder. */
export function isWithin(file: string, named: string): boolean {
  return file === named || file.startsWith(`${named}/`);
}

/** More findings of one rule in a file than this probably have one cause. */
const SHOWN = 3;

/** Errors with the same message have the same cause. */
function causeOf({ rule, file, level, message }: Finding): string {
  return [level, rule, file, ...(level === 'error' ? [message] : [])].join('\n');
}

/** The first findings of each cause in a file, and the number of others. */
function folded(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, causeOf);
  return findings.flatMap((one) => {
    const group = groups.get(causeOf(one)) ?? [];
    const index = group.indexOf(one);
    if (group.length <= SHOWN || index < SHOWN - 1) return [one];
    if (index > SHOWN - 1) return [];
    return [{ ...one, message: `${one.message}; the same in ${group.length - SHOWN} more places of this file` }];
  });
}

/** Whether a folder contains anything that rules apply to. */
export function hasSubjects({ broken, jsons, texts }: Tree): boolean {
  return (
    broken.length > 0 ||
    jsons.some(({ kind }) => kind !== 'other-json') ||
    texts.some(({ path }) => /\.(md|svg)$/i.test(path))
  );
}

function finding({ id, level, help }: TreeRule, placed: Placed, tree: Tree): Finding {
  const { line, column } = tree.positionOf(placed.file, placed.pointer);
  return {
    rule: id,
    level: placed.level ?? level,
    file: placed.file,
    pointer: placed.pointer,
    message: placed.message,
    help: placed.help ?? help,
    line,
    column,
  };
}

/** Returns false for findings that occurred before, in the same file or in a copy of it. */
function firstOfItsKind(tree: Tree): (rule: string, placed: Placed) => boolean {
  const contents = new Map<string, string>();
  const contentOf = (file: string) => {
    const known = contents.get(file);
    if (known !== undefined) return known;
    const hash = createHash('sha256')
      .update(tree.content(file) ?? file)
      .digest('hex');
    contents.set(file, hash);
    return hash;
  };
  const seen = new Set<string>();
  return (rule, { file, pointer, message, level }) => {
    const key = [rule, contentOf(file), pointer, message, level].join('\n');
    return !seen.has(key) && !!seen.add(key);
  };
}

function byPlace(a: Finding, b: Finding): number {
  return compareOrdinal(a.file, b.file) || a.line - b.line || a.column - b.column || compareOrdinal(a.rule, b.rule);
}

function uniqueRules(rules: readonly TreeRule[]): TreeRule[] {
  return [...new Map(rules.map((rule) => [rule.id, rule])).values()];
}
