import { describe, expect, it } from 'vitest';
import { automationRules } from '../../src/arm/automation-rules.ts';
import { evaluateArm } from '../../src/arm-expressions/evaluate.ts';
import type { ParameterValues } from '../../src/arm-expressions/parameter.ts';
import { offlineDeployment } from '../../src/arm-expressions/scope.ts';
import { templateScope } from '../../src/arm-expressions/template.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { isJsonObject, type JsonObject, memberAt } from '../../src/domain/json.ts';
import { defaultFilter, defaultSync } from '../../src/rules/choices.ts';
import { readAutomationRule } from '../../src/simulator/sentinel/automation-rule.ts';
import { conditionsHold, type Subject } from '../../src/simulator/sentinel/conditions.ts';
import type { Json } from '../../src/wdl/types.ts';

/** The resources of the template as Azure Resource Manager would deploy them. */
function deployed(config: Config, given: ParameterValues = {}): readonly JsonObject[] {
  const template = automationRules(config) as unknown as { readonly [name: string]: Json };
  const scope = templateScope(template, { WorkspaceName: 'law-soc', ...given }, offlineDeployment);
  const resources = template['resources'] as unknown as readonly Json[];
  return resources
    .map((resource) =>
      // A nested template evaluates its expressions itself.
      isJsonObject(resource) && resource['type'] === 'Microsoft.Resources/deployments'
        ? {
            ...(evaluateArm({ ...resource, properties: {} }, scope) as object),
            properties: resource['properties'] ?? {},
          }
        : evaluateArm(resource, scope),
    )
    .filter(isJsonObject);
}

function rules(config: Config, given?: ParameterValues) {
  return deployed(config, given)
    .filter((resource) => resource['type'] === 'Microsoft.SecurityInsights/automationRules')
    .map((resource) => ({ resource, rule: readAutomationRule(resource) }));
}

function update(
  updatedFields: readonly string[],
  before: object,
  after: object,
  source = 'User',
  comments: readonly object[] = [],
  alerts: readonly object[] = [],
) {
  const state = { owner: {}, severity: 'Low', status: 'New' };
  const change = {
    updatedFields,
    before: { ...state, ...before },
    after: { ...state, ...after },
    by: { name: 'somebody', source },
    added: { alerts, labels: [], tactics: [], comments },
  };
  return { change } as unknown as Subject;
}

