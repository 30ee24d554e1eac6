import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import type { SolutionFile } from '../../src/solution/draft.ts';
import { parseJson } from '../../src/solution/json-parse.ts';
import { printJson } from '../../src/solution/json-print.ts';
import { findAt, type JsonTree, listAt, mapOf, textAt, toPlain } from '../../src/solution/json-tree.ts';
import { packageSolution, type SolutionSource } from '../../src/solution/packager.ts';
import { readSolution } from '../../src/solution/read-solution.ts';
import { sizeWarnings } from '../../src/solution/size-warnings.ts';

const contoso = fileURLToPath(new URL('./fixtures/Contoso', import.meta.url));
const now = new Date('2026-01-02T03:04:05.678Z');
const { source } = await readSolution(contoso);
const packaged = packageSolution(source, { now });

function outer(name: string): unknown {
  return findAt(packaged.mainTemplate, 'variables', name);
}

/** Content template `number`, counted from 1. */
function template(number: number): JsonTree | undefined {
  return listAt(packaged.mainTemplate, 'resources')[number - 1];
}

function inner(number: number): JsonTree | undefined {
  return findAt(template(number), 'properties', 'mainTemplate');
}

function metadataResource(number: number): JsonTree | undefined {
  return listAt(inner(number), 'resources').at(-1);
}

describe('the package of a solution', () => {
  it('is the same text as before', async () => {
    await expect(printJson(packaged.mainTemplate)).toMatchFileSnapshot('fixtures/contoso.mainTemplate.snap');
    await expect(printJson(packaged.createUiDefinition)).toMatchFileSnapshot(
      'fixtures/contoso.createUiDefinition.json',
    );
  });

  it('is the same whenever it is made', () => {
    expect(packageSolution(source, { now })).toEqual(packaged);
  });

  it('has test parameters that are its outer parameters', () => {
    expect(packaged.testParameters).toBe(findAt(packaged.mainTemplate, 'parameters'));
  });

  it('has one content template for each item and the solution last', () => {
    expect(
      listAt(packaged.mainTemplate, 'resources').map((resource) => textAt(resource, 'properties', 'contentKind')),
    ).toEqual(['AzureFunction', 'LogicAppsCustomConnector', 'Playbook', 'Playbook', 'Solution']);
  });

  it('starts V3 at 3.0.0 where the data file is older, and takes the wished version', () => {
    expect(packaged.version).toBe('3.0.0');
    expect(packageSolution(source, { version: '3.1.4', now }).version).toBe('3.1.4');
    expect(() => packageSolution(source, { version: '2.0.0' })).toThrow(UserError);
  });
});

describe('the identity of an item', () => {
  it('is its folder, with the parent in front of a folder that names the trigger', () => {
    expect(outer('playbookContentId3')).toBe('Contoso-Block-incident-trigger');
    expect(outer('playbookContentId4')).toBe('Contoso-Report');
  });

  it('shows the default of PlaybookName, else the folder', () => {
    expect(textAt(template(3), 'properties', 'displayName')).toBe('Contoso-Block-Incident');
    expect(textAt(template(4), 'properties', 'description')).toBe(
      'Contoso-Report Playbook with template version 3.0.0',
    );
  });

  it('has the version of its workflow tag, else 1.0', () => {
    expect(outer('playbookVersion3')).toBe('1.3');
    expect(outer('playbookVersion4')).toBe('1.0');
  });

  it('has an outer workflow id for playbooks only', () => {
    expect(outer('playbookId2')).toBeUndefined();
    expect(outer('playbookId3')).toContain('Microsoft.Logic/workflows');
    expect(findAt(inner(2), 'variables', 'playbookId2')).toBe(
      "[[resourceId('Microsoft.Web/customApis', parameters('CustomConnectorName'))]",
    );
  });

  it.each([
    [1, 'fa'],
    [2, 'lc'],
    [3, 'pl'],
  ])('of item %i carries the letters %s', (number, letters) => {
    expect(outer(`playbookTemplateSpecName${number}`)).toContain(`'-${letters}-'`);
    expect(outer(`_playbookcontentProductId${number}`)).toContain(`'${letters}'`);
  });
});

