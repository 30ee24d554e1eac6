import { describe, expect, it } from 'vitest';
import { pageEntity } from '../../playbooks/SIGNL4-Page-Entity/playbook.ts';
import { sendAlert } from '../../playbooks/SIGNL4-Send-Alert/playbook.ts';
import { sendIncident } from '../../playbooks/SIGNL4-Send-Incident/playbook.ts';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallResult } from '../../src/engine/calls.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import type { Playbook } from '../../src/workflow/playbook.ts';
import { alertsOf, asItIsNow, broken, none, taken, webPage } from './support/incidents.ts';
import { type Answers, ok, playbookUnderTest, sample, slow } from './support/playbook.ts';

/* A person who may read runs must not be able to read the team secret or the relay's key, however a run goes. */

const secrets = {
  TeamSecret: 'canary/team secret',
  RelayKey: 'canary-relay-key',
  RelayUrl: 'https://relay.contoso.com',
};
const relay: Config = {
  ...defaultConfig,
  relay: { ...defaultConfig.relay, url: 'https://relay.contoso.com', timeoutSeconds: 20 },
};
const event = { status: 200, body: { event: { Title: 'from the relay' } } };

interface Case {
  readonly playbook: Playbook;
  readonly body: JsonObject;
  /** The calls that hold a secret; they get the answer that is tried. */
  readonly callers: readonly string[];
  readonly config?: Config;
  readonly answers?: Answers;
}

const incident = sample(sendIncident, 'incident-created');
const cases: Readonly<Record<string, Case>> = {
  'an incident': { playbook: sendIncident, body: incident, callers: ['Send_to_SIGNL4'] },
  'an incident with a relay': {
    playbook: sendIncident,
    body: incident,
    callers: ['Send_what_the_relay_wrote'],
    config: relay,
    answers: { Ask_the_relay: event },
  },
  'an incident with a relay that is asked': {
    playbook: sendIncident,
    body: incident,
    callers: ['Ask_the_relay'],
    config: relay,
    answers: { Send_what_the_relay_wrote: taken, Send_to_SIGNL4: taken },
  },
  'an alert': { playbook: sendAlert, body: sample(sendAlert, 'alert'), callers: ['Send_to_SIGNL4'] },
  'an entity': { playbook: pageEntity, body: sample(pageEntity, 'ip'), callers: ['Send_to_SIGNL4'] },
  'a closed incident': {
    playbook: syncIncident,
    body: sample(syncIncident, 'closed'),
    callers: ['Resolve_the_alerts'],
  },
  'a taken incident': {
    playbook: syncIncident,
    body: sample(syncIncident, 'owner-set'),
    callers: ['Acknowledge_the_alerts'],
  },
  'a raised severity': {
    playbook: syncIncident,
    body: sample(syncIncident, 'severity-raised'),
    callers: ['Page_again'],
  },
};

const answers: readonly (readonly [string, CallResult])[] = [
  ['taken', taken],
  ['refused', { status: 404, body: { code: 'NotFound', message: 'no such team' } }],
  ['not answered', slow],
  ['cut off', broken],
  ['answered with a web page', webPage],
];

describe.each(Object.entries(cases))(
  'the history of a run for %s',
  (_, { playbook, body, callers, config, answers: own }) => {
    it.each(answers)('holds no secret where its calls are %s', async (_, answer) => {
      const usual = {
        Find_it_in_SIGNL4: none,
        Get_incident: asItIsNow(),
        List_alerts: alertsOf(1),
        Ask_SIGNL4_again: none,
        Tag_the_incident: ok,
        Comment_on_the_incident: ok,
        Send_a_bare_event: answer,
        Page_once_more: answer,
      };
      const { run } = playbookUnderTest(playbook, { ...usual, ...own }, config);
      const tried = Object.fromEntries(callers.map((name) => [name, answer]));
      const { result, calls } = await run(body, tried, secrets);
      for (const caller of callers) expect(calls(caller).length).toBeGreaterThan(0);
      const { calls: sent, ...history } = result;
      expect(JSON.stringify(sent)).toContain('canary');
      expect(JSON.stringify(history)).not.toMatch(/canary/i);
    });
  },
);
