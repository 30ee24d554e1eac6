import { isArmExpression } from '../../../arm-expressions/syntax.ts';
import { isJsonObject, type Json } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, objectAt, partsOf, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { resourcesOf, type TemplateLevel } from '../../template-level.ts';

const TOP_MEMBERS = [
  '$schema',
  'contentVersion',
  'metadata',
  'variables',
  'parameters',
  'functions',
  'resources',
  'outputs',
];
const PARAMETER_TYPES = new Set([
  ...['string', 'securestring', 'int', 'bool', 'object', 'secureObject', 'array'],
  ...['String', 'Securestring', 'Int', 'Bool', 'Object', 'SecureObject', 'Array'],
]);
const ENTITIES = new Set(
  'account host ip url azureresource cloudapplication dnsresolution file filehash hostlogonsession iotdevice malware networkconnection process registrykey registryvalue securitygroup mailbox mailcluster mailmessage submissionmail'.split(
    ' ',
  ),
);
const TIERS = ['microsoft', 'partner', 'community', 'developer'];

/** The template of a playbook or a custom connector: validations of the repository and limits of the packaging tool. */
export const galleryTemplateRules: readonly SubjectRule<TemplateLevel>[] = [
  {
    id: 'playbook.members',
    level: 'error',
    source: sources.playbookValidator,
    help: `A template has the members ${TOP_MEMBERS.join(', ')}, and a contentVersion of four numbers.`,
    check: ({ template }) => [
      ...Object.keys(template)
        .filter((name) => !TOP_MEMBERS.includes(name))
        .map((name) => ({ pointer: pointerStep(name), message: `"${name}" is not a member of a template` })),
      ...(/^\d+\.\d+\.\d+\.\d+$/.test(textAt(template, 'contentVersion') ?? '')
        ? []
        : [{ pointer: '/contentVersion', message: `the contentVersion is "${template['contentVersion']}"` }]),
      ...listAt(template, 'resources').flatMap((resource, index) => resourceProblems(resource, `/resources/${index}`)),
    ],
  },
  {
    id: 'playbook.parameter-type',
    level: 'error',
    source: sources.playbookValidator,
    help: 'Write string, securestring, int, bool, object, secureObject or array: the validator refuses other spellings, "secureString" too.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'parameters'))
        .filter(([, declaration]) => !PARAMETER_TYPES.has(textAt(declaration, 'type') ?? ''))
        .map(([name, declaration]) => ({
          pointer: `/parameters${pointerStep(name)}/type`,
          message: `"${name}" is of type "${at(declaration, 'type') ?? ''}"`,
        })),
  },
  {
    id: 'playbook.parameter-text',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Name parameters in PascalCase and describe each in metadata.description.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'parameters')).flatMap(([name, declaration]) => [
        ...(/^[A-Z][A-Za-z0-9]*$/.test(name)
          ? []
          : [{ pointer: `/parameters${pointerStep(name)}`, message: `"${name}" is not PascalCase` }]),
        ...(textAt(declaration, 'metadata', 'description')?.trim()
          ? []
          : [{ pointer: `/parameters${pointerStep(name)}`, message: `"${name}" has no description` }]),
      ]),
  },
  {
    id: 'playbook.default-expression',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Build the value in a variable: a package evaluates the default of a parameter when the solution is installed, not when the playbook is created.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'parameters')).flatMap(([name, declaration]) =>
        textsOf(at(declaration, 'defaultValue') ?? null, `/parameters${pointerStep(name)}/defaultValue`)
          .filter(({ text }) => isArmExpression(text))
          .map(({ pointer }) => ({ pointer, message: `the default of "${name}" is an expression` })),
      ),
  },
  {
    id: 'playbook.variables',
    level: 'error',
    source: sources.packagingTool,
    help: 'Let variables be texts, without the location of the resource group in them: the packaging tool fails on other types.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'variables')).flatMap(([name, value]) => [
        ...(typeof value === 'string'
          ? []
          : [{ pointer: `/variables${pointerStep(name)}`, message: `the variable "${name}" is not a string` }]),
        ...(typeof value === 'string' && /resourceGroup\(\)\.location/i.test(value)
          ? [
              {
                pointer: `/variables${pointerStep(name)}`,
                message: `the variable "${name}" holds the location of the resource group`,
              },
            ]
          : []),
      ]),
  },
  {
    id: 'playbook.no-variables',
    level: 'error',
    source: sources.packagingTool,
    help: 'Add "variables": {}: the packaging tool moves api ids and operation ids there, and refers to what it could not store.',
    check: ({ template, resources }) => {
      if (isJsonObject(template['variables'] ?? null)) return [];
      const needsPlace =
        resources.some(
          ({ type, raw }) => type === 'microsoft.web/connections' && textAt(raw, 'properties', 'api', 'id'),
        ) || textsOf(template['resources'] ?? null).some(({ name }) => name.toLowerCase() === 'operationid');
      return needsPlace
        ? [{ pointer: '', message: 'the template has no "variables", so its package cannot be deployed' }]
        : [];
    },
  },
  {
    id: 'playbook.leading-bracket',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Start the text with another character: the packaging tool takes a bracket for an expression and doubles it.',
    check: ({ template }) =>
      textsOf(template)
        .filter(({ pointer }) => pointer.startsWith('/resources/'))
        .filter(({ text }) => text.startsWith('[') && !isArmExpression(text))
        .map(({ pointer, text }) => ({
          pointer,
          message: `the text ${JSON.stringify(text.slice(0, 40))} starts with a bracket`,
        })),
  },
  {
    id: 'playbook.null',
    level: 'error',
    source: sources.packagingTool,
    help: 'Leave the member out, or write @null: the packaging tool makes a reference to a missing variable of it.',
    check: ({ template }) =>
      partsOf(template).some(({ value }) => value === null)
        ? [...lostNulls(template['resources'] ?? [], '/resources')].map((pointer) => ({
            pointer,
            message: 'the value is null',
          }))
        : [],
  },
  {
    id: 'playbook.nested-deployment',
    level: 'error',
    source: sources.packagingTool,
    help: 'Deploy the resources in this template: the packaging tool does not follow linked or nested deployments.',
    check: ({ resources, at: base }) =>
      resources
        .filter(({ type }) => type === 'microsoft.resources/deployments')
        .map(({ at: pointer }) => ({
          pointer: pointer.slice(base.length),
          message: 'the template deploys another template',
        })),
  },
  {
    id: 'playbook.lost-members',
    level: 'warning',
    source: sources.packagingTool,
    help: 'Remove it, or read the value where it is needed: packages do not carry outputs and functions of a template.',
    check: ({ template }) =>
      ['outputs', 'functions']
        .filter((name) => Object.keys(template[name] ?? {}).length > 0)
        .map((name) => ({ pointer: `/${name}`, message: `the package will not have these ${name}` })),
  },
  {
    id: 'playbook.metadata',
    level: 'error',
    source: sources.playbookValidator,
    help: 'Fill in title, description, lastUpdateTime (UTC), support.tier and author.name of the metadata.',
    check: (level) => (isPlaybook(level) ? metadataProblems(level.template['metadata']) : []),
  },
  {
    id: 'playbook.gallery-texts',
    level: 'warning',
    source: sources.playbookGuide,
    help: 'Add prerequisites and postDeployment as lists of texts, and releaseNotes as a list of {version, title, notes}.',
    check: (level) => (isPlaybook(level) ? galleryTextProblems(level) : []),
  },
  {
    id: 'playbook.entities',
    level: 'error',
    source: sources.playbookValidator,
    help: `Entities are: ${[...ENTITIES].join(', ')}.`,
    check: ({ template }) =>
      listAt(template, 'metadata', 'entities').flatMap((entity, index) =>
        ENTITIES.has(`${entity}`.toLowerCase())
          ? []
          : [{ pointer: `/metadata/entities/${index}`, message: `"${entity}" is not an entity` }],
      ),
  },
];

