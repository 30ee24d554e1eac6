import type { Problem } from '../domain/problem.ts';
import { oncePer } from './once-per.ts';
import type { Tree } from './tree.ts';

/**
 * `error`: a validation, the packaging tool, the service or a deployment refuses it. `warning`: a reviewer will ask about it, or
 * it causes trouble later. `note`: a matter of style.
 */
export type Level = 'error' | 'warning' | 'note';

/** A violation at a JSON pointer (`/paths/~1v2~1alerts/post/summary`). Its remedy is the help of the rule. */
export interface Violation extends Problem {
  readonly pointer: string;
  /** Set if it differs from the rule's level. */
  readonly level?: Level;
}

/** A list with one violation, or empty without a message. */
export function violation(pointer: string, message: string | undefined): Violation[] {
  return message === undefined ? [] : [{ pointer, message }];
}

/** What a report says of a rule. */
export interface RuleEntry {
  readonly id: string;
  readonly level: Level;
  readonly source: string;
  readonly help: string;
}

/** Members of a violation that override those of its rule. */
interface Particulars {
  readonly help?: string;
}

/** A violation, with its file. */
export interface Placed extends Violation, Particulars {
  readonly file: string;
}

/** A rule that sees all files at once. */
export interface TreeRule extends RuleEntry {
  check(tree: Tree): readonly Placed[];
}

/** Rules bound to the files that they apply to. */
export type RuleGroup = readonly TreeRule[];

/** A rule about one kind of subject. Its violations may have their own remedy and level. */
export interface SubjectRule<Subject> extends RuleEntry {
  check(subject: Subject): readonly (Violation & Particulars)[];
}

/** A part of a file that is the subject of rules. */
export interface At<Subject> {
  readonly file: string;
  /** JSON pointer of the part within the file; '' for the whole file. */
  readonly at: string;
  readonly subject: Subject;
}

/**
 * Turns rules about a kind of subject into rules about a tree. `subjectsOf` finds the subjects once for all rules of the group.
 * @param contentOf the object that determines the result for a subject, if there is one: subjects that share it are checked once
 */
export function group<Subject>(
  rules: readonly SubjectRule<Subject>[],
  subjectsOf: (tree: Tree) => readonly At<Subject>[],
  contentOf?: (subject: Subject) => object,
): RuleGroup {
  const find = oncePer(subjectsOf);
  return rules.map(({ id, level, source, help, check }) => {
    const checkOnce = contentOf === undefined ? check : oncePer(check, contentOf);
    return {
      id,
      level,
      source,
      help,
      check: (tree) =>
        find(tree).flatMap(({ file, at, subject }) =>
          checkOnce(subject).map((found) => ({ ...found, file, pointer: at + found.pointer })),
        ),
    };
  });
}

/**
 * Turns rules into advice for files that their source does not read and so would not refuse.
 * @param isRead whether the validation or tool reads a file
 */
export function adviceWhereUnread(
  rules: RuleGroup,
  source: string,
  isRead: (file: string, tree: Tree) => boolean,
): RuleGroup {
  return rules.map((rule) =>
    rule.source === source
      ? {
          ...rule,
          check: (tree) =>
            rule.check(tree).map((found) => (isRead(found.file, tree) ? found : { level: 'warning', ...found })),
        }
      : rule,
  );
}
