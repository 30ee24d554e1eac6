import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, listAt, nameIn, objectAt, partsOf, textAt } from '../../json-walk.ts';
import type { Violation } from '../../rule.ts';
import { asWritten, callsIn, hasExpression, isBehind, literal } from './expression-text.ts';
import { parametersOf } from './reference-tests.ts';
import { isBelow, isFromBicep, type ToolkitTest, writtenTexts } from './test.ts';

const SCHEMAS = [
  '2015-01-01/deploymentTemplate',
  '2019-04-01/deploymentTemplate',
  '2018-05-01/subscriptionDeploymentTemplate',
  '2019-08-01/tenantDeploymentTemplate',
  '2019-08-01/managementGroupDeploymentTemplate',
].map((name) => `https://schema.management.azure.com/schemas/${name}.json#`.toLowerCase());

/** Hosts that differ in the sovereign clouds. */
const CLOUD_HOST =
  /management\.core\.windows\.net|gallery\.azure\.com|management\.azure\.com|database\.windows\.net|core\.windows\.net|login\.microsoftonline\.com|graph\.windows\.net|vault\.azure\.net|datalake\.azure\.net|azuredatalakestore\.net|azuredatalakeanalytics\.net|api\.loganalytics\.io|asazure\.windows\.net/gi;
const ALLOWED_BEFORE = /https:\/\/(?:schema\.|devopsgallerystorage\.blob\.)$/i;

