import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.ts';
import { findAt, listAt, mapOf, textAt, toPlain } from '../../src/solution/json-tree.ts';
import { packageSolution } from '../../src/solution/packager.ts';

const page = {
  id: 'ContosoPage',
  title: 'Contoso',
  publisher: 'Contoso',
  descriptionMarkdown: 'Reads incidents.',
  graphQueries: [],
  sampleQueries: [{ description: 'All', query: 'SecurityIncident' }],
  dataTypes: [{ name: 'CommonSecurityLog (Contoso)', lastDataReceivedQuery: 'SecurityIncident' }],
  connectivityCriterias: [{ type: 'IsConnectedQuery', value: ['SecurityIncident'] }],
  availability: { status: 1, isPreview: true },
  permissions: { resourceProvider: [] },
  instructionSteps: [{ title: '', description: 'Install the playbooks.', instructions: [] }],
};

function packageOf(connector: Record<string, unknown>) {
  return packageSolution({
    dataFile: {
      path: 'Data/Solution_Contoso.json',
      tree: mapOf({
        Name: 'Contoso',
        Author: 'Contoso - support@contoso.com',
        Description: 'Contoso.',
        'Data Connectors': ['Data Connectors/Contoso.json'],
        Metadata: 'SolutionMetadata.json',
      }),
    },
    metadata: {
      path: 'SolutionMetadata.json',
      tree: mapOf({ publisherId: 'contoso', offerId: 'contoso', support: { name: 'Contoso', tier: 'Partner' } }),
    },
    files: [{ path: 'Data Connectors/Contoso.json', tree: mapOf(connector) }],
  });
}

describe('a data connector in the package', () => {
  const { mainTemplate, createUiDefinition } = packageOf(page);
  const resources = listAt(mainTemplate, 'resources');
  const inTemplate = findAt(
    listAt(resources[0], 'properties', 'mainTemplate', 'resources')[0],
    'properties',
    'connectorUiConfig',
  );
  const active = findAt(resources[2], 'properties', 'connectorUiConfig');

  it('comes as a template and active, each with its metadata', () => {
    expect(resources.map((resource) => textAt(resource, 'type')?.split('/').at(-1))).toEqual([
      'contentTemplates',
      'metadata',
      'dataConnectors',
      'contentPackages',
    ]);
    expect(textAt(resources[0], 'properties', 'description')).toBe(
      'Contoso data connector with template version 3.0.0',
    );
  });

  it('has its id as content id, in variables', () => {
    expect(findAt(mainTemplate, 'variables', 'dataConnectorContentId1')).toBe('ContosoPage');
    expect(textAt(inTemplate, 'id')).toBe("[variables('_uiConfigId1')]");
    expect(findAt(mainTemplate, 'variables', 'dataConnectorVersion1')).toBe('1.0.0');
  });

  it('is out of preview, with empty lists named and empty members of its steps dropped', () => {
    expect(findAt(inTemplate, 'availability', 'isPreview')).toBe(false);
    expect(textAt(inTemplate, 'graphQueries')).toBe("[variables('TemplateEmptyArray')]");
    expect(toPlain(findAt(inTemplate, 'instructionSteps') ?? null)).toEqual([
      { description: 'Install the playbooks.' },
    ]);
  });

  it('has its active page in the fixed order', () => {
    expect(Object.keys(toPlain(active ?? null) as object)).toEqual([
      'title',
      'publisher',
      'descriptionMarkdown',
      'graphQueries',
      'dataTypes',
      'connectivityCriterias',
      'sampleQueries',
      'availability',
      'permissions',
      'instructionSteps',
      'id',
    ]);
  });

  it('tells in the wizard what kind of logs it brings', () => {
    const [step] = listAt(createUiDefinition, 'parameters', 'steps');
    expect(textAt(step, 'name')).toBe('dataconnectors');
    expect(listAt(step, 'elements').map((element) => textAt(element, 'name'))).toEqual([
      'dataconnectors1-text',
      'dataconnectors-link1',
    ]);
    expect(textAt(listAt(step, 'elements')[0], 'options', 'text')).toContain(
      'You can get Contoso CommonSecurityLog data',
    );
  });

  it.each([
    ['without a title', { ...page, title: '' }],
    ['without availability', { id: 'a', title: 'b' }],
    ['that deploys a function app', { ...page, instructionSteps: [{ description: '1. [Deploy To Azure](x)' }] }],
    ['that polls', { resources: [{ properties: { pollingConfig: {} } }] }],
  ])('%s is refused', (_, connector) => {
    expect(() => packageOf(connector)).toThrow(UserError);
  });
});