function resourceProblems(resource: Json, pointer: string): Violation[] {
  if (!isJsonObject(resource)) return [{ pointer, message: 'the resource is not an object' }];
  const condition = resource['condition'];
  return [
    ...['type', 'name']
      .filter((name) => !textAt(resource, name))
      .map((name) => ({ pointer, message: `the resource has no ${name}` })),
    ...(condition === undefined || typeof condition === 'boolean'
      ? []
      : [{ pointer: `${pointer}/condition`, message: 'the condition is not a boolean' }]),
    ...listAt(resource, 'dependsOn').flatMap((one, index) =>
      typeof one === 'string'
        ? []
        : [{ pointer: `${pointer}/dependsOn/${index}`, message: 'the dependency is not a string' }],
    ),
  ];
}

/**
 * Nulls that the packaging tool replaces: all except those after and below a member `inputs` of an action. Its search remembers
 * what it has passed, including in earlier siblings.
 */
function* lostNulls(value: Json, pointer: string, seen = { actions: false, inputs: false }): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries())
      yield* lostNulls(item, `${pointer}/${index}`, seen);
  } else if (isJsonObject(value)) {
    let met = seen;
    for (const [name, member] of Object.entries(value)) {
      met = { actions: met.actions || /^actions$/i.test(name), inputs: met.inputs || /^inputs$/i.test(name) };
      if (member === null && !(met.actions && met.inputs)) yield pointer + pointerStep(name);
      yield* lostNulls(member, pointer + pointerStep(name), met);
    }
  }
}

