import type { SubjectRule } from '../rule.ts';

/** A rule from its parts in order, for tables of short rules. */
export function rule<Subject>(
  id: string,
  level: SubjectRule<Subject>['level'],
  source: string,
  help: string,
  check: SubjectRule<Subject>['check'],
): SubjectRule<Subject> {
  return { id, level, source, help, check };
}
