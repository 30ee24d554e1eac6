import { paths } from '../contoso/files.ts';
import { workbooksMetadata as entries } from '../contoso/observing.ts';
import { all, type Case, copy, remove, replace, set } from './case.ts';

const { workbook, analyticsRule: rule, workbooksMetadata } = paths;
const secondEntry = { ...entries[0], workbookKey: 'ContosoWorkbook2' };
const query = '/items/1/content/items/0/content';
const wrong = (name: string, finds: string, from: string, to: string, line: number): Case => ({
  rule: `analytics-rule.${name}`,
  finds,
  bad: replace(rule, from, to),
  file: rule,
  at: line === 0 ? '' : `#line=${line}`,
});

/** Workbooks and analytics rules. */
export const observingCases: readonly Case[] = [
  {
    rule: 'workbook.template-id',
    finds: "the editor's own id",
    bad: set(workbook, '/fromTemplateId', 'sentinel-UserWorkbook'),
    file: workbook,
    at: '/fromTemplateId',
  },
  {
    rule: 'workbook.subscription',
    finds: 'the id of a subscription',
    bad: replace(workbook, 'SecurityIncident', '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg'),
    file: workbook,
    at: '',
    passes: replace(workbook, 'SecurityIncident', '/subscriptions/{Subscription}/resourceGroups/rg'),
  },
  {
    rule: 'workbook.subscription',
    finds: 'the id of a resource, not that of a subscription alone',
    bad: replace(workbook, 'SecurityIncident', 'x/subscriptions/D0CFE6B2-9ac0-4464-9919-dccaee2e48c0/'),
    file: workbook,
    at: '',
    passes: replace(workbook, 'SecurityIncident', '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0'),
  },
  {
    rule: 'workbook.metadata',
    finds: 'a workbook that the list does not know',
    bad: set(workbooksMetadata, '/0/templateRelativePath', 'Other.json'),
    file: workbook,
    at: '',
    passes: (files) => void files.delete(workbooksMetadata),
  },
  {
    rule: 'workbook.metadata',
    finds: 'an entry without a picture for the dark theme',
    bad: set(workbooksMetadata, '/0/previewImagesFileNames', ['ContosoWhite.png']),
    file: workbook,
    at: '',
  },
  {
    rule: 'workbook.metadata',
    finds: 'an entry for a name with brackets, which the packaging tool takes out of the name',
    bad: all(
      copy(workbook, 'Solutions/Contoso/Workbooks/Contoso [2].json'),
      set(workbooksMetadata, '/1', { ...secondEntry, templateRelativePath: 'Contoso [2].json' }),
    ),
    file: 'Solutions/Contoso/Workbooks/Contoso [2].json',
    at: '',
    passes: all(
      copy(workbook, 'Solutions/Contoso/Workbooks/Contoso [2].json'),
      set(workbooksMetadata, '/1', { ...secondEntry, templateRelativePath: 'Contoso 2.json' }),
    ),
  },
  {
    rule: 'workbook.no-data',
    finds: 'a tile that is silent where there is nothing',
    bad: remove(workbook, `${query}/noDataMessage`),
    file: workbook,
    at: query,
  },
  {
    rule: 'workbook.time-range',
    finds: 'a query with a time range of its own',
    bad: remove(workbook, `${query}/timeContextFromParameter`),
    file: workbook,
    at: query,
  },
  wrong('yaml', 'YAML that cannot be read', 'severity: High', 'severity: [High', 0),
  wrong('members', 'a missing severity', 'severity: High\n', '', 0),
  wrong('version-and-status', 'a missing version', 'version: 1.0.0\n', '', 0),
  wrong('members', 'a schedule without connectors', 'requiredDataConnectors: []\n', '', 0),
  wrong('values', 'a severity that there is not', 'severity: High', 'severity: Critical', 5),
  {
    ...wrong('values', 'a kind that there is not', 'kind: Scheduled', 'kind: Fusion', 28),
    passes: replace(rule, 'kind: Scheduled', 'kind: scheduled'),
  },
  {
    ...wrong('values', 'an operator that there is not', 'triggerOperator: gt', 'triggerOperator: ge', 10),
    passes: replace(rule, 'triggerOperator: gt', 'triggerOperator: GreaterThan'),
  },
  {
    ...wrong('values', 'a threshold above the limit', 'triggerThreshold: 0', 'triggerThreshold: 10001', 11),
    passes: replace(rule, 'triggerThreshold: 0', 'triggerThreshold: 10000'),
  },
  wrong('values', 'a threshold that is not a number', 'triggerThreshold: 0', 'triggerThreshold: many', 11),
  wrong('values', 'a tactic that there is not', '  - DefenseEvasion', '  - Hiding', 12),
  wrong('entity-identifiers', 'an entity that there is not', 'entityType: CloudApplication', 'entityType: Person', 20),
  {
    ...wrong(
      'entity-identifiers',
      'an identifier that the entity lacks',
      'identifier: Name',
      'identifier: Address',
      20,
    ),
    passes: replace(rule, 'identifier: Name', 'identifier: AppId'),
  },
  wrong(
    'entity-identifiers',
    'an identifier that is used twice',
    '        columnName: Playbook',
    '        columnName: Playbook\n      - identifier: Name\n        columnName: Title',
    20,
  ),
  {
    ...wrong('times', 'a period of more than 14 days', 'queryPeriod: 1h', 'queryPeriod: 15.00:00:00', 9),
    passes: replace(rule, 'queryPeriod: 1h', "queryPeriod: '1.00:00:00'"),
  },
  wrong('times', 'a unit in capitals', 'queryPeriod: 1h', 'queryPeriod: 1H', 9),
  wrong('times', 'a period that is shorter than the frequency', 'queryPeriod: 1h', 'queryPeriod: 5m', 9),
  {
    ...wrong('times', 'a long period with a short frequency', 'queryPeriod: 1h', 'queryPeriod: 14d', 8),
    passes: replace(rule, 'queryFrequency: 15m\nqueryPeriod: 1h', 'queryFrequency: 1h\nqueryPeriod: 14d'),
  },
  wrong('lengths', 'a key that is too long', '  Incident:', '  TheNumberOfTheIncident:', 25),
  wrong('text', 'a description that begins otherwise', 'Identifies incidents', 'Finds incidents', 3),
  wrong('attack', 'a technique that is none', 'T1562', 'Impair defenses', 14),
  wrong('entities', 'that no entity is mapped', 'entityMappings:', 'entities:', 0),
  wrong(
    'dropped',
    'suppression, which gets lost',
    'status: Available',
    'suppressionEnabled: true\nstatus: Available',
    6,
  ),
  {
    rule: 'analytics-rule.yaml',
    finds: 'a second file that is broken',
    bad: copy(paths.logo, 'Solutions/Contoso/Analytic Rules/Broken.yaml'),
    file: 'Solutions/Contoso/Analytic Rules/Broken.yaml',
    at: '',
  },
];