function metadataProblems(metadata: Json | undefined): ReturnType<SubjectRule<unknown>['check']> {
  if (metadata === undefined || !isJsonObject(metadata))
    return [{ pointer: '', message: 'the template has no metadata', level: 'warning' }];
  const required = [['title'], ['description'], ['lastUpdateTime'], ['support', 'tier'], ['author', 'name']];
  // The validator only checks metadata with these three members.
  const isRead = ['title', 'description', 'author'].every((name) => metadata[name] !== undefined);
  const time = textAt(metadata, 'lastUpdateTime') ?? '';
  const tier = textAt(metadata, 'support', 'tier') ?? '';
  const missing = required
    .filter((path) => !textAt(metadata, ...path)?.trim())
    .map((path) => ({ pointer: '/metadata', message: `${path.join('.')} is missing` }));
  return [
    ...missing.map((one) => (isRead ? one : { ...one, level: 'warning' as const })),
    ...(time === '' || !Number.isNaN(Date.parse(time))
      ? []
      : [{ pointer: '/metadata/lastUpdateTime', message: `"${time}" is not a time` }]),
    ...(time === '' || /Z$/.test(time) || Number.isNaN(Date.parse(time))
      ? []
      : [
          { pointer: '/metadata/lastUpdateTime', message: `"${time}" is not a time in UTC`, level: 'warning' as const },
        ]),
    ...(tier === '' || TIERS.includes(tier.toLowerCase())
      ? []
      : [{ pointer: '/metadata/support/tier', message: `the tier is "${tier}"`, level: 'warning' as const }]),
  ];
}

/** Custom connectors have their own rules for metadata, which is optional there. */
function isPlaybook(level: TemplateLevel): boolean {
  return resourcesOf(level, 'Microsoft.Logic/workflows').length > 0;
}

function galleryTextProblems({ template }: TemplateLevel): Violation[] {
  return [
    ...['prerequisites', 'postDeployment', 'releaseNotes']
      .filter((name) => listAt(template, 'metadata', name).length === 0)
      .map((name) => ({ pointer: '/metadata', message: `the metadata has no list "${name}"` })),
    ...listAt(template, 'metadata', 'releaseNotes').flatMap((note, index) =>
      textAt(note, 'version') && textAt(note, 'title') && listAt(note, 'notes').length > 0
        ? []
        : [{ pointer: `/metadata/releaseNotes/${index}`, message: 'the note has no version, title or notes' }],
    ),
  ];
}
