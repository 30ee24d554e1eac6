import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { defaultSync, type SyncChoice } from '../../src/rules/choices.ts';
import { readUpdate } from '../../src/rules/sync.ts';
import { syncParameters, syncWdl } from '../../src/rules/sync-wdl.ts';
import { incidentResource, many } from './support/random-incident.ts';
import { runLocals } from './support/run-locals.ts';

const ownNames = ['SIGNL4-Callback', 'SIGNL4-Sync-Incident', ''];
const compiled = syncWdl('triggerBody()');

function inWorkflow(body: unknown, sync: SyncChoice) {
  const { evaluate } = runLocals(compiled.locals, {
    triggerBody: body,
    parameters: syncParameters(sync, ownNames),
  });
  return {
    resolve: evaluate(compiled.resolve),
    acknowledge: evaluate(compiled.acknowledge),
    alertAgain: evaluate(compiled.alertAgain),
    annotation: evaluate(compiled.annotate) ? evaluate(compiled.annotation) : '',
  };
}

const message = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        '<p>',
        '</p>',
        '<br>',
        '<DIV class="a>b">',
        'a < b',
        '&lt;b&gt;',
        '&amp;lt;',
        'Maria',
        '<',
        '>',
        '🚨',
        '</li>',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'SIGNL4: Closed by Maria',
    '<p>signl4: note</p>',
    '<div class="a">\n <p><b>SIGNL4:</b> note</p></div>',
    'Ask SIGNL4: who?',
    '<p>Ask <b>SIGNL4:</b> who?</p>',
    null,
    undefined,
  ),
);
const update: fc.Arbitrary<JsonObject> = fc
  .record({
    object: incidentResource,
    incidentUpdates: fc.option(
      fc.record({
        updatedFields: fc.option(fc.subarray(['Status', 'Owner', 'Severity', 'Comments', 'Labels', 'alerts'])),
        updatedBy: fc.option(
          fc.record({
            name: fc.constantFrom('john doe', 'SIGNL4-Callback', 'Playbook - signl4-callback', null),
            source: fc.constantFrom('User', 'Playbook'),
          }),
        ),
        comments: fc.option(
          fc.array(
            fc.record({
              properties: fc.record({
                message,
                author: fc.constantFrom(undefined, { name: 'john doe' }, { name: 'signl4-callback' }),
              }),
            }),
            { maxLength: 3 },
          ),
        ),
      }),
    ),
  })
  .map((body) => JSON.parse(JSON.stringify(body)) as JsonObject);
const choice = fc.record({
  closed: fc.boolean(),
  acknowledged: fc.boolean(),
  severityRaised: fc.boolean(),
  comments: fc.boolean(),
});

const body = (properties: object, updates: object) => ({
  object: { id: '/x', properties: { title: 'x', ...properties } },
  incidentUpdates: { updatedBy: { name: 'john doe', source: 'User' }, ...updates },
});
const outcome = (properties: object, updates: object) => readUpdate(body(properties, updates), defaultSync, ownNames);
const nothing = { resolve: false, acknowledge: false, alertAgain: false, annotation: '' };

describe('an update of an incident', () => {
  it.each([
    [{ status: 'Closed' }, ['Status'], { resolve: true }],
    [{ status: 'Active' }, ['Status'], { acknowledge: true }],
    [{ status: 'New' }, ['Status'], {}],
    [{ status: 'New', owner: { email: 'a@b.c' } }, ['Owner'], { acknowledge: true }],
    [{ status: 'New', owner: { email: null } }, ['Owner'], {}],
    [{ status: 'Closed', owner: { email: 'a@b.c' } }, ['Owner'], {}],
    [{ status: 'New', severity: 'High' }, ['Severity'], { alertAgain: true }],
    [{ status: 'New', severity: 'Informational' }, ['Severity'], {}],
    [{ status: 'Closed', severity: 'High' }, ['Severity'], {}],
    [{ status: 'Active', severity: 'High' }, ['Labels', 'Alerts', 'Tactics'], {}],
  ])('%j with changed %j', (properties, updatedFields, expected) => {
    expect(outcome(properties, { updatedFields })).toEqual({ ...nothing, ...expected });
  });

  it('annotates with new comments as plain text', () => {
    const comments = [
      { properties: { message: '<p>Look at <b>srv-0042</b> &amp; srv-0043</p><p>a < b</p>' } },
      { properties: { message: 'SIGNL4: Closed by Maria' } },
      { properties: { message: 'Second' } },
    ];
    expect(outcome({ status: 'New' }, { updatedFields: ['Comments'], comments }).annotation).toBe(
      '[Sentinel] Look at srv-0042 & srv-0043\na < b\n\nSecond',
    );
  });

  it.each(['SIGNL4-Callback', 'Playbook - signl4-callback'])('means nothing when %s made it', (name) => {
    expect(outcome({ status: 'Closed' }, { updatedFields: ['Status'], updatedBy: { name } })).toEqual(nothing);
  });

  it('means nothing on creation and on an empty body', () => {
    expect(readUpdate({ object: { properties: { title: 'x', status: 'Active' } } }, defaultSync, [])).toEqual(nothing);
    expect(readUpdate(undefined, defaultSync, [])).toEqual(nothing);
  });

  it('respects what is switched off', () => {
    const off = { closed: false, acknowledged: false, severityRaised: false, comments: false };
    const everything = body(
      { status: 'Closed', severity: 'High' },
      { updatedFields: ['Status', 'Severity'], comments: [{ properties: { message: 'x' } }] },
    );
    expect(readUpdate(everything, off, [])).toEqual(nothing);
  });

  it('means the same in a workflow', () => {
    let something = 0;
    fc.assert(
      fc.property(update, choice, (updateBody, sync) => {
        const relay = readUpdate(updateBody, sync, ownNames);
        expect(inWorkflow(updateBody, sync)).toEqual(relay);
        something += Number(JSON.stringify(relay) !== JSON.stringify(nothing));
      }),
      many,
    );
    expect(something).toBeGreaterThan(150);
  });
});
