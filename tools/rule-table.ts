/** Writes the tables of rules into docs/verify.md: `node tools/rule-table.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { capitalized } from '../src/domain/text.ts';
import { ruleGroups } from '../src/verify/groups.ts';
import { armTtkTests } from '../src/verify/rules/arm-ttk/arm-ttk.ts';

export const rulesDocument = fileURLToPath(new URL('../docs/verify.md', import.meta.url));
const BEGIN = '<!-- rules: written by tools/rule-table.ts -->';

/** The document with the tables as the rules are now. */
export function withRuleTables(document: string): string {
  const before = document.slice(0, document.indexOf(BEGIN) + BEGIN.length);
  return `${before}\n\n${[...groupTables(), armTtkTable()].join('\n\n')}\n`;
}

function groupTables(): string[] {
  return Object.entries(ruleGroups).map(([title, rules]) => {
    const rows = rules.map(
      ({ id, level, help, source }) => `| \`${id}\` | ${level} | ${cell(help)} | ${link(source)} |`,
    );
    return [
      `### ${heading(title)}`,
      '',
      '| rule | level | remedy | source |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
}

function armTtkTable(): string {
  const rows = armTtkTests.map(
    ({ id, test, appliesTo, forSentinel }) => `| \`${id}\` | ${test} | ${appliesTo} | ${forSentinel ?? 'the same'} |`,
  );
  return [
    '### The tests of the ARM template toolkit',
    '',
    "| rule | the toolkit's test | we run it on | in the Azure-Sentinel repository |",
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function heading(title: string): string {
  return capitalized(title);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

function link(source: string): string {
  return source.startsWith('docs/') ? 'this page' : `[source](${source})`;
}

if (import.meta.main) writeFileSync(rulesDocument, withRuleTables(readFileSync(rulesDocument, 'utf8')));
