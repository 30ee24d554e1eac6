import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { offlineDeployment } from '../../src/arm-expressions/scope.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member } from '../../src/domain/json.ts';
import { type EvaluatedResource, runTemplate } from '../../src/simulator/azure/template.ts';
import { acceptance } from '../../tools/bicep/accepted.ts';
import { findBicep, parseDiagnostics } from '../../tools/bicep/compile.ts';

/*
 * Every module that build writes, compiled by Microsoft's compiler: without errors, and to a template that deploys the same. Two templates
 * deploy the same where they, given the same parameters, come to the same resources, each with everything in it evaluated, in the
 * same dependencies.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const bicep = findBicep(root, process.env);
const folder = mkdtempSync(join(tmpdir(), 'bicep-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CONFIG = `
relay: { azure: { app: signl4-relay-test, sweep: true } }
respond: { playbooks: { isolate: { playbook: /subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg/providers/Microsoft.Logic/workflows/Isolate, on: host } } }
message: { title: "[[ \${x} it's {{incident.title}} \\\\ $\{y}" }
`;

function built(name: string, config: string): readonly string[] {
  const out = join(folder, name);
  writeFileSync(join(folder, `${name}.yaml`), config);
  const args = [
    'src/cli/main.ts',
    'build',
    '--config',
    join(folder, `${name}.yaml`),
    '--out',
    out,
    '--format',
    'bicep',
  ];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/azuredeploy.bicep'))
    .map((path) => join(out, path))
    .sort();
}

function compiled(module: string): { readonly template: JsonObject; readonly problems: readonly string[] } {
  const result = spawnBicep(['build', module, '--stdout']);
  const problems = parseDiagnostics(result.err).filter((one) => !acceptance(one));
  return {
    template: JSON.parse(result.out || '{}') as JsonObject,
    problems: problems.map(({ level, code, message, line }) => `${level} ${code} (line ${line}): ${message}`),
  };
}

function spawnBicep(args: readonly string[]): { readonly out: string; readonly err: string } {
  const errors = join(folder, 'errors.txt');
  const shell = `"$0" "$@" 2> ${errors} || true`;
  const out = execFileSync('sh', ['-c', shell, bicep ?? '', ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { out, err: readFileSync(errors, 'utf8') };
}

interface Parameter {
  readonly type: string;
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly Json[];
  readonly minValue?: number;
}

/** Two sets of values: the defaults where there are some, and others of the same types. */
function valuesFor(parameters: JsonObject): readonly JsonObject[] {
  const entries = Object.entries(parameters) as unknown as [string, Parameter][];
  const of = (choose: (name: string, parameter: Parameter) => Json | undefined) =>
    Object.fromEntries(
      entries.flatMap(([name, parameter]) => {
        const value = choose(name, parameter);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as JsonObject;
  return [
    of((name, parameter) => (parameter.defaultValue === undefined ? another(name, parameter) : undefined)),
    of(another),
  ];
}

function another(name: string, { type, defaultValue, allowedValues, minValue = 1 }: Parameter): Json {
  if (allowedValues) return allowedValues.at(-1) ?? null;
  switch (type.toLowerCase()) {
    case 'bool':
      return defaultValue !== true;
    case 'int':
      return minValue + 1;
    case 'array':
      return ['one', 'two'];
    case 'object':
    case 'secureobject':
      return { a: '1' };
    default:
      return /(Subnet|ZonesGroup|LogWorkspace)Id$/.test(name)
        ? `/subscriptions/s/resourceGroups/g/providers/a/b/${name}`
        : `x${name}`.padEnd(20, 'x');
  }
}

const answers = {
  reference: (id: string) => ({
    ...{
      identity: { principalId: `principal of ${id}` },
      customerId: 'x',
      ConnectionString: `connection of ${id}`,
      defaultHostName: `host.${id}`,
    },
    primaryEndpoints: { blob: `blob of ${id}`, queue: 'queue', table: 'table' },
  }),
  list: () => ({}),
} as unknown as Parameters<typeof runTemplate>[0]['azure'];

function deployed(template: JsonObject, parameters: JsonObject) {
  const resources: EvaluatedResource[] = [];
  const outputs = runTemplate({
    ...{ template, parameters, place: offlineDeployment },
    ...(answers && { azure: answers }),
    visit: (resource) => resources.push(resource),
  });
  return { resources, outputs };
}

/** Pairs of resources of which one comes first, whichever way round the template lists them. */
function dependencies(template: JsonObject, parameters: JsonObject): readonly string[] {
  const order = (one: JsonObject) => deployed(one, parameters).resources.map(({ id }) => id);
  const pairs = (ids: readonly string[]) =>
    ids.flatMap((first, at) => ids.slice(at + 1).map((then) => `${first} < ${then}`));
  const backwards = new Set(pairs(order(reversed(template))));
  return pairs(order(template))
    .filter((pair) => backwards.has(pair))
    .sort();
}

function reversed(template: JsonObject): JsonObject {
  const resources = listOf(template['resources'])
    .toReversed()
    .map((resource) => {
      const inner = member(member(resource, 'properties'), 'template');
      if (!isJsonObject(resource) || !isJsonObject(inner)) return resource;
      return { ...resource, properties: { ...(resource['properties'] as JsonObject), template: reversed(inner) } };
    });
  return { ...template, resources: resources as readonly Json[] };
}

const sorted = (resources: readonly EvaluatedResource[]) => resources.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const declared = (template: JsonObject) =>
  Object.fromEntries(
    Object.entries((template['parameters'] ?? {}) as JsonObject).map(([name, value]) => {
      const { defaultValue: _, ...others } = value as JsonObject;
      return [name, { ...others, type: String(others['type']).toLowerCase() }];
    }),
  );

describe.runIf(bicep)('the modules', () => {
  it.each([
    ['defaults', ''],
    ['a relay, responses and a nasty text', CONFIG],
  ])('with %s compile, and deploy the same', { timeout: 900_000 }, (name, config) => {
    const modules = built(name.replaceAll(/\W/g, '-'), config);
    expect(modules.length).toBeGreaterThan(10);
    for (const module of modules) {
      const original = JSON.parse(readFileSync(module.replace('.bicep', '.json'), 'utf8')) as JsonObject;
      const { template, problems } = compiled(module);
      expect(problems, module).toEqual([]);
      expect(declared(template), module).toEqual(declared(original));
      for (const values of valuesFor((original['parameters'] ?? {}) as JsonObject)) {
        const [mine, theirs] = [deployed(original, values), deployed(template, values)];
        expect(sorted(theirs.resources), module).toEqual(sorted(mine.resources));
        expect(theirs.outputs, module).toEqual(mine.outputs);
        expect(dependencies(template, values), module).toEqual(dependencies(original, values));
      }
    }
  });

  it('can be used as docs/azure.md shows', () => {
    const [module = ''] = built('own', '').filter((path) => path.includes('SIGNL4-Send-Incident'));
    const [, shown = ''] = /```bicep\n(.*?)```/s.exec(readFileSync(join(root, 'docs/azure.md'), 'utf8')) ?? [];
    const main = join(folder, 'main.bicep');
    expect(shown).toContain('./dist/playbooks/SIGNL4-Send-Incident/azuredeploy.bicep');
    writeFileSync(main, shown.replace(/'\.\/dist[^']*'/, `'./${relative(folder, module)}'`));
    // The workspace is named by signl4.yaml; the built-in defaults leave it to the deployment.
    expect(compiled(main).problems.filter((problem) => !problem.includes('"WorkspaceName"'))).toEqual([]);
  });
});
