import type { Finding, Report } from '../report.ts';
import type { RuleEntry } from '../rule.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** SARIF 2.1.0, for code scanning ("Static Analysis Results Interchange Format", OASIS). */
export function sarifReport(report: Report, version: string): string {
  const indexes = new Map(report.rules.map(({ id }, index) => [id, index]));
  return JSON.stringify(
    {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'signl4-sentinel verify',
              version,
              semanticVersion: version,
              informationUri: 'https://www.signl4.com',
              rules: report.rules.map(ruleDescriptor),
            },
          },
          columnKind: 'utf16CodeUnits',
          results: report.findings.map((finding) => result(finding, indexes.get(finding.rule) ?? -1)),
        },
      ],
    },
    null,
    2,
  );
}

function ruleDescriptor({ id, level, source, help }: RuleEntry) {
  return {
    id,
    shortDescription: { text: help },
    help: { text: `${help} Source: ${source}` },
    ...(source.startsWith('https:') && { helpUri: source }),
    defaultConfiguration: { level },
  };
}

function result({ rule, level, file, pointer, message, help, line, column }: Finding, ruleIndex: number) {
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: `${message}. ${help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file) },
          region: { startLine: line, startColumn: column },
        },
        ...(pointer !== '' && { logicalLocations: [{ fullyQualifiedName: pointer, kind: 'member' }] }),
      },
    ],
    partialFingerprints: { 'place/v1': `${rule}:${file}:${pointer}` },
  };
}
