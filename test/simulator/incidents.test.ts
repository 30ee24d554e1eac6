import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAlert } from '../../src/domain/alert.ts';
import { readIncidentTrigger } from '../../src/domain/incident.ts';
import { makeScheduledAlert } from '../../src/simulator/alerts.ts';
import { entityKinds, entityRecipes } from '../../src/simulator/entities.ts';
import { generateIncident, makerOf } from '../../src/simulator/incidents.ts';
import { findAnswer } from '../../src/simulator/logs/answers.ts';
import { incidentTriggerBody } from '../../src/simulator/sentinel/trigger-body.ts';
import { armWorld } from './client.ts';

describe('generated incidents', () => {
  it('are read back by the domain whatever the style of the trigger', () => {
    const { world } = armWorld();
    const maker = makerOf(world);
    for (let n = 0; n < 40; n++) {
      const { incident } = generateIncident(maker, world.ids.random(`incident ${n}`));
      const stored = world.sentinel.store.createIncident(incident);
      const change = {
        event: 'Create',
        incident: stored,
        by: { name: 'x', source: 'User' },
        updatedFields: [],
        added: { alerts: [], comments: [], labels: [], tactics: [] },
      } as const;
      for (const casing of ['camel', 'pascal'] as const) {
        const read = readIncidentTrigger(incidentTriggerBody(world.sentinel.store, change, 'e', { casing, omit: [] }));
        expect(read?.workspaceId).toBe(world.workspace.workspaceId);
        expect(read?.incident).toMatchObject({
          title: incident.title,
          severity: incident.severity,
          status: incident.status,
          tags: incident.labels,
          alertCount: incident.alerts?.length,
        });
        expect(read?.incident.alerts.map(({ title }) => title)).toEqual(
          incident.alerts?.map(({ properties }) => properties.alertDisplayName),
        );
        expect(read?.incident.entities).toHaveLength(incident.entities?.length ?? 0);
      }
    }
  });

  it('come with answers to the queries of their alerts', () => {
    const { world } = armWorld();
    let found = 0;
    for (let n = 0; n < 30; n++) {
      const { incident, answers } = generateIncident(makerOf(world), world.ids.random(`incident ${n}`));
      for (const { properties } of incident.alerts ?? []) {
        const text = properties.additionalData['Query'];
        if (text?.includes('query_now') && answers.length > 0) {
          expect(findAnswer(answers, { text, timespan: undefined, workspaceId: '' })).toBeDefined();
          found++;
        }
      }
    }
    expect(found).toBeGreaterThan(10);
  });

  it('are the same for the same seed', () => {
    const make = () =>
      generateIncident(makerOf(armWorld({ seed: 5 }).world), armWorld({ seed: 5 }).world.ids.random('x')).incident;
    expect(make()).toEqual(make());
  });
});

describe('generated alerts', () => {
  it('pack the row of an AlertPerEvent alert as Sentinel does', () => {
    const { world } = armWorld();
    const event = {
      TimeGenerated: '2026-01-10T08:31:02.1872065Z',
      UserPrincipalName: 'j.müller@contoso.com',
      Note: '日本語 🚨',
    };
    const alert = makeScheduledAlert(makerOf(world), {
      title: 't',
      query: 'SigninLogs',
      grouping: 'AlertPerEvent',
      event,
    });
    const query = String(readAlert(alert)?.additional['Query']);
    const packed = /\['([^']+)'\]/.exec(query)?.[1] ?? '';
    expect(packed).toMatch(/^eA/);
    expect(JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString())).toEqual(event);
    expect(readAlert(alert)?.additional['OriginalQuery']).toBe('SigninLogs');
  });

  it('can be cut off, as in the incident trigger', () => {
    const { world } = armWorld();
    const alert = makeScheduledAlert(makerOf(world), {
      title: 't',
      query: `T | where x == "${'a'.repeat(500)}"`,
      cutQueryAt: 200,
    });
    expect(alert.properties.additionalData['Query']).toHaveLength(200);
  });
});

describe('generated entities', () => {
  it('exist for every kind, each with a name to show', () => {
    const { world } = armWorld();
    for (const kind of entityKinds) {
      const entity = entityRecipes[kind](makerOf(world), world.ids.random(kind));
      expect(entity.kind).toBe(kind);
      expect(entity.properties['friendlyName']).toBeTruthy();
      expect(Object.keys(entity.properties).length).toBeGreaterThan(1);
    }
    expect(entityKinds.length).toBeGreaterThanOrEqual(15);
  });
});
