import type { Problem } from '../domain/problem.ts';
import { oncePer } from './once-per.ts';
import type { Tree } from './tree.ts';

/**
 * `error`: a validation, the packaging tool, the service or a deployment refuses it. `warning`: a reviewer asks about it, or it
 * hurts later. `note`: a matter of taste.
 */
export type Level = 'error' | 'warning' | 'note';

/** A place that breaks a rule, as JSON pointer (`/paths/~1v2~1alerts/post/summary`); the remedy is the help of the rule. */
export interface Violation extends Problem {
  readonly pointer: string;
  /** Where it weighs another way than its rule. */
  readonly level?: Level;
}

/** A list of one violation, or of none where there is no message. */
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

/** What a violation may say better than its rule. */
interface Particulars {
  readonly help?: string;
}

/** A violation, with its file. */
export interface Placed extends Violation, Particulars {
  readonly file: string;
}

/** A rule that looks at all files together. */
export interface TreeRule extends RuleEntry {
  check(tree: Tree): readonly Placed[];
}

/** A rule with the files it applies to, ready to run on a tree. */
export type RuleGroup = readonly TreeRule[];

/** A rule about one kind of subject; its violations may bring a remedy and a level of their own. */
export interface SubjectRule<Subject> extends RuleEntry {
  check(subject: Subject): readonly (Violation & Particulars)[];
}

/** A part of a file that rules look at. */
export interface At<Subject> {
  readonly file: string;
  /** JSON pointer of the part within the file; '' for the whole. */
  readonly at: string;
  readonly subject: Subject;
}

/**
 * Rules about one kind of subject as rules about a tree: `subjectsOf` finds the subjects, once for all rules of the group.
 * @param contentOf the object that says all about a subject, where there is one: copies that share it are checked once
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
 * Rules of one source, as advice in files that this source does not read: nobody would refuse them there.
 * @param isRead whether the validation, or the tool, reads a file
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
