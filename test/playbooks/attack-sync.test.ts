import { describe, expect, it } from 'vitest';
import { syncIncident } from '../../playbooks/SIGNL4-Sync-Incident/playbook.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

/* SIGNL4-Sync-Incident where SIGNL4 does not listen, where changes come merged, and where comments are not what they seem. */

const taken = { status: 202, body: { eventId: 'e' } };
const { run } = playbookUnderTest(syncIncident, {
  Resolve_the_alert: taken,
  Acknowledge_the_alert: taken,
  Alert_again: taken,
  Find_the_alerts: { status: 200, body: { results: [{ id: 'alert-1' }] } },
  Annotate_the_alert: { status: 200, body: {} },
});

const closed = sample(syncIncident, 'closed');
const commented = sample(syncIncident, 'commented');
const ownerSet = sample(syncIncident, 'owner-set');
const raised = sample(syncIncident, 'severity-raised');
const commentedWith = (...messages: readonly string[]) =>
  withValue(
    commented,
    ['incidentUpdates', 'comments'],
    messages.map((message) => ({ properties: { message } })),
  );

describe('a change that SIGNL4 does not take', () => {
  it.each([
    ['Resolve_the_alert', closed],
    ['Acknowledge_the_alert', ownerSet],
    ['Alert_again', raised],
    ['Find_the_alerts', commented],
    ['Annotate_the_alert', commented],
  ])('(%s) fails the run: an alert may go on ringing', async (action, body) => {
    for (const answer of [{ status: 404 }, { status: 500 }, slow]) {
      const { result } = await run(body, { [action]: answer });
      expect(result).toMatchObject({ status: 'Failed', error: { code: 'Signl4NotTold' } });
    }
  });
});

describe('a comment', () => {
  it.each([
    ['Ask SIGNL4: who is on call?', '[Sentinel] Ask SIGNL4: who is on call?'],
    ['<p>Ask <b>SIGNL4:</b> who?</p>', '[Sentinel] Ask SIGNL4: who?'],
    ['{{note}} @{triggerBody()} "\\ 🚨 \u202e', '[Sentinel] {{note}} @{triggerBody()} "\\ 🚨 \u202e'],
  ])(
    'of a person reaches SIGNL4 although it mentions our marker or looks like an expression: %s',
    async (message, text) => {
      expect((await run(commentedWith(message))).sent('Annotate_the_alert')['text']).toBe(text);
    },
  );

  it.each([
    'SIGNL4: Acknowledged by Maria',
    '<div class="markdown-rendered-html"><p><span>SIGNL4:&nbsp;Acknowledged</span></p></div>',
  ])('of ours stays here, however the portal has wrapped it: %s', async (message) => {
    expect((await run(commentedWith(message))).result.calls).toEqual([]);
  });

  it('of a person crosses without ours that came in the same update', async () => {
    const { sent } = await run(commentedWith('first', 'SIGNL4: ours', '<b>second</b>'));
    expect(sent('Annotate_the_alert')['text']).toBe('[Sentinel] first\nsecond');
  });

  it('goes out in nobody’s name where nobody is chosen, and in the chosen one’s else', async () => {
    expect((await run(commented)).sent('Annotate_the_alert')['userId']).toBeNull();
    expect((await run(commented, {}, { AnnotateAs: 'u-1' })).sent('Annotate_the_alert')['userId']).toBe('u-1');
  });
});

describe('an update by alert grouping', () => {
  it('tells SIGNL4 nothing: new alerts and tactics are no change of state', async () => {
    const updates = {
      updatedFields: ['Alerts', 'Tactics'],
      updatedBy: { name: 'Alert Grouping', source: 'Alert Grouping' },
      alerts: [{}],
      comments: [],
      labels: [],
      tactics: ['Impact'],
    };
    expect((await run(withValue(ownerSet, ['incidentUpdates'], updates))).result.calls).toEqual([]);
  });
});
