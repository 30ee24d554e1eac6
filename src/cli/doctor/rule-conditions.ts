import { listOf, member, memberAt, textOf } from '../../domain/json.ts';
import type { ConditionOperator } from '../../domain/rule-conditions.ts';
import { severities } from '../../domain/severity.ts';
import { incidentStatuses } from '../../domain/status.ts';
import { operatorHolds } from '../../simulator/sentinel/conditions.ts';

/*
 * Conditions of an automation rule, joined by AND, as far as needed to tell whether they can ever hold: tests of a single
 * incident property. Condition groups and tests for changes are not evaluated.
 */

export interface PropertyTest {
  readonly property: string;
  readonly operator: ConditionOperator;
  readonly values: readonly string[];
}

/** Properties with a fixed set of values; all others may have any value. */
const possible: Readonly<Record<string, readonly string[]>> = {
  IncidentSeverity: severities,
  IncidentStatus: incidentStatuses,
};

/** The tests of a rule's conditions. */
export function propertyTests(conditions: unknown): readonly PropertyTest[] {
  return listOf(conditions).flatMap((condition) => {
    const { conditionType, conditionProperties: about } = Object(condition) as Record<string, unknown>;
    if (conditionType === 'Boolean' && textOf(member(about, 'operator'))?.toLowerCase() !== 'or')
      return propertyTests(member(about, 'innerConditions'));
    if (conditionType !== 'Property') return [];
    return [
      {
        property: textOf(member(about, 'propertyName')) ?? '',
        operator: (textOf(member(about, 'operator')) ?? 'Equals') as ConditionOperator,
        values: listOf(member(about, 'propertyValues')).flatMap((value) => textOf(value) ?? []),
      },
    ];
  });
}

/**
 * Why no incident can meet the conditions; undefined if one may. `allowed`: values accepted elsewhere, by property (the lists in
 * the playbook that is run).
 */
export function contradiction(
  tests: readonly PropertyTest[],
  allowed: Readonly<Record<string, readonly string[]>> = {},
): string | undefined {
  for (const property of new Set([...tests.map((test) => test.property), ...Object.keys(allowed)])) {
    const own = tests.filter((test) => test.property === property);
    const said = [
      ...own.map(({ operator, values }) => `${operator} ${values.join(', ') || 'nothing'}`),
      ...(allowed[property] ? [`${allowed[property].join(', ') || 'nothing'} in the playbook`] : []),
    ].join('; ');
    if (!isPossible(own, allowed[property], possible[property])) return `${property}: ${said}`;
  }
  return undefined;
}

function isPossible(
  tests: readonly PropertyTest[],
  allowed: readonly string[] | undefined,
  all: readonly string[] | undefined,
): boolean {
  const passes = (value: string) => tests.every((test) => operatorHolds(test.operator, [value], test.values));
  const isAllowed = (value: string) => allowed?.some((one) => one.toLowerCase() === value.toLowerCase()) ?? true;
  if (all) return all.some((value) => isAllowed(value) && passes(value));
  const wanted = tests.filter(({ operator }) => !operator.startsWith('Not'));
  const [equal] = wanted.filter(({ operator }) => operator === 'Equals');
  // A string can equal one value only, but can contain or start with several.
  if (equal) return equal.values.some(passes);
  const forbidden = tests.filter(({ operator }) => operator.startsWith('Not'));
  return wanted.every(({ values }) =>
    values.some((value) => forbidden.every((test) => operatorHolds(test.operator, [value], test.values))),
  );
}

/** Whether no incident can meet both, so that the two rules never run for the same one. */
export function exclude(one: readonly PropertyTest[], other: readonly PropertyTest[]): boolean {
  return contradiction([...one, ...other]) !== undefined;
}

type Reader = (properties: unknown) => readonly string[];

const texts = (value: unknown) => listOf(value).flatMap((each) => textOf(each) ?? []);
const one =
  (name: string): Reader =>
  (properties) => [textOf(member(properties, name)) ?? ''];

/** Reads the property that a condition tests from an incident of the REST API. */
const readers: Readonly<Record<string, Reader>> = {
  IncidentTitle: one('title'),
  IncidentDescription: one('description'),
  IncidentSeverity: one('severity'),
  IncidentStatus: one('status'),
  IncidentProviderName: one('providerName'),
  IncidentLabel: (properties) => texts(listOf(member(properties, 'labels')).map((label) => member(label, 'labelName'))),
  IncidentTactics: (properties) => texts(memberAt(properties, 'additionalData', 'tactics')),
  AlertProductNames: (properties) => texts(memberAt(properties, 'additionalData', 'alertProductNames')),
  IncidentRelatedAnalyticRuleIds: (properties) => texts(member(properties, 'relatedAnalyticRuleIds')),
};
/** Properties that may have changed since the incident was created. */
const changing: ReadonlySet<string> = new Set(['IncidentStatus', 'IncidentLabel']);

/** The tests that an incident fails, as far as its present state can tell. */
export function failedTests(tests: readonly PropertyTest[], incident: unknown): readonly PropertyTest[] {
  return tests.filter(({ property, operator, values }) => {
    const read = readers[property];
    if (!read || changing.has(property)) return false;
    return !operatorHolds(operator, read(member(incident, 'properties')), values);
  });
}
