import { describe, expect, it } from 'vitest';
import { setupTemplate } from '../../../src/arm/setup/template.ts';
import { evaluateArm } from '../../../src/arm-expressions/evaluate.ts';
import type { ParameterValues } from '../../../src/arm-expressions/parameter.ts';
import { offlineDeployment } from '../../../src/arm-expressions/scope.ts';
import { templateScope } from '../../../src/arm-expressions/template.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import { type JsonObject, memberAt } from '../../../src/domain/json.ts';
import type { Json } from '../../../src/wdl/types.ts';

const workspaceId =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline/providers/Microsoft.OperationalInsights/workspaces/law-soc';

/** The resources that a deployment makes, copies unrolled; nested templates as they are. */
function deployed(given: ParameterValues = {}): readonly JsonObject[] {
  const template = setupTemplate(defaultConfig) as unknown as { readonly [name: string]: Json };
  const scope = templateScope(template, { WorkspaceName: 'law-soc', Playbooks: [], ...given }, offlineDeployment);
  return (template['resources'] as unknown as readonly JsonObject[]).flatMap((resource) => {
    const { copy, condition, properties, ...rest } = resource;
    if (condition !== undefined && evaluateArm(condition as unknown as Json, scope) === false) return [];
    const count = copy === undefined ? 1 : evaluateArm(memberAt(copy, 'count') as Json, scope);
    const nested = rest['type'] === 'Microsoft.Resources/deployments';
    return Array.from({ length: Number(count) }, (_, index) => {
      const inCopy = { ...scope, copyIndexes: new Map([['', index]]) };
      return {
        ...(evaluateArm(rest as unknown as Json, inCopy) as unknown as JsonObject),
        properties: (nested ? properties : evaluateArm(properties as unknown as Json, inCopy)) as unknown as Json,
      } as unknown as JsonObject;
    });
  });
}

const roleOf = (resource: JsonObject) =>
  String(memberAt(resource, 'properties', 'roleDefinitionId'))
    .split('/')
    .at(-1);
const assignments = (given: ParameterValues) =>
  deployed(given).filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
const responder = '3e150937-b8fe-4cfb-8069-0eaf05ecd056';

describe('the parameters', () => {
  const workspace = {
    ...{ tenantId: '7b1f0a52-6c1e-4d0b-9a55-3c1f8f2f9d10', subscriptionId: 'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0' },
    ...{ resourceGroup: 'rg', name: 'law-soc', workspaceId: 'c8c99641-985d-4e4e-8e91-fb3466cd0e5b' },
  };
  const placed = (place: object) => {
    const config = { ...defaultConfig, workspace, deployment: { ...defaultConfig.deployment, ...place } };
    const { PlaybookSubscriptionId, PlaybookResourceGroup, Playbooks } = setupTemplate(config).parameters;
    return [PlaybookSubscriptionId, PlaybookResourceGroup, Playbooks].map((each) => each?.defaultValue);
  };

  it('say where the playbooks are; nobody assigns roles to identities of another tenant', () => {
    const place = { subscriptionId: 'f1cfe6b2-9ac0-4464-9919-dccaee2e48c0', resourceGroup: 'rg-signl4' };
    expect(placed(place)).toEqual([...Object.values(place), expect.arrayContaining(['SIGNL4-Callback'])]);
    expect(placed({ ...place, tenantId: '99999999-9999-4999-8999-999999999999' })).toEqual([
      ...Object.values(place),
      [],
    ]);
  });
});

describe('the roles of the Entra application', () => {
  const app = { AppObjectId: '7c0e2bd2-6a5f-4a3c-9f2b-0a7f5f1d9e11' };

  it('are the custom role, Microsoft Sentinel Contributor and Log Analytics Reader, on the workspace', () => {
    const [custom, ...builtIn] = assignments(app).map(roleOf);
    expect(builtIn).toEqual(['ab8e14d6-4a74-4a29-9ba8-549422addade', '73c42c96-874c-492b-b04d-ab87d138a893']);
    const definition = deployed(app).find(({ type }) => type === 'Microsoft.Authorization/roleDefinitions');
    expect(definition?.['name']).toBe(custom);
    expect(assignments(app).map(({ scope }) => scope)).toEqual(
      Array.from({ length: 3 }, () => 'Microsoft.OperationalInsights/workspaces/law-soc'),
    );
  });

  it('allow with the custom role to query, and nothing that changes rights', () => {
    const definition = deployed(app).find(({ type }) => type === 'Microsoft.Authorization/roleDefinitions');
    expect(memberAt(definition, 'properties')).toMatchObject({
      roleName: 'SIGNL4 Sentinel and Log Analytics Access',
      permissions: [
        {
          actions: [
            'Microsoft.OperationalInsights/workspaces/query/read',
            'Microsoft.OperationalInsights/workspaces/query/*/read',
            'Microsoft.OperationalInsights/workspaces/read',
          ],
          notActions: [
            'Microsoft.Authorization/*/Delete',
            'Microsoft.Authorization/*/Write',
            'Microsoft.Authorization/elevateAccess/Action',
            'Microsoft.Blueprint/blueprintAssignments/write',
            'Microsoft.Blueprint/blueprintAssignments/delete',
          ],
        },
      ],
    });
  });

  it('are two where queries are not allowed', () => {
    expect(assignments({ ...app, AllowQueries: false })).toHaveLength(2);
    expect(deployed({ ...app, AllowQueries: false })).toHaveLength(2);
  });

  it('can be Responder instead of Contributor', () => {
    expect(assignments({ ...app, AppSentinelRole: 'Microsoft Sentinel Responder' }).map(roleOf)).toContain(responder);
  });

  it('have no conditions, and names that stay the same from deployment to deployment', () => {
    const names = () => deployed(app).map(({ name }) => name);
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(4);
    expect(JSON.stringify(deployed(app))).not.toContain('"condition"');
  });

  it('are none where there is no application', () => {
    expect(deployed()).toEqual([]);
  });
});

describe('the roles of managed identities', () => {
  it('are Microsoft Sentinel Responder and nothing else', () => {
    const found = assignments({ ManagedIdentityObjectIds: ['a', 'b'] });
    expect(found.map(roleOf)).toEqual([responder, responder]);
    expect(new Set(found.map(({ name }) => name)).size).toBe(2);
  });

  it('are found by the name of the playbook', () => {
    const [nested, ...rest] = deployed({ Playbooks: ['SIGNL4-Callback'] });
    expect(rest).toEqual([]);
    expect(JSON.stringify(nested)).toContain(responder);
    expect(JSON.stringify(nested)).toContain('.identity.principalId]');
    expect(JSON.stringify(nested)).not.toContain('ab8e14d6');
  });

  it('belong to the workspace', () => {
    const scope = templateScope(
      setupTemplate(defaultConfig) as unknown as { readonly [name: string]: Json },
      { WorkspaceName: 'law-soc' },
      offlineDeployment,
    );
    expect(scope.variable('WorkspaceKey')).toBe(workspaceId);
  });
});
