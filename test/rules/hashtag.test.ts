import { describe, expect, it } from 'vitest';
import { defaultClose } from '../../src/rules/choices.ts';
import { readHashtag } from '../../src/rules/hashtag.ts';

const read = (note: string) => readHashtag(note, defaultClose.hashtags);

describe('a closing note', () => {
  it.each([
    ['#fp Scanner', 'FalsePositive - IncorrectAlertLogic', 'Scanner'],
    ['Scanner #FP', 'FalsePositive - IncorrectAlertLogic', 'Scanner'],
    ['Scanner (#fp).', 'FalsePositive - IncorrectAlertLogic', 'Scanner'],
    ['#fpdata', 'FalsePositive - InaccurateData', ''],
    ['first #bp then #tp', 'BenignPositive - SuspiciousButExpected', 'first then #tp'],
    ['line one\n#tp\nline two', 'TruePositive - SuspiciousActivity', 'line one\n\nline two'],
    ['line one\r\n\r\n#tp line two', 'TruePositive - SuspiciousActivity', 'line one\n\nline two'],
    ['#fpx and nr#fp and # fp', undefined, '#fpx and nr#fp and # fp'],
    ['no hashtag', undefined, 'no hashtag'],
    ['', undefined, ''],
  ])('%j selects %s and says %j', (note, classification, text) => {
    expect(read(note)).toEqual({ classification, text });
  });
});