const NESTED_CALLS =
  /(?:resourceId\s*\(\s*resourceGroup|(?:resourceId|subscriptionResourceId)\s*\(\s*subscription)\(|(?:resourceId|(?:tenant|extension|subscription)ResourceId|reference|list\w+)\s*\(\s*(?:concat|format)\s*\(/g;
const LOCATION = /(?:resourceGroup|deployment)\(\).location/gi;

/** Tests about resources: where they lie, what they call and how they depend on one another. */
export const resourceTests: readonly ToolkitTest[] = [
  {
    test: 'DeploymentTemplate Schema Is Correct',
    id: 'arm.schema',
    on: 'templates',
    check: ({ template }) =>
      SCHEMAS.includes((textAt(template, '$schema') ?? '').toLowerCase())
        ? []
        : [{ pointer: '/$schema', message: `"${template['$schema'] ?? ''}" is not a schema of deployment templates` }],
  },
  {
    test: 'DeploymentTemplate Must Not Contain Hardcoded Uri',
    id: 'arm.cloud-host',
    on: 'templates',
    check: ({ template }) =>
      writtenTexts(template)
        .filter(({ pointer }) => !isBelow(pointer, 'parameters'))
        .flatMap(({ pointer, written }) =>
          [...written.matchAll(CLOUD_HOST)]
            .filter(({ index }) => !ALLOWED_BEFORE.test(written.slice(0, index)))
            .slice(0, 1)
            .map(({ 0: host }) => ({ pointer, message: `${host} is a host of one cloud only` })),
        ),
  },
  {
    test: 'Resources Should Have Location',
    id: 'arm.literal-location',
    on: 'templates',
    check: ({ template }) =>
      listAt(template, 'resources').flatMap((resource, index) => {
        // PowerShell joins a list of strings with blanks.
        const location = [at(resource, 'location')].flat().filter(isText).join(' ').trim();
        return !location || /^\[.*\]$/.test(location) || location.toLowerCase() === 'global'
          ? []
          : [{ pointer: `/resources/${index}/location`, message: `the region "${location}" is written out` }];
      }),
  },
  {
    test: 'Location Should Not Be Hardcoded',
    id: 'arm.location',
    on: 'packages',
    check: ({ template, isMain }) => [
      ...locationParameter(template, isMain),
      ...writtenTexts(template)
        .filter(({ pointer, written }) => written.search(LOCATION) >= 0 && !isBelow(pointer, 'parameters'))
        .filter(({ pointer }) => !isInDeployment(template, pointer))
        .map(({ pointer }) => ({ pointer, message: 'uses the location of the resource group or deployment directly' })),
      ...partsOf(template)
        .filter(
          ({ pointer, name, value }) => /\/resources\/\d+\/location$/.test(pointer) && name === 'location' && value,
        )
        .filter(({ value }) => `${value}`.toLowerCase() !== 'global' && !hasExpression(`${value}`))
        .map(({ pointer, value }) => ({ pointer, message: `the region "${value}" is written out` })),
    ],
  },
  {
    test: 'DependsOn Best Practices',
    id: 'arm.depends-on',
    on: 'templates',
    check: ({ template }) =>
      partsOf(template)
        .filter(({ pointer, name }) => name.toLowerCase() === 'dependson' && isBelow(pointer, 'resources'))
        .flatMap(({ pointer, value }) => dependencyProblems(pointer, value)),
  },
  {
    test: 'ResourceIds should not contain',
    id: 'arm.nested-id-call',
    on: 'templates',
    check: ({ template }) =>
      (isFromBicep(template) ? [] : writtenTexts(template)).flatMap(({ pointer, written }) =>
        [...written.matchAll(NESTED_CALLS)]
          .filter(({ index }) => isBehind(/\[/, written, index))
          .map(({ 0: call }) => ({ pointer, message: `${call}…) is not allowed: name the resource by its parts` })),
      ),
  },
  {
    test: 'providers apiVersions Is Not Permitted',
    id: 'arm.provider-versions',
    on: 'templates',
    check: ({ template }) =>
      writtenTexts(template)
        .filter(({ written }) => /providers\(.*\)\.apiVersions/is.test(written))
        .map(({ pointer }) => ({ pointer, message: 'asks providers() for the API version' })),
  },
  {
    test: 'Dynamic Variable References Should Not Use Concat',
    id: 'arm.dynamic-variable',
    on: 'templates',
    check: ({ template }) =>
      writtenTexts(template)
        .filter(({ written }) =>
          /variables\s?\(\s?concat\s?\(\s?'[^']+'\s?\)\s?,\s?parameters\s?\(\s?'[^']+'\s?\)\s?\)/i.test(written),
        )
        .map(({ pointer }) => ({ pointer, message: 'the name of a variable is put together with concat()' })),
  },
  {
    test: 'Secure Params In Nested Deployments',
    id: 'arm.nested-secret',
    on: 'templates',
    check: ({ template }) => nestedSecrets(template),
  },
  {
    test: 'Parameter Types Should Be Consistent',
    id: 'arm.nested-parameter-type',
    on: 'templates',
    check: ({ whole }) => (whole === undefined ? [] : nestedTypes(whole)),
  },
];

const isText = (value: unknown) => typeof value === 'string';

function locationParameter(template: JsonObject, isMain: boolean): Violation[] {
  const parameters = objectAt(template, 'parameters');
  const name = nameIn(parameters, 'location') ?? '';
  const declared = parameters[name];
  if (declared === undefined || !isJsonObject(declared)) return [];
  const fallback = declared['defaultValue'];
  const text = `${fallback ?? ''}`.trim().toLowerCase();
  const isAllowed = isMain
    ? !fallback || ['[resourcegroup().location]', '[deployment().location]', 'global'].includes(text)
    : fallback === undefined || fallback === null || text.search(LOCATION) >= 0;
  return [
    ...(textAt(declared, 'type')?.toLowerCase() === 'string'
      ? []
      : [{ pointer: `/parameters/${name}/type`, message: `the parameter "${name}" must be a string` }]),
    ...(isAllowed
      ? []
      : [{ pointer: `/parameters/${name}/defaultValue`, message: `the default of "${name}" is "${fallback}"` }]),
  ];
}

function dependencyProblems(pointer: string, value: Json): Violation[] {
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((one, index) => [`${pointer}/${index}`, one])
    : [[pointer, value]];
  const isCounted = entries.some(([, one]) => typeof one === 'string' && callsIn(one, ['copyIndex']).length > 0);
  return entries
    .filter(
      ([, one]) =>
        typeof one === 'string' && (/^\s*\[\s*if\s*\(/i.test(one) || (/^\s*\[\s*concat\s*\(/i.test(one) && !isCounted)),
    )
    .map(([place, one]) => ({ pointer: place, message: `${one} must be a plain resourceId()` }));
}

interface Deployment {
  readonly pointer: string;
  readonly raw: JsonObject;
  readonly isInner: boolean;
}

function deploymentsOf(template: JsonObject): Deployment[] {
  return partsOf(template).flatMap(({ pointer, value }) =>
    isJsonObject(value) && textAt(value, 'type')?.toLowerCase() === 'microsoft.resources/deployments'
      ? [
          {
            pointer,
            raw: value,
            isInner: textAt(value, 'properties', 'expressionEvaluationOptions', 'scope')?.toLowerCase() === 'inner',
          },
        ]
      : [],
  );
}

function isInDeployment(template: JsonObject, pointer: string): boolean {
  return deploymentsOf(template).some((one) => pointer.startsWith(`${one.pointer}/`));
}

/** A nested deployment evaluated in the outer scope keeps its values in plain text in the deployment history. */
function nestedSecrets(template: JsonObject): Violation[] {
  const secrets = parametersOf(template).filter(({ type }) => type === 'securestring' || type === 'secureobject');
  return deploymentsOf(template)
    .filter(({ isInner }) => !isInner)
    .flatMap(({ pointer, raw }) => {
      const nested = at(raw, 'properties', 'template');
      const text = nested === undefined ? '' : asWritten(JSON.stringify(nested)).replaceAll('\\"', '"');
      const shown = secrets.filter(({ name }) => {
        const index = text.search(new RegExp(`parameters\\s*\\(\\s*'${literal(name)}'\\s*\\)`, 'i'));
        return index >= 0 && isBehind(/\[/, text, index);
      });
      const list = text.search(/[[(,]\s*list\w*\s*\(/i);
      return [
        ...shown.map(({ name }) => ({ pointer, message: `the nested deployment keeps the secret "${name}" readable` })),
        ...(list >= 0 && isBehind(/\[/, text, list + 1)
          ? [{ pointer, message: 'the nested deployment keeps what a list function reads' }]
          : []),
      ];
    });
}

/** A parameter must have the same type in a nested template as in the nearest enclosing template that declares it. */
function nestedTypes(template: JsonObject): Violation[] {
  return deploymentsOf(template)
    .filter(({ isInner }) => isInner)
    .flatMap(({ pointer, raw }) =>
      Object.entries(objectAt(raw, 'properties', 'parameters')).flatMap(([name, given]) => {
        const value = at(given, 'value') ?? given;
        const mapped = /parameters\s*\(\s*'([^']+)'\s*\)/i.exec(JSON.stringify(given))?.[1] ?? '';
        const inner = textAt(raw, 'properties', 'template', 'parameters', name, 'type');
        const isPart = typeof value === 'string' && /\[.*parameters(?:\(.*\))(?:\[.*?\]|\.|,)(?:.*)\]/.test(value);
        const declared = around(template, pointer)
          .map((outer) => textAt(outer, 'parameters', mapped, 'type'))
          .find((type) => !!type && type.toLowerCase() !== inner?.toLowerCase());
        return declared !== undefined && typeof value === 'string' && !isPart
          ? [
              {
                pointer: `${pointer}/properties/parameters${pointerStep(name)}`,
                message: `"${name}" is ${inner ?? 'not declared'} in the nested template, ${declared} around it`,
              },
            ]
          : [];
      }),
    );
}

/** Everything that contains a location, innermost first. */
function around(template: JsonObject, place: string): Json[] {
  return partsOf(template)
    .filter(({ pointer }) => place.startsWith(`${pointer}/`))
    .map(({ value }) => value)
    .reverse();
}
