import { fillMarks } from '../domain/marks.ts';
import { buildDefinition } from './definition.ts';
import { operationTables } from './guide.ts';
import { operations } from './operations.ts';
import { printDefinition } from './print.ts';
import { apiProperties, paconnSettings } from './properties.ts';
import type { ConnectorSpec } from './spec.ts';
import { customApiTemplate, type TemplateOptions } from './template.ts';

export interface ConnectorOptions extends TemplateOptions {
  /** Markdown of the buttons that open the published template in the portal. */
  readonly deployButtons: string;
}

/** Name of a file in the connector's folder to its content. */
export type ConnectorFiles = ReadonlyMap<string, string | Uint8Array>;

/**
 * All files of the connector: the definition and its properties for Power Automate, the ARM template that carries the same
 * definition for Logic Apps, icon and guides. Equal arguments give equal bytes.
 *
 * @throws UserError where the documents do not fit together (`buildDefinition`)
 */
export function generateConnector(spec: ConnectorSpec, options: ConnectorOptions): ConnectorFiles {
  const definition = buildDefinition(spec.documents);
  const visible = operations(definition).filter(({ visibility }) => visibility !== 'internal');
  const marks = {
    operations: operationTables(spec.documents),
    'operation-count': String(visible.length),
    'deploy-buttons': options.deployButtons,
  };
  return new Map<string, string | Uint8Array>([
    ['apiDefinition.swagger.json', `${printDefinition(definition)}\n`],
    ['apiProperties.json', json(apiProperties(spec.connection), 4)],
    ['settings.json', json(paconnSettings, 4)],
    ['icon.png', spec.icon],
    ['readme.md', fillMarks(spec.texts.readme, marks)],
    ['intro.md', fillMarks(spec.texts.intro, marks)],
    ['azuredeploy.json', json(customApiTemplate(definition, spec.connection, spec.gallery, spec.icon, options), 2)],
  ]);
}

/** The platform's files are indented by four blanks, templates by two. */
function json(value: object, indentation: 2 | 4): string {
  return `${JSON.stringify(value, null, indentation)}\n`;
}
