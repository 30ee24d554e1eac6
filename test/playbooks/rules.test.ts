import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { readAlert } from '../../src/domain/alert.ts';
import { readEntity } from '../../src/domain/entity.ts';
import { readIncident } from '../../src/domain/incident.ts';
import { listOf, memberAt } from '../../src/domain/json.ts';
import { readNotification } from '../../src/domain/notification.ts';
import { applyNotification } from '../../src/rules/callback.ts';
import { renderEvent } from '../../src/rules/event.ts';
import type { WorkflowChoices } from '../../src/rules/expressions.ts';
import { matches } from '../../src/rules/filter.ts';
import { filterParameters } from '../../src/rules/filter-wdl.ts';
import { nameTables } from '../../src/rules/product-names.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { incidentFilter, incidentResource } from '../rules/support/random-incident.ts';
import {
  callbackMapping,
  closeChoice,
  notificationBody,
  ownerTable,
  workspaceId,
} from '../rules/support/random-notification.ts';
import { ok, playbookUnderTest } from './support/playbook.ts';

/* The rules once more, this time as whole playbooks in the engine: what leaves the workflow is what the relay would do. */

const some = { numRuns: 200, seed: 4711 } as const;
const names = nameTables(defaultConfig.friendlyNames);

/** The values that a deployment gives to choices. */
function values(choices: WorkflowChoices): Record<string, Json> {
  return Object.fromEntries(Object.entries(choices).map(([name, { defaultValue }]) => [name, defaultValue as Json]));
}

describe('SIGNL4-Send-Incident in the engine', () => {
  const { run } = playbookUnderTest(sendIncident, {
    Send_to_SIGNL4: { status: 202, body: { eventId: 'e' } },
    Tag_the_incident: ok,
    Comment_on_the_incident: { status: 201 },
  });
  const scope = { workspaceId, workspaceName: 'law-soc', tenantId: '', company: '' };

  it('sends the incidents that the filter takes, with the event that the relay would send', async () => {
    let sentEvents = 0;
    await fc.assert(
      fc.asyncProperty(incidentFilter, incidentResource, async (filter, resource) => {
        const incident = readIncident(resource);
        if (!incident) throw new Error('not an incident');
        const body = {
          object: resource,
          workspaceId,
          workspaceInfo: { WorkspaceName: 'law-soc' },
        } as unknown as JsonObject;
        const { calls, result } = await run(body, {}, values(filterParameters(filter, names)));
        const isTagged = incident.tags.some((tag) => tag.toLowerCase() === 'signl4');
        const [event] = calls('Send_to_SIGNL4');
        expect(result.status).toBe('Succeeded');
        expect(event !== undefined).toBe(matches(filter, incident, names) && !isTagged);
        if (!event) return;
        sentEvents++;
        const items = (name: string) => listOf(memberAt(resource, 'properties', name));
        const content = {
          incident,
          alerts: items('alerts').flatMap((alert) => readAlert(alert) ?? []),
          entities: items('relatedEntities').flatMap((entity) => readEntity(entity) ?? []),
          queries: '',
        };
        expect(event.body).toEqual(renderEvent(content, defaultConfig.message, names, scope));
      }),
      some,
    );
    expect(sentEvents).toBeGreaterThan(10);
  });
});

describe('SIGNL4-Callback in the engine', () => {
  const usual = { Update_the_incident: ok, Comment_on_the_incident: { status: 201 } };

  it('changes of an incident what the relay would change, and says what it would say', async () => {
    let changes = 0;
    const anything = [notificationBody, incidentResource, callbackMapping, closeChoice, ownerTable] as const;
    await fc.assert(
      fc.asyncProperty(...anything, async (body, resource, mapping, close, owners) => {
        const { run } = playbookUnderTest(callback, usual, { ...defaultConfig, callback: mapping, close, owners });
        const answers = { Read_the_incident: { status: 200, body: resource as unknown as JsonObject } };
        const { calls, result } = await run(body as unknown as JsonObject, answers, { WorkspaceId: workspaceId });
        const notification = readNotification(body);
        const incident = readIncident(resource);
        if (!notification || !incident) throw new Error('not a notification about an incident');
        const isOurs = calls('Read_the_incident').length > 0;
        const { status, owner, severity, tag, comment } =
          (isOurs ? applyNotification(notification, incident, { mapping, close, owners }) : undefined) ?? {};
        const isChange = [status, owner, severity, tag].some((part) => part !== undefined);
        expect(result.status).toBe('Succeeded');
        expect(calls('Update_the_incident')).toHaveLength(isChange ? 1 : 0);
        const [update] = calls('Update_the_incident');
        expect(memberAt(update?.body, 'status')).toBe(status);
        expect(memberAt(update?.body, 'owner')).toBe(owner);
        expect(memberAt(update?.body, 'severity')).toBe(severity);
        const [said] = calls('Comment_on_the_incident');
        expect(memberAt(said?.body, 'properties', 'message')).toBe(comment?.message);
        changes += Number(isChange);
      }),
      some,
    );
    expect(changes).toBeGreaterThan(10);
  });
});
