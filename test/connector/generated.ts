import { fileURLToPath } from 'node:url';
import { type ConnectorOptions, generateConnector } from '../../src/connector/generate.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import type { Definition } from '../../src/connector/swagger.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The connector of this repository, generated once for all tests. */
export const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);

export const options: ConnectorOptions = {
  connectorName: 'SIGNL4CustomConnector',
  lastUpdateTime: '2026-09-01T00:00:00Z',
  releaseNotes: [{ version: '3.1.0', title: 'SIGNL4 custom connector', notes: ['First version.'] }],
  deployButtons: '[Deploy to Azure](https://portal.azure.com)',
};

export const files = generateConnector(spec, options);

export const definition = parsed<Definition>('apiDefinition.swagger.json');

/** A text file as it was generated. */
export function text(name: string): string {
  const content = files.get(name);
  if (typeof content !== 'string') throw new Error(`${name} is not a string`);
  return content;
}

export function parsed<T>(name: string): T {
  return JSON.parse(text(name)) as T;
}
