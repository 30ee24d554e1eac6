import type { Definition } from '../../connector/swagger.ts';
import { contentHubRules } from './content-hub-rules.ts';
import { designerRules } from './designer-rules.ts';
import { fileRules, textRules } from './file-rules.ts';
import { infoRules } from './info-rules.ts';
import { operationRules } from './operation-rules.ts';
import {
  type ApiProperties,
  apiPropertiesRules,
  type ConnectorTemplate,
  iconRules,
  templateRules,
} from './package-rules.ts';
import { parameterRules } from './parameter-rules.ts';
import { pickerRules } from './picker-rules.ts';
import { propertyRules } from './property-rules.ts';
import { responseRules } from './response-rules.ts';
import { type Finding, type Rule, runRules } from './rule.ts';
import { triggerRules } from './trigger-rules.ts';

/** Everything that is asked of a definition, as a parsed object. */
const definitionRules: readonly Rule<Definition>[] = [
  ...fileRules,
  ...infoRules,
  ...operationRules,
  ...parameterRules,
  ...propertyRules,
  ...pickerRules,
  ...responseRules,
  ...triggerRules,
  ...designerRules,
  ...contentHubRules,
];

/** Every rule of a connector with its source, whatever it checks. */
export const connectorRules: readonly Rule<never>[] = [
  ...textRules,
  ...definitionRules,
  ...apiPropertiesRules,
  ...templateRules,
  ...iconRules,
];

export interface FileFinding extends Finding {
  /** Name of the file within the connector's folder. */
  readonly file: string;
}

/**
 * Every finding about the files of a connector: `apiDefinition.swagger.json`, `apiProperties.json`, `icon.png` and
 * `azuredeploy.json`, whose definition is checked as well. Files that are absent are not checked.
 *
 * @throws SyntaxError where a JSON file is none
 */
export function checkConnector(files: ReadonlyMap<string, string | Uint8Array>): FileFinding[] {
  const within = (file: string, findings: readonly Finding[]) => findings.map((finding) => ({ ...finding, file }));
  const text = (file: string) => {
    const content = files.get(file);
    return content === undefined || typeof content === 'string' ? content : new TextDecoder().decode(content);
  };
  const parsed = <T>(file: string) => {
    const content = text(file);
    return content === undefined ? undefined : (JSON.parse(content.replace(/^\ufeff/, '')) as T);
  };
  const check = <T>(file: string, rules: readonly Rule<T>[], subject: T | undefined) =>
    subject === undefined ? [] : within(file, runRules(rules, subject));
  const icon = files.get('icon.png');
  return [
    ...check('apiDefinition.swagger.json', textRules, text('apiDefinition.swagger.json')),
    ...check('apiDefinition.swagger.json', definitionRules, parsed<Definition>('apiDefinition.swagger.json')),
    ...check('apiProperties.json', apiPropertiesRules, parsed<ApiProperties>('apiProperties.json')),
    ...check('azuredeploy.json', templateRules, parsed<ConnectorTemplate>('azuredeploy.json')),
    ...(icon instanceof Uint8Array ? check('icon.png', iconRules, icon) : []),
  ];
}
