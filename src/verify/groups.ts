import { folderOf } from './paths.ts';
import { galleryTemplatesOf, playbooksOf } from './playbook-subject.ts';
import { type At, adviceWhereUnread, group, type RuleGroup } from './rule.ts';
import { createUiRules, type PackagedUi } from './rules/arm/create-ui.ts';
import { armExpressionRules } from './rules/arm/expressions.ts';
import { armLimitRules } from './rules/arm/limits.ts';
import { armStructureRules } from './rules/arm/structure.ts';
import { armTtkGroup } from './rules/arm-ttk/arm-ttk.ts';
import { connectorGroups } from './rules/connector/connector.ts';
import { fileRules } from './rules/files.ts';
import { connectionResourceRules } from './rules/playbook/connection-resources.ts';
import { connectionValueRules } from './rules/playbook/connection-values.ts';
import { galleryTemplateRules } from './rules/playbook/gallery-template.ts';
import { playbookRules } from './rules/playbook/playbook.ts';
import { type Readme, readmeRules } from './rules/playbook/readme.ts';
import { analyticsRuleRules, analyticsRulesOf } from './rules/sentinel/analytics-rule.ts';
import { automationRules, automationRulesOf } from './rules/sentinel/automation-rules.ts';
import { workbookRules, workbooksOf } from './rules/sentinel/workbook.ts';
import { agreementRules } from './rules/solution/agreement.ts';
import { guideAgreementRules, readmeBeside } from './rules/solution/agreement-guide.ts';
import { packageAgreementRules } from './rules/solution/agreement-package.ts';
import { solutionContentRules } from './rules/solution/content.ts';
import { solutionDataRules } from './rules/solution/data.ts';
import { dataConnectorRules } from './rules/solution/data-connector.ts';
import { isLogoPath, logoRules } from './rules/solution/logo.ts';
import { solutionMetadataRules } from './rules/solution/metadata.ts';
import { packageRules } from './rules/solution/package.ts';
import { packageStructureRules } from './rules/solution/package-structure.ts';
import { releaseNotesRules } from './rules/solution/release-notes.ts';
import { workflowCallRules } from './rules/workflow/calls.ts';
import { connectorCallRules } from './rules/workflow/connector-calls.ts';
import { workflowDefinitionRules } from './rules/workflow/definition.ts';
import { workflowLimitRules } from './rules/workflow/limits.ts';
import { workflowOrderRules } from './rules/workflow/order.ts';
import { workflowParameterRules } from './rules/workflow/parameters.ts';
import { workflowReadabilityRules } from './rules/workflow/readability.ts';
import { workflowSecretRules } from './rules/workflow/secrets.ts';
import { sentinelCallRules } from './rules/workflow/sentinel-calls.ts';
import { isPackagedFrom, solutionsOf } from './solution.ts';
import { sources } from './sources.ts';
import { levelsOf, levelsOfFile, type TemplateLevel } from './template-level.ts';
import type { JsonFile, TextFile, Tree } from './tree.ts';
import { workflowsOf } from './workflow-subject.ts';

