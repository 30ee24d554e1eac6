import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { step } from '../json-text.ts';
import { at, objectAt, textAt, textsOf } from '../json-walk.ts';
import type { SubjectRule } from '../rule.ts';
import { sources } from '../sources.ts';
import { isPackage, type TemplateLevel } from '../template-level.ts';
import { packageTests } from './arm-ttk-packages.ts';
import { type ArmTtkRule, textsBelow } from './arm-ttk-rule.ts';

const SCHEMA =
  /^https?:\/\/schema\.management\.azure\.com\/schemas\/(2015-01-01|2018-05-01|2019-04-01|2019-08-01)\/(deployment|subscriptionDeployment|managementGroupDeployment|tenantDeployment)Template\.json#?$/;

/** Hosts that are others in the sovereign clouds. */
const CLOUD_HOST =
  /(?:management\.(?:core\.windows\.net|azure\.com)|gallery\.azure\.com|core\.windows\.net|database\.windows\.net|login\.microsoftonline\.com|graph\.windows\.net|trafficmanager\.net|vault\.azure\.net|api\.loganalytics\.io|azuredatalake(?:store|analytics)\.net|datalake\.azure\.net|asazure\.windows\.net)/i;

/** Versions that the toolkit and reviewers accept today, by type in lower case. */
const API_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'microsoft.web/connections': ['2016-06-01', '2018-07-01-preview'],
  'microsoft.web/customapis': ['2016-06-01'],
  'microsoft.logic/workflows': ['2019-05-01'],
};

const SECRET_NAME = /password|secret|accountkey/i;
/** `VaultSecretName` names a secret and is none. */
const NAME_OF_SECRET = /(name|uri|url|id|version|expiry|days)$/i;