describe('the automation rules', () => {
  it('run the playbooks where signl4.yaml has them', () => {
    const place = {
      tenantId: '99999999-9999-4999-8999-999999999999',
      ...{ subscriptionId: 'f1cfe6b2-9ac0-4464-9919-dccaee2e48c0', resourceGroup: 'rg-signl4' },
    };
    const found = rules({ ...defaultConfig, deployment: { ...defaultConfig.deployment, ...place } });
    for (const { rule } of found)
      expect(rule.actions).toMatchObject([
        {
          actionConfiguration: {
            tenantId: place.tenantId,
            logicAppResourceId: expect.stringContaining(
              `/subscriptions/${place.subscriptionId}/resourceGroups/rg-signl4/providers/Microsoft.Logic/workflows/SIGNL4-`,
            ),
          },
        },
      ]);
  });

  it('run for new, for changed and for reopened incidents, and are accepted by the service', () => {
    const found = rules(defaultConfig);
    expect(found.map(({ rule }) => [rule.triggeringLogic.triggersWhen, rule.order])).toEqual([
      ['Created', 900],
      ['Updated', 901],
      ['Updated', 902],
    ]);
    expect(found.map(({ rule }) => memberAt(rule.actions[0], 'actionConfiguration', 'logicAppResourceId'))).toEqual([
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows/SIGNL4-Send-Incident',
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows/SIGNL4-Sync-Incident',
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.Logic/workflows/SIGNL4-Send-Incident',
    ]);
  });

  it('have names that stay the same from deployment to deployment', () => {
    const names = () => rules(defaultConfig).map(({ resource }) => resource['name']);
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(3);
  });

  it('carry the compiled conditions, brackets and all', () => {
    const filter = { ...defaultFilter, severities: ['High' as const], titleExcludes: ['[drill]'] };
    const { rule } = rules({ ...defaultConfig, filter })[0] ?? {};
    expect(rule?.triggeringLogic.conditions).toEqual([
      {
        conditionType: 'Property',
        conditionProperties: { propertyName: 'IncidentStatus', operator: 'Equals', propertyValues: ['New', 'Active'] },
      },
      {
        conditionType: 'Property',
        conditionProperties: { propertyName: 'IncidentSeverity', operator: 'Equals', propertyValues: ['High'] },
      },
      {
        conditionType: 'Property',
        conditionProperties: { propertyName: 'IncidentTitle', operator: 'NotContains', propertyValues: ['[drill]'] },
      },
    ]);
  });

  it('name analytics rules by their ARM id', () => {
    const filter = { ...defaultFilter, analyticsRules: ['A1D7BA82-a14c-4245-a781-81481901f558'] };
    const { rule } = rules({ ...defaultConfig, filter })[0] ?? {};
    expect(JSON.stringify(rule?.triggeringLogic.conditions)).toContain(
      '/workspaces/law-soc/providers/Microsoft.SecurityInsights/alertRules/a1d7ba82-a14c-4245-a781-81481901f558',
    );
  });

  it('end when they are told to', () => {
    const expiries = (given: ParameterValues) =>
      rules(defaultConfig, given).map(({ rule }) => rule.triggeringLogic.expirationTimeUtc);
    expect(expiries({})).toEqual([null, null, null]);
    expect(expiries({ ExpirationTimeUtc: '2027-01-01T00:00:00Z' })).toEqual([
      '2027-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ]);
  });
});

describe('the automation rule for changed incidents', () => {
  const conditions = rules(defaultConfig)[1]?.rule.triggeringLogic.conditions ?? [];

  it.each([
    ['closed', update(['Status'], {}, { status: 'Closed' }), true],
    ['active', update(['Status'], {}, { status: 'Active' }), true],
    ['reopened as new', update(['Status'], { status: 'Closed' }, { status: 'New' }), true],
    ['a new owner', update(['Owner'], {}, { owner: { email: 'a@b.c' } }), true],
    ['raised to high', update(['Severity'], { severity: 'Medium' }, { severity: 'High' }), true],
    ['raised to medium', update(['Severity'], { severity: 'Low' }, { severity: 'Medium' }), true],
    ['raised to low', update(['Severity'], { severity: 'Informational' }, { severity: 'Low' }), true],
    ['lowered to medium', update(['Severity'], { severity: 'High' }, { severity: 'Medium' }), false],
    ['lowered to low', update(['Severity'], { severity: 'Medium' }, { severity: 'Low' }), false],
    ['a comment', update(['Comments'], {}, {}, 'User', [{}]), true],
    ['a tag', update(['Labels'], {}, {}), false],
    ['an alert', update(['Alerts'], {}, {}, 'Alert grouping', [], [{}]), true],
    ['closed by a playbook', update(['Status'], {}, { status: 'Closed' }, 'Playbook'), true],
    ['closed by an application', update(['Status'], {}, { status: 'Closed' }, 'Application'), true],
    ['closed by a rule', update(['Status'], {}, { status: 'Closed' }, 'Automation rule'), true],
  ])('%s: %s runs the playbook: %s', (_, subject, runs) => {
    expect(conditionsHold(conditions, subject)).toBe(runs);
  });

  it('never looks at a tag: ours would set it off again', () => {
    expect(JSON.stringify(automationRules(defaultConfig))).not.toMatch(/IncidentLabel|"Labels"/);
  });

  it('hears only of what is switched on', () => {
    const sync = { ...defaultSync, closed: true, acknowledged: false, severityRaised: false, comments: false };
    const only = rules({ ...defaultConfig, sync })[1]?.rule.triggeringLogic.conditions ?? [];
    expect(conditionsHold(only, update(['Status'], {}, { status: 'Closed' }))).toBe(true);
    expect(conditionsHold(only, update(['Owner'], {}, { owner: { email: 'a@b.c' } }))).toBe(false);
    expect(conditionsHold(only, update(['Comments'], {}, {}, 'User', [{}]))).toBe(false);
  });

  it('is not there where nothing is to be heard', () => {
    const sync = { closed: false, acknowledged: false, severityRaised: false, comments: false };
    expect(rules({ ...defaultConfig, sync }).map(({ rule }) => rule.displayName)).toEqual([
      'SIGNL4: page the on-call team',
      'SIGNL4: page about an incident that is opened after all',
    ]);
  });
});

describe('the automation rule for incidents that are opened after all', () => {
  const conditions = rules(defaultConfig)[2]?.rule.triggeringLogic.conditions ?? [];

  it.each([
    ['Closed', 'New', true],
    ['Closed', 'Active', true],
    ['New', 'Active', false],
    ['Active', 'Closed', false],
  ])('%s to %s runs SIGNL4-Send-Incident: %s', (before, after, runs) => {
    const { change } = update(['Status'], { status: before }, { status: after }) as unknown as { change: object };
    const incident = { properties: { status: after, severity: 'High' } };
    expect(conditionsHold(conditions, { change, incident } as unknown as Subject)).toBe(runs);
  });
});

describe('the permission to run playbooks', () => {
  const permission = (given: ParameterValues) =>
    deployed(defaultConfig, given).find((resource) => resource['type'] === 'Microsoft.Resources/deployments');

  it('is given on the resource group of the playbooks, to the identity that is named', () => {
    const resource = permission({ SecurityInsightsObjectId: 'abc', PlaybookResourceGroup: 'rg-playbooks' });
    expect(resource).toMatchObject({ condition: true, resourceGroup: 'rg-playbooks' });
    expect(JSON.stringify(resource)).toContain('f4c81013-99ee-4d62-a7ee-b3f1f648599a');
  });

  it('is left alone where no identity is named', () => {
    expect(permission({})).toMatchObject({ condition: false });
  });
});
