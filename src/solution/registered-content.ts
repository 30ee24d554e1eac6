import { UserError } from '../domain/errors.ts';
import type { Draft } from './draft.ts';
import { textAt } from './json-tree.ts';
import type { PlaybookItem } from './playbook-item.ts';
import { referenceTo } from './variables.ts';

/**
 * Registers a custom connector or function app under the default of its name parameter, by which later playbooks refer to it.
 * @throws UserError if it is named differently or the name is taken; the official tool stops as well
 */
export function registerContent({ file, template, contentId, kind, number }: PlaybookItem, draft: Draft): void {
  if (kind.nameParameter === undefined) return;
  const registry = kind.name === 'AzureFunction' ? draft.functionApps : draft.connectors;
  const name = textAt(template, 'parameters', kind.nameParameter, 'defaultValue');
  if (!name) throw unnamed(kind.name === 'AzureFunction', kind.nameParameter, file);
  if (registry.has(name.toLowerCase())) {
    throw new UserError('solution.same-name', `two entries are called "${name}"`, {
      where: { file, path: `parameters.${kind.nameParameter}.defaultValue` },
      remedy: 'Give each connector and function app a default name of its own.',
    });
  }
  registry.set(name.toLowerCase(), {
    contentId: referenceTo(`_${contentId}`),
    version: referenceTo(`playbookVersion${number}`),
  });
}

function unnamed(isFunctionApp: boolean, parameter: string, file: string): UserError {
  if (isFunctionApp) {
    return new UserError(
      'solution.function-app-name',
      'the function app has no parameter FunctionAppName with a default',
      {
        where: { file, path: 'parameters' },
        remedy: 'Add it; playbooks that use the function app are found by its default.',
      },
    );
  }
  return new UserError(
    'solution.connector-name',
    `the connector is not named by a parameter with a default (${parameter || 'no name'})`,
    {
      where: { file, path: 'resources' },
      remedy:
        'Name it "[parameters(\'CustomConnectorName\')]" and give that parameter a default; playbooks find it by that.',
    },
  );
}
