import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { at, listAt, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { rule } from '../rule-of.ts';
import { isOldBrand } from './package.ts';

/** Categories by which the validator classifies the first data type; the first match applies. */
const CATEGORIES: readonly (readonly [form: RegExp, permissions?: keyof typeof PERMISSIONS])[] = [
  [/CommonSecurityLog/, 'log-analytics'],
  [/Syslog/, 'syslog'],
  [/SecurityAlert\(ASC\)|ThreatIntelligenceIndicator|PowerBIActivity|MicrosoftPurviewInformationProtection/],
  [/AzureActivity|SecurityAlert\(OATP\)|AzureDevOpsAuditing|AzureDiagnostics/],
  [/_CL$/, 'log-analytics'],
  [/Dynamics365Activity|CrowdstrikeReplicatorV2|BloodHoundEnterprise|AwsS3|AWS|Corelight|SigninLogs/],
  [/corelight_bacnet|^fluentbit_CL \(/],
];

/** The validator skips pages whose first data type mentions events. */
const isSkipped = (name: string) => name.includes('Event');

/** Data types that may have blanks in their names. */
const SPACED = /CommonSecurityLog|Syslog|Event|AzureDiagnostics|AzureDevOpsAuditing/;

/** The `resourceProvider` that the validator compares with, member by member. */
const SHARED_KEYS: JsonObject = {
  provider: 'Microsoft.OperationalInsights/workspaces/sharedKeys',
  permissionsDisplayText:
    'read permissions to shared keys for the workspace are required. [See the documentation to learn more about workspace keys](https://docs.microsoft.com/azure/azure-monitor/platform/agent-windows#obtain-workspace-id-and-key).',
  providerDisplayName: 'Keys',
  scope: 'Workspace',
  requiredPermissions: { action: true },
};

const ALL_PERMISSIONS: JsonObject = { write: true, read: true, delete: true };

const PERMISSIONS = {
  'log-analytics': [workspacePermission('read and write permissions are required.', ALL_PERMISSIONS), SHARED_KEYS],
  function: [
    workspacePermission('read and write permissions on the workspace are required.', ALL_PERMISSIONS),
    SHARED_KEYS,
  ],
  syslog: [workspacePermission('write permission is required.', { write: true, delete: true })],
} satisfies Readonly<Record<string, readonly JsonObject[]>>;

/** Permission that a page for a function app must also request. */
const FUNCTION_PERMISSION = {
  name: 'Microsoft.Web/sites permissions',
  description:
    'Read and write permissions to Azure Functions to create a Function App is required. [See the documentation to learn more about Azure Functions](https://docs.microsoft.com/azure/azure-functions/).',
};

function workspacePermission(permissionsDisplayText: string, requiredPermissions: JsonObject): JsonObject {
  return {
    provider: 'Microsoft.OperationalInsights/workspaces',
    permissionsDisplayText,
    providerDisplayName: 'Workspace',
    scope: 'Workspace',
    requiredPermissions,
  };
}

/** Members that the API of Microsoft Sentinel requires of a page, and the members of their items. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  publisher: [],
  graphQueries: ['metricName', 'legend', 'baseQuery'],
  sampleQueries: ['description', 'query'],
  dataTypes: ['name', 'lastDataReceivedQuery'],
  availability: ['status', 'isPreview'],
  permissions: [],
  instructionSteps: [],
};

/** Ways to detect incoming data; others are only available to Microsoft's connectors. */
const CONNECTIVITY = ['isconnectedquery', 'hasdataconnectors', 'sentinelkinds', 'sentinelkindsv2', 'omssolutions'];

/** Pages of data connectors: Data Connectors/<Name>.json. */
export const dataConnectorRules: readonly SubjectRule<JsonObject>[] = [
  rule(
    'data-connector.members',
    'error',
    sources.validations,
    `Add the member: a page has ${Object.keys(REQUIRED).join(', ')} and connectivityCriterias.`,
    (page) => [
      ...Object.entries(REQUIRED).flatMap(([name, members]) => missingMembers(page, name, members)),
      ...(connectivityOf(page) === undefined
        ? [{ pointer: '', message: '"connectivityCriterias" is missing: the page never shows that data arrives' }]
        : []),
    ],
  ),
  rule(
    'data-connector.connectivity',
    'warning',
    sources.validations,
    'Write IsConnectedQuery with a query, or HasDataConnectors.',
    (page) =>
      listAt(page, connectivityOf(page) ?? '').flatMap((one, index) => {
        const type = textAt(one, 'type') ?? '';
        return CONNECTIVITY.includes(type.toLowerCase())
          ? []
          : [
              {
                pointer: `/${connectivityOf(page)}/${index}/type`,
                message: `"${type}" is no way to tell whether data arrives`,
              },
            ];
      }),
  ),
  rule(
    'data-connector.category',
    'error',
    sources.validations,
    "Name a first data type that the repository's validator has a category for: a custom table (…_CL), CommonSecurityLog, Syslog, AzureDiagnostics, …, or one that mentions Event, which it does not look into.",
    (page) => {
      const name = firstDataType(page);
      if (name === undefined && Array.isArray(page['dataTypes']))
        return [{ pointer: '/dataTypes', message: 'the page has no data type with a name' }];
      return name === undefined || isSkipped(name) || categoryOf(name) !== undefined
        ? []
        : [
            {
              pointer: '/dataTypes/0/name',
              message: `the first data type "${name}" belongs to no category that the validator has a schema for`,
            },
          ];
    },
  ),
  rule(
    'data-connector.permissions',
    'error',
    sources.validations,
    "Copy permissions.resourceProvider from the repository's template for this kind of data; the validator compares the texts, too.",
    (page) => {
      const wanted = wantedPermissions(page);
      return wanted === undefined || hasPermissions(page, wanted)
        ? []
        : [
            {
              pointer: at(page, 'permissions') === undefined ? '' : '/permissions',
              message: `the permissions differ from those of the template for "${firstDataType(page)}"`,
            },
          ];
    },
  ),
  rule('data-connector.names', 'error', sources.validations, 'Remove the blanks.', (page) => [
    ...(/\s/.test(textAt(page, 'id') ?? '') ? [{ pointer: '/id', message: 'the id has blanks' }] : []),
    ...(isSkipped(firstDataType(page) ?? '') ? [] : dataTypes(page)).flatMap(({ name, pointer }) =>
      name.includes(' ') && !SPACED.test(name) ? [{ pointer, message: `the data type "${name}" has blanks` }] : [],
    ),
  ]),
  {
    id: 'branding.data-connector',
    level: 'error',
    source: sources.validations,
    help: 'Write "Microsoft Sentinel".',
    check: (json) =>
      textsOf(json)
        .filter(({ name, text }) => /^description(Markdown)?$/.test(name) && isOldBrand(text))
        .map(({ pointer }) => ({
          pointer,
          message: 'names Azure Sentinel',
          // The validation reads the description of the page itself.
          ...(pointer === '/descriptionMarkdown' ? {} : { level: 'warning' as const }),
        })),
  },
];

function missingMembers(
  page: JsonObject,
  name: string,
  members: readonly string[],
): ReturnType<SubjectRule<unknown>['check']> {
  const value = page[name];
  if (value === undefined || value === null) return [{ pointer: '', message: `"${name}" is missing` }];
  const items: readonly (readonly [pointer: string, item: Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, index) => [`/${name}/${index}`, item])
    : [[`/${name}`, value]];
  return items.flatMap(([pointer, item], index) =>
    members
      .filter((member) => at(item, member) === undefined)
      .map((member) => ({
        pointer,
        message: `"${member}" is missing`,
        // The validator's schemas only check the first item.
        ...(index === 0 && !isSkipped(firstDataType(page) ?? '') ? {} : { level: 'warning' as const }),
      })),
  );
}

/** The API's member has no "s" at the end; pages in the repository have one. */
function connectivityOf(page: JsonObject): string | undefined {
  return ['connectivityCriterias', 'connectivityCriteria'].find((name) => page[name] !== undefined);
}

function dataTypes(page: JsonObject) {
  return listAt(page, 'dataTypes').map((one, index) => ({
    name: textAt(one, 'name') ?? '',
    pointer: `/dataTypes/${index}/name`,
  }));
}

/** Undefined if the validator does not recognise a connector page. */
function firstDataType(page: JsonObject): string | undefined {
  return page['connectivityCriterias'] === undefined ? undefined : dataTypes(page)[0]?.name;
}

function categoryOf(name: string) {
  return CATEGORIES.find(([form]) => form.test(name));
}

function hasPermissions(page: JsonObject, wanted: readonly JsonObject[]): boolean {
  return (
    isDeepStrictEqual(at(page, 'permissions', 'resourceProvider'), wanted) &&
    (wanted !== PERMISSIONS.function ||
      listAt(page, 'permissions', 'customs').some(
        (one) =>
          textAt(one, 'name') === FUNCTION_PERMISSION.name &&
          textAt(one, 'description') === FUNCTION_PERMISSION.description,
      ))
  );
}

/** Whether the steps of a page contain a text. */
function has(page: JsonObject, text: string): boolean {
  return JSON.stringify(page['instructionSteps'] ?? null).includes(text);
}

function wantedPermissions(page: JsonObject): readonly JsonObject[] | undefined {
  const name = firstDataType(page);
  if (name === undefined || isSkipped(name)) return undefined;
  const kind = categoryOf(name)?.[1];
  if (kind === undefined) return undefined;
  const isCustom = kind === 'log-analytics' && name.endsWith('_CL');
  if (isCustom && has(page, '[Deploy To Azure]')) return PERMISSIONS.function;
  const isAgent = isCustom && /meraki|vCenter/.test(name) && has(page, '"type":"InstallAgent"');
  return isAgent ? PERMISSIONS.syslog : PERMISSIONS[kind];
}
