import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, objectAt, textAt } from '../../json-walk.ts';
import { folderOf, joinedPath } from '../../paths.ts';
import { galleryTemplatesOf } from '../../playbook-subject.ts';
import type { Placed, RuleGroup } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { SETTINGS_FILE } from '../../switched-off.ts';
import { resourcesOf, type TemplateLevel } from '../../template-level.ts';
import type { Tree } from '../../tree.ts';
import { allWorkflows } from '../../workflow-subject.ts';
import { automationRulesOf } from '../sentinel/automation-rules.ts';

/** Whether the files of a folder are consistent with each other. */
export const agreementRules: RuleGroup = [
  {
    id: 'agreement.manifest',
    level: 'error',
    source: sources.ours,
    help: 'Build again: somebody changed what was built.',
    check: (tree) => tree.ofKind('manifest').flatMap(({ path, json }) => manifestProblems(tree, path, json)),
  },
  {
    id: 'agreement.copies',
    level: 'warning',
    source: sources.ours,
    help: 'Build again: templates of one playbook may differ in what a configuration chooses, not in the version or the type of a parameter.',
    check: (tree) => {
      const first = new Map<string, { readonly file: string; readonly template: JsonObject }>();
      return galleryTemplatesOf(tree).flatMap(({ file, subject: { template }, subject }): Placed[] => {
        const name = nameOf(subject);
        const other = first.get(name);
        if (name === '' || other === undefined) {
          first.set(name, { file, template });
          return [];
        }
        return differences(other.template, template).map(({ pointer, what }) => ({
          file,
          pointer,
          message: `"${name}" has ${what}, other than in ${other.file}`,
        }));
      });
    },
  },
  {
    id: 'agreement.playbook-name',
    level: 'warning',
    source: sources.playbookGuide,
    help: 'Use one name: of the folder, of the parameter PlaybookName and of the tag hidden-SentinelTemplateName.',
    check: (tree) =>
      galleryTemplatesOf(tree).flatMap(({ file, subject }) => {
        const workflow = resourcesOf(subject, 'Microsoft.Logic/workflows')[0];
        const tag = textAt(workflow?.raw, 'tags', 'hidden-SentinelTemplateName');
        const name = textAt(subject.template, 'parameters', 'PlaybookName', 'defaultValue');
        return workflow && tag && name && tag !== name && !tag.startsWith('[')
          ? [
              {
                file,
                pointer: `${workflow.at}/tags/hidden-SentinelTemplateName`,
                message: `the tag says "${tag}", PlaybookName "${name}"`,
              },
            ]
          : [];
      }),
  },
  {
    id: 'agreement.prerequisite-template',
    level: 'warning',
    source: sources.playbookGuide,
    help: 'Correct the path: relative to the template, with forward slashes.',
    check: (tree) =>
      galleryTemplatesOf(tree).flatMap(({ file, subject }) => {
        const path = textAt(subject.template, 'metadata', 'prerequisitesDeployTemplateFile');
        return !path || /^https?:/.test(path) || leadsSomewhere(tree, joinedPath(file, path))
          ? []
          : [{ file, pointer: '/metadata/prerequisitesDeployTemplateFile', message: `there is no file ${path}` }];
      }),
  },
  {
    id: 'agreement.connector-definition',
    level: 'warning',
    source: sources.ours,
    help: 'Build again: the template must carry the definition that lies beside it.',
    check: (tree) =>
      tree.ofKind('swagger').flatMap(({ path, json }) =>
        galleryTemplatesOf(tree)
          .filter(({ file }) => folderOf(file) === folderOf(path))
          .flatMap(({ file, subject }) =>
            resourcesOf(subject, 'Microsoft.Web/customApis')
              .filter(({ raw }) => operationList(objectAt(raw, 'properties', 'swagger')) !== operationList(json))
              .map(({ at: pointer }) => ({
                file,
                pointer: `${pointer}/properties/swagger`,
                message: `the definition differs from ${path}`,
              })),
          ),
      ),
  },
  {
    id: 'agreement.automation-rule',
    level: 'error',
    source: sources.playbookTriggers,
    help: 'Name a playbook of this folder, with the trigger that fits the rule.',
    check: automationRuleProblems,
  },
];

