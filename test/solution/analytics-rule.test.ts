import { describe, expect, it } from 'vitest';
import { findAt, listAt, textAt, toPlain } from '../../src/solution/json-tree.ts';
import { packageOf } from './small.ts';

const RULE = `id: 3f0c8f0a-6f1c-4d1e-9a53-2f1d7b1f0c11
name: Small finds something
description: |
  'Identifies something.'
severity: High
requiredDataConnectors:
  - connectorId: Small
    dataTypes:
      - SecurityIncident
queryFrequency: 15m
queryPeriod: 1d
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Impact
relevantTechniques:
  - T1562.001
  - T1562.006
query: |
  SecurityIncident
  | take 1
suppressionEnabled: true
entityMappings:
  - entityType: CloudApplication
    fieldMappings:
      - identifier: Name
        columnName: Playbook
incidentConfiguration:
  createIncident: false
version: 1.0.3
kind: Scheduled
`;
const file = 'Analytic Rules/SmallFinds.yaml';
const of = (rule: string) => packageOf({ rules: { [file]: rule } });
const packaged = of(RULE);
const ruleIn = (made: typeof packaged) =>
  listAt(listAt(made.mainTemplate, 'resources')[0], 'properties', 'mainTemplate', 'resources')[0];
const propertiesOf = (rule: string) => toPlain(findAt(ruleIn(of(rule)), 'properties') ?? null);

describe('an analytics rule in a package', () => {
  it('has its variables in one object', () => {
    const object = toPlain(findAt(packaged.mainTemplate, 'variables', 'analyticRuleObject1') ?? null);
    expect(Object.keys(object as object)).toEqual([
      'analyticRuleVersion1',
      '_analyticRulecontentId1',
      'analyticRuleId1',
      'analyticRuleTemplateSpecName1',
      '_analyticRulecontentProductId1',
    ]);
    expect(object).toMatchObject({
      analyticRuleVersion1: '1.0.3',
      analyticRuleId1:
        "[resourceId('Microsoft.SecurityInsights/AlertRuleTemplates', '3f0c8f0a-6f1c-4d1e-9a53-2f1d7b1f0c11')]",
    });
  });

  it('is a template that is off, in the order of the tool', () => {
    expect(textAt(ruleIn(packaged), 'type')).toBe('Microsoft.SecurityInsights/AlertRuleTemplates');
    const properties = toPlain(findAt(ruleIn(packaged), 'properties') ?? null) as object;
    expect(Object.keys(properties)).toEqual([
      ...['description', 'displayName', 'enabled', 'query', 'queryFrequency', 'queryPeriod', 'severity'],
      ...['suppressionDuration', 'suppressionEnabled', 'triggerOperator', 'triggerThreshold', 'status'],
      ...['requiredDataConnectors', 'tactics', 'subTechniques', 'techniques', 'entityMappings'],
      'incidentConfiguration',
    ]);
    expect(properties).toMatchObject({
      description: 'Identifies something.',
      enabled: false,
      query: 'SecurityIncident\n| take 1\n',
      queryFrequency: 'PT15M',
      queryPeriod: 'P1D',
      suppressionEnabled: false,
      triggerOperator: 'GreaterThan',
      triggerThreshold: 0,
      status: 'Available',
      incidentConfiguration: { createIncident: false },
    });
  });

  it("repeats the technique of two sub-techniques, as the tool's comparison does", () => {
    expect(propertiesOf(RULE)).toMatchObject({
      subTechniques: ['T1562.001', 'T1562.006'],
      techniques: ['T1562', 'T1562'],
    });
  });

  it('has no schedule where it is near real time', () => {
    const properties = propertiesOf(RULE.replace('kind: Scheduled', 'kind: NRT')) as object;
    for (const gone of ['queryFrequency', 'queryPeriod', 'triggerOperator', 'triggerThreshold']) {
      expect(properties).not.toHaveProperty(gone);
    }
  });

  it.each([
    ['severity: High\n', '', { severity: 'Medium' }],
    ['version: 1.0.3', 'version: 1.0', {}],
    [
      /requiredDataConnectors:[^q]*/,
      'requiredDataConnectors: []\n',
      { requiredDataConnectors: "[variables('TemplateEmptyArray')]" },
    ],
    ['tactics:\n  - Impact', 'tactics:\n  - Defense Evasion', { tactics: ['DefenseEvasion'] }],
  ])('reads %s as %j as the tool does', (was, is, expected) => {
    expect(propertiesOf(RULE.replace(was, is))).toMatchObject(expected);
  });

  it('reads a version that is a number as .NET does: 1.0 is 1', () => {
    const made = of(RULE.replace('version: 1.0.3', 'version: 1.0'));
    expect(findAt(made.mainTemplate, 'variables', 'analyticRuleObject1', 'analyticRuleVersion1')).toBe('1');
  });

  it('has a section in the wizard, and is counted and depended on', () => {
    const [step] = listAt(packaged.createUiDefinition, 'parameters', 'steps');
    expect(textAt(step, 'label')).toBe('Analytics');
    expect(textAt(listAt(step, 'elements').at(-1), 'label')).toBe('Small finds something');
    expect(packaged.counts.analyticsRules).toBe(1);
    const solution = listAt(packaged.mainTemplate, 'resources').at(-1);
    expect(toPlain(findAt(solution, 'properties', 'dependencies', 'criteria') ?? null)).toEqual([
      {
        kind: 'AnalyticsRule',
        contentId: "[variables('analyticRuleObject1')._analyticRulecontentId1]",
        version: "[variables('analyticRuleObject1').analyticRuleVersion1]",
      },
    ]);
  });

  it.each([
    ['no id', RULE.replace(/^id: .*\n/, ''), 'solution.analytics-rule'],
    ['no kind', RULE.replace('kind: Scheduled\n', ''), 'solution.analytics-rule'],
    ['the source of the community', `${RULE}metadata:\n  source:\n    kind: Community\n`, 'solution.foreign-source'],
    ['broken YAML', RULE.replace('severity: High', 'severity: [High'), 'yaml.broken'],
  ])('is refused with %s', (_, rule, code) => {
    expect(() => of(rule)).toThrow(expect.objectContaining({ code }));
  });
});
