import { stringify } from 'yaml';
import { type AnalyticsRule, attack, incidentMembers } from './rules.ts';

/** A rule as a file of the Azure-Sentinel repository. */
export function ruleYaml(rule: AnalyticsRule, version: string): string {
  return stringify(
    {
      id: rule.id,
      name: rule.title,
      description: `${rule.description}\n`,
      severity: rule.severity,
      status: 'Available',
      requiredDataConnectors: [],
      queryFrequency: rule.queryFrequency,
      queryPeriod: rule.queryPeriod,
      triggerOperator: 'gt',
      triggerThreshold: 0,
      tactics: attack.tactics,
      relevantTechniques: attack.techniques,
      query: `${rule.query}\n`,
      ...incidentMembers(rule),
      version,
      kind: 'Scheduled',
    },
    { lineWidth: 0, blockQuote: 'literal' },
  );
}
