import { describe, expect, it } from 'vitest';
import { allowedPlugins, reachedBy } from '../../../src/relay/kql/allowed.ts';
import { allowedAggregates, allowedFunctions } from '../../../src/relay/kql/allowed-functions.ts';
import { passQuery } from '../support/gate.ts';

/*
 * Every way to write a name, times every name that reaches out, times the places where a name can be.
 */

const hex = (letter: string) => letter.charCodeAt(0).toString(16);
const escaped = (name: string, asEscape: (letter: string) => string) =>
  `['${name.slice(0, 2)}${asEscape(name.charAt(2))}${name.slice(3)}']`;

/** Ways to write one name; the parser reads all of them as the same. */
const forms: Readonly<Record<string, (name: string) => string>> = {
  plain: (name) => name,
  'in capitals': (name) => name.toUpperCase(),
  'in quotes': (name) => `['${name}']`,
  'in double quotes': (name) => `["${name}"]`,
  'with \\u': (name) => escaped(name, (letter) => `\\u00${hex(letter)}`),
  'with \\U': (name) => escaped(name, (letter) => `\\U000000${hex(letter)}`),
  'with \\x': (name) => escaped(name, (letter) => `\\x${hex(letter)}`),
  'in octal': (name) => escaped(name, (letter) => `\\${letter.charCodeAt(0).toString(8)}`),
  'all escaped': (name) => `["${[...name].map((letter) => `\\u00${hex(letter)}`).join('')}"]`,
  verbatim: (name) => `[@'${name}']`,
  obfuscated: (name) => `[h'${name}']`,
  'obfuscated, capital': (name) => `[H"${name}"]`,
  'obfuscated, verbatim': (name) => `[h@'${name}']`,
  'in backticks': (name) => `[\`\`\`${name}\`\`\`]`,
  'in tildes': (name) => `[~~~${name}~~~]`,
  'in two pieces': (name) => `['${name.slice(0, 2)}' '${name.slice(2)}']`,
  'in pieces of two kinds': (name) => `["${name.slice(0, 2)}" @'${name.slice(2)}']`,
  'with white space': (name) => `[ '${name}' ] `,
  'with a comment': (name) => `['${name}'] // harmless\n`,
};

/** What is behind the name: what is called, and how it goes on. */
const calls: Readonly<Record<string, string>> = {
  cluster: "('evil').database('x').T",
  database: "('Other').T",
  workspace: "('Other').T",
  app: "('Other').requests",
  resource: "('/subscriptions/x').T",
  adx: "('https://evil.example/x').T",
  arg: "('').Resources",
  external_table: "('x')",
  stored_query_result: "('x')",
  materialized_view: "('x')",
  entity_group: "('x')",
  graph: "('x')",
  __invoke: "('x')",
};

const places: Readonly<Record<string, (call: string) => string>> = {
  alone: (call) => call,
  'in a union': (call) => `union T, (${call}\n| take 1)`,
  'in a condition': (call) => `T | where a in ((${call} | project a))`,
  'in a function': (call) => `let f = () { ${call} }; f()`,
  'behind an unknown function': (call) => `T | invoke F() | join (${call}) on a`,
};

describe('KQL gate, on names that reach out', () => {
  const cases = Object.keys(calls).flatMap((name) => Object.keys(forms).map((form) => ({ name, form })));
  it.each(cases)('stops $name written $form', async ({ name, form }) => {
    const call = `${forms[form]?.(name)}${calls[name]}`;
    for (const [place, put] of Object.entries(places)) {
      const verdict = await passQuery(put(call), { allowWorkspaces: ['partner'], maxRows: 5 });
      expect(verdict.passes, `${place}: ${put(call)}`).toBe(false);
    }
  });

  const secrets = Object.keys(forms).filter((form) => !['plain', 'in capitals'].includes(form));
  it.each(secrets)('stops a plugin written %s', async (form) => {
    for (const plugin of ['http_request', 'sql_request', 'python', 'execute_query']) {
      const verdict = await passQuery(`T | evaluate ${forms[form]?.(plugin)}('https://evil.example')`, {
        allowWorkspaces: [],
        maxRows: 5,
      });
      expect(verdict.passes).toBe(false);
    }
  });

  it('reads the name of an allowed workspace only where it is written out', async () => {
    const options = { allowWorkspaces: ['partner'], maxRows: 5 };
    expect(await passQuery("workspace('Partner').T", options)).toMatchObject({ passes: true });
    for (const argument of [
      "'p\\u0061rtner'",
      "h'partner'",
      "@'partner'",
      "'part' 'ner'",
      '```partner```',
      "'partner', 'x'",
    ]) {
      expect(await passQuery(`workspace(${argument}).T`, options)).toMatchObject({ passes: false });
    }
  });
});

describe('lists of what is allowed', () => {
  /** Of the parser's own: neither harmless nor known to reach out. */
  const refused = [/^__/, /_request(_post)?$/, /^(ai_|execute_|infer_storage_schema)/];
  const refusedPlugins = 'csharp estimate_rows_count external_datatable identity identity_v3 preview python r'.split(
    ' ',
  );

  it('decide on every function, aggregate and plugin that the parser knows', async () => {
    await import('@kusto/language-service-next/bridge.min.js');
    await import('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    const { GlobalState } = Reflect.get(globalThis, 'Kusto').Language;
    const namesOf = (list: { Count: number; getItem(index: number): { Name: string } } & { Name: string }[]) =>
      'getItem' in list
        ? Array.from({ length: list.Count }, (_, index) => list.getItem(index).Name)
        : Array.from(list as { Name: string }[], ({ Name }) => Name);
    const { Functions, Aggregates, PlugIns } = GlobalState.Default;
    const undecided = [
      ...namesOf(Functions).filter((name) => !allowedFunctions.has(name) && !reachedBy.has(name)),
      ...namesOf(Aggregates).filter((name) => !allowedAggregates.has(name)),
      ...namesOf(PlugIns).filter((name) => !allowedPlugins.has(name) && !refusedPlugins.includes(name)),
    ];
    expect(undecided.filter((name) => !refused.some((pattern) => pattern.test(name)))).toEqual([]);
    expect([...reachedBy.keys()].filter((name) => allowedFunctions.has(name))).toEqual([]);
  });
});
