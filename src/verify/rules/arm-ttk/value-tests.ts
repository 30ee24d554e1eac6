import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, nameIn, objectAt, partsOf, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import { asWritten, callsIn } from './expression-text.ts';
import { isFromBicep, type ToolkitTest } from './test.ts';

/** Tests about single values: empty values, ids and addresses. */
export const valueTests: readonly ToolkitTest[] = [
  {
    test: 'Template Should Not Contain Blanks',
    id: 'arm.blank',
    on: 'packages',
    check: ({ template }) => blanks(template),
  },
  {
    test: 'IDs Should Be Derived From ResourceIDs',
    id: 'arm.literal-id',
    on: 'packages',
    check: ({ template }) => literalIds(template),
  },
  {
    test: 'URIs Should Be Properly Constructed',
    id: 'arm.uri',
    on: 'templates',
    check: ({ template }) =>
      partsOf(template).flatMap(({ pointer, name, value }) =>
        /ur[il]$/i.test(name) && isPutTogether(asText(value))
          ? [{ pointer, message: `"${name}" is put together with concat() or format()` }]
          : [],
      ),
  },
];

/** PowerShell prints an object as a list of its strings. */
function asText(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).filter((one) => typeof one === 'string').join(' ');
  return isJsonObject(value)
    ? Object.entries(value)
        .map(([name, one]) => `${name}=${one}`)
        .join('; ')
    : '';
}

/** Whether concat or format is used anywhere in a string, as an argument or after a bracket, and without uri() before it. */
function isPutTogether(text: string): boolean {
  const joins = callsIn(text, ['format', 'concat']);
  const [uri] = callsIn(text, ['uri']);
  return joins.length > 0 && (uri === undefined || joins.some(({ index }) => index < uri.index));
}

const BLANK_ALLOWED =
  'resources outputs variables parameters functions properties template defaultValue accessPolicies value promotionCode inputs notEquals clientId allowedCallerIpAddresses workerPools AzureMonitor requiredDataConnectors UserTokenPrepend'
    .toLowerCase()
    .split(' ');
const BLANK_IN_TEXT = /:\s*(?:null|\{\s*\}|\[\s*\])/g;

/** A blank passes where any object of the template has a member of that name beside one that may be blank. */
function blanks(template: JsonObject): Violation[] {
  const found = partsOf(template)
    .flatMap(({ pointer, name, value }) =>
      name === '' ? [] : blankNames(name, value).map((blank) => ({ pointer, name: blank, value })),
    )
    .filter(({ pointer, name }) => !mayBeBlank(name.toLowerCase()) && !isWhereBlanksAre(template, pointer));
  const excused = found.length === 0 ? new Set<string>() : namesBesideBlanks(template);
  return found
    .filter(({ name }) => !excused.has(name.toLowerCase()))
    .map(({ pointer, name, value }) => ({ pointer, message: `"${name}" is ${JSON.stringify(value)}` }));
}

function mayBeBlank(name: string): boolean {
  return BLANK_ALLOWED.includes(name) || name.includes('[') || name.includes('/subscriptions/');
}

function namesBesideBlanks(template: JsonObject): Set<string> {
  return new Set(
    partsOf(template).flatMap(({ value }) => {
      const names = isJsonObject(value) ? Object.keys(value).map((name) => name.toLowerCase()) : [];
      return names.some((name) => BLANK_ALLOWED.some((allowed) => name.includes(allowed))) ? names : [];
    }),
  );
}

/** Names of members whose value is empty. The toolkit searches the text of the file, so JSON in a string counts as well. */
function blankNames(name: string, value: Json): readonly string[] {
  if (typeof value === 'string') {
    const written = asWritten(value);
    if (/^\s*$/.test(written)) return [name];
    return [...written.matchAll(BLANK_IN_TEXT)].map(({ index }) => {
      const before = written.slice(0, index + 1);
      // Including the backslash written before its closing quotation mark.
      return before.match(/"([^"]+)"\s*:$/)?.[1] ?? before.match(/.*"([^"]+)"\s*:/s)?.[1] ?? name;
    });
  }
  const isBlank = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return isBlank ? [name] : [];
}

