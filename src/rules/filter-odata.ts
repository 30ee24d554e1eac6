import { severities } from '../domain/severity.ts';
import { incidentStatuses } from '../domain/status.ts';
import type { IncidentFilter } from './choices.ts';
import { call, concat, empty, literal, lower, parameter, replace, type Wdl, when } from './expressions.ts';
import type { FilterTest } from './filter.ts';

/** Which tests of a filter a place takes over, and which stay in the playbook. */
export interface Split {
  readonly expressed: readonly FilterTest[];
  readonly left: readonly FilterTest[];
}

/** The tests that a filter makes at all. */
export function activeTests(filter: IncidentFilter): readonly FilterTest[] {
  const choices: Readonly<Record<FilterTest, readonly string[]>> = {
    Status: filter.statuses.length === incidentStatuses.length ? [] : filter.statuses,
    Severity: filter.severities.length === severities.length ? [] : filter.severities,
    Title: filter.titleContains,
    'Excluded title': filter.titleExcludes,
    'Required tag': filter.tags,
    'Excluded tag': filter.excludeTags,
    Product: filter.products,
    'Analytics rule': filter.analyticsRules,
    Owner: filter.owners,
    Tactic: filter.tactics,
  };
  return (Object.keys(choices) as FilterTest[]).filter((test) => choices[test].length > 0);
}

/** The tests of `filter` split by what a place can express. */
export function splitTests(filter: IncidentFilter, possible: readonly FilterTest[]): Split {
  const active = activeTests(filter);
  return {
    expressed: active.filter((test) => possible.includes(test)),
    left: active.filter((test) => !possible.includes(test)),
  };
}

/** What both sides of the comparison in a list call can be, with the property that holds it. */
const listed = [
  {
    test: 'Status',
    choice: 'statuses',
    parameter: 'Statuses',
    property: 'properties/status',
    values: incidentStatuses,
  },
  {
    test: 'Severity',
    choice: 'severities',
    parameter: 'Severities',
    property: 'properties/severity',
    values: severities,
  },
] as const satisfies readonly {
  test: FilterTest;
  choice: keyof IncidentFilter;
  parameter: string;
  property: string;
  values: readonly string[];
}[];

/**
 * `$filter` for listing incidents. Only comparisons of status, severity and time: the service rejects or misreads conditions
 * on labels beside others (azure-rest-api-specs #26569), and its `contains` minds case. The list is never too short, and
 * what is left is tested on each incident.
 */
export function filterOData(filter: IncidentFilter, { since }: { since: string }): Split & { readonly filter: string } {
  const split = splitTests(
    filter,
    listed.map(({ test }) => test),
  );
  const groups = listed
    .filter(({ test }) => split.expressed.includes(test))
    .map(({ choice, property }) => `(${filter[choice].map((value) => `${property} eq '${value}'`).join(' or ')})`);
  return { ...split, filter: [`properties/lastModifiedTimeUtc ge ${since}`, ...groups].join(' and ') };
}

/**
 * The same as an expression that reads the parameters Statuses and Severities, and leaves out what was created later than
 * `createdBefore`. The times are expressions of ISO 8601 texts.
 */
export function filterODataWdl({ since, createdBefore }: { since: Wdl; createdBefore: Wdl }): Wdl {
  const groups = listed.map(({ parameter: name, property, values }) => {
    const chosen = call('join', asSpelled(parameter(name), values), literal(`' or ${property} eq '`));
    return when(empty(parameter(name)), "''", concat(literal(` and (${property} eq '`), chosen, literal("')")));
  });
  const times = [literal('properties/lastModifiedTimeUtc ge '), since, literal(' and properties/createdTimeUtc le ')];
  return concat(...times, createdBefore, ...groups);
}

/** A list of texts in Sentinel's own spelling: the predicate does not mind case, the service does. */
function asSpelled(texts: Wdl, values: readonly string[]): Wdl {
  const quoted = (text: string) => literal(JSON.stringify(text));
  const spelled = values.reduce(
    (rest, value) => replace(rest, quoted(value.toLowerCase()), quoted(value)),
    lower(call('string', texts)),
  );
  return call('json', spelled);
}