describe('a playbook in the package', () => {
  it('depends on the connector that its connection names', () => {
    expect(toPlain(findAt(metadataResource(3), 'properties', 'dependencies') ?? null)).toEqual({
      criteria: [
        {
          kind: 'LogicAppsCustomConnector',
          contentId: "[variables('_ContosoCustomConnector')]",
          version: "[variables('playbookVersion2')]",
        },
      ],
    });
  });

  it('depends on the function app whose name it has as a default', () => {
    expect(textAt(listAt(metadataResource(4), 'properties', 'dependencies', 'criteria')[0], 'kind')).toBe(
      'AzureFunction',
    );
  });

  it('has its api ids in variables numbered by the place of the connection', () => {
    const variables = findAt(inner(3), 'variables');
    expect(textAt(variables, 'connection-2')).toContain('Microsoft.Web/customApis/');
    expect(textAt(variables, 'connection-3')).toBe(
      "[[concat('/subscriptions/', subscription().subscriptionId, '/providers/Microsoft.Web/locations/', variables('workspace-location-inline'), '/managedApis/azuresentinel')]",
    );
  });

  it('has the tag of its workspace', () => {
    const workflow = listAt(inner(4), 'resources')[0];
    expect(textAt(workflow, 'tags', 'hidden-SentinelWorkspaceId')).toBe("[[variables('workspaceResourceId')]");
  });

  it('has metadata without author, support and empty lists, as the gallery shows them', () => {
    expect(Object.keys(toPlain(findAt(inner(3), 'metadata') ?? null) as object)).toEqual([
      'title',
      'description',
      'lastUpdateTime',
      'tags',
      'releaseNotes',
    ]);
    expect(textAt(inner(3), 'metadata', 'description')).toMatch(/^\[Blocks\]/);
  });

  it('gets the time of packaging and a first release note where it has none, and a warning', () => {
    expect(textAt(inner(4), 'metadata', 'lastUpdateTime')).toBe('2026-01-02T03:04:05.678Z');
    expect(textAt(inner(4), 'metadata', 'releaseNotes', 'title')).toBe("[variables('blanks')]");
    expect(packaged.warnings.map(({ file }) => file)).toEqual(['Playbooks/Contoso-Report/azuredeploy.json']);
    const timeless = packageSolution(source);
    expect(printJson(timeless.mainTemplate)).not.toContain('2026-');
  });

  it('loses its outputs', () => {
    expect(findAt(inner(3), 'outputs')).toBeUndefined();
  });
});

