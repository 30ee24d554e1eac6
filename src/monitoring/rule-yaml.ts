import { stringify } from 'yaml';
import type { AnalyticsRule } from './rules.ts';

/**
 * A rule as a file of the Azure-Sentinel repository. The tactic is a formal choice: reviewers ask for one, and a page that does not go out is what an
 * attacker would want; the description says what it is.
 */
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
      tactics: ['DefenseEvasion'],
      relevantTechniques: ['T1562'],
      query: `${rule.query}\n`,
      entityMappings: [
        { entityType: 'CloudApplication', fieldMappings: [{ identifier: 'Name', columnName: rule.entityColumn }] },
      ],
      eventGroupingSettings: { aggregationKind: 'SingleAlert' },
      customDetails: rule.customDetails,
      incidentConfiguration: { createIncident: true },
      version,
      kind: 'Scheduled',
    },
    { lineWidth: 0, blockQuote: 'literal' },
  );
}