/** Application settings and serialised parts of a workbook may be empty. */
const BLANK_PLACES: readonly (readonly [type: RegExp, place: RegExp])[] = [
  [/^(microsoft\.web\/sites\/)?config$/i, /^\/properties\//],
  [/^microsoft\.insights\/workbooks$/i, /^\/properties\/serializedData$/i],
];

function isWhereBlanksAre(template: JsonObject, pointer: string): boolean {
  return partsOf(template).some(({ pointer: resource, value }) => {
    const type = pointer.startsWith(`${resource}/`) ? textAt(value, 'type') : undefined;
    return (
      type !== undefined &&
      BLANK_PLACES.some(([wanted, place]) => wanted.test(type) && place.test(pointer.slice(resource.length)))
    );
  });
}

/** Names with these endings are not resource ids. */
const NO_RESOURCE_ID = new RegExp(
  `(?:${[
    'appId clientId DataTypeId defaultMenuItemId firstPartyId keyVaultSecretId keyVaultId keyId objectId menuId nodeAgentSkuId',
    'policyDefinitionReferenceId servicePrincipalClientId StartingDeviceID subscriptionId SyntheticMonitorId',
    'targetProtectionContainerId targetWorkerSizeId tenantId timezoneId vlanId workerSizeId metricId',
    'requestedServiceObjectiveId groupId sid ruleId deploymentSpecId detector\\.id contentId definitionId connectorId parentId',
    'IllusiveIncidentId UniqueFindingId schemaId detection_id environmentId open_id TeamsChannelID SAPAuditLogMessageID',
    'roleDefinitionId principalId XDRCustomerID userAssignedIdentityResourceId channelId extendedAceItemObjectId',
    'operationId-ANCEndpointGetById operationId-DeleteDomainById operationId-GetOrganizationId',
    'operationId-ProcessMetadataSearchByProcessGUID operationId-SearchForProcessEventsByProcessGUID ApplicationId',
    'policyDefinitionGuid IndicatorId contentProductId aws_iam_functionapp_id dataCollectionEndpointId',
    'dataCollectionRuleImmutableId stepId',
  ]
    .join(' ')
    .replaceAll(' ', '|')})$`,
  'i',
);
const ID_FUNCTIONS =
  /\[\s*(?:extensionResourceId|resourceId|subscriptionResourceId|tenantResourceId|if|parameters|reference|variables|subscription|guid)\s*\(/i;
/** Types whose ids are defined by the service. */
const OTHER_IDS =
  /^microsoft\.logic\/workflows$|^microsoft\.portal\/dashboards$|^microsoft\.documentdb\/databaseaccounts\/\w*\/collections$|config|backends$/i;
const SERVICE_IDS: readonly (readonly [type: RegExp, place: RegExp])[] = [
  [/^microsoft\.insights\/webtests/i, /\.locations/i],
  [/^microsoft\.documentdb\/databaseaccounts\/sqldatabases/i, /\.resource\./i],
];

interface Place {
  readonly pointer: string;
  /** Member names from the resource down, joined by dots. */
  readonly path: string;
  readonly types: readonly string[];
}

function literalIds(template: JsonObject): Violation[] {
  const resources = template['resources'];
  if (typeof resources !== 'object' || resources === null || isFromBicep(template)) return [];
  return Object.entries(resources as Readonly<Record<string, Json>>).flatMap(([key, one]) => [
    ...idsBelow(one, { pointer: `/resources${pointerStep(key)}`, path: '', types: [] }, template),
  ]);
}

function* idsBelow(value: Json, place: Place, template: JsonObject): Generator<Violation> {
  if (typeof value !== 'object' || value === null) return;
  const type = isJsonObject(value) ? textAt(value, 'type') : undefined;
  const types = type === undefined ? place.types : [...place.types, type];
  for (const [key, member] of Object.entries(value as Readonly<Record<string, Json>>)) {
    const path = Array.isArray(value) ? place.path : place.path === '' ? key : `${place.path}.${key}`;
    const pointer = place.pointer + pointerStep(key);
    if (!Array.isArray(value) && /id$/i.test(key)) yield* idProblem(key, member, { pointer, path, types }, template);
    if (typeof member === 'object' && member && !/^parent/i.test(key)) {
      yield* idsBelow(member, { pointer, path, types }, template);
    }
  }
}

function* idProblem(name: string, value: Json, { pointer, path, types }: Place, template: JsonObject) {
  if (NO_RESOURCE_ID.test(path) || /^(parameters|outputs)|\.metadata\./i.test(path)) return;
  if (types.some((type) => OTHER_IDS.test(type)) || /\.tags\.[^.]*$/i.test(path)) return;
  if (SERVICE_IDS.some(([type, place]) => types.some((one) => type.test(one)) && place.test(`.${path}`))) return;
  const isPlain = typeof value !== 'object' || value === null;
  const id = isPlain ? value : valueInside(value);
  if (isPlain && (id === '' || id === null)) yield { pointer, message: `"${name}" is blank` };
  if (id === '' || id === null || id === undefined || typeof id === 'object' || (!isPlain && typeof id !== 'string'))
    return;
  if (!ID_FUNCTIONS.test(expanded(`${id}`, template))) {
    yield { pointer, message: `"${name}" is ${JSON.stringify(value)}, expected resourceId() or its kin` };
  }
}

/** `value` of an object, or of the only object of a list. */
function valueInside(value: Json): Json | undefined {
  const values = [value].flat().flatMap((one) => at(one as Json, 'value') ?? []);
  return values.length === 1 ? values[0] : undefined;
}

/** Replaces a variable, or a member of one, by its value; one level only. */
function expanded(id: string, template: JsonObject): string {
  const [, name, part] = /^\s*\[variables\('((?:[^']|'')+)'\)(?:\.(\w+))?\]\s*$/i.exec(id) ?? [];
  const variables = objectAt(template, 'variables');
  const own = name === undefined ? undefined : nameIn(variables, name);
  const whole = own === undefined ? undefined : variables[own];
  const value = part === undefined ? whole : at(whole, part);
  return typeof value === 'string' ? value : id;
}
