import { posix } from 'node:path';
import {
  authorOf,
  CONTENT_METADATA_VERSION,
  contentTemplateResource,
  innerTemplate,
  METADATA_TYPE,
  sourceOf,
  WORKSPACE_LOCATION,
} from './content-common.ts';
import { addSection, type ContentStep } from './create-ui-definition.ts';
import type { Draft, SolutionFile } from './draft.ts';
import { type JsonMap, mapOf } from './json-tree.ts';
import { type RuleFile, readRule } from './rule-file.ts';
import { standIn } from './variables.ts';

const STEP: ContentStep = {
  label: 'Analytics',
  text: 'This solution installs the following analytic rule templates. After installing the solution, create and enable analytic rules in Manage solution view.',
  uri: 'https://docs.microsoft.com/azure/sentinel/tutorial-detect-threats-custom?WT.mc_id=Portal-Microsoft_Azure_CreateUIDef',
};

/**
 * Adds one entry of `Analytic Rules`: a template of a rule, switched off, that somebody makes a rule from. Its variables are one object.
 * @throws UserError where the file lacks what the tool stops at
 */
export function addAnalyticsRule({ path, tree }: SolutionFile, draft: Draft): void {
  const rule = readRule(tree, path, () => standIn(draft.variables, 'TemplateEmptyArray'));
  const number = ++draft.analyticsRules;
  const variable = (member: string) => `[${variableOf(number, member)}]`;
  draft.criteria.push({
    kind: 'AnalyticsRule',
    contentId: variable('_analyticRulecontentId'),
    version: variable('analyticRuleVersion'),
  });
  draft.resources.push(
    contentTemplateResource({
      name: variable('analyticRuleTemplateSpecName'),
      description: `${posix.parse(path).name}_AnalyticalRules Analytics Rule with template version ${draft.version}`,
      mainTemplate: innerTemplate(variable('analyticRuleVersion'), [
        mapOf({
          type: 'Microsoft.SecurityInsights/AlertRuleTemplates',
          name: variable('_analyticRulecontentId'),
          apiVersion: '2023-02-01-preview',
          kind: rule.kind,
          location: WORKSPACE_LOCATION,
          properties: rule.properties,
        }),
        metadata(number, draft),
      ]),
      contentId: variable('_analyticRulecontentId'),
      kind: 'AnalyticsRule',
      displayName: rule.name,
      productId: variable('_analyticRulecontentProductId'),
      version: variable('analyticRuleVersion'),
    }),
  );
  draft.variables.add(`analyticRuleObject${number}`, variablesOf(number, rule));
  const section = { name: `analytic${number}`, label: rule.name, text: rule.description };
  addSection(STEP, draft.solution.analyticsText, section, draft);
}

/** A member of the rule's object of variables, as an expression. */
function variableOf(number: number, member: string): string {
  return `variables('analyticRuleObject${number}').${member}${number}`;
}

function variablesOf(number: number, { id, version }: RuleFile): JsonMap {
  return mapOf({
    [`analyticRuleVersion${number}`]: version,
    [`_analyticRulecontentId${number}`]: id,
    [`analyticRuleId${number}`]: `[resourceId('Microsoft.SecurityInsights/AlertRuleTemplates', '${id}')]`,
    [`analyticRuleTemplateSpecName${number}`]: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',concat(parameters('workspace'),'-ar-',uniquestring('${id}')))]`,
    [`_analyticRulecontentProductId${number}`]: `[concat(take(variables('_solutionId'),50),'-','ar','-', uniqueString(concat(variables('_solutionId'),'-','AnalyticsRule','-','${id}','-', '${version}')))]`,
  });
}

function metadata(number: number, draft: Draft): JsonMap {
  const id = variableOf(number, 'analyticRuleId');
  return mapOf({
    type: METADATA_TYPE,
    apiVersion: CONTENT_METADATA_VERSION,
    name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',concat('AnalyticsRule-', last(split(${id},'/'))))]`,
    properties: {
      description: `${draft.solution.name} Analytics Rule ${number}`,
      parentId: `[${id}]`,
      contentId: `[${variableOf(number, '_analyticRulecontentId')}]`,
      kind: 'AnalyticsRule',
      version: `[${variableOf(number, 'analyticRuleVersion')}]`,
      source: sourceOf(draft),
      author: authorOf(draft),
      support: draft.metadata.support,
    },
  });
}
