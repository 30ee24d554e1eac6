import { expect, it } from 'vitest';
import type { WdlReason } from '../../src/wdl/errors.ts';
import { WdlError } from '../../src/wdl/errors.ts';
import type { Json } from '../../src/wdl/json.ts';
import { describeShared, readSharedJson } from '../support/shared.ts';
import type { Case } from './support.ts';
import { evaluateCase, sameResult } from './support.ts';

/** An example whose documentation contradicts itself; `suggested` is what must have been meant, where that is clear. */
interface DisputedCase extends Case {
  readonly suggested: Json;
}

/** What we chose where the reference suggests nothing, or what runs do not show, by the expression. */
const CHOICES: Readonly<Record<string, { readonly value: Json } | { readonly reason: WdlReason }>> = {
  // The context has no body.status; the prose means actions('Get_user').status.
  "actions('Get_user').outputs.body.status": { reason: 'wdl.property-not-found' },
  // There is no hour 80.
  "convertTimeZone('2018-01-01T80:00:00.0000000Z', 'UTC', 'Pacific Standard Time', 'D')": {
    reason: 'wdl.argument-value',
  },
  // The service gives binary content as an envelope; the digits that are printed spell the URI itself.
  "dataUriToBinary('data:text/plain;charset=utf-8;base64,aGVsbG8=')": {
    value: { '$content-type': 'text/plain;charset=utf-8', $content: 'aGVsbG8=' },
  },
  // Content of a string type comes back as text: the shown result, and what is reported of the service.
  "decodeDataUri('data:text/plain;charset=utf-8;base64,aGVsbG8=')": { value: 'hello' },
  // The language page rules out double quotation marks, and objects have no literal form.
  'string( { "name": "Sophie Owen" } )': { reason: 'wdl.syntax' },
  // The table of return values (base64 in $content) against the example: the table fits the other binary functions.
  "uriComponentToBinary('https%3A%2F%2Fcontoso.com')": {
    value: { '$content-type': 'application/octet-stream', $content: 'aHR0cHM6Ly9jb250b3NvLmNvbQ==' },
  },
  // The inner quotation marks are not doubled, so the text ends early.
  "xpath(xml(parameters('items')), '//name[@expired = 'true']')": { reason: 'wdl.syntax' },
  // A set of one node is an array (see src/wdl/xml/xpath.ts).
  "xpath(xml(parameters('items')), '//name[@price>35]')": {
    value: ['<name expired="false" price="40">Honeycrisp</name>'],
  },
  // Without the @ of the attribute nothing matches, and no match is an empty array.
  "xpath(xml(parameters('items')), '//name[price>35]')": { value: [] },
};

describeShared('the examples whose documentation contradicts itself', () => {
  const cases = readSharedJson<readonly DisputedCase[]>('reference/expressions/disputed.json');
  it.each(cases.map((each, index) => ({ ...each, index })))('$index $fn: $expr', (each) => {
    const choice = CHOICES[each.expr] ?? { value: each.suggested };
    if ('reason' in choice) {
      expect(() => evaluateCase(each)).toThrow(WdlError);
      expect(() => evaluateCase(each)).toThrow(expect.objectContaining({ reason: choice.reason }));
    } else {
      const actual = evaluateCase(each);
      expect(sameResult(actual, choice.value, each.compare), `got ${JSON.stringify(actual)}`).toBe(true);
    }
  });
});
