import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { type ActionNode, workflowModel } from '../../src/engine/model.ts';
import { at } from '../../src/verify/json-walk.ts';
import { conditionRows, isTruthOfCall, levelOf, readable, writtenExpressions } from '../../src/verify/readability.ts';
import { soundDefinition } from '../../src/verify/sound-definition.ts';
import { configurations, deployedPlaybooks } from '../designer/support/published.ts';
import { beginsWithToken, isOneTokenOrText, runBefore } from './support/drawn.ts';

/*
 * A playbook is what a person would have drawn: few actions, tokens in the fields, conditions as rows. These limits hold for the
 * defaults, for a configuration with a relay and every choice, and for one target of a service provider.
 */

interface Limits {
  readonly actions: number;
  readonly nesting?: number;
  /** Actions before the page. */
  readonly before?: number;
}

const limits: Readonly<Record<string, Limits>> = {
  'SIGNL4-Send-Incident': { actions: 16 },
  'SIGNL4-Send-Alert': { actions: 14 },
  'SIGNL4-Sync-Incident': { actions: 20, nesting: 4 },
  'SIGNL4-Callback': { actions: 24, nesting: 4 },
  'SIGNL4-Sweep': { actions: 12 },
  'SIGNL4-Page-Entity': { actions: 8 },
  'SIGNL4-Who-Is-On-Call': { actions: 8 },
  // It lists, page by page, sends and settles.
  'SIGNL4-Defender-Incidents': { actions: 19, nesting: 4, before: 12 },
  'SIGNL4-Defender-Callback': { actions: 24, nesting: 4 },
  'SIGNL4-Respond': { actions: 31 },
};
const RELAY_ACTIONS = 2;
const NESTING = 3;
const BEFORE_THE_PAGE = 6;

const shown = configurations().filter(({ title }) => /^the defaults|^soc|contoso/.test(title));

describe.each(shown)('drawn for $title', ({ config }) => {
  describe.each(deployedPlaybooks(config))('$name', ({ name, definition }) => {
    const { nodes: drawn, byId } = workflowModel(soundDefinition(definition));
    const named = (wanted: string) => drawn.filter((one) => one.name === wanted);
    const { actions = 0, nesting = NESTING, before = BEFORE_THE_PAGE } = limits[name] ?? {};
    const usesRelay = named('Ask_the_relay').length > 0;

    it('has few actions, each with a description', () => {
      expect(drawn.length).toBeLessThanOrEqual(actions + (usesRelay ? RELAY_ACTIONS : 0));
      expect(drawn.filter(({ action }) => !action.description).map((one) => one.name)).toEqual([]);
    });

    it('is not nested deeply', () => {
      expect(Math.max(...drawn.map(levelOf))).toBeLessThanOrEqual(nesting);
    });

    it('has short expressions', () => {
      const tooMuch = writtenExpressions(definition).filter(
        ({ characters, nestedCalls }) =>
          characters > readable.expressionCharacters || nestedCalls > readable.nestedCalls,
      );
      expect(tooMuch).toEqual([]);
    });

    it('compares one token or text with another in each row', () => {
      const conditions = drawn.filter(({ type }) => type === 'If');
      expect(conditions.filter((one) => conditionRows(one) === undefined)).toEqual([]);
      const rows = conditions.flatMap((one) => conditionRows(one) ?? []);
      expect(rows.filter(({ sides }) => !sides.every(isOneTokenOrText))).toEqual([]);
      expect(rows.filter(isTruthOfCall)).toEqual([]);
    });

    it('has text maps that begin with a token', () => {
      const others = drawn.filter(({ action }) => !beginsWithToken(at(action as unknown as Json, 'inputs', 'select')));
      expect(others.map((one) => one.name)).toEqual([]);
    });

    it('has nothing in the main column that runs only after a failure', () => {
      const onlyFailed = drawn.filter(
        ({ parent, runAfter }) => !parent && [...runAfter.values()].some((states) => !states.includes('Succeeded')),
      );
      expect(onlyFailed.map((one) => one.name)).toEqual([]);
    });

    it('ends "Page the team" with an action that also runs after a skipped one', () => {
      const ends = named('Page_the_team').flatMap(({ branches }) => branches.flatMap(({ leaves }) => leaves));
      for (const { runAfter } of ends) {
        expect([...runAfter.values()].every((states) => states.includes('Skipped'))).toBe(true);
      }
      expect(ends.length).toBe(named('Page_the_team').length);
    });

    it('shows title and message of everything it sends as fields', () => {
      const sends = drawn.filter((one) => eventOf(one) !== undefined);
      const raw = sends.filter((one) => !isFilled(eventOf(one)?.['Title']) || !isFilled(eventOf(one)?.['Message']));
      // What the relay wrote is one token as a whole.
      expect(raw.map((one) => one.name)).toEqual(usesRelay ? ['Send_what_the_relay_wrote'] : []);
      for (const one of named('Send_to_SIGNL4')) {
        expect(eventOf(one)?.['Title']).toMatch(/@\{|^@/);
        expect(eventOf(one)?.['Message']).toMatch(/@\{|^@/);
      }
    });

    it('pages after few actions', () => {
      const ran = runBefore(byId.get('send_to_signl4'));
      expect(ran.size).toBeLessThanOrEqual(before + (usesRelay ? RELAY_ACTIONS : 0));
    });
  });
});

/** The event that an action sends, as its fields; an empty one where it is not an object. */
function eventOf({ action }: ActionNode): JsonObject | undefined {
  const { path, body } = (at(action as unknown as Json, 'inputs') ?? {}) as {
    readonly path?: unknown;
    readonly body?: JsonObject | string;
  };
  if (typeof path !== 'string' || !path.startsWith('/v2/events/')) return undefined;
  return typeof body === 'object' ? body : {};
}

const isFilled = (field: unknown) => typeof field === 'string' && field.trim() !== '';