/** All rules by subject; `docs/verify.md` lists them in this order. */
export const ruleGroups: Readonly<Record<string, RuleGroup>> = {
  files: fileRules,
  'ARM templates': [
    ...group([...armStructureRules, ...armExpressionRules, ...armLimitRules], templates, ({ template }) => template),
    ...armTtkGroup,
  ],
  createUiDefinition: adviceWhereUnread(group(createUiRules, createUis), sources.createUiTests, isInPackage),
  'solution packages': [...group(packageRules, templates), ...group(packageStructureRules, templates)],
  'solution folders': [
    ...group(solutionDataRules, solutionsOf),
    ...group(solutionContentRules, solutionsOf),
    ...group(solutionMetadataRules, (tree) =>
      ofKind(tree, 'solution-metadata').filter(({ file }) => !/(^|\/)system_generated_metadata\.json$/i.test(file)),
    ),
    ...group(releaseNotesRules, releaseNotes),
    ...adviceWhereUnread(group(dataConnectorRules, dataConnectorPages), sources.validations, isValidatedPage),
    ...group(logoRules, logos),
  ],
  'workbooks and analytics rules': [
    ...group(workbookRules, workbooksOf),
    ...group(analyticsRuleRules, analyticsRulesOf),
  ],
  playbooks: [
    ...adviceWhereUnread(
      adviceWhereUnread(
        [...group(galleryTemplateRules, galleryTemplatesOf), ...group(playbookRules, playbooksOf)],
        sources.playbookValidator,
        (file) => file.endsWith('azuredeploy.json'),
      ),
      sources.packagingTool,
      isPackagedFrom,
    ),
    ...group(connectionResourceRules, playbooksOf),
    ...group(connectionValueRules, playbooksOf),
    ...group(readmeRules, readmes),
  ],
  workflows: [
    ...group(workflowDefinitionRules, workflowsOf),
    ...group(workflowOrderRules, workflowsOf),
    ...group(workflowLimitRules, workflowsOf),
    ...group(workflowParameterRules, workflowsOf),
    ...group(workflowCallRules, workflowsOf),
    ...group(workflowReadabilityRules, workflowsOf),
    ...group(workflowSecretRules, workflowsOf),
    ...group(sentinelCallRules, workflowsOf),
    ...group(connectorCallRules, workflowsOf),
  ],
  'automation rules': group(automationRules, automationRulesOf),
  'custom connectors': connectorGroups,
  agreement: [...agreementRules, ...guideAgreementRules, ...packageAgreementRules],
};

function templates(tree: Tree): At<TemplateLevel>[] {
  return levelsOf(tree).map((level) => ({ file: level.file, at: level.at, subject: level }));
}

function ofKind(tree: Tree, kind: JsonFile['kind']) {
  return tree.ofKind(kind).map(({ path, json }) => ({ file: path, at: '', subject: json }));
}

/** The validator only looks at ".json" files, and skips templates of pages. */
function dataConnectorPages(tree: Tree) {
  return ofKind(tree, 'data-connector').filter(({ file }) => file.endsWith('.json') && !file.includes('Templates'));
}

/** Pages of pollers use `connectivityCriteria`, and the validator does not recognise them as pages. */
function isValidatedPage(file: string, tree: Tree): boolean {
  const page = tree.ofKind('data-connector').find(({ path }) => path === file);
  return page?.json['connectivityCriterias'] !== undefined;
}

/** The repository runs the toolkit on the folder Package; a createUiDefinition elsewhere belongs to another deployment. */
function isInPackage(file: string, tree: Tree): boolean {
  const folder = folderOf(file);
  return folder === '' || /(^|\/)Package\/$/i.test(folder) || tree.paths.has(`${folder}mainTemplate.json`);
}

function createUis(tree: Tree): At<PackagedUi>[] {
  const inPackages = tree.ofKind('create-ui').filter(({ path }) => /(^|\/)createUiDefinition\.json$/i.test(path));
  return inPackages.map(({ path, json }) => {
    const beside = `${folderOf(path)}mainTemplate.json`;
    const file = tree.ofKind('template').find((one) => one.path === beside);
    const level = file && levelsOfFile(file)[0];
    return { file: path, at: '', subject: { file: path, json, template: file?.json, level } };
  });
}

function textFiles(tree: Tree, wanted: (path: string) => boolean): At<TextFile>[] {
  return tree.texts.filter(({ path }) => wanted(path)).map((file) => ({ file: file.path, at: '', subject: file }));
}

function releaseNotes(tree: Tree): At<string>[] {
  return textFiles(tree, (path) => /(^|\/)ReleaseNotes\.md$/i.test(path)).map((one) => ({
    ...one,
    subject: one.subject.text,
  }));
}

function logos(tree: Tree): At<TextFile>[] {
  const pictures = tree.binaries.filter(({ path }) => isLogoPath(path)).map(({ path }) => ({ path, text: '' }));
  return [...textFiles(tree, isLogoPath), ...pictures.map((file) => ({ file: file.path, at: '', subject: file }))];
}

/** Guides: readmes beside a template, and other Markdown files for their links. */
function readmes(tree: Tree): At<Readme>[] {
  const templateOf = new Map(galleryTemplatesOf(tree).map(({ file }) => [readmeBeside(tree, file), file]));
  return textFiles(tree, (path) => /\.md$/i.test(path)).map((one) => ({
    ...one,
    subject: { ...one.subject, template: templateOf.get(one.file), tree },
  }));
}
