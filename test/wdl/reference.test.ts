import { expect, it } from 'vitest';
import { WdlError } from '../../src/wdl/errors.ts';
import type { Json } from '../../src/wdl/json.ts';
import { describeShared, readSharedJson } from '../support/shared.ts';
import type { Case } from './support.ts';
import { evaluateCase, sameResult } from './support.ts';

/** Examples whose printed result real runs do not show, and the result instead. */
const NOT_AS_PRINTED: Readonly<Record<string, Json>> = {
  // Printed as a single node; runs give a set of nodes, which is an array (see src/wdl/xml/xpath.ts).
  [`xpath(xml(body('Http')), '/*[local-name()="file" and namespace-uri()="https://contoso.com"]/*[local-name()="location"]')`]:
    ['<location xmlns="https://contoso.com">Paris</location>'],
};

describeShared('the documented examples', () => {
  const cases = readSharedJson<readonly Case[]>('reference/expressions/public.json');
  it.each(cases.map((each, index) => ({ ...each, index })))('$index $fn: $expr', (each) => {
    let actual: unknown;
    try {
      actual = evaluateCase(each);
    } catch (error) {
      actual = error instanceof WdlError ? `WdlError: ${error.message}` : error;
    }
    const expected = NOT_AS_PRINTED[each.expr] ?? each.expected;
    expect(sameResult(actual, expected, each.compare), `got ${JSON.stringify(actual)}`).toBe(true);
  });
});
