import { expect, it } from 'vitest';
import { WdlError } from '../../src/wdl/errors.ts';
import { describeShared, readSharedJson } from '../support/shared.ts';
import type { Case } from './support.ts';
import { evaluateCase, sameResult } from './support.ts';

describeShared('the documented examples', () => {
  const cases = readSharedJson<readonly Case[]>('reference/expressions/public.json');
  it.each(cases.map((each, index) => ({ ...each, index })))('$index $fn: $expr', (each) => {
    let actual: unknown;
    try {
      actual = evaluateCase(each);
    } catch (error) {
      actual = error instanceof WdlError ? `WdlError: ${error.message}` : error;
    }
    expect(sameResult(actual, each.expected, each.compare), `got ${JSON.stringify(actual)}`).toBe(true);
  });
});
