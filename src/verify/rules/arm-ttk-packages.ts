import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts';
import { partsOf, textsOf } from '../json-walk.ts';
import { sources } from '../sources.ts';
import { type ArmTtkRule, textsBelow } from './arm-ttk-rule.ts';

const ID_FUNCTIONS =
  /\b(extensionResourceId|resourceId|subscriptionResourceId|tenantResourceId|if|parameters|reference|variables|subscription|guid)\s*\(/i;
const ID_EXEMPT = new Set(
  'contentId contentProductId parentId tenantId clientId objectId subscriptionId channelId TeamsChannelID groupId principalId connectorId ApplicationId IndicatorId ruleId keyId stepId'
    .toLowerCase()
    .split(' '),
);
const ID_EXEMPT_PLACES = new Set(['parameters', 'outputs', 'metadata', 'tags']);

const BLANK_ALLOWED = new Set(
  'resources outputs variables parameters functions properties template defaultValue accessPolicies value promotionCode inputs notEquals clientId allowedCallerIpAddresses workerPools AzureMonitor requiredDataConnectors UserTokenPrepend'
    .toLowerCase()
    .split(' '),
);

/** What the toolkit asks and only a package has to keep. */
export const packageTests: readonly ArmTtkRule[] = [
  {
    id: 'arm.literal-id',
    test: 'IDs Should Be Derived From ResourceIDs',
    appliesTo: 'packages',
    level: 'error',
    source: sources.armTtk,
    forSentinel: 'errors that mention contentProductId or id are dropped there, together with one other failure',
    help: 'Build the id with resourceId() and its kin, or name the member so that it does not end in "id".',
    check: ({ template }) => literalIds(template),
  },
  {
    id: 'arm.location',
    test: 'Location Should Not Be Hardcoded',
    appliesTo: 'packages',
    level: 'error',
    source: sources.armTtk,
    help: "Use parameters('location') or the workspace's location; the packaging tool hides the literal for inner templates.",
    check: ({ template }) =>
      textsBelow(template, ['variables', 'resources', 'outputs'])
        .filter(({ text }) => /(resourceGroup|deployment)\(\)\.location/i.test(text))
        .map(({ pointer }) => ({ pointer, message: 'uses the location of the resource group or deployment directly' })),
  },
  {
    id: 'arm.blank',
    test: 'Template Should Not Contain Blanks',
    appliesTo: 'packages',
    level: 'error',
    source: sources.armTtk,
    forSentinel: "skipped by the repository's local mirror, run by its CI",
    help: 'Remove the member or give it a value; package the solution again instead of editing the package.',
    check: ({ template }) =>
      partsOf(template)
        .filter(({ name, value }) => isBlank(value) && name !== '' && !BLANK_ALLOWED.has(name.toLowerCase()))
        .map(({ pointer, name, value }) => ({ pointer, message: `"${name}" is ${JSON.stringify(value)}` })),
  },
  {
    id: 'arm.uri',
    test: 'URIs Should Be Properly Constructed',
    appliesTo: 'packages',
    level: 'error',
    source: sources.armTtk,
    forSentinel: "skipped by the repository's local mirror, run by its CI",
    help: 'Join the parts with uri() instead of concat() or format().',
    check: ({ template }) =>
      textsOf(template)
        .filter(
          ({ name, text }) =>
            /(uri|url)$/i.test(name) && /^\[+\s*(concat|format)\(/i.test(text) && !/\buri\(/i.test(text),
        )
        .map(({ pointer, name }) => ({ pointer, message: `"${name}" is put together with concat() or format()` })),
  },
];

function literalIds(template: JsonObject) {
  const isWorkflow = (value: Json) => isJsonObject(value) && /^microsoft\.logic\/workflows$/i.test(`${value['type']}`);
  const parts = partsOf(
    template['resources'] ?? [],
    '/resources',
    '',
    ({ name, value }) => !ID_EXEMPT_PLACES.has(name) && !isWorkflow(value),
  );
  return [...parts].flatMap(({ pointer, name, value }) => {
    if (typeof value !== 'string' || !/id$/i.test(name) || ID_EXEMPT.has(name.toLowerCase())) return [];
    const isDerived = value.startsWith('[') && ID_FUNCTIONS.test(value);
    return isDerived ? [] : [{ pointer, message: `"${name}" is the literal ${JSON.stringify(value)}` }];
  });
}

function isBlank(value: Json): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