function differences(first: JsonObject, second: JsonObject): { readonly pointer: string; readonly what: string }[] {
  const types = (template: JsonObject) =>
    new Map(Object.entries(objectAt(template, 'parameters')).map(([name, one]) => [name, textAt(one, 'type') ?? '']));
  const [before, after] = [types(first), types(second)];
  const version = (template: JsonObject) => textAt(listAt(template, 'metadata', 'releaseNotes')[0], 'version');
  return [
    ...[...after]
      .filter(([name, type]) => (before.get(name) ?? type) !== type)
      .map(([name, type]) => ({
        pointer: `/parameters${pointerStep(name)}`,
        what: `the parameter "${name}" of type ${type}`,
      })),
    ...(version(first) === version(second)
      ? []
      : [{ pointer: '/metadata/releaseNotes', what: `the version ${version(second)}` }]),
  ];
}

function nameOf({ template }: TemplateLevel): string {
  const names = ['PlaybookName', 'CustomConnectorName'].map((name) =>
    textAt(template, 'parameters', name, 'defaultValue'),
  );
  return names.find((name) => name !== undefined && name !== '') ?? '';
}

function manifestProblems(tree: Tree, path: string, json: JsonObject): Placed[] {
  const folder = folderOf(path);
  const listed = Object.entries(objectAt(json, 'files'));
  const changed = listed.flatMap(([name, hash]): Placed[] => {
    const content = tree.content(folder + name);
    const pointer = `/files${pointerStep(name)}`;
    if (content === undefined) return [{ file: path, pointer, message: `${name} is missing` }];
    return createHash('sha256').update(content).digest('hex') === hash
      ? []
      : [{ file: path, pointer, message: `${name} is not as it was built` }];
  });
  const names = new Set(listed.map(([name]) => folder + name));
  const added = [...tree.paths]
    .filter((one) => one.startsWith(folder) && one !== path && !names.has(one) && !one.endsWith(SETTINGS_FILE))
    .map((one) => ({ file: path, pointer: '/files', message: `${one.slice(folder.length)} was not built` }));
  return [...changed, ...added];
}

function operationList(swagger: JsonObject): string {
  const operations = Object.entries(objectAt(swagger, 'paths')).flatMap(([path, item]) =>
    Object.entries(objectAt(item)).map(([method, one]) => `${method} ${path} ${textAt(one, 'operationId') ?? ''}`),
  );
  return [textAt(swagger, 'host'), textAt(swagger, 'basePath'), ...operations].join('\n');
}

const TRIGGER_OF_RULE: Readonly<Record<string, RegExp>> = {
  Incidents: /^\/incident-creation$/i,
  Alerts: /^\/subscribe$/i,
};

function automationRuleProblems(tree: Tree): Placed[] {
  const workflows = new Map(allWorkflows(tree).map(({ subject }) => [subject.name.toLowerCase(), subject]));
  if (workflows.size === 0) return [];
  return automationRulesOf(tree).flatMap(({ file, at: pointer, subject: rule }) => {
    const on = textAt(rule, 'triggeringLogic', 'triggersOn') ?? '';
    const actions = at(rule, 'actions');
    return (Array.isArray(actions) ? actions : []).flatMap((action, index): Placed[] => {
      const name = textAt(action, 'actionConfiguration', 'logicAppResourceId')?.split('/').at(-1);
      if (textAt(action, 'actionType') !== 'RunPlaybook' || name === undefined || name.startsWith('<')) return [];
      const place = `${pointer}/actions/${index}/actionConfiguration/logicAppResourceId`;
      const workflow = workflows.get(name.toLowerCase());
      // It may already exist in Azure.
      if (workflow === undefined)
        return [{ file, pointer: place, message: `there is no playbook "${name}" here`, level: 'warning' }];
      const fits = Object.values(objectAt(workflow.definition, 'triggers')).some((trigger) =>
        TRIGGER_OF_RULE[on]?.test(textAt(trigger, 'inputs', 'path') ?? ''),
      );
      return fits ? [] : [{ file, pointer: place, message: `"${name}" has no trigger for ${on.toLowerCase()}` }];
    });
  });
}

function leadsSomewhere({ paths }: Tree, path: string | undefined): boolean {
  return path === undefined || paths.has(path);
}
