import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { refusals } from '../../src/rules/respond.ts';
import { type OnCall, onCall, sides } from './support/on-call.ts';

/* Answers that do not come, or are not what was asked for: what is told, and what is not claimed. */

/** What SIGNL4 would say of the alert with one note on it. */
function detailsWith({ alert, accounts }: OnCall, entry: unknown): JsonObject {
  return {
    ...{ id: alert.id, externalId: alert.externalId, teamId: accounts.team.id, severity: 0, status: { statusCode: 2 } },
    history: { acknowledgements: [accounts.onCallUser.id] },
    timelineEntries: [entry],
  } as JsonObject;
}

describe.each(sides)('the %s', (side) => {
  describe('i: the comment on who asked', () => {
    it('that was written though the answer is lost starts nothing, and the phone hears of it', async () => {
      const scene = await onCall(side);
      scene.world.faults.add({
        ...{ service: 'sentinel', method: 'PUT', path: '*/comments/*02-0000-*', times: 1, afterWork: true },
        fault: { kind: 'status', status: 503 },
      });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.calls()).toBe(0);
      expect(scene.told()).toHaveLength(1);
      expect(scene.told()[0]).toMatch(/"isolate"/);
    });

    it.each([403, 404])('that the incident does not take (%i) is why nothing starts', async (status) => {
      const scene = await onCall(side);
      scene.world.faults.add({
        ...{ service: 'sentinel', method: 'PUT', path: '*/comments/*02-0000-*', fault: { kind: 'status', status } },
      });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.calls()).toBe(0);
      expect(scene.told()).toEqual([expect.stringContaining('María López did not start "isolate"')]);
      expect(scene.told().join()).not.toMatch(/may have been|answered \)|knows no such note/);
    });
  });

  it('n: an incident that is gone is why nothing starts, on the phone', async () => {
    const scene = await onCall(side);
    scene.world.sentinel.store.incidents.delete(scene.incident.name);
    await scene.write('#run report', { wait: 20 });
    expect(scene.calls()).toBe(0);
    expect(scene.told()).toEqual([expect.stringContaining('María López did not start "report"')]);
    expect(scene.told().join()).not.toMatch(/may have been|answered \)/);
  });

  it.each([{ results: [{ id: 'u' }] }, 'nothing', null])(
    'k: people that SIGNL4 gives in another shape are nobody: %j',
    async (body) => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'signl4', path: '*/users', fault: { kind: 'status', status: 200, body } });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.calls()).toBe(0);
      expect(scene.comments().join('\n')).toContain(refusals.cannotAsk);
      expect(scene.told().join()).not.toMatch(/may have been|answered \)/);
    },
  );

  describe('b: a time that SIGNL4 has for the note', () => {
    const note = (scene: OnCall, timestamp: unknown) => ({
      ...{ timestamp, text: '#run isolate', userId: scene.accounts.onCallUser.id },
    });
    const now = (scene: OnCall) => new Date(scene.clock.now()).toISOString();

    it.each([
      ['with seven digits', (scene: OnCall) => now(scene).replace('Z', '4567Z')],
      ['without any', (scene: OnCall) => now(scene).replace(/\.\d+Z/, 'Z')],
    ])('counts %s', async (_, timeOf) => {
      const scene = await onCall(side);
      scene.signl4Says(detailsWith(scene, note(scene, timeOf(scene))));
      await scene.write('#run isolate', { wait: 12 });
      expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    });

    it.each([
      ['is a number', (scene: OnCall) => scene.clock.now()],
      ['is not a time', () => 'zzz'],
      ['is missing', () => null],
      ['is in three days', (scene: OnCall) => new Date(scene.clock.now() + 3 * 86_400_000).toISOString()],
    ])('confirms nothing where it %s', async (_, timeOf) => {
      const scene = await onCall(side);
      scene.signl4Says(detailsWith(scene, note(scene, timeOf(scene))));
      await scene.write('#run isolate', { wait: 12 });
      expect(scene.calls()).toBe(0);
      expect(scene.comments().join('\n')).toContain(refusals.notConfirmed);
      expect(scene.told().join()).not.toMatch(/may have been|answered \)/);
    });
  });

  it.each([null, { text: { a: '#run isolate' } }, { message: '#run isolate' }, 7, '#run isolate'])(
    'a: an entry of the timeline that is not a note confirms nothing: %j',
    async (entry) => {
      const scene = await onCall(side);
      scene.signl4Says(detailsWith(scene, entry));
      await scene.write('#run isolate', { wait: 12 });
      expect(scene.calls()).toBe(0);
      expect(scene.comments().join('\n')).toContain(refusals.notConfirmed);
    },
  );

  describe('n: an answer to the start', () => {
    it.each([200, 202])('of %i leaves open whether it began, and the run is looked for', async (status) => {
      const scene = await onCall(side);
      const { faults } = scene.world;
      faults.add({ service: 'sentinel', path: '*/runPlaybook', fault: { kind: 'status', status } });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.told()).toEqual([
        `[Sentinel] "isolate" may have been started (Microsoft Sentinel answered ${status}). Its run: cannot be seen.`,
      ]);
    });

    it.each([200, 202])('of %i is the start where the run is there', async (status) => {
      const scene = await onCall(side);
      const fault = { kind: 'status', status } as const;
      scene.world.faults.add({ service: 'sentinel', path: '*/runPlaybook', afterWork: true, fault });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.told()).toEqual([
        `[Sentinel] "isolate" was started (Microsoft Sentinel answered ${status}). Its run: Succeeded.`,
      ]);
    });

    it.each([400, 403, 404])('of %i says that nothing began', async (status) => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'sentinel', path: '*/runPlaybook', fault: { kind: 'status', status } });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.told()).toEqual([
        `[Sentinel] "isolate" was not started (Microsoft Sentinel answered ${status}). Its run: cannot be seen.`,
      ]);
    });

    it('that never comes leaves it open', async () => {
      const scene = await onCall(side);
      scene.world.faults.add({ service: 'sentinel', path: '*/runPlaybook', fault: { kind: 'reset' } });
      await scene.write('#run isolate', { wait: 20 });
      expect(scene.calls()).toBe(1);
      expect(scene.told()).toEqual([
        '[Sentinel] "isolate" may have been started (Microsoft Sentinel gave no answer). Its run: cannot be seen.',
      ]);
    });
  });
});
