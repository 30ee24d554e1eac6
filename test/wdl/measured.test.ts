import { describe, expect, it } from 'vitest';
import { WdlError } from '../../src/wdl/errors.ts';
import { evaluateCase } from './support.ts';

/**
 * Where we differ from the cases that ScoreUnder/IllogicApps (commit 1820c07, IllogicApps.Expression.Execution.Test) has checked
 * against the Logic Apps host of Standard, and why. All others of its cases give the same result.
 */
const UNKNOWN_FUNCTION =
  'Consumption looks for unknown functions when a workflow is saved, wherever they are; the host finds them when it comes to them.';
const DIFFERENCES: readonly (readonly [expression: string, ours: unknown, why: string])[] = [
  ...[
    'and(false,nope())',
    'and(and(and(true,true),false),nope())',
    'and(and(and(true,false),true),nope())',
    'and(and(and(false,true),true),nope())',
    'or(true,nope())',
    'or(or(or(false,false),true),nope())',
    'or(or(or(false,true),false),nope())',
    'or(or(or(true,false),false),nope())',
    'if(true,1,nope())',
    'if(false,nope(),2)',
    "coalesce('hi',nope())",
  ].map((expression) => [expression, 'wdl.unknown-function', UNKNOWN_FUNCTION] as const),
  [
    "string(json(xml('<!DOCTYPE a [<!ELEMENT a ANY>\r\n]><a/>')))",
    '{"!DOCTYPE":{"@name":"a","@internalSubset":"<!ELEMENT a ANY>\\n"},"a":null}',
    'Our reader makes single line feeds of line ends, as XML 1.0 says; the host keeps \\r\\n in an internal subset.',
  ],
  [
    'string(json(\'{"a": 1, "b": -1, "a": 2}\'))',
    '{"a":2,"b":-1}',
    'A name that occurs twice stays where it was first; the host moves it to its last place. The values are the same.',
  ],
];

describe('a named difference from the measured cases', () => {
  it.each(DIFFERENCES)('%s gives %j', (expression, ours) => {
    let actual: unknown;
    try {
      actual = evaluateCase({ expr: expression });
    } catch (error) {
      actual = error instanceof WdlError ? error.reason : error;
    }
    expect(actual).toBe(ours);
  });
});
