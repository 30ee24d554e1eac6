import type { Incident } from '../domain/incident.ts';
import type { IncidentFilter } from './choices.ts';
import { lastSegment } from './last-segment.ts';
import { friendly, type NameTables, productAliases } from './product-names.ts';

/** What a filter tests, as a person says it. */
export type FilterTest =
  | 'Status'
  | 'Severity'
  | 'Title'
  | 'Excluded title'
  | 'Required tag'
  | 'Excluded tag'
  | 'Product'
  | 'Analytics rule'
  | 'Owner'
  | 'Tactic';

/** Whether the incident pages somebody. `filterWdl`, `filterOData` and `filterConditions` are other forms of this. */
export function matches(filter: IncidentFilter, incident: Incident, names: NameTables): boolean {
  return unmatched(filter, incident, names).length === 0;
}

/** Which tests the incident fails; none where it passes. */
export function unmatched(filter: IncidentFilter, incident: Incident, names: NameTables): readonly FilterTest[] {
  const title = incident.title.toLowerCase();
  const inTitle = (words: readonly string[]) => words.some((word) => title.includes(word.toLowerCase()));
  const excluded = filter.titleExcludes.filter((word) => word !== '');
  const products = incident.products.flatMap((product) => [product, friendly(names.products, product)]);
  const passed: Readonly<Record<FilterTest, boolean>> = {
    Status: anyOf(filter.statuses, [incident.status ?? '']),
    Severity: anyOf(filter.severities, [incident.severity ?? '']),
    Title: filter.titleContains.length === 0 || inTitle(filter.titleContains),
    'Excluded title': !inTitle(excluded),
    'Required tag': anyOf(filter.tags, incident.tags),
    'Excluded tag': !overlap(filter.excludeTags, incident.tags),
    Product: anyOf(productAliases(filter.products, names), products),
    'Analytics rule': anyOf(filter.analyticsRules.map(lastSegment), incident.ruleIds),
    Owner: anyOf(filter.owners, ownerTexts(incident)),
    Tactic: anyOf(filter.tactics, incident.tactics),
  };
  return (Object.keys(passed) as FilterTest[]).filter((test) => !passed[test]);
}

/** An empty choice does not matter. */
function anyOf(choice: readonly string[], values: readonly string[]): boolean {
  return choice.length === 0 || overlap(choice, values);
}

function overlap(choice: readonly string[], values: readonly string[]): boolean {
  const wanted = new Set(choice.map((text) => text.toLowerCase()));
  return values.some((value) => wanted.has(value.toLowerCase()));
}

function ownerTexts({ owner }: Incident): readonly string[] {
  if (!owner) return ['unassigned'];
  return [owner.email, owner.userPrincipalName, owner.objectId].filter((text) => text !== undefined);
}
