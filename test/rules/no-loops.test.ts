import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIncident } from '../../src/domain/incident.ts';
import { readNotification } from '../../src/domain/notification.ts';
import { severities } from '../../src/domain/severity.ts';
import { incidentStatuses } from '../../src/domain/status.ts';
import { applyNotification, type CallbackRules, type IncidentChange } from '../../src/rules/callback.ts';
import { defaultCallback, defaultClose, defaultSync, type SyncChoice } from '../../src/rules/choices.ts';
import { readUpdate } from '../../src/rules/sync.ts';
import { many } from './support/random-incident.ts';
import { callbackMapping } from './support/random-notification.ts';

/*
 * Sentinel and SIGNL4 as two small state machines with our rules between them: every write of ours is fed back as the
 * trigger or notification that it sets off, until nothing happens any more. This is the short form of the playbook;
 * converge.property.test.ts has the whole.
 */

/** Which of the three guards work; content alone must do. */
interface Guards {
  /** The rule's condition on who updated the incident. */
  readonly source: boolean;
  /** Our names in the playbook. */
  readonly names: boolean;
}

type Message =
  | { readonly to: 'signl4'; readonly do: 'acknowledge' | 'resolve' | 'raise' }
  | { readonly to: 'signl4'; readonly do: 'annotate'; readonly text: string; readonly user: object | null }
  | { readonly to: 'rules'; readonly notification: object }
  | { readonly to: 'rules'; readonly update: object; readonly byUs: boolean };

class World {
  readonly #rules: CallbackRules;
  readonly #sync: SyncChoice;
  readonly #guards: Guards;
  readonly #queue: Message[] = [];
  /** Our own writes, on either side. */
  writes = 0;
  incident = { title: 'x', status: 'New', severity: 'Medium', owner: {}, labels: [] as object[] };
  alert: 'open' | 'acknowledged' | 'closed' = 'open';
  #comments = 0;

  constructor(rules: CallbackRules, sync: SyncChoice, guards: Guards) {
    this.#rules = rules;
    this.#sync = sync;
    this.#guards = guards;
  }

  /** Something a person did, and everything that follows. */
  act(action: Action): void {
    if (action.in === 'sentinel') this.#changeIncident(action.change, action.comment ?? '', false);
    else if (action.event === 'annotated')
      this.#queue.push({ to: 'signl4', do: 'annotate', text: 'note', user: person });
    else this.#changeAlert(action.event, person);
    this.#settle();
  }

  #settle(): void {
    for (let steps = 0; this.#queue.length > 0; steps++) {
      if (steps > 100) throw new Error('it goes in circles');
      const message = this.#queue.shift();
      if (message?.to === 'signl4') this.#inSignl4(message);
      else if (message && 'notification' in message) this.#onNotification(message.notification);
      else if (message) this.#onUpdate(message.update, message.byUs);
    }
  }

  /** SIGNL4 tells of a change of state only where there is one. */
  #changeAlert(state: 'acknowledged' | 'closed' | 'reopened', user: object | null): void {
    const next = state === 'reopened' ? 'open' : state;
    if (this.alert === next || (this.alert === 'closed' && state === 'acknowledged')) return;
    this.alert = next;
    const statusCode = { open: 1, acknowledged: 2, closed: 4 }[next];
    this.#queue.push({ to: 'rules', notification: { eventType: 201, alert: { statusCode }, user } });
  }

  #inSignl4(message: Extract<Message, { to: 'signl4' }>): void {
    this.writes++;
    if (message.do === 'acknowledge') this.#changeAlert('acknowledged', null);
    if (message.do === 'resolve') this.#changeAlert('closed', null);
    if (message.do === 'raise') {
      this.alert = 'open';
      this.#queue.push({ to: 'rules', notification: { eventType: 200 } });
    }
    if (message.do === 'annotate') {
      const annotation = { message: message.text };
      this.#queue.push({ to: 'rules', notification: { eventType: 203, annotation, user: message.user } });
    }
  }

  #onNotification(body: object): void {
    const notification = readNotification({ id: `n${this.writes}`, ...body });
    const incident = readIncident({
      id: '/x',
      properties: { ...this.incident, additionalData: { commentsCount: this.#comments } },
    });
    if (!notification || !incident) throw new Error('unreadable');
    const change = applyNotification(notification, incident, this.#rules);
    if (change) this.#write(change);
  }

  /** What playbook and relay do with a change: one update, then the comment. */
  #write({ status, severity, owner, tag, comment }: IncidentChange): void {
    const change = {
      ...(status && { status }),
      ...(severity && { severity }),
      ...(owner && { owner: { email: owner } }),
      ...(tag && { labels: [...this.incident.labels, { labelName: tag }] }),
    };
    if (Object.keys(change).length > 0) this.#changeIncident(change, '', true);
    if (comment) this.#changeIncident({}, comment.message, true);
  }

  #changeIncident(change: Partial<World['incident']>, comment: string, byUs: boolean): void {
    if (byUs) this.writes++;
    const names = { status: 'Status', severity: 'Severity', owner: 'Owner', labels: 'Labels', title: 'Title' };
    const updatedFields = Object.entries(change)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(this.incident[name as keyof typeof change]))
      .map(([name]) => names[name as keyof typeof names]);
    this.incident = { ...this.incident, ...change };
    if (comment !== '') this.#comments++;
    if (updatedFields.length === 0 && comment === '') return;
    this.#queue.push({
      to: 'rules',
      byUs,
      update: {
        object: { id: '/x', properties: this.incident },
        incidentUpdates: {
          updatedFields: [...updatedFields, ...(comment === '' ? [] : ['Comments'])],
          updatedBy: { name: byUs ? 'SIGNL4-Callback' : 'Maria' },
          comments: comment === '' ? [] : [{ properties: { message: comment } }],
        },
      },
    });
  }

  #onUpdate(update: object, byUs: boolean): void {
    if (byUs && this.#guards.source) return;
    const outcome = readUpdate(update, this.#sync, this.#guards.names ? ['SIGNL4-Callback'] : []);
    if (outcome.resolve) this.#queue.push({ to: 'signl4', do: 'resolve' });
    if (outcome.acknowledge) this.#queue.push({ to: 'signl4', do: 'acknowledge' });
    if (outcome.alertAgain) this.#queue.push({ to: 'signl4', do: 'raise' });
    if (outcome.annotation !== '')
      this.#queue.push({ to: 'signl4', do: 'annotate', text: outcome.annotation, user: robot });
  }
}