describe('a custom connector in the package', () => {
  it('keeps the order of its responses and the spelling of its numbers', () => {
    const text = printJson(inner(2) ?? null);
    expect(text).toMatch(/"default": \{[\s\S]*"200": \{[\s\S]*"404": \{/);
    expect(text).toContain('"default": 1.0');
  });
});

/** A solution of one list of playbooks. */
function small(playbooks: Record<string, unknown>, members: Record<string, unknown> = {}): SolutionSource {
  const file = (path: string, tree: JsonTree): SolutionFile => ({ path, tree });
  const listed = Object.keys(playbooks).map((folder) => `Playbooks/${folder}/azuredeploy.json`);
  return {
    dataFile: file(
      'Data/Solution_Small.json',
      mapOf({
        Name: 'Small',
        Author: 'Small',
        Description: 'Small.',
        Playbooks: listed,
        Metadata: 'SolutionMetadata.json',
        ...members,
      }),
    ),
    metadata: file(
      'SolutionMetadata.json',
      mapOf({ publisherId: 'small', offerId: 'small', support: { name: 'Small', tier: 'Microsoft' }, categories: {} }),
    ),
    files: Object.values(playbooks).map((playbook, index) =>
      file(listed[index] ?? '', mapOf(playbook as Record<string, unknown>)),
    ),
  };
}

const connector = (
  name: string,
  parameters: unknown = { CustomConnectorName: { defaultValue: 'SmallConnector' } },
) => ({
  parameters,
  resources: [{ type: 'Microsoft.Web/customApis', name }],
});
const connection = (id: string) => ({ type: 'Microsoft.Web/connections', properties: { api: { id } } });
const viaConnector = {
  parameters: { CustomConnectorName: { defaultValue: 'SmallConnector' } },
  variables: {},
  resources: [connection("[concat('/providers/Microsoft.Web/customApis/', parameters('CustomConnectorName'))]")],
};

function failure(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no UserError');
}

describe('a template without the member "variables"', () => {
  const operation = { properties: { swagger: { paths: { '/x': { get: { operationId: 'ListThings' } } } } } };
  const bare = { resources: [connection('/providers/x'), operation] };
  const packageOf = (template: unknown) => {
    const { mainTemplate, warnings } = packageSolution(small({ A: template }));
    const content = findAt(listAt(mainTemplate, 'resources')[0], 'properties', 'mainTemplate');
    return { variables: findAt(content, 'variables'), text: printJson(content ?? null), warnings };
  };

  it.each([bare, { ...bare, variables: null }])(
    'loses api ids and operation ids, as in the official tool',
    (template) => {
      const { variables, text } = packageOf(template);
      expect(Object.keys(toPlain(variables ?? null) as object)).toEqual([
        'workspace-location-inline',
        'workspace-name',
        'workspaceResourceId',
      ]);
      expect(text).toContain("[[variables('_connection-1')]");
      expect(text).toContain("[[variables('_operationId-ListThings')]");
    },
  );

  it('brings a warning that says where and what to add', () => {
    expect(packageOf(bare).warnings).toEqual([
      expect.objectContaining({
        file: 'Playbooks/A/azuredeploy.json',
        message: expect.stringMatching(/4 variables.*Add "variables": \{\}/),
      }),
    ]);
  });

  it('is fine where nothing is moved, and where it has an empty one', () => {
    expect(packageOf({ resources: [] }).warnings).toEqual([]);
    const { variables, warnings } = packageOf({ ...bare, variables: {} });
    expect(warnings).toEqual([]);
    expect(findAt(variables, 'operationId-ListThings')).toBe('ListThings');
  });
});

describe('a package that Azure refuses', () => {
  it.each([
    [33, /has \d{3} variables, the limit was 256 before 2024; older deployments refuse it/],
    [65, /has \d{3} variables, the limit is 512; Azure refuses it/],
  ])('brings a warning with the count and the limit: %i playbooks', (count, warning) => {
    const playbooks = Object.fromEntries(Array.from({ length: count }, (_, index) => [`P${index}`, { resources: [] }]));
    const messages = sizeWarnings(packageSolution(small(playbooks)).mainTemplate).map(({ message }) => message);
    expect(messages).toEqual([expect.stringMatching(warning)]);
    expect(sizeWarnings(packageSolution(small({ A: playbooks['P1'] })).mainTemplate)).toEqual([]);
  });
});

describe('a solution that lacks something', () => {
  it('has no e-mail variables without a dash in Author, and no empty blocks', () => {
    const { mainTemplate } = packageSolution(small({ A: { resources: [] } }));
    expect(findAt(mainTemplate, 'variables', 'email')).toBeUndefined();
    const solution = listAt(mainTemplate, 'resources').at(-1);
    expect(textAt(solution, 'properties', 'publisherDisplayName')).toBe('Microsoft Sentinel, Small');
    expect(toPlain(findAt(solution, 'properties', 'author') ?? null)).toEqual({ name: 'Small' });
  });

  it('writes null for a connector that is listed behind its playbook, and warns', () => {
    const { mainTemplate, warnings } = packageSolution(
      small({ A: viaConnector, C: connector("[parameters('CustomConnectorName')]") }),
    );
    const metadata = listAt(listAt(mainTemplate, 'resources')[0], 'properties', 'mainTemplate', 'resources').at(-1);
    expect(toPlain(listAt(metadata, 'properties', 'dependencies', 'criteria')[0] ?? null)).toEqual({
      kind: 'LogicAppsCustomConnector',
      contentId: null,
      version: null,
    });
    expect(warnings[0]?.message).toContain('no connector named "SmallConnector" is listed before');
  });

  it('warns where Metadata precedes content', () => {
    const { dataFile, ...rest } = small({ A: { resources: [] } });
    const tree = mapOf({
      Name: 'S',
      Author: 'S',
      Description: 'S',
      Metadata: 'M.json',
      Playbooks: ['Playbooks/A/azuredeploy.json'],
    });
    const { warnings, mainTemplate } = packageSolution({ ...rest, dataFile: { ...dataFile, tree } });
    expect(warnings[0]?.message).toContain('"Metadata" comes before content');
    expect(findAt(listAt(mainTemplate, 'resources')[0], 'properties', 'dependencies')).toBeUndefined();
  });

  it('names solutions it depends on behind its own content, without an operator', () => {
    const { mainTemplate } = packageSolution(small({ A: { resources: [] } }, { dependentDomainSolutionIds: ['x.y'] }));
    const dependencies = findAt(listAt(mainTemplate, 'resources').at(-1), 'properties', 'dependencies');
    expect(toPlain(dependencies ?? null)).toEqual({
      criteria: [
        { kind: 'Playbook', contentId: "[variables('_A')]", version: "[variables('playbookVersion1')]" },
        { kind: 'Solution', contentId: 'x.y' },
      ],
    });
  });

  it('warns of a list that is none of content', () => {
    const { warnings } = packageSolution(
      small({ A: { resources: [] } }, { Playbok: ['Playbooks/B/azuredeploy.json'] }),
    );
    expect(warnings[0]?.message).toContain('"Playbok" is not a list of content');
  });

  it('warns of nesting from level 51 on', () => {
    const nested = (levels: number) => {
      let tree: unknown = 'deep';
      for (let level = 1; level < levels; level++) tree = level % 2 === 0 ? [tree] : { a: tree };
      return sizeWarnings(mapOf({ a: tree })).map(({ message }) => message);
    };
    expect(nested(50)).toEqual([]);
    expect(nested(51)).toEqual([expect.stringContaining('nested deeper than 50 levels')]);
  });

  it('warns of nesting that the official tool cuts off', () => {
    let definition: unknown = 'deep';
    for (let level = 0; level < 50; level++) definition = { actions: definition };
    const { mainTemplate } = packageSolution(small({ A: { resources: [{ type: 'x', properties: { definition } }] } }));
    expect(sizeWarnings(mainTemplate)[0]?.message).toContain('nested deeper than 50 levels');
  });
});

describe('what cannot be packaged', () => {
  it.each([
    ['Hunting Queries', 'solution.unsupported-content', 'Hunting Queries/A.yaml'],
    ['Parsers', 'solution.unsupported-content', 'Parsers/A.yaml'],
  ])('%s is refused by name', (list, code, path) => {
    const error = failure(() => packageSolution(small({ A: { resources: [] } }, { [list]: [path] })));
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
    expect(error.where).toEqual({ file: 'Data/Solution_Small.json', path: list });
  });

  it.each([
    ['a connector named by a variable', { C: connector("[variables('name')]") }, 'solution.connector-name'],
    [
      'a connector whose parameter has no default',
      { C: connector("[parameters('N')]", { N: {} }) },
      'solution.connector-name',
    ],
    [
      'a function app without FunctionAppName',
      { F: { resources: [{ type: 'Microsoft.Web/sites' }] } },
      'solution.function-app-name',
    ],
    ['a variable that is not a string', { A: { variables: { n: 1 }, resources: [] } }, 'solution.variable-type'],
    [
      'an api id in a variable that is missing',
      { A: { resources: [connection("[variables('x')]")] } },
      'solution.unknown-variable',
    ],
    ['a playbook of the community', { A: { metadata: { source: { kind: 'Community' } } } }, 'solution.foreign-source'],
    ['a playbook on its own', { A: { metadata: { source: { kind: 'STANDALONE' } } } }, 'solution.foreign-source'],
    [
      'two connectors of one name',
      { C: connector("[parameters('CustomConnectorName')]"), D: connector("[parameters('CustomConnectorName')]") },
      'solution.same-name',
    ],
  ])('%s is refused with a remedy', (_, playbooks, code) => {
    const error = failure(() => packageSolution(small(playbooks)));
    expect(error.code).toBe(code);
    expect(error.remedy).toBeTruthy();
    expect(error.where.file).toMatch(/^Playbooks\//);
  });

  it('two folders of one name are refused', () => {
    const twice = small({ 'X/A': { resources: [] }, 'Y/A': { resources: [] } });
    expect(failure(() => packageSolution(twice)).code).toBe('solution.same-content-id');
  });

  it('a parameter that names a connector without a default is refused', () => {
    const playbook = { ...viaConnector, parameters: { CustomConnectorName: { type: 'string' } } };
    expect(failure(() => packageSolution(small({ A: playbook }))).code).toBe('solution.connector-name');
  });

  it.each(['Name', 'Author', 'Description', 'Metadata'])('a data file without %s is refused', (member) => {
    const error = failure(() => packageSolution(small({ A: {} }, { [member]: '' })));
    expect(error.message).toContain(`no "${member}"`);
  });

  it('an empty list is refused', () => {
    expect(failure(() => packageSolution(small({}))).code).toBe('solution.empty');
  });

  it('metadata without a tier is refused', () => {
    const { metadata, ...rest } = small({ A: {} });
    const broken = {
      ...metadata,
      tree: parseJson('{"publisherId": "a", "offerId": "b", "support": {"name": "c"}}', 'x').tree,
    };
    expect(failure(() => packageSolution({ ...rest, metadata: broken })).where.path).toBe('support');
  });
});
