import { isPlaceholderText } from '../../../arm-expressions/value.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, objectAt, textAt, textsOf } from '../../json-walk.ts';
import { type PlaybookPart, type PlaybookSubject, triggerTypesOf } from '../../playbook-subject.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';

const SUBSCRIPTION = 'a subscription';
/** Values specific to one customer or region in a template. */
const HARD_CODED: readonly (readonly [what: string, form: RegExp])[] = [
  [SUBSCRIPTION, /\/subscriptions\/(?!0{8}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i],
  ['a logic app of one region', /\bprod-\d+\.[a-z0-9]+\.logic\.azure\.(?:com|us|cn)/i],
  [
    'a site of one customer',
    /https?:\/\/(?!\W)[a-z0-9-]+\.(?:azurewebsites\.net|vault\.azure\.net|sharepoint\.com|service-now\.com)/i,
  ],
];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Members with a GUID that belongs to one tenant. */
const TENANT_MEMBER =
  /^(subscriptionId|tenantId|tenant|objectId|principalId|channelId|groupId|workspaceId|clientId|teamId)$/i;

/** The workflow resource of a playbook and what reviewers and the service ask of it. */
export const playbookRules: readonly SubjectRule<PlaybookSubject>[] = [
  {
    id: 'playbook.name-parameter',
    level: 'error',
    source: sources.playbookValidator,
    help: 'Declare the string parameter PlaybookName, with the name of the playbook as default.',
    check: ({ level, isSource }) =>
      !isSource || at(level.template, 'parameters', 'PlaybookName') !== undefined
        ? []
        : [{ pointer: '/parameters', message: 'there is no parameter PlaybookName' }],
  },
  {
    id: 'playbook.workflow',
    level: 'error',
    source: sources.playbookValidator,
    help: "Deploy exactly one workflow with the name [parameters('PlaybookName')] and the location [resourceGroup().location].",
    check: ({ isSource, workflows }) => {
      if (!isSource) return [];
      const named = workflows.filter(({ raw }) => raw['name'] === "[parameters('PlaybookName')]");
      const [first] = workflows;
      if (named.length !== 1) {
        return [
          {
            pointer: `${first?.pointer}/name`,
            message: `${named.length} workflows are named [parameters('PlaybookName')]`,
          },
        ];
      }
      return named
        .filter(({ raw }) => `${raw['location']}`.toLowerCase() !== '[resourcegroup().location]')
        .map(({ pointer, raw }) => ({ pointer: `${pointer}/location`, message: `the location is ${raw['location']}` }));
    },
  },
  perWorkflow(
    {
      id: 'playbook.identity',
      level: 'warning',
      source: sources.managedIdentity,
      help: 'Give the workflow the identity {"type": "SystemAssigned"}: its connections and calls sign in with it.',
    },
    ({ raw }) => {
      const type = textAt(raw, 'identity', 'type');
      if (type === 'SystemAssigned') return [];
      return [
        {
          pointer: type === undefined ? '' : '/identity/type',
          message: type === undefined ? 'the workflow has no identity' : `the identity is ${type}`,
        },
      ];
    },
  ),
  perWorkflow(
    {
      id: 'playbook.tags',
      level: 'warning',
      source: sources.reviewGuide,
      help: 'Set the tags LogicAppsCategory ("security"), hidden-SentinelTemplateName and hidden-SentinelTemplateVersion ("1.0").',
    },
    ({ raw }, { isSource }) => {
      const tags = objectAt(raw, 'tags');
      return [
        ...(textAt(tags, 'LogicAppsCategory') === 'security'
          ? []
          : [{ pointer: '/tags', message: 'LogicAppsCategory is not "security"' }]),
        ...(textAt(tags, 'hidden-SentinelTemplateName')
          ? []
          : [{ pointer: '/tags', message: 'hidden-SentinelTemplateName is missing' }]),
        ...(isVersionOrOpen(textAt(tags, 'hidden-SentinelTemplateVersion') ?? '')
          ? []
          : [{ pointer: '/tags', message: 'hidden-SentinelTemplateVersion is not a version' }]),
        ...(isSource && tags['hidden-SentinelWorkspaceId'] !== undefined
          ? [
              {
                pointer: '/tags/hidden-SentinelWorkspaceId',
                message: 'the packaging tool adds hidden-SentinelWorkspaceId itself',
              },
            ]
          : []),
      ];
    },
  ),
  perWorkflow(
    {
      id: 'playbook.template-version',
      level: 'warning',
      source: sources.playbookGuide,
      help: 'Let hidden-SentinelTemplateVersion be the version of the newest of metadata.releaseNotes: Content Hub offers an update when it rises.',
    },
    ({ raw }, { isSource, level }) => {
      const version = textAt(raw, 'tags', 'hidden-SentinelTemplateVersion') ?? '';
      const noted = listAt(level.template, 'metadata', 'releaseNotes').flatMap((note) => textAt(note, 'version') ?? []);
      const newest = noted.sort(byVersion).at(-1);
      return isSource &&
        newest !== undefined &&
        isVersion(version) &&
        isVersion(newest) &&
        byVersion(version, newest) !== 0
        ? [
            {
              pointer: '/tags/hidden-SentinelTemplateVersion',
              message: `the template has the version ${version}, its newest release note ${newest}`,
            },
          ]
        : [];
    },
  ),
  perWorkflow(
    {
      id: 'playbook.state',
      level: 'warning',
      source: sources.reviewGuide,
      help: 'Set the state to Enabled: a disabled playbook cannot be chosen in an automation rule.',
    },
    ({ raw }) => {
      const state = textAt(raw, 'properties', 'state');
      return state === undefined || state === 'Enabled'
        ? []
        : [{ pointer: '/properties/state', message: `the state is ${state}` }];
    },
  ),
  perWorkflow(
    {
      id: 'playbook.access-control',
      level: 'error',
      source: sources.automationHealth,
      help: 'Restrict callers of workflows with a Request trigger only: elsewhere it locks Microsoft Sentinel out.',
    },
    (workflow) => {
      const triggers = triggerTypesOf(workflow);
      const restricts = at(workflow.raw, 'properties', 'accessControl') !== undefined;
      return restricts && triggers.some((type) => type !== 'request')
        ? [
            {
              pointer: '/properties/accessControl',
              message: `access is restricted, but a trigger is of type ${triggers.find((type) => type !== 'request')}`,
            },
          ]
        : [];
    },
  ),
  {
    id: 'playbook.hard-coded',
    level: 'warning',
    source: sources.hardCodedIds,
    help: 'Make it a parameter without such a default, or derive it: subscription(), resourceGroup(), environment().',
    check: ({ level }) =>
      ['parameters', 'variables', 'resources'].flatMap((member) =>
        textsOf(level.template[member] ?? null, pointerStep(member)).flatMap(({ pointer, name, text }) => [
          ...HARD_CODED.filter(([, form]) => form.test(text))
            .filter(([what]) => what !== SUBSCRIPTION || !isInList(pointer, level.template))
            .map(([what, form]) => ({ pointer, message: `${form.exec(text)?.[0]} is ${what}` })),
          ...(TENANT_MEMBER.test(name) ? guidsIn(text) : []).map((guid) => ({
            pointer,
            message: `"${name}" is ${guid}, which belongs to one tenant`,
          })),
        ]),
      ),
  },
];

/** Whether a string is part of a list or object default: ids of the deployer's own resources cannot be anywhere else. */
function isInList(pointer: string, template: JsonObject): boolean {
  const [, member = '', name = '', part] = pointer.split('/');
  const type = textAt(template, member, name, 'type')?.toLowerCase() ?? '';
  return member === 'parameters' && part === 'defaultValue' && ['object', 'array'].includes(type);
}

/** GUIDs in a string, or within quotation marks in an expression, except all-zero placeholders. */
function guidsIn(text: string): string[] {
  const literals = /^[@[]/.test(text) ? [...text.matchAll(/'([^']*)'/g)].map(([, literal = '']) => literal) : [text];
  return literals.filter((literal) => GUID.test(literal) && !/^0{8}-/.test(literal));
}

function isVersion(text: string): boolean {
  return /^\d+(\.\d+)*$/.test(text);
}

/** Compares part by part; missing parts are zero, so 1.0 equals 1.0.0. */
function byVersion(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => text.split('.').map(Number));
  const parts = Math.max(left?.length ?? 0, right?.length ?? 0);
  const differences = Array.from({ length: parts }, (_, at) => (left?.[at] ?? 0) - (right?.[at] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function perWorkflow(
  rule: Omit<SubjectRule<PlaybookSubject>, 'check'>,
  check: (workflow: PlaybookPart, playbook: PlaybookSubject) => readonly Violation[],
): SubjectRule<PlaybookSubject> {
  return {
    ...rule,
    check: (playbook) =>
      playbook.workflows.flatMap((workflow) =>
        check(workflow, playbook).map(({ pointer, message }) => ({ pointer: workflow.pointer + pointer, message })),
      ),
  };
}

function isVersionOrOpen(text: string): boolean {
  return /^\d+\.\d+(\.\d+)?$/.test(text) || isPlaceholderText(text);
}
