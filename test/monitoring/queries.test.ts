import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playbooksOf } from '../../playbooks/index.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { isJsonObject, type Json } from '../../src/domain/json.ts';
import { machineNames } from '../../src/monitoring/incident-life.ts';
import { monitoringOf } from '../../src/monitoring/monitoring.ts';
import { diagnosticsColumns, healthColumns, incidentColumns } from '../../src/monitoring/tables.ts';
import { october as choices, filledQuery } from '../../src/simulator/month/answers.ts';
import { loadSchemaCheck, withLogicApps } from './schema-check.ts';

const check = await loadSchemaCheck();
const root = fileURLToPath(new URL('../../', import.meta.url));
const example = (name: string) => loadConfig(readFileSync(`${root}examples/${name}`, 'utf8'), name);
const [customer = defaultConfig] = example('service-provider.yaml').targets.map(({ config }) => config);
const configs: readonly (readonly [name: string, config: Config])[] = [
  ['default', defaultConfig],
  ['minimal', example('minimal.yaml')],
  ['soc', example('soc.yaml')],
  ['service provider', customer],
];

/** Every query of the workbook, tiles and parameters, and of the rules, as the workspace gets it. */
function queriesOf(config: Config): readonly string[] {
  const monitoring = monitoringOf(
    config,
    playbooksOf(config).map(({ name }) => name),
  );
  const inWorkbook = [...queriesIn(monitoring.workbook)].map((query) => filledQuery(query, choices));
  return [...inWorkbook, ...monitoring.rules.map(({ query }) => query)];
}

function* queriesIn(json: Json): Generator<string> {
  if (Array.isArray(json)) for (const item of json as readonly Json[]) yield* queriesIn(item);
  else if (isJsonObject(json)) {
    if (typeof json['query'] === 'string') yield json['query'];
    for (const member of Object.values(json)) yield* queriesIn(member);
  }
}

/** With the first name of a column changed wherever it occurs but in what replaces a missing table. */
function misspelt(query: string): readonly [text: string, changed: number] {
  let changed = 0;
  const parts = query.split(/(datatable\([^)]*\))/).map((part, index) =>
    index % 2 === 1
      ? part
      : part.replaceAll(/\b(?:LastModifiedTime|OperationName|AdditionalData)\b/g, (name) => {
          changed++;
          return `${name}s`;
        }),
  );
  return [parts.join(''), changed];
}

const queries = queriesOf(defaultConfig);
const { SecurityIncident } = withLogicApps;

describe('the queries of the workbook and the rules', () => {
  it('are 23: 17 tiles, 4 parameters, 2 rules', () => {
    expect(queries).toHaveLength(23);
  });

  describe.each(configs)('with the config "%s"', (_, config) => {
    it.each([
      ['a workspace that has everything', withLogicApps],
      ['one where no playbook has ever logged', undefined],
      ['one without health monitoring and diagnostics', { SecurityIncident }],
      ['one that has never had an incident', {}],
    ])("are right to Microsoft's parser in %s", (_workspace, tables) => {
      for (const query of queriesOf(config)) expect(check(query, tables), query).toEqual([]);
    });
  });

  it('would not be right with a column that no table has', () => {
    const tried = queries.flatMap((query) => {
      const [wrong, count] = misspelt(query);
      if (count > 0) expect(check(wrong, withLogicApps), wrong).not.toEqual([]);
      return count > 0 ? [query] : [];
    });
    expect(tried.length).toBeGreaterThan(15);
  });

  it.each([
    ['SecurityIncident', incidentColumns],
    ['SentinelHealth', healthColumns],
    ['AzureDiagnostics', diagnosticsColumns],
  ] as const)('stand in for %s with columns that it has, of their types', (table, columns) => {
    const real = new Map(
      (withLogicApps[table] ?? '').split(',').map((column) => column.trim().split(':') as [string, string]),
    );
    for (const [name, type] of Object.entries(columns)) expect(real.get(name), name).toBe(type);
  });

  it('would not be right with a plain error_message_s where nothing ever failed', () => {
    const runs = queries.filter((query) => query.includes('error_message_s'));
    expect(runs.length).toBeGreaterThan(1);
    for (const query of runs) {
      const plain = query.replaceAll('column_ifexists("error_message_s", "")', 'error_message_s');
      expect(check(plain, withLogicApps).join()).toContain('error_message_s');
    }
  });

  it('name every machine as the parameter does', () => {
    expect(choices.Machines).toBe(machineNames.join(','));
  });

  it('leave no parameter of the workbook unfilled', () => {
    for (const query of queries) expect(query).not.toMatch(/\{[A-Z]\w+\}/);
  });
});
