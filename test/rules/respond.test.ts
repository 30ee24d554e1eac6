import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGuid } from '../../src/domain/uuid.ts';
import {
  askedCommentId,
  commandOf,
  commandText,
  endText,
  isLikeCommand,
  refusals,
  refusalText,
  refusedCommentId,
  saysCommand,
} from '../../src/rules/respond.ts';
import { evaluateCase } from '../wdl/support.ts';

describe('a note', () => {
  it.each([
    ['#run isolate', { isConfirmation: false, word: 'isolate', entity: '' }],
    ['  #RUN  Isolate\n WS-042 ', { isConfirmation: false, word: 'isolate', entity: 'ws-042' }],
    ['#confirm isolate', { isConfirmation: true, word: 'isolate', entity: '' }],
    ['#run', { isConfirmation: false, word: '', entity: '' }],
    ['please #run isolate', undefined],
    ['#running', undefined],
    ['[Sentinel] #run isolate', undefined],
    ['', undefined],
  ])('%j', (note, command) => {
    expect(commandOf(note)).toEqual(command);
  });

  it('is found in a timeline as it is, and after a label, and nowhere else', () => {
    const command = { isConfirmation: false, word: 'isolate', entity: '' };
    const entries = [
      '#run isolate',
      'Annotated: #RUN  isolate',
      '#run isolate now',
      'do not #run isolate',
      '#run isolates',
    ];
    expect(entries.map((entry) => saysCommand(entry, command))).toEqual([true, true, false, false, false]);
  });

  it('counts where it is a command, whatever it names, and not where it speaks of one', () => {
    const command = { isConfirmation: false, word: 'isolate', entity: '' };
    const entries = [
      '#run wipe',
      'Annotated: #run isolate',
      'please do not #run isolate',
      '#confirm isolate',
      '#running',
    ];
    expect(entries.map((entry) => isLikeCommand(entry, command))).toEqual([true, true, false, false, false]);
  });

  it('that is a command says itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (word, entity) => {
        const command = commandOf(`#run ${word} ${entity}`);
        if (command) expect(saysCommand(commandText(command), command)).toBe(true);
      }),
    );
  });
});

describe('ids of comments', () => {
  it.each(['asked', 'refused'] as const)('are GUIDs that the playbook makes of the same time, too: %s', (kind) => {
    const format = { asked: 'yyyyMMdd-HHmm-ss02-0000-00000fffffff', refused: 'yyyyMMdd-HHmm-ss01-0000-00000fffffff' };
    const idOf = { asked: askedCommentId, refused: (time: string) => refusedCommentId(time, 0) };
    const min = new Date('2020-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.date({ min, max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
        const time = date.toISOString();
        const id = idOf[kind](time);
        expect(isGuid(id)).toBe(true);
        expect(evaluateCase({ expr: `formatDateTime('${time}', '${format[kind]}')` })).toBe(id);
      }),
    );
  });

  it('keep seven digits of a second apart, and take a time with an offset', () => {
    expect(askedCommentId('2026-01-10T08:42:00.1234567Z')).toBe('20260110-0842-0002-0000-000001234567');
    expect(askedCommentId('2026-01-10T09:42:00+01:00')).toBe('20260110-0842-0002-0000-000000000000');
  });

  it('are one in an hour where there is no note', () => {
    const now = Date.UTC(2026, 0, 10, 8, 41, 7);
    expect(refusedCommentId(undefined, now)).toBe('20260110-0800-0001-0000-000000000000');
    expect(refusedCommentId(undefined, now + 10 * 60_000)).toBe(refusedCommentId(undefined, now));
  });
});

describe('what people read', () => {
  it('of a refusal has the word as it was typed, but no long one', () => {
    const command = { isConfirmation: false, word: 'x'.repeat(10_000), entity: '' };
    expect(refusalText({ person: 'M. Lopez', command }, 'unknown').length).toBeLessThan(200);
  });

  it('of a refusal has nobody and nothing in it that SIGNL4 does not confirm', () => {
    expect(refusalText(undefined, 'notConfirmed')).toBe(`Somebody did not start a response: ${refusals.notConfirmed}.`);
  });

  it.each([
    [204, 'Succeeded', 'was started (Microsoft Sentinel answered 204). Its run: Succeeded.'],
    [204, '', 'was started (Microsoft Sentinel answered 204). Its run: cannot be seen.'],
    [202, '', 'may have been started (Microsoft Sentinel answered 202). Its run: cannot be seen.'],
    [400, '', 'was not started (Microsoft Sentinel answered 400). Its run: cannot be seen.'],
    [407, '', 'was not started (Microsoft Sentinel answered 407). Its run: cannot be seen.'],
    [408, '', 'may have been started (Microsoft Sentinel answered 408). Its run: cannot be seen.'],
    [503, 'Running', 'was started (Microsoft Sentinel answered 503). Its run: Running.'],
    [undefined, '', 'may have been started (Microsoft Sentinel gave no answer). Its run: cannot be seen.'],
  ])('of the end where Sentinel answered %o and the run is "%s"', (answer, state, text) => {
    expect(endText('isolate', answer, state)).toBe(`"isolate" ${text}`);
  });
});
