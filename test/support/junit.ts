import { DOMParser, type Element } from '@xmldom/xmldom';

/*
 * JUnit.xsd of windyroad/JUnit-Schema, which Azure Pipelines names as the schema it reads, as a table: attributes with their types, and
 * the children in order.
 */

const token = /^\S+( \S+)*$/;
const int = /^\d+$/;
const decimal = /^\d+(\.\d+)?$/;

const attributes: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  testsuites: {},
  testsuite: {
    ...{ package: token, id: int, name: token, hostname: token, time: decimal },
    timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    ...{ tests: int, failures: int, errors: int },
  },
  properties: {},
  testcase: { name: token, classname: token, time: decimal },
  failure: { message: /^.*$/s, type: /^.*$/s },
  'system-out': {},
  'system-err': {},
};

const children: Readonly<Record<string, RegExp>> = {
  testsuites: /^(testsuite )*$/,
  testsuite: /^properties (testcase )*system-out system-err $/,
  testcase: /^(failure )?$/,
};

/** What a validator would say of a report; nothing where it is valid. */
export function junitProblems(xml: string): readonly string[] {
  const problems: string[] = [];
  const parser = new DOMParser({
    onError: (level, message) => level !== 'warning' && problems.push(`${level}: ${message}`),
  });
  const root = parser.parseFromString(xml, 'text/xml').documentElement;
  if (root?.nodeName !== 'testsuites') return [...problems, `the root is ${root?.nodeName}`];
  return [...problems, ...problemsOf(root)];
}

function problemsOf(element: Element): readonly string[] {
  const { nodeName: name } = element;
  const wanted = attributes[name];
  if (!wanted) return [`${name} is unknown`];
  const given = [...element.attributes].map(({ name: attribute }) => attribute);
  const parts = [...element.childNodes].filter((node) => node.nodeType === 1) as unknown as Element[];
  const sequence = parts.map(({ nodeName }) => `${nodeName} `).join('');
  const mismatch = name === 'testsuite' ? countProblems(element, parts) : [];
  return [
    ...given.filter((attribute) => !(attribute in wanted)).map((attribute) => `${name} has ${attribute}`),
    ...Object.entries(wanted)
      .filter(([attribute, type]) => !type.test(element.getAttribute(attribute) ?? '\n'))
      .map(([attribute]) => `${name}/@${attribute} is "${element.getAttribute(attribute)}"`),
    ...((children[name] ?? /^$/).test(sequence) ? [] : [`${name} has the children ${sequence}`]),
    ...mismatch,
    ...parts.flatMap(problemsOf),
  ];
}

function countProblems(suite: Element, parts: readonly Element[]): readonly string[] {
  const cases = parts.filter(({ nodeName }) => nodeName === 'testcase');
  const failed = cases.filter((one) => one.getElementsByTagName('failure').length > 0);
  const said = `${suite.getAttribute('tests')}/${suite.getAttribute('failures')}`;
  return said === `${cases.length}/${failed.length}` ? [] : [`it counts ${said} of ${cases.length}/${failed.length}`];
}
