import { describe, expect, it } from 'vitest';
import { pageEntity } from '../../playbooks/SIGNL4-Page-Entity/playbook.ts';
import { sendAlert } from '../../playbooks/SIGNL4-Send-Alert/playbook.ts';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { sweep } from '../../playbooks/SIGNL4-Sweep/playbook.ts';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { ok, playbookUnderTest, sample, slow } from './support/playbook.ts';

/* Whoever may read runs must not read the team secret or the relay's key, however a run goes. */

const secrets = {
  TeamSecret: 'canary/team secret',
  RelayKey: 'canary-relay-key',
  RelayUrl: 'https://relay.contoso.com',
};
const incident = sample(sendIncident, 'incident-created')['object'] as JsonObject;
const listed = { status: 200, body: { value: [incident] } };

const cases: readonly (readonly [string, Playbook, JsonObject | undefined, readonly string[]])[] = [
  ['an incident', sendIncident, sample(sendIncident, 'incident-created'), ['Send_to_SIGNL4', 'Ask_the_relay']],
  ['a sweep', sweep, undefined, ['Send_to_SIGNL4', 'Ask_the_relay']],
  ['an alert', sendAlert, sample(sendAlert, 'alert'), ['Send_to_SIGNL4']],
  ['an entity', pageEntity, sample(pageEntity, 'ip'), ['Send_to_SIGNL4']],
  ['a closed incident', syncIncident, sample(syncIncident, 'closed'), ['Resolve_the_alert']],
  ['a taken incident', syncIncident, sample(syncIncident, 'owner-set'), ['Acknowledge_the_alert']],
  ['a raised severity', syncIncident, sample(syncIncident, 'severity-raised'), ['Alert_again']],
];

const answers: readonly (readonly [string, CallResult])[] = [
  ['taken', { status: 201, body: { eventId: 'e' } }],
  ['refused', { status: 404, body: { code: 'NotFound', message: 'no such team' } }],
  ['not answered', slow],
  ['cut off', { failure: { code: 'BadRequest', message: 'the connection broke' } }],
];

describe.each(cases)('the history of a run for %s', (_, playbook, body, callers) => {
  it.each(answers)('holds no secret where its calls are %s', async (_, answer) => {
    const usual = { List_incidents: listed, Find_it_in_SIGNL4: { status: 204 }, List_alerts: ok, List_entities: ok };
    const marks = { Tag_the_incident: ok, Comment_on_the_incident: ok, Say_that_nobody_was_paged: ok };
    const { run } = playbookUnderTest(playbook, { ...usual, ...marks, Send_a_bare_event: answer });
    const { result, calls } = await run(body, Object.fromEntries(callers.map((name) => [name, answer])), secrets);
    for (const caller of callers) expect(calls(caller).length).toBeGreaterThan(0);
    const { calls: sent, ...history } = result;
    expect(JSON.stringify(sent)).toContain('canary');
    expect(JSON.stringify(history)).not.toMatch(/canary/i);
  });
});
