import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import { armWorld, type Json, jsonOf } from './client.ts';

function graph() {
  const { world, clock } = armWorld();
  const call = async (method: string, path: string, body?: Json, as: Principal = world.cast.relay) => {
    const token = await world.entra.token(as, 'https://graph.microsoft.com');
    const response = await world.fetch(path.startsWith('https:') ? path : `https://graph.microsoft.com/v1.0/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await jsonOf(response) };
  };
  return { world, clock, call };
}

describe('users in Microsoft Graph', () => {
  it('are found by object id and user principal name', async () => {
    const { world, call } = graph();
    const { objectId } = world.cast.second;
    expect((await call('GET', `users/${objectId}`)).json).toMatchObject({
      id: objectId,
      mail: 'joerg.mueller@contoso.com',
      userPrincipalName: 'j.mueller@contoso.com',
    });
    expect((await call('GET', 'users/J.Mueller@contoso.com')).json.id).toBe(objectId);
    const byMail = await call('GET', 'users/joerg.mueller@contoso.com');
    expect(byMail.status).toBe(404);
    expect(byMail.json.error.code).toBe('Request_ResourceNotFound');
  });

  it('are searched by mail, with the members asked for', async () => {
    const { world, call } = graph();
    const found = await call(
      'GET',
      "users?$filter=mail eq 'joerg.mueller@contoso.com' or userPrincipalName eq 'x'&$select=id,displayName",
    );
    expect(found.json.value).toEqual([{ id: world.cast.second.objectId, displayName: 'Jörg Müller' }]);
    expect((await call('GET', "users?$filter=mail eq 'nobody@x'")).json.value).toEqual([]);
    expect((await call('GET', 'users?$filter=mail eq')).status).toBe(400);
  });

  it('need the permission', async () => {
    const { world, call } = graph();
    const refused = await call('GET', 'users', undefined, world.cast.playbooks);
    expect(refused.status).toBe(403);
    expect(refused.json.error.code).toBe('Authorization_RequestDenied');
    expect((await world.fetch('https://graph.microsoft.com/v1.0/users')).status).toBe(401);
  });
});

describe('security incidents in Microsoft Graph', () => {
  it('are listed with filter, pages and alerts', async () => {
    const { world, clock, call } = graph();
    for (let n = 0; n < 60; n++) {
      world.graph.store.createIncident({
        displayName: `i${n}`,
        severity: n % 2 ? 'high' : 'low',
        alerts: [{ title: `a${n}` }],
      });
      await clock.advance(1_000);
    }
    const first = await call(
      'GET',
      "security/incidents?$filter=status eq 'active'&$expand=alerts&$orderby=createdDateTime desc",
    );
    expect(first.json.value).toHaveLength(50);
    expect(first.json.value[0]).toMatchObject({
      displayName: 'i59',
      alerts: [{ title: 'a59', serviceSource: 'microsoftDefenderForEndpoint' }],
    });
    const second = await call('GET', first.json['@odata.nextLink']);
    expect(second.json.value).toHaveLength(10);
    expect(second.json['@odata.nextLink']).toBeUndefined();
    expect(
      (await call('GET', 'security/incidents?$filter=createdDateTime ge 2026-01-10T08:00:58Z')).json.value,
    ).toHaveLength(2);
    expect((await call('GET', 'security/incidents?$top=51')).status).toBe(400);
    expect((await call('GET', 'security/alerts_v2?$top=3')).json.value).toHaveLength(3);
  });

  it('are changed by PATCH, within what Defender takes', async () => {
    const { world, clock, call } = graph();
    const { id, lastUpdateDateTime } = world.graph.store.createIncident({ displayName: 'x' });
    await clock.advance(1_000);
    const change = {
      status: 'resolved',
      classification: 'falsePositive',
      determination: 'notMalicious',
      assignedTo: 'm.lopez@contoso.com',
      customTags: ['SIGNL4'],
    };
    const changed = await call('PATCH', `security/incidents/${id}`, change);
    expect(changed.json).toMatchObject({ id, ...change });
    expect(changed.json.lastUpdateDateTime > lastUpdateDateTime).toBe(true);
    expect((await call('PATCH', `security/incidents/${id}`, { status: 'closed' })).status).toBe(400);
    expect((await call('PATCH', `security/incidents/${id}`, { status: 'redirected' })).status).toBe(400);
    expect((await call('PATCH', `security/incidents/${id}`, { incidentWebUrl: 'x' })).status).toBe(400);
    expect((await call('PATCH', 'security/incidents/99', { status: 'active' })).status).toBe(404);
    expect((await call('PATCH', `security/incidents/${id}`, change, world.cast.playbooks)).json.error.code).toBe(
      'Forbidden',
    );
  });

  it('take comments, and point on when they were merged', async () => {
    const { world, call } = graph();
    const [a, b] = [
      world.graph.store.createIncident({ displayName: 'a' }),
      world.graph.store.createIncident({ displayName: 'b' }),
    ];
    const commented = await call('POST', `security/incidents/${a.id}/comments`, {
      '@odata.type': 'microsoft.graph.security.alertComment',
      comment: 'hi',
    });
    expect(commented.json.value).toMatchObject([{ comment: 'hi', createdByDisplayName: 'SIGNL4 relay' }]);
    world.graph.store.merge(a.id, b.id);
    expect((await call('GET', `security/incidents/${a.id}`)).json).toMatchObject({
      status: 'redirected',
      redirectIncidentId: b.id,
    });
  });

  it('have alerts that change on their own', async () => {
    const { world, call } = graph();
    world.graph.store.createIncident({ displayName: 'x', alerts: [{ title: 'a' }] });
    const [alert] = (await call('GET', 'security/alerts_v2')).json.value;
    expect((await call('PATCH', `security/alerts_v2/${alert.id}`, { status: 'inProgress' })).json.status).toBe(
      'inProgress',
    );
    expect((await call('GET', `security/alerts_v2/${alert.id}`)).json.status).toBe('inProgress');
  });
});
