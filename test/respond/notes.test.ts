import { describe, expect, it } from 'vitest';
import { refusals } from '../../src/rules/respond.ts';
import { expectRefused, onCall, response, sides } from './support/on-call.ts';

/* What a note must say to be a command: blanks, further words, confirmations, and how many count. */

describe.each(sides)('the %s', (side) => {
  describe('g: blanks', () => {
    it.each([
      '#run isolate ',
      '  #run isolate',
      '#run  isolate',
      '#run   isolate',
      '#run\tisolate',
      '#run\u00a0isolate',
      '#run\nisolate',
      '#run\r\nisolate\r\n',
      '#RUN  Isolate \n WS-042',
    ])('of any kind may be between words and around them: %j', async (note) => {
      const scene = await onCall(side);
      await scene.write(note);
      expect(scene.ran()).toEqual(['Isolate-Host WS-042']);
    });

    it.each([
      ['#run wipe ', '#confirm wipe'],
      ['#run  wipe', '#confirm wipe '],
      ['#run\twipe\nWS-042', '#confirm wipe ws-042'],
    ])('may differ between %j and %j', async (first, second) => {
      const scene = await onCall(side);
      await scene.write(first, { wait: 1 });
      await scene.write(second);
      expect(scene.ran()).toEqual(['Wipe-Host WS-042']);
    });

    it('do not make one word of two', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate WS -042', { wait: 1 });
      await scene.forge(scene.notification('#run isolate WS-042'));
      expectRefused(scene, refusals.noEntity);
    });
  });

  describe('g: further words', () => {
    it('are refused where the response works on the incident', async () => {
      const scene = await onCall(side);
      await scene.write('#run report not yet please');
      expectRefused(scene, refusals.furtherWords);
    });
  });

  describe('q: a confirmation', () => {
    it('counts once', async () => {
      const scene = await onCall(side);
      await scene.write('#run wipe', { wait: 1 });
      await scene.write('#confirm wipe', { wait: 2 });
      await scene.write('#confirm wipe');
      expect(scene.ran()).toHaveLength(1);
      expect(scene.comments().join('\n')).toContain(refusals.notAskedTwice);
    });

    it('counts again after another #run', async () => {
      const scene = await onCall(side);
      for (let n = 0; n < 2; n++) {
        await scene.write('#run wipe', { wait: 1 });
        await scene.write('#confirm wipe', { wait: 2 });
      }
      expect(scene.ran()).toHaveLength(2);
    });

    it('does not count before the #run', async () => {
      const scene = await onCall(side);
      await scene.write('#confirm wipe', { wait: 1 });
      await scene.write('#run wipe', { wait: 1 });
      await scene.forge(scene.notification('#confirm wipe'));
      expectRefused(scene, refusals.notAskedTwice);
    });

    it('is none of a response that runs at once', async () => {
      const scene = await onCall(side);
      await scene.write('#run isolate');
      await scene.write('#confirm isolate');
      expect(scene.ran()).toHaveLength(1);
      expect(scene.comments().join('\n')).toContain(refusals.asksOnce);
    });

    it('is judged anew: who has gone off duty meanwhile confirms nothing', async () => {
      const playbooks = { wipe: response('Wipe-Host', { confirm: true, who: 'on-duty' }) };
      const scene = await onCall(side, { respond: { playbooks } });
      await scene.write('#run wipe', { wait: 1 });
      scene.world.signl4.store.setDuty(scene.accounts.onCallUser, scene.accounts.team, 0);
      await scene.write('#confirm wipe');
      expectRefused(scene, refusals.notOnDuty);
    });
  });

  it('n: a refusal is told once, however often SIGNL4 tells of the note', async () => {
    const scene = await onCall(side);
    scene.world.signl4.outbound.settings.copies = 2;
    await scene.write('#run nothing');
    await scene.forge(scene.notification('#run nothing'));
    expect(scene.told()).toEqual([`[Sentinel] María López did not start "nothing": ${refusals.unknown}.`]);
  });

  describe('j: what counts', () => {
    it('is not talk about commands', async () => {
      const scene = await onCall(side, { respond: { perHour: 1 } });
      await scene.write('please do not #run isolate now', { by: scene.accounts.secondUser, wait: 1 });
      await scene.write('#running late, #confirmed by phone', { by: scene.accounts.secondUser, wait: 1 });
      await scene.write('#run isolate');
      expect(scene.ran()).toHaveLength(1);
    });

    it('are commands by anybody, refused or not', async () => {
      const scene = await onCall(side, { respond: { perHour: 2 } });
      await scene.write('#run isolate', { by: scene.accounts.secondUser, wait: 1 });
      await scene.write('#run nothing', { by: scene.accounts.secondUser, wait: 1 });
      await scene.write('#run isolate');
      expectRefused(scene, refusals.tooMany);
    });
  });
});
