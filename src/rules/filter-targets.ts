import { lastSegment } from '../domain/last-segment.ts';
import { at, type Expr, item, join, parameter, type Row, type Text, text } from '../wdl/build.ts';
import type { IncidentFilter } from './choices.ts';
import {
  activeRows,
  type FilterTest,
  filterRows,
  type IncidentTokens,
  READABLE,
  type RuleCondition,
} from './filter.ts';
import { friendly, type NameTables } from './product-names.ts';

/*
 * The filter compiled for each place that tests it. An automation rule plus SIGNL4-Send-Incident select the same incidents as
 * `matches`; so do the `$filter` of a list, the steps after it, and SIGNL4-Send-Incident.
 */

/** A list that users edit as a workflow parameter. */
export interface ListParameter {
  readonly name: string;
  readonly says: string;
  readonly values: readonly string[];
}

/** Conditions of the automation rule for new incidents, combined with AND. */
export function ruleConditions(filter: IncidentFilter, names: NameTables): readonly RuleCondition[] {
  return activeRows(filter).flatMap(({ rule, chosen }) => {
    const tested = chosen.filter((value) => !rule.leftToPlaybook?.(value));
    return tested.length > 0 ? (rule.rule?.(tested, names) ?? []) : [];
  });
}

/** Conditions on the latest row of an incident in the table SecurityIncident, combined with AND. */
export function kqlConditions(filter: IncidentFilter, names: NameTables): readonly string[] {
  return activeRows(filter).map(({ rule, chosen }) => rule.kql(chosen, names));
}

/**
 * Choices that may produce the given conditions of an automation rule, the most likely first; the caller compiles each and
 * compares. Empty if a condition cannot come from a filter. What a rule does not test is taken from `filter`.
 */
export function filtersOf(
  conditions: readonly RuleCondition[],
  filter: IncidentFilter,
  names: NameTables,
): readonly IncidentFilter[] {
  const tested = filterRows.flatMap(({ choice, rule, leftToPlaybook }) => {
    const probe = rule?.(['probe'], names);
    const kept = filter[choice].filter((value) => leftToPlaybook?.(value));
    return probe ? [{ choice, kept, ...probe }] : [];
  });
  const isOf = (one: RuleCondition, { propertyName, operator }: RuleCondition) =>
    one.propertyName === propertyName && one.operator === operator;
  if (!conditions.every((one) => tested.filter((row) => isOf(row, one)).length === 1)) return [];
  return tested.reduce<readonly IncidentFilter[]>(
    (filters, row) => {
      const values = conditions.find((one) => isOf(row, one))?.propertyValues.map(nameOf) ?? [];
      const choices = [values, values.filter((value) => value !== 'Active'), friendlyOnes(values, names)];
      const different = choices.filter((one, index) => choices.findIndex((other) => isSameList(one, other)) === index);
      return filters.flatMap((one) => different.map((chosen) => ({ ...one, [row.choice]: [...chosen, ...row.kept] })));
    },
    [filter],
  );
}

/** Analytics rules are chosen by their GUID, the last segment of the id. */
const nameOf = (value: string) => (value.startsWith('/') ? lastSegment(value) : value);

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Friendly product names without duplicates. */
function friendlyOnes(values: readonly string[], names: NameTables): readonly string[] {
  return [...new Set(values.map((value) => friendly(names.products, value)))];
}

/**
 * Rows of the condition in SIGNL4-Send-Incident. Status and severity are always included, as a safeguard and because the generic
 * playbook has their lists as parameters.
 */
export function sendRows(filter: IncidentFilter, tokens: IncidentTokens): readonly Row[] {
  const active = activeRows(filter);
  return filterRows.flatMap((rule) => {
    const chosen = active.find((one) => one.rule === rule)?.chosen;
    if (chosen) return rule.rows?.(chosen, tokens) ?? [];
    return rule.every ? (rule.rows?.(rule.every, tokens) ?? []) : [];
  });
}