const person = { username: 'mlopez', mailaddress: 'm.lopez@contoso.com' };
const robot = { username: 'api', mailaddress: 'api@contoso.com' };

type Action =
  | { readonly in: 'signl4'; readonly event: 'acknowledged' | 'closed' | 'reopened' | 'annotated' }
  | { readonly in: 'sentinel'; readonly change: Partial<World['incident']>; readonly comment?: string };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    in: fc.constant('signl4' as const),
    event: fc.constantFrom('acknowledged' as const, 'closed' as const, 'reopened' as const, 'annotated' as const),
  }),
  fc.record({
    in: fc.constant('sentinel' as const),
    change: fc.record(
      {
        status: fc.constantFrom(...incidentStatuses),
        severity: fc.constantFrom(...severities),
        owner: fc.constantFrom({ email: 'a@contoso.com' }, {}),
      },
      { requiredKeys: [] },
    ),
    comment: fc.constantFrom('', 'Look at <b>this</b>'),
  }),
);
const guards = fc.record({ source: fc.boolean(), names: fc.boolean() });

/** Writes of ours that one act of a person may set off. */
const MOST_WRITES = 12;

describe('two-way sync', () => {
  it('comes to rest after everything that people do, whatever the mapping, with any of the guards missing', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 8 }), callbackMapping, guards, (actions, mapping, guard) => {
        const world = new World({ mapping, close: defaultClose, owners: {} }, defaultSync, guard);
        for (const one of actions) {
          const before = world.writes;
          world.act(one);
          expect(world.writes - before).toBeLessThanOrEqual(MOST_WRITES);
        }
      }),
      many,
    );
  });

  const world = (guard: Guards) =>
    new World({ mapping: defaultCallback, close: defaultClose, owners: {} }, defaultSync, guard);

  it.each([
    { source: true, names: true },
    { source: false, names: false },
  ])('brings both sides to one state with the default mapping: %j', (guard) => {
    const acknowledged = world(guard);
    acknowledged.act({ in: 'signl4', event: 'acknowledged' });
    expect([acknowledged.incident.status, acknowledged.alert]).toEqual(['Active', 'acknowledged']);

    const closedThere = world(guard);
    closedThere.act({ in: 'sentinel', change: { status: 'Closed' } });
    expect([closedThere.incident.status, closedThere.alert, closedThere.writes]).toEqual(['Closed', 'closed', 1]);

    const closedHere = world(guard);
    closedHere.act({ in: 'signl4', event: 'closed' });
    expect([closedHere.incident.status, closedHere.alert]).toEqual(['Closed', 'closed']);
  });

  it('does not hand a comment back to where it came from', () => {
    const open = world({ source: false, names: false });
    open.act({ in: 'sentinel', change: {}, comment: 'Look at this' });
    expect(open.writes).toBe(1);
  });
});
