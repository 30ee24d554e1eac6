import { describe, expect, it } from 'vitest';
import { findAt, listAt, textAt, toPlain } from '../../src/solution/json-tree.ts';
import { packageOf } from './small.ts';

const entry = {
  workbookKey: 'SmallWorkbook',
  logoFileName: 'small.svg',
  description: 'What it shows.',
  dataTypesDependencies: ['SecurityIncident'],
  dataConnectorsDependencies: ['Small'],
  previewImagesFileNames: ['SmallBlack.png', 'SmallWhite.png'],
  version: '1.2.0',
  title: 'Small at work',
  templateRelativePath: 'Small.json',
  subtitle: '',
  provider: 'Contoso',
};
const workbook = { version: 'Notebook/1.0', items: [], fallbackResourceIds: [] };
const packaged = packageOf({ workbooks: { 'Workbooks/Small.json': workbook }, entries: [entry] });
const [template, solution] = listAt(packaged.mainTemplate, 'resources');
const [resource, metadata] = listAt(template, 'properties', 'mainTemplate', 'resources');

const serialized = (content: unknown) => {
  const made = packageOf({ workbooks: { 'Workbooks/Small.json': content }, entries: [entry] });
  const [first] = listAt(made.mainTemplate, 'resources');
  return textAt(listAt(first, 'properties', 'mainTemplate', 'resources')[0], ...['properties', 'serializedData']);
};

describe('a workbook in a package', () => {
  it('takes key, title, version and description from its entry in WorkbooksMetadata.json', () => {
    expect(toPlain(findAt(packaged.mainTemplate, 'variables') ?? null)).toMatchObject({
      workbookVersion1: '1.2.0',
      workbookContentId1: 'SmallWorkbook',
      workbookId1: "[resourceId('Microsoft.Insights/workbooks', variables('workbookContentId1'))]",
    });
    expect(textAt(template, 'properties', 'description')).toBe('Small Workbook with template version 3.0.0');
    expect(textAt(resource, 'metadata', 'description')).toBe('What it shows.');
  });

  it('is named by a parameter of the package', () => {
    expect(toPlain(findAt(packaged.mainTemplate, 'parameters', 'workbook1-name') ?? null)).toEqual({
      type: 'string',
      defaultValue: 'Small at work',
      minLength: 1,
      metadata: { description: 'Name for the workbook' },
    });
    expect(textAt(template, 'properties', 'displayName')).toBe("[parameters('workbook1-name')]");
  });

  it('is a dependency of the solution, and depends on its tables and connectors', () => {
    expect(toPlain(findAt(solution, 'properties', 'dependencies', 'criteria') ?? null)).toEqual([
      {
        kind: 'Workbook',
        contentId: "[variables('_workbookContentId1')]",
        version: "[variables('workbookVersion1')]",
      },
    ]);
    expect(toPlain(findAt(metadata, 'properties', 'dependencies') ?? null)).toEqual({
      operator: 'AND',
      criteria: [
        { contentId: 'SecurityIncident', kind: 'DataType' },
        { contentId: 'Small', kind: 'DataConnector' },
      ],
    });
  });

  it("has the official tool's slip for a description: the whole entry, as PowerShell prints it", () => {
    expect(textAt(metadata, 'properties', 'description')).toBe(
      '@{workbookKey=SmallWorkbook; logoFileName=small.svg; description=What it shows.; dataTypesDependencies=System.Object[]; dataConnectorsDependencies=System.Object[]; previewImagesFileNames=System.Object[]; version=1.2.0; title=Small at work; templateRelativePath=Small.json; subtitle=; provider=Contoso}.description',
    );
  });

  it('has a section in the wizard', () => {
    const [step] = listAt(packaged.createUiDefinition, 'parameters', 'steps');
    expect(textAt(step, 'name')).toBe('workbooks');
    expect(toPlain(listAt(step, 'elements').at(-1) ?? null)).toMatchObject({
      name: 'workbook1',
      label: 'Small at work',
      elements: [{ options: { text: 'What it shows.' } }],
    });
  });

  it.each([
    ['null, {} and [] are left out, "" stays', { a: null, b: {}, c: [], d: '', e: { f: [] } }, '{"d":""}\n'],
    [
      'an empty dataSources becomes a stand-in',
      { dataSources: {} },
      '{"dataSources":"[variables(\'TemplateEmptyObject\')]"}\n',
    ],
    ['a query that is KQL stays', { query: 'T\n| take 1' }, '{"query":"T\\n| take 1"}\n'],
    [
      'a query that is JSON is written anew, with a line break',
      { query: '{ "b": [ 1 ], "c": null }' },
      '{"query":"{\\"b\\":[1]}\\n"}\n',
    ],
    ['date-times are normalised', { at: '2026-01-02T03:04:05.000Z' }, '{"at":"2026-01-02T03:04:05Z"}\n'],
  ])('%s', (_, content, text) => {
    expect(serialized(content)).toBe(text);
  });

  it.each([
    ['without an entry', [], 'solution.workbook-metadata'],
    ['with an entry without a version', [{ ...entry, version: '' }], 'solution.workbook-metadata'],
    ['of the community', [{ ...entry, source: { kind: 'Community' } }], 'solution.foreign-source'],
  ])('is refused %s', (_, entries, code) => {
    expect(() => packageOf({ workbooks: { 'Workbooks/Small.json': workbook }, entries })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
