import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { severities } from '../../src/domain/severity.ts';
import { incidentStatuses } from '../../src/domain/status.ts';
import { propertySeed } from '../support/seed.ts';
import { people, TwoSides } from './support/two-sides.ts';

/*
 * Analysts, the phone, rules and the network at random; then everything that is under way arrives and the timer runs a few
 * times. Both sides must agree, a further round must change nothing, and no machine may have silenced the phone.
 */

const someone = fc.constantFrom(...people);
const index = fc.nat({ max: 9 });
const change = fc.record(
  {
    status: fc.constantFrom(...incidentStatuses),
    severity: fc.constantFrom(...severities),
    owner: fc.constantFrom('group' as const, '' as const, ...people),
  },
  { requiredKeys: [] },
);

type Step = (sides: TwoSides) => unknown;
const named = (name: string, step: Step) => Object.assign(step, { toString: () => name });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(change, someone).map(([what, who]) => named(`${who} ${JSON.stringify(what)}`, (s) => s.change(what, who))),
  change.map((what) => named(`machine ${JSON.stringify(what)}`, (s) => s.change(what, 'machine'))),
  fc
    .tuple(fc.constantFrom('acknowledge', 'close', 'undoAcknowledge', 'undoClose'), index, someone)
    .map(([act, at, who]) => named(`phone: ${who} ${act} ${at}`, (s) => s.phone(act, at, who))),
  index.map((at) => named(`deliver ${at}`, (s) => s.deliver(at, false))),
  index.map((at) => named(`deliver a copy of ${at}`, (s) => s.deliver(at, true))),
  index.map((at) => named(`lose ${at}`, (s) => s.lose(at))),
  fc.boolean().map((isWhole) => named(`sync${isWhole ? ', all' : ''}`, (s) => s.sync(isWhole))),
  fc.integer({ min: 1, max: 30 }).map((minutes) => named(`${minutes} minutes`, (s) => s.wait(minutes))),
);

const HISTORIES = 4_000;

/** Everything that is under way arrives, and the timer runs until it has nothing to do. */
function comeToRest(sides: TwoSides): void {
  for (let round = 0; round < 8; round++) {
    while (sides.underWay.length > 0) sides.deliver(0, false);
    sides.wait(16);
    sides.sync(true);
  }
}

describe('incident and alerts', () => {
  it('agree in the end, whatever people, machines and the network do, and no machine silences the phone', () => {
    const seed = propertySeed('two-way sync', 20_260_110);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const sides = new TwoSides();
        for (const one of steps) one(sides);
        comeToRest(sides);
        expect(sides.silenced).toEqual([]);
        expect(sides.disagreement()).toBeUndefined();
        const acts = sides.acts.length;
        sides.wait(16);
        expect(sides.sync(true)).toMatchObject({
          resolve: false,
          acknowledge: false,
          page: undefined,
          missed: undefined,
        });
        expect(sides.acts).toHaveLength(acts);
      }),
      { numRuns: HISTORIES, seed },
    );
  });
});
