import type { Alert } from '../../domain/alert.ts';
import { type ShownSeverity, severityRank } from '../../domain/severity.ts';
import { friendly, type NameTables } from '../../rules/product-names.ts';

/** Alerts of the same rule. */
export interface AlertGroup {
  readonly count: number;
  /** Their titles; a rule may include what it found in the title. */
  readonly titles: readonly string[];
  readonly severity: ShownSeverity | undefined;
  readonly product: string;
  readonly descriptions: readonly string[];
  readonly times: readonly string[];
}

/**
 * One group per rule, the worst first, then the largest. Alerts of other products have no rule and are grouped by title, ignoring
 * names and numbers in it.
 */
export function alertGroups(alerts: readonly Alert[], names: NameTables): readonly AlertGroup[] {
  const groups = Map.groupBy(alerts, ruleOf);
  return [...groups.values()]
    .map(
      (group): AlertGroup => ({
        count: group.length,
        titles: distinct(group.map(({ title }) => title)),
        severity: group.map(({ severity }) => severity).toSorted((a, b) => severityRank(a) - severityRank(b))[0],
        product: friendly(names.products, group[0]?.product.trim() ?? ''),
        descriptions: distinct(group.map(({ description }) => description)),
        times: group.flatMap(({ startTime, endTime }) => [startTime ?? [], endTime ?? []].flat()),
      }),
    )
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.count - a.count);
}

function ruleOf({ ruleIds, product, title, severity }: Alert): string {
  const rule = ruleIds.toSorted().join();
  return rule === '' ? [product, severity, shapeOf(title)].join('\n') : rule;
}

/** `Malware Wacatac.B!ml was prevented` is like `Malware Emotet.1 was prevented`. */
function shapeOf(title: string): string {
  return title.replace(/\S*[^\p{L}\p{M}\s]\S*/gu, '#').toLowerCase();
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
}
