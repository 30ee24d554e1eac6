import type { JsonObject } from '../../../domain/json.ts';
import { textAt } from '../../json-walk.ts';
import { type At, group, type RuleGroup, type SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { hasSource, isPackage, levelsOf, type TemplateLevel } from '../../template-level.ts';
import type { Tree } from '../../tree.ts';
import { isMainTemplate, type ToolkitPart, type ToolkitTest, toolkitParts } from './test.ts';
import { toolkitTests } from './tests.ts';

/** A template that the toolkit tests: a file, or a nested template with inner evaluation scope. */
interface ToolkitTemplate {
  readonly part: ToolkitPart;
  readonly isMain: boolean;
  readonly isPackage: boolean;
}

const HELP: Readonly<Record<string, string>> = {
  'arm.schema': 'Write https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#.',
  'arm.cloud-host':
    'Take the host from environment(), for example environment().resourceManager: sovereign clouds have others.',
  'arm.literal-location': 'Use [resourceGroup().location], a parameter, or "global".',
  'arm.location':
    "Use parameters('location') or the workspace's location; the packaging tool hides the literal for inner templates.",
  'arm.depends-on': 'Name the resource with resourceId(type, name).',
  'arm.nested-id-call': 'Give resourceId() and reference() the parts of the name, without another call around them.',
  'arm.provider-versions': 'Write the version out: a version that changes by itself breaks deployments.',
  'arm.dynamic-variable': "Write variables('x')[parameters('y')].",
  'arm.nested-secret': 'Let the nested deployment evaluate itself: expressionEvaluationOptions.scope "inner".',
  'arm.nested-parameter-type': 'Declare the parameter with one type in both templates.',
  'arm.unreferenced': 'Use it in an expression or remove it.',
  'arm.secure-parameter':
    'Declare the parameter as securestring without a default; the deployment must give the value.',
  'arm.number-limits': 'Give both limits, as whole numbers.',
  'arm.secret-output':
    'Remove the output: it stays readable in the history of the deployment. Read the value where it is needed.',
  'arm.blank': 'Remove the member or give it a value; package the solution again instead of editing the package.',
  'arm.literal-id': 'Build the id with resourceId() and its kin, or name the member so that it does not end in "id".',
  'arm.uri': 'Join the parts with uri() instead of concat() or format().',
};

/** How the repository's run differs from the plain toolkit, which certification in Partner Center uses. */
const FOR_SENTINEL: Readonly<Record<string, string>> = {
  'arm.literal-id': 'errors that mention contentProductId or id are dropped there, together with one other failure',
  'arm.blank': "skipped by the repository's local mirror, run by its CI",
  'arm.uri': "skipped by the repository's local mirror, run by its CI",
};

/** Errors that the repository's run ignores: the packaging tool itself writes "id". */
const FORGIVEN = /\/(?:id|contentProductId)$/;
/** "id" of content, which the packaging tool writes in every package and authors cannot change. */
const WRITTEN_BY_TOOL = /^\/resources\/\d+\/properties\/id$/;

const rules: readonly SubjectRule<ToolkitTemplate>[] = Object.entries(HELP).map(([id, help]) => ({
  id,
  level: 'error',
  source: sources.armTtk,
  help,
  check: (subject) => toolkitTests.filter((one) => one.id === id).flatMap((one) => violations(one, subject)),
}));

function violations({ on, id, check }: ToolkitTest, { part, isMain, isPackage: packaged }: ToolkitTemplate) {
  if (on === 'packages' && !packaged) return [];
  const found = check({ ...part, isMain });
  // A single ignored error removes the whole test from the repository's run, whatever else it found.
  const isForgiven = id === 'arm.literal-id' && found.some(({ pointer }) => FORGIVEN.test(pointer));
  return found
    .filter(({ pointer }) => id !== 'arm.literal-id' || !WRITTEN_BY_TOOL.test(pointer))
    .map((one) => (packaged && !isForgiven ? one : { ...one, level: 'warning' as const }));
}

const apiVersionRule: SubjectRule<TemplateLevel> = {
  id: 'arm.api-version',
  level: 'warning',
  source: sources.armTtk,
  help: 'Use a version that is accepted today: connections and customApis 2016-06-01, workflows 2019-05-01.',
  check: (level) =>
    level.resources.flatMap(({ at: pointer, type, raw }) => {
      const version = textAt(raw, 'apiVersion');
      const accepted = API_VERSIONS[type];
      const relative = `${pointer.slice(level.at.length)}/apiVersion`;
      if (version === undefined) return [{ pointer: relative, message: `${type} has no apiVersion` }];
      if (version.startsWith('[') || (accepted?.includes(version) ?? /^\d{4}-\d\d-\d\d(-\w+)?$/.test(version)))
        return [];
      return [
        {
          pointer: relative,
          message: `${type} has the version ${version}; accepted: ${accepted?.join(', ') ?? 'yyyy-mm-dd'}`,
        },
      ];
    }),
};

/** API versions that toolkit and reviewers accept at present, by type in lower case. */
const API_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'microsoft.web/connections': ['2016-06-01', '2018-07-01-preview'],
  'microsoft.web/customapis': ['2016-06-01'],
  'microsoft.logic/workflows': ['2019-05-01'],
};

/** The tests of the toolkit as rules. */
export const armTtkGroup: RuleGroup = [
  ...group(rules, toolkitTemplates, (subject) => subject),
  ...group([apiVersionRule], (tree) =>
    levelsOf(tree)
      .filter((level) => !hasSource(tree, level))
      .map((level) => ({ file: level.file, at: level.at, subject: level })),
  ),
];

const toolkitTemplatesByLevel = new WeakMap<JsonObject, Map<string, readonly ToolkitTemplate[]>>();

function toolkitTemplates(tree: Tree): At<ToolkitTemplate>[] {
  return levelsOf(tree)
    .filter(({ role }) => role === 'outer')
    .flatMap((level) =>
      toolkitTemplatesOf(level).map((subject) => ({ file: level.file, at: subject.part.at, subject })),
    );
}

/** The parts of a file that the toolkit tests; cached for copies. */
function toolkitTemplatesOf(level: TemplateLevel): readonly ToolkitTemplate[] {
  const isMain = isMainTemplate(level.file);
  const packaged = isPackage(level);
  const known = toolkitTemplatesByLevel.get(level.template) ?? new Map<string, readonly ToolkitTemplate[]>();
  toolkitTemplatesByLevel.set(level.template, known);
  const key = `${isMain} ${packaged}`;
  const found = known.get(key) ?? toolkitParts(level.template).map((part) => ({ part, isMain, isPackage: packaged }));
  known.set(key, found);
  return found;
}

/** For the documentation: the test for each rule, and how the repository's own run differs. */
export const armTtkTests = toolkitTests.map(({ id, test, on }) => ({
  id,
  test,
  appliesTo: on === 'packages' ? 'packages' : 'templates',
  forSentinel: FOR_SENTINEL[id],
}));
