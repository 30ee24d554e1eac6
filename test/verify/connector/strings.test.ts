import { describe, expect, it } from 'vitest';
import {
  descriptionProblem,
  isSentence,
  isSentenceCase,
  isTitleCase,
} from '../../../src/verify/rules/connector/strings.ts';

describe('title case', () => {
  it.each(['Alert ID', 'Time on Duty', 'User ID or Email', 'X-S4 Status', '24 Hours', 'Created At'])(
    'is "%s"',
    (title) => {
      expect(isTitleCase(title)).toBe(true);
    },
  );

  it.each(['Alert id', 'alert ID', 'Created at', 'of Duty', 'Alert  ID'])('is not "%s"', (title) => {
    expect(isTitleCase(title)).toBe(false);
  });
});

describe('sentence case', () => {
  it.each(['List the teams of a user', 'Get an ID', 'Send an event to SIGNL4'])('is "%s"', (summary) => {
    expect(isSentenceCase(summary)).toBe(true);
  });

  it.each(['List Teams', 'list teams'])('is not "%s"', (summary) => {
    expect(isSentenceCase(summary)).toBe(false);
  });
});

describe('a sentence', () => {
  it.each(['Reads one alert.', 'A sum. 1 means attachments.'])('is "%s"', (sentence) => {
    expect(isSentence(sentence)).toBe(true);
  });

  it.each(['reads one alert.', 'Reads one alert', 'Reads  one alert.', ' Reads one alert.', 'Reads\none alert.'])(
    'is not "%s"',
    (sentence) => {
      expect(isSentence(sentence)).toBe(false);
    },
  );
});

describe('a description', () => {
  it('says more than its title', () => {
    expect(descriptionProblem('Alert ID.', 'Alert ID')).toBe('"Alert ID." only repeats the title');
    expect(descriptionProblem('Identifies the alert.', 'Alert ID')).toBeUndefined();
  });
});
