import type { IncidentFilter } from './choices.ts';
import type { FilterTest } from './filter.ts';
import { type Split, splitTests } from './filter-odata.ts';
import { lastSegment } from './last-segment.ts';
import { friendly, type NameTables } from './product-names.ts';

/**
 * The filter as conditions of an automation rule (Microsoft.SecurityInsights/automationRules, 2025-09-01): all must hold,
 * values within one are alternatives. Whether the service minds case in titles and tags is not documented, nor whether a
 * tag condition compares whole tags; so a test is left to the playbook where the rule might keep back an incident that it
 * should send. `NotContains` on the title cannot do that.
 */
const expressible: readonly FilterTest[] = [
  'Status',
  'Severity',
  'Excluded title',
  'Product',
  'Analytics rule',
  'Tactic',
];

/** A condition on one property; several values are alternatives (with a negated operator: none of them). */
export interface PropertyCondition {
  readonly conditionType: 'Property';
  readonly conditionProperties: {
    readonly propertyName: string;
    readonly operator: string;
    readonly propertyValues: readonly string[];
  };
}

export interface RuleConditions extends Split {
  readonly conditions: readonly PropertyCondition[];
}

/** `ruleId` makes the value for an analytics rule of its GUID: its ARM id, usually as an ARM expression. */
export function filterConditions(
  filter: IncidentFilter,
  names: NameTables,
  ruleId: (guid: string) => string,
): RuleConditions {
  const split = splitTests(filter, expressible);
  const possible: Readonly<Partial<Record<FilterTest, PropertyCondition>>> = {
    Status: propertyCondition('IncidentStatus', 'Equals', filter.statuses),
    Severity: propertyCondition('IncidentSeverity', 'Equals', filter.severities),
    'Excluded title': propertyCondition('IncidentTitle', 'NotContains', filter.titleExcludes),
    Product: propertyCondition('AlertProductNames', 'Contains', productSpellings(filter.products, names)),
    'Analytics rule': propertyCondition(
      'IncidentRelatedAnalyticRuleIds',
      'Contains',
      filter.analyticsRules.map((rule) => ruleId(lastSegment(rule))),
    ),
    Tactic: propertyCondition('IncidentTactics', 'Contains', filter.tactics),
  };
  return {
    ...split,
    conditions: split.expressed.map((test) => possible[test]).filter((condition) => condition !== undefined),
  };
}

function propertyCondition(
  propertyName: string,
  operator: string,
  propertyValues: readonly string[],
): PropertyCondition {
  return { conditionType: 'Property', conditionProperties: { propertyName, operator, propertyValues } };
}

/** How Sentinel spells what the filter names: every known name with the same friendly name, and the name as typed. */
function productSpellings(products: readonly string[], names: NameTables): readonly string[] {
  const spellings = products.flatMap((product) => {
    const name = friendly(names.products, product).toLowerCase();
    return [...names.spellings.filter((raw) => friendly(names.products, raw).toLowerCase() === name), product];
  });
  return [...new Set(spellings)];
}
