import { UserError } from '../domain/errors.ts';
import { find, isMap, type JsonMap, listAt, sameName, textAt } from './json-tree.ts';

/** One entry of the `Playbooks` list on its way into the package. */
export interface PlaybookItem {
  readonly file: string;
  readonly template: JsonMap;
  readonly contentId: string;
  readonly kind: PlaybookKind;
  /** 1-based over the whole list: `playbookVersion<number>`. */
  readonly number: number;
}

/** What an entry of the `Playbooks` list turns out to be. */
interface PlaybookKind {
  readonly name: 'Playbook' | 'LogicAppsCustomConnector' | 'AzureFunction';
  /** Its letters in names and product ids. */
  readonly short: 'pl' | 'lc' | 'fa';
  /** The parameter that names the connector, or whose default names the function app. */
  readonly nameParameter?: string;
  /** The inner variable `playbookId<number>`, which only connectors and function apps have. */
  readonly innerId?: (number: number) => string;
}

/** A `Microsoft.Web/customApis` resource makes it a connector, a `Microsoft.Web/sites` resource a function app. */
export function playbookKind(template: JsonMap): PlaybookKind {
  const resources = listAt(template, 'resources').filter(isMap);
  const ofType = (type: string) => resources.findLast((resource) => sameName(textAt(resource, 'type') ?? '', type));
  const customApi = ofType('Microsoft.Web/customApis');
  if (customApi) {
    const nameParameter = (textAt(customApi, 'name') ?? '').replaceAll("parameters('", '').replace(/['[\])]/g, '');
    return {
      name: 'LogicAppsCustomConnector',
      short: 'lc',
      nameParameter,
      innerId: () => `[[resourceId('Microsoft.Web/customApis', parameters('${nameParameter}'))]`,
    };
  }
  if (!ofType('Microsoft.Web/sites')) return { name: 'Playbook', short: 'pl' };
  return {
    name: 'AzureFunction',
    short: 'fa',
    nameParameter: 'FunctionAppName',
    innerId: (number) => `[[resourceId('Microsoft.Logic/workflows', variables('playbookContentId${number}'))]`,
  };
}

const TRIGGER_FOLDERS: ReadonlySet<string> = new Set([
  'incident-trigger',
  'alert-trigger',
  'entity-trigger',
  'incident-trigger-logingestionapi',
  'alert-trigger-logingestionapi',
]);

/**
 * The content id of an item of `Playbooks`: the name of its folder; a folder that only names the trigger gets its parent's
 * name in front. Renaming the folder makes a new item for every customer.
 * @throws UserError for a file that lies in no folder
 */
export function contentIdOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const folder = folders.at(-1);
  if (!folder) {
    throw new UserError('solution.no-folder', 'a playbook lies beside the data folder, so it has no content id', {
      where: { file: path },
      remedy: 'Move it to Playbooks/<Name>/azuredeploy.json.',
    });
  }
  return TRIGGER_FOLDERS.has(folder.toLowerCase()) ? `${folders.at(-2) ?? ''}-${folder}` : folder;
}

/** The name that the gallery shows: the default of the parameter `PlaybookName`, else the content id. */
export function displayNameOf({ template, contentId }: PlaybookItem): string {
  const parameters = find(template, 'parameters');
  const named = find(parameters, 'PlaybookName') ?? find(parameters, 'Playbook Name');
  return textAt(named, 'defaultValue') || contentId;
}
