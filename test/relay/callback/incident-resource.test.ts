import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { changedIncident, withLabel } from '../../../src/relay/callback/incident-resource.ts';

const closing = {
  classification: 'BenignPositive',
  classificationReason: 'SuspiciousButExpected',
  classificationComment: 'Scanner',
};
const labels = [{ labelName: 'vip', labelType: 'AutoAssigned' }];
const resource = (properties: JsonObject): JsonObject => ({
  id: '/x/incidents/1',
  etag: '"7"',
  properties: {
    title: 'Sign-in',
    severity: 'High',
    labels,
    incidentNumber: 7,
    lastModifiedTimeUtc: 'x',
    ...properties,
  },
});
const propertiesOf = (...args: Parameters<typeof changedIncident>) => changedIncident(...args)['properties'];

describe('the body of a write to an incident', () => {
  it('has what was read, but what only the service writes, and the etag', () => {
    const read = resource({ status: 'New', description: null, owner: { objectId: 'o' } });
    expect(changedIncident(read, {}, undefined)).toEqual({
      etag: '"7"',
      properties: { title: 'Sign-in', severity: 'High', status: 'New', owner: { objectId: 'o' }, labels },
    });
    expect(changedIncident({ properties: { title: 'x' } }, {}, undefined)).toEqual({ properties: { title: 'x' } });
  });

  it('keeps the classification of what is closed, and drops it with the reopening', () => {
    const closed = resource({ status: 'Closed', ...closing });
    expect(propertiesOf(closed, { severity: 'Low' }, undefined)).toMatchObject({ ...closing, severity: 'Low' });
    const reopened = propertiesOf(closed, { status: 'Active' }, undefined);
    expect(reopened).toMatchObject({ status: 'Active', title: 'Sign-in' });
    for (const member of Object.keys(closing)) expect(reopened).not.toHaveProperty(member);
    const open = propertiesOf(resource({ status: 'New', ...closing }), {}, undefined);
    expect(Object.keys(open ?? {})).not.toContain('classification');
  });

  it('closes with classification and reason, and with a comment where there is one', () => {
    const close = (comment: string) =>
      propertiesOf(
        resource({ status: 'New' }),
        { status: 'Closed', close: { classification: 'FalsePositive - InaccurateData', comment } },
        undefined,
      );
    expect(close('Sensor')).toMatchObject({
      status: 'Closed',
      classification: 'FalsePositive',
      classificationReason: 'InaccurateData',
      classificationComment: 'Sensor',
    });
    expect(close('')).not.toHaveProperty('classificationComment');
  });

  it('has the new owner, or nobody', () => {
    const read = resource({ status: 'Active', owner: { objectId: 'before' } });
    expect(propertiesOf(read, {}, { userPrincipalName: 'mlopez@contoso.com' })).toMatchObject({
      owner: { userPrincipalName: 'mlopez@contoso.com' },
    });
    expect(propertiesOf(read, { releaseOwner: true }, undefined)).toMatchObject({
      owner: { objectId: null, email: null, userPrincipalName: null, assignedTo: null },
    });
  });

  it('adds a tag once, whatever its casing, and leaves the others as they are', () => {
    expect(propertiesOf(resource({}), { tag: 'SIGNL4' }, undefined)).toMatchObject({
      labels: [...labels, { labelName: 'SIGNL4', labelType: 'User' }],
    });
    expect(withLabel(labels, 'VIP')).toEqual(labels);
    expect(withLabel(['odd', null, ...labels], 'vip')).toEqual(labels);
    expect(withLabel(undefined, 'vip')).toEqual([{ labelName: 'vip', labelType: 'User' }]);
  });
});