/** The lists that those rows use. An empty choice means "any", so all values are listed. */
export function protectedLists(filter: IncidentFilter): readonly ListParameter[] {
  return filterRows.flatMap(({ parameter: list, every, choice }) =>
    list && every ? [{ ...list, values: filter[choice].length > 0 ? filter[choice] : every }] : [],
  );
}

/** Rows on the body of the alert trigger, and the lists that they use; severity is always included. */
export function alertRows(
  filter: IncidentFilter,
  names: NameTables,
  body: Expr,
): { readonly rows: readonly Row[]; readonly lists: readonly ListParameter[] } {
  const active = activeRows(filter);
  const tested = filterRows.flatMap((rule) => {
    if (!rule.alert) return [];
    const chosen = active.find((one) => one.rule === rule)?.chosen ?? rule.every;
    return chosen ? [{ rule, chosen, rows: rule.alert(chosen, body) }] : [];
  });
  return {
    rows: tested.flatMap(({ rows }) => rows),
    lists: tested.flatMap(({ rule: { parameter: list }, chosen }) =>
      list ? [{ ...list, values: list.values?.(chosen, names) ?? chosen }] : [],
    ),
  };
}

/** Condition for the `$filter` of a list, in Sentinel's own spelling, after `properties/lastModifiedTimeUtc ge <since>`. */
export function filterOData(filter: IncidentFilter, since: string): string {
  const groups = activeRows(filter).flatMap(({ rule, chosen }) =>
    rule.odata
      ? [
          `(${rule.odata
            .alternatives(chosen)
            .map((value) => `${rule.odata?.property} eq '${value}'`)
            .join(' or ')})`,
        ]
      : [],
  );
  return [`properties/lastModifiedTimeUtc ge ${since}`, ...groups].join(' and ');
}

/** The same in a workflow, with lists from its parameters. `states` are added to the chosen ones. */
export function filterODataText(since: Expr, until: Expr, states: readonly string[]): Text {
  const among = (property: string, name: string) =>
    text`(${property} eq '${join(parameter(name), `' or ${property} eq '`)}'`;
  const added = states.map((state) => ` or properties/status eq '${state}'`).join('');
  const window = text`properties/lastModifiedTimeUtc ge ${since} and properties/createdTimeUtc le ${until}`;
  const state = text`${among('properties/status', 'Statuses')}${added})`;
  return text`${window} and ${state} and ${among('properties/severity', 'Severities')})`;
}

/** A step that filters the list of a sweep: what it tests, and the expression on `item()`. */
export interface ListTest {
  readonly test: FilterTest;
  readonly where: Expr;
  readonly list?: ListParameter;
}

/**
 * Tests by which a sweep filters the list, so that it does not start SIGNL4-Send-Incident in vain. Tests whose expression would
 * be too long to read are left to the rows of SIGNL4-Send-Incident.
 */
export function listTests(filter: IncidentFilter, names: NameTables): readonly ListTest[] {
  const properties = at(item, 'properties');
  return activeRows(filter).flatMap(({ rule, chosen }) => {
    const where = rule.listed?.(chosen, properties, names);
    if (!where || (rule.rows && where.wdl.length > READABLE)) return [];
    const list =
      rule.parameter && where.wdl.includes(`parameters('${rule.parameter.name}')`) ? rule.parameter : undefined;
    const values = list?.values?.(chosen, names) ?? chosen;
    return [{ test: rule.test, where, ...(list && { list: { ...list, values } }) }];
  });
}

/** Which tests the automation rule makes and which only the playbook makes, for a note printed by `build`. */
export function testsByPlace(filter: IncidentFilter): {
  readonly rule: readonly FilterTest[];
  readonly playbook: readonly FilterTest[];
} {
  const active = activeRows(filter)
    .filter(({ rule, chosen }) => chosen.some((value) => !rule.leftToPlaybook?.(value)))
    .map(({ rule }) => rule);
  return {
    rule: active.filter((one) => one.rule).map(({ test }) => test),
    playbook: active.filter((one) => !one.rule).map(({ test }) => test),
  };
}
