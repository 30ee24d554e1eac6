type Level = 'error' | 'warning' | 'note';

/** One requirement, checked on one kind of subject: a definition, a template, a picture, … */
export interface Rule<Subject> {
  /** Stable, for scripts and for switching a rule off: `operation.summary`. */
  readonly id: string;
  readonly level: Level;
  /** Where the requirement is written. */
  readonly source: string;
  /** What to do about a finding. */
  readonly help: string;
  check(subject: Subject): readonly Violation[];
}

/** A place that breaks a rule, as JSON pointer (`/paths/~1v2~1alerts/post/summary`), and what is wrong there. */
export interface Violation {
  readonly pointer: string;
  readonly message: string;
  /** Where it weighs another way than its rule. */
  readonly level?: Level;
}

/** A list of one violation, or of none where there is no message. */
export function violation(pointer: string, message: string | undefined): Violation[] {
  return message === undefined ? [] : [{ pointer, message }];
}

export interface Finding extends Violation {
  readonly rule: string;
  readonly level: Level;
  readonly help: string;
}

/** Every finding of a table of rules, in the order of the rules. */
export function runRules<Subject>(rules: readonly Rule<Subject>[], subject: Subject): Finding[] {
  return rules.flatMap(({ id, level, help, check }) =>
    check(subject).map((found) => ({ rule: id, level, help, ...found })),
  );
}

/** Where the requirements of the rules are written. */
export const sources = {
  standards: 'Microsoft Learn: custom connectors, "Follow coding standards"',
  strings: 'Microsoft Learn: custom connectors, "Learn best practices for string fields"',
  extensions: 'Microsoft Learn: custom connectors, "OpenAPI extensions"',
  webhook: 'Microsoft Learn: custom connectors, "Use a webhook as a trigger"',
  certification: 'Microsoft Learn: custom connectors, "Prepare files for certification"',
  openApi: 'OpenAPI Specification 2.0',
  azure: 'Azure Resource Manager: Microsoft.Web/customApis 2016-06-01',
  designer: 'Azure/LogicAppsUX: how the designer reads a definition',
  contentHub: 'Azure/Azure-Sentinel: V3 packaging tool, validators and review guide',
} as const;