/** What the toolkit asks and every template can keep. */
const templateTests: readonly ArmTtkRule[] = [
  {
    id: 'arm.schema',
    test: 'DeploymentTemplate Schema Is Correct',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Write https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#.',
    check: ({ template, role }) =>
      role === 'inner' || SCHEMA.test(textAt(template, '$schema') ?? '')
        ? []
        : [{ pointer: '/$schema', message: `"${template['$schema'] ?? ''}" is no schema of deployment templates` }],
  },
  {
    id: 'arm.api-version',
    test: 'apiVersions Should Be Recent',
    appliesTo: 'templates',
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
  },
  {
    id: 'arm.cloud-host',
    test: 'DeploymentTemplate Must Not Contain Hardcoded Uri',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Take the host from environment(), for example environment().resourceManager: sovereign clouds have others.',
    check: ({ template }) =>
      textsBelow(
        template,
        Object.keys(template).filter((name) => name !== 'parameters' && name !== '$schema'),
      )
        .filter(({ text }) => CLOUD_HOST.test(text.replaceAll('https://schema.management.azure.com', '')))
        .map(({ pointer, text }) => ({
          pointer,
          message: `${CLOUD_HOST.exec(text)?.[0]} is a host of one cloud only`,
        })),
  },
  {
    id: 'arm.literal-location',
    test: 'Resources Should Have Location',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Use [resourceGroup().location], a parameter, or "global".',
    check: (level) =>
      level.resources.flatMap(({ at: pointer, raw }) => {
        const location = textAt(raw, 'location');
        return !location || location.startsWith('[') || location.toLowerCase() === 'global'
          ? []
          : [
              {
                pointer: `${pointer.slice(level.at.length)}/location`,
                message: `the region "${location}" is written out`,
              },
            ];
      }),
  },
  {
    id: 'arm.unreferenced',
    test: 'Parameters Must Be Referenced, Variables Must Be Referenced',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Use it or remove it.',
    check: ({ template, role }) =>
      role === 'inner' ? [] : [...unreferenced(template, 'parameters'), ...unreferenced(template, 'variables')],
  },
  {
    id: 'arm.secure-parameter',
    test: 'Secure String Parameters Cannot Have Default, Password Params Must Be Secure',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Declare the parameter as securestring without a default; whoever deploys must give the value.',
    check: ({ template }) =>
      Object.entries(objectAt(template, 'parameters')).flatMap(([name, declaration]) => {
        const type = (textAt(declaration, 'type') ?? '').toLowerCase();
        const pointer = `/parameters${step(name)}`;
        const fallback = at(declaration, 'defaultValue');
        if (type.startsWith('secure')) {
          const isHarmless = fallback === undefined || fallback === '' || /^\[newGuid\(\)\]$/i.test(`${fallback}`);
          return isHarmless || isJsonObject(fallback)
            ? []
            : [{ pointer: `${pointer}/defaultValue`, message: `the secret "${name}" has a default` }];
        }
        const isNamedSecret = type === 'string' && SECRET_NAME.test(name) && !NAME_OF_SECRET.test(name);
        return isNamedSecret
          ? [{ pointer: `${pointer}/type`, message: `"${name}" is a ${type}, not a securestring` }]
          : [];
      }),
  },
  {
    id: 'arm.depends-on',
    test: 'DependsOn Best Practices',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Name the resource with resourceId(type, name).',
    check: (level) =>
      level.resources.flatMap(({ at: pointer, raw }) =>
        textsOf(raw['dependsOn'] ?? null, `${pointer.slice(level.at.length)}/dependsOn`)
          .filter(
            ({ text }) => /^\[(if|concat)\(/i.test(text) || /resourceId\(\s*(resourceGroup\(\)|concat\()/i.test(text),
          )
          .map(({ pointer: place, text }) => ({ pointer: place, message: `${text} is no plain resourceId()` })),
      ),
  },
  {
    id: 'arm.provider-versions',
    test: 'providers apiVersions Is Not Permitted',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Write the version out: a version that changes by itself breaks deployments.',
    check: ({ template }) =>
      textsOf(template)
        .filter(({ text }) => /^\[.*providers\([^)]*\)\.apiVersions/i.test(text))
        .map(({ pointer }) => ({ pointer, message: 'asks providers() for the API version' })),
  },
  {
    id: 'arm.secret-output',
    test: 'Outputs Must Not Contain Secrets',
    appliesTo: 'templates',
    level: 'error',
    source: sources.armTtk,
    help: 'Remove the output: it stays readable in the history of the deployment. Read the value where it is needed.',
    check: ({ template }) => secretOutputs(template),
  },
];

const table = [...templateTests, ...packageTests];

export const armTtkRules: readonly SubjectRule<TemplateLevel>[] = table.map((rule) => ({
  ...rule,
  check: (level) => (rule.appliesTo === 'templates' || isPackage(level) ? rule.check(level) : []),
}));

/** For the documentation: which tests the repository's own run treats differently. */
export const armTtkTests = table.map(({ id, test, appliesTo, forSentinel }) => ({ id, test, appliesTo, forSentinel }));

function unreferenced(template: JsonObject, kind: 'parameters' | 'variables') {
  const used = new Set(
    textsOf(template)
      .filter(({ text }) => text.startsWith('['))
      .flatMap(({ text }) => [...text.matchAll(/\b(parameters|variables)\(\s*'([^']+)'\s*\)/gi)])
      .filter(([, found = '']) => found.toLowerCase() === kind)
      .map(([, , name = '']) => name.toLowerCase()),
  );
  return Object.keys(objectAt(template, kind))
    .filter((name) => name !== 'copy' && !used.has(name.toLowerCase()))
    .map((name) => ({ pointer: `/${kind}${step(name)}`, message: `the ${kind.slice(0, -1)} "${name}" is never used` }));
}

function secretOutputs(template: JsonObject) {
  const secrets = Object.entries(objectAt(template, 'parameters'))
    .filter(([, declaration]) => /^secure/i.test(textAt(declaration, 'type') ?? ''))
    .map(([name]) => name.toLowerCase());
  return textsOf(template['outputs'] ?? null, '/outputs').flatMap(({ pointer, text }) => {
    if (!text.startsWith('[')) return [];
    if (/\blist[A-Z]\w*\(/.test(text))
      return [{ pointer, message: `the output reads a secret with ${/\blist\w+/.exec(text)?.[0]}()` }];
    const named = [...text.matchAll(/parameters\('([^']+)'\)/gi)].find(([, name = '']) =>
      secrets.includes(name.toLowerCase()),
    );
    return named ? [{ pointer, message: `the output shows the secret "${named[1]}"` }] : [];
  });
}
