import { hostname } from 'node:os';
import { xml } from '../domain/text.ts';

/*
 * JUnit XML as defined for Ant (windyroad/JUnit-Schema, JUnit.xsd): the strictest dialect, which Azure Pipelines documents and
 * every other reader accepts.
 */

export interface TestCase {
  readonly name: string;
  /** Why it failed; absent if it passed. The first line is used as the message. */
  readonly failure?: string;
}

export interface TestSuite {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly tookMs: number;
  readonly cases: readonly TestCase[];
  /** The output that a person would have seen. */
  readonly output?: string;
}

/** The report of all suites. `source` says what was tested: `simulate`. */
export function junitXml(source: string, suites: readonly TestSuite[]): string {
  const lines = suites.flatMap((suite, id) => suiteLines(source, suite, id));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...lines, '</testsuites>', ''].join('\n');
}

function suiteLines(source: string, suite: TestSuite, id: number): readonly string[] {
  const { name, startedAt, tookMs, cases, output = '' } = suite;
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const time = seconds(tookMs);
  const attributes = attributesOf({
    ...{ id: String(id), package: source, name, hostname: hostname() || 'localhost' },
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
    ...{ tests: String(cases.length), failures: String(failures), errors: '0', time },
  });
  // The time is that of the whole story; its expectations take none.
  const caseTime = cases.length === 1 ? time : '0';
  return [
    `  <testsuite${attributes}>`,
    '    <properties/>',
    ...cases.flatMap((one) => caseLines(`${source}.${name}`, one, caseTime)),
    `    <system-out>${escaped(output)}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
  ];
}

function caseLines(classname: string, { name, failure }: TestCase, time: string): readonly string[] {
  const attributes = attributesOf({ name, classname, time });
  if (failure === undefined) return [`    <testcase${attributes}/>`];
  const [message = ''] = failure.split('\n');
  const about = attributesOf({ message, type: 'expectation' });
  return [`    <testcase${attributes}>`, `      <failure${about}>${escaped(failure)}</failure>`, '    </testcase>'];
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}

/** Attributes, normalised to one line with single spaces. */
function attributesOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value.replaceAll(/\s+/g, ' ').trim() || '-')}"`)
    .join('');
}

/** Characters that XML 1.0 does not allow, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNKNOWN_TO_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return xml(text.replaceAll(UNKNOWN_TO_XML, '\uFFFD')).replaceAll('\r', '&#13;');
}
