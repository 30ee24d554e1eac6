import { describe, expect, it } from 'vitest';
import { CUSTOM_CONNECTOR } from '../../src/arm/playbook.ts';
import { generateConnector } from '../../src/connector/generate.ts';
import type { Definition } from '../../src/connector/swagger.ts';
import { definition, files, options, parsed, spec, text } from './generated.ts';

interface Template {
  readonly metadata: Record<string, unknown>;
  readonly parameters: Record<string, { readonly defaultValue: string }>;
  readonly resources: readonly { readonly name: string; readonly location: string; readonly properties: CustomApi }[];
}

interface CustomApi {
  readonly swagger: Definition;
  readonly iconUri: string;
  readonly backendService: { readonly serviceUrl: string };
  readonly connectionParameters: Record<string, { readonly type: string }>;
}

describe('the files of the connector', () => {
  it('are those that the platforms ask for', () => {
    expect([...files.keys()]).toEqual([
      'apiDefinition.swagger.json',
      'apiProperties.json',
      'settings.json',
      'icon.png',
      'readme.md',
      'intro.md',
      'azuredeploy.json',
    ]);
  });

  it('are the same bytes each time', () => {
    expect([...generateConnector(spec, options)]).toEqual([...files]);
  });

  it('end with a line feed', () => {
    for (const name of files.keys()) if (name !== 'icon.png') expect(text(name), name).toMatch(/[^\n]\n$/);
  });
});

describe('settings.json', () => {
  it('names files that are there', () => {
    const { apiDefinition, apiProperties, icon } = parsed<Record<string, string>>('settings.json');
    for (const name of [apiDefinition, apiProperties, icon]) expect(files.has(name ?? ''), name).toBe(true);
  });
});

describe('azuredeploy.json', () => {
  const template = parsed<Template>('azuredeploy.json');
  const api = template.resources[0]?.properties;

  it('deploys the very definition of the other files', () => {
    expect(api?.swagger).toEqual(definition);
  });

  it('calls the service by https, host and base path', () => {
    expect(api?.backendService.serviceUrl).toBe('https://connect.signl4.com/api');
  });

  it('keeps the key in a secure string', () => {
    expect(api?.connectionParameters).toMatchObject({ api_key: { type: 'securestring' } });
  });

  it('is named by the parameter that the playbooks look the connector up by', () => {
    expect(template.parameters['CustomConnectorName']?.defaultValue).toBe(CUSTOM_CONNECTOR);
    expect(template.resources[0]).toMatchObject({
      name: "[parameters('CustomConnectorName')]",
      location: '[resourceGroup().location]',
    });
  });

  it('has a place for the operation ids that the packaging tool takes out of the definition', () => {
    expect(parsed<Record<string, unknown>>('azuredeploy.json')['variables']).toEqual({});
  });

  it('carries the icon', () => {
    const [prefix, base64 = ''] = api?.iconUri.split(',') ?? [];
    expect(prefix).toBe('data:image/png;base64');
    expect([...Buffer.from(base64, 'base64')]).toEqual([...(files.get('icon.png') as Uint8Array)]);
  });

  it('shows date and notes of the release in the gallery', () => {
    expect(template.metadata).toMatchObject({
      lastUpdateTime: options.lastUpdateTime,
      releaseNotes: options.releaseNotes,
    });
  });

  it('has no expression but for name, place and title', () => {
    const expressions = text('azuredeploy.json').match(/"\[[^"]*"/g);
    expect(expressions).toEqual([
      `"[parameters('CustomConnectorName')]"`,
      `"[resourceGroup().location]"`,
      `"[parameters('CustomConnectorName')]"`,
    ]);
  });

  it('doubles the bracket of a string that ARM would take for an expression, and of no other', () => {
    const notes = [{ version: '3.1.0', title: '[New] connector', notes: ['[resourceGroup().name]'] }];
    const generated = generateConnector(spec, { ...options, releaseNotes: notes }).get('azuredeploy.json');
    expect(JSON.parse(String(generated))).toMatchObject({
      metadata: {
        releaseNotes: [{ title: '[New] connector', notes: ['[[resourceGroup().name]'] }],
      },
    });
  });
});

describe('readme.md', () => {
  it('lists every operation that people can choose, and no other', () => {
    const listed = [...text('readme.md').matchAll(/^\| `(\w+)`<br>/gm)].map(([, id]) => id);
    const visible = Object.values(definition.paths ?? {}).flatMap((item) =>
      (['get', 'put', 'post', 'delete'] as const).flatMap((method) => {
        const operation = item[method];
        return operation === undefined || operation['x-ms-visibility'] === 'internal' ? [] : [operation.operationId];
      }),
    );
    expect(listed.toSorted()).toEqual(visible.toSorted());
    expect(text('readme.md')).toContain(`It has ${visible.length} operations.`);
  });

  it('has the six parts that reviewers ask for', () => {
    const headings = [...text('readme.md').matchAll(/^##? (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        'SIGNL4 custom connector',
        'Prerequisites',
        'Deployment',
        'Post-deployment',
        'Usage',
        'Troubleshooting',
      ]),
    );
  });

  it('says honestly that the trigger leaves its webhook behind', () => {
    expect(text('readme.md').replaceAll(/\s+/g, ' ')).toContain('without a `Location` header');
  });

  it('leaves no mark unfilled', () => {
    expect(text('readme.md') + text('intro.md')).not.toContain('<!--');
  });

  it('refuses a mark that has no value', () => {
    const unknown = { ...spec, texts: { ...spec.texts, intro: '<!-- price -->' } };
    expect(() => generateConnector(unknown, options)).toThrow('there is no value for the mark <!-- price -->');
  });
});
