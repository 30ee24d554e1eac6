import { describe, expect, it } from 'vitest';
import { makeEntity } from '../../../src/simulator/entities.ts';
import { makerOf } from '../../../src/simulator/incidents.ts';
import { armWorld, type Json, jsonOf } from '../client.ts';

function connected(latencyMs?: number) {
  const setup = armWorld();
  const { world } = setup;
  const handle = world.sentinel.connector(world.accounts.playbooks, latencyMs);
  const call = async (method: string, path: string, body: Json) => {
    const response = await handle(
      new Request(`https://connector.example${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
    return { status: response.status, json: await jsonOf(response) };
  };
  const { name } = world.sentinel.store.createIncident({ title: 'x', labels: ['old'] });
  return { ...setup, call, name, incidentArmId: world.sentinel.store.armId('Incidents', name) };
}

describe('the azuresentinel connector', () => {
  it('reads an incident by its ARM id', async () => {
    const { call, incidentArmId } = connected();
    expect((await call('POST', '/Incidents', { incidentArmId })).json.properties).toMatchObject({
      title: 'x',
      relatedEntities: [],
      alerts: [],
    });
    expect((await call('POST', '/Incidents', { incidentArmId: `${incidentArmId}0` })).status).toBe(404);
    expect((await call('POST', '/Incidents', {})).status).toBe(400);
  });

  it('changes status, severity, owner, tags and classification in one call and keeps the rest', async () => {
    const { call, incidentArmId, world } = connected();
    const { json, status } = await call('PUT', '/Incidents', {
      incidentArmId,
      tagsToAdd: { TagsToAdd: [{ Tag: 'SIGNL4' }, { Tag: 'SIGNL4' }] },
      tagsToRemove: { TagsToRemove: [{ Tag: 'old' }] },
      ownerAction: 'Assign',
      owner: world.accounts.onCall.objectId,
      severity: 'High',
      status: 'Closed',
      classification: {
        ClassificationAndReason: 'BenignPositive - SuspiciousButExpected',
        ClassificationReasonText: 'Handled on call',
      },
    });
    expect(status).toBe(200);
    expect(json.properties).toMatchObject({
      title: 'x',
      severity: 'High',
      status: 'Closed',
      owner: { userPrincipalName: 'm.lopez@contoso.com' },
      labels: [{ labelName: 'SIGNL4' }],
      classification: 'BenignPositive',
      classificationReason: 'SuspiciousButExpected',
      classificationComment: 'Handled on call',
    });
    const tagged = await call('PUT', '/Incidents', { incidentArmId, tagsToAdd: { TagsToAdd: [{ Tag: 'more' }] } });
    expect(tagged.json.properties).toMatchObject({
      status: 'Closed',
      classification: 'BenignPositive',
      labels: [{ labelName: 'SIGNL4' }, { labelName: 'more' }],
    });
    const reopened = await call('PUT', '/Incidents', { incidentArmId, status: 'Active', ownerAction: 'Unassign' });
    expect(reopened.json.properties.classification).toBeUndefined();
    expect(reopened.json.properties.owner.objectId).toBeNull();
  });

  it.each([
    [{ status: 'Closed' }, 'not a valid classification'],
    [{ status: 'Closed', classification: { ClassificationAndReason: 'FalsePositive' } }, 'not a valid classification'],
    [{ status: 'Done' }, "'Done' is not a valid status"],
    [{ ownerAction: 'Assign' }, "'owner' is missing"],
    [{ ownerAction: 'Assign', owner: 'joerg.mueller@contoso.com' }, 'not a user of this tenant'],
    [{ ownerAction: 'Give', owner: 'x' }, 'not a valid ownerAction'],
    [{ ownerAction: 'Assign', owner: '11111111-1111-1111-1111-111111111111' }, 'not a user of this tenant'],
  ])('refuses %j', async (change, message) => {
    const { call, incidentArmId } = connected();
    const { status, json } = await call('PUT', '/Incidents', { incidentArmId, ...change });
    expect(status).toBe(400);
    expect(json.error.message).toContain(message);
  });

  it('comments anew at every call: a repeat is a second comment', async () => {
    const { call, incidentArmId, world, name } = connected();
    for (let n = 0; n < 2; n++)
      expect((await call('POST', '/Incidents/Comment', { incidentArmId, message: '<p>hi</p>' })).status).toBe(200);
    const { comments } = world.sentinel.store.incident(name);
    expect(comments.map(({ properties }) => properties.author.name)).toEqual(['SIGNL4 playbooks', 'SIGNL4 playbooks']);
    expect((await call('POST', '/Incidents/Comment', { incidentArmId, message: 'x'.repeat(30_001) })).status).toBe(400);
  });

  it('sorts entities by kind', async () => {
    const { call, world } = connected();
    const maker = makerOf(world);
    const entities = [
      makeEntity(maker, 'Account', 'admin', { accountName: 'admin', upnSuffix: 'contoso.com' }),
      makeEntity(maker, 'Ip', '192.0.2.1', { address: '192.0.2.1' }),
      makeEntity(maker, 'FileHash', 'h', { hashValue: 'abc', algorithm: 'MD5' }),
    ];
    expect((await call('POST', '/entities/account', entities)).json).toEqual({
      Accounts: [{ FriendlyName: 'admin', Name: 'admin', UpnSuffix: 'contoso.com' }],
    });
    expect((await call('POST', '/entities/ip', entities)).json.IPs).toMatchObject([{ Address: '192.0.2.1' }]);
    expect((await call('POST', '/entities/filehash', entities)).json.Filehashes).toMatchObject([
      { Value: 'abc', Algorithm: 'MD5' },
    ]);
    expect((await call('POST', '/entities/host', entities)).json).toEqual({ Hosts: [] });
    expect((await call('POST', '/entities/host', {})).status).toBe(400);
    expect((await call('GET', '/Incidents/AlertInformation', undefined)).status).toBe(404);
  });

  it('conflicts when two updates overlap, as in a parallel loop', async () => {
    const { call, incidentArmId, clock, world, name } = connected(200);
    const tag = (Tag: string) => call('PUT', '/Incidents', { incidentArmId, tagsToAdd: { TagsToAdd: [{ Tag }] } });
    const both = Promise.all([tag('a'), tag('b')]);
    await clock.advance(1_000);
    expect((await both).map(({ status }) => status)).toEqual([200, 409]);
    expect(world.sentinel.store.incident(name).properties.labels.map(({ labelName }) => labelName)).toEqual([
      'old',
      'a',
    ]);
  });

  it('is refused without the role', async () => {
    const { call, incidentArmId, world } = connected();
    world.sentinel.access.revoke(world.accounts.playbooks.objectId);
    expect((await call('PUT', '/Incidents', { incidentArmId, status: 'Active' })).status).toBe(403);
  });
});
