import type { JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { IDENTITY_CAPABLE } from '../../identity-capable.ts';
import { at, listAt, objectAt, textAt, textsOf } from '../../json-walk.ts';
import { apiIdOf, isSentinelApi, type PlaybookPart, type PlaybookSubject } from '../../playbook-subject.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';

/** API connections as resources: how they sign in, and how a custom connector is named. */
export const connectionResourceRules: readonly SubjectRule<PlaybookSubject>[] = [
  {
    id: 'connection.sentinel',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Set kind "V1" and parameterValueType "Alternative" on the connection of azuresentinel: with both it uses the managed identity.',
    check: ({ level, connections }) =>
      connections
        .filter((connection) => isSentinelApi(apiIdOf(connection, level)))
        .flatMap(({ pointer, raw }) => [
          ...(raw['kind'] === 'V1'
            ? []
            : [{ pointer, message: `the kind of the connection is ${raw['kind'] ?? 'missing'}` }]),
          ...(textAt(raw, 'properties', 'parameterValueType') === 'Alternative'
            ? []
            : [{ pointer: `${pointer}/properties`, message: 'parameterValueType is not "Alternative"' }]),
        ]),
  },
  {
    id: 'connection.alternative',
    level: 'warning',
    source: sources.managedIdentity,
    help: 'Set parameterValueType "Alternative": without it the connection waits for somebody to sign in.',
    check: ({ level, connections }) =>
      connections.flatMap((connection) => {
        const api = /\/managedApis\/([^/]+)$/i.exec(apiIdOf(connection, level))?.[1]?.toLowerCase() ?? '';
        const properties = objectAt(connection.raw, 'properties');
        const hasCredential = ['parameterValueType', 'parameterValueSet', 'parameterValues'].some(
          (name) => properties[name] !== undefined,
        );
        return IDENTITY_CAPABLE.has(api) && api !== 'azuresentinel' && !hasCredential
          ? [
              {
                pointer: `${connection.pointer}/properties`,
                message: `the connection of ${api} has no credential, although a managed identity would do`,
              },
            ]
          : [];
      }),
  },
  {
    id: 'connection.unauthorised',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Say in metadata.postDeployment that the connection must be authorised, and where.',
    check: ({ level, connections, isSource }) => {
      const says = listAt(level.template, 'metadata', 'postDeployment').some((text) => /authori[sz]e/i.test(`${text}`));
      return !isSource || says
        ? []
        : connections
            .filter(({ raw }) => {
              const properties = objectAt(raw, 'properties');
              return properties['parameterValues'] === undefined && properties['parameterValueType'] === undefined;
            })
            .map(({ pointer }) => ({
              pointer,
              message: 'the connection has no credential, and nothing tells people to authorise it',
            }));
    },
  },
  {
    id: 'connection.literal-credential',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Pass a securestring parameter, or leave parameterValues out and let people authorise the connection.',
    check: ({ level, connections }) =>
      connections.flatMap(({ pointer, raw }) =>
        textsOf(at(raw, 'properties', 'parameterValues') ?? null, `${pointer}/properties/parameterValues`)
          .filter(
            ({ name, text }) => /key|secret|password|token/i.test(name) && !isSecretParameter(text, level.template),
          )
          .map(({ pointer: place, name, text }) => ({
            pointer: place,
            message: text === '' ? `"${name}" is empty` : `"${name}" is not a secret parameter`,
          })),
      ),
  },
  {
    id: 'connection.resource',
    level: 'warning',
    source: sources.reviewGuide,
    help: "Write Microsoft.Web/connections in this casing, name it by a variable that holds the playbook's name, and set the location [resourceGroup().location].",
    check: ({ connections, isSource }) =>
      connections.flatMap(({ pointer, raw }) => [
        ...(raw['type'] === 'Microsoft.Web/connections'
          ? []
          : [{ pointer: `${pointer}/type`, message: `the type is written ${raw['type']}` }]),
        ...(isSource && !/^\[(variables|parameters|concat)\(/i.test(`${raw['name']}`)
          ? [{ pointer: `${pointer}/name`, message: `the name ${raw['name']} is fixed: two playbooks would share it` }]
          : []),
        ...(isSource && raw['location'] !== '[resourceGroup().location]'
          ? [{ pointer: `${pointer}/location`, message: `the location is ${raw['location']}` }]
          : []),
      ]),
  },
  {
    id: 'connection.custom-connector',
    level: 'warning',
    source: sources.connectorLink,
    help: "Write the api id in the connection itself: [concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name, '/providers/Microsoft.Web/customApis/', parameters('CustomConnectorName'))], the parameter last, with the default of the connector's template.",
    check: (playbook) =>
      playbook.isSource ? playbook.connections.flatMap((one) => connectorLinkProblems(one, playbook)) : [],
  },
];

function isSecretParameter(text: string, template: JsonObject): boolean {
  const name = /^\[parameters\('([^']+)'\)\]$/i.exec(text)?.[1];
  return name !== undefined && /^secure/i.test(textAt(template, 'parameters', name, 'type') ?? '');
}

function connectorLinkProblems(connection: PlaybookPart, { level, connectorDefaults }: PlaybookSubject): Violation[] {
  const pointer = `${connection.pointer}/properties/api/id`;
  if (!/\/customApis\//i.test(apiIdOf(connection, level))) return [];
  const id = textAt(connection.raw, 'properties', 'api', 'id') ?? '';
  const name = /\/providers\/Microsoft\.Web\/customApis\/.*,\s*parameters\('([^']+)'\)\s*\)\]$/i.exec(id)?.[1];
  if (name === undefined) {
    return [
      {
        pointer,
        message:
          'the packaging tool cannot tell which connector this is, so it will not be installed with the playbook',
      },
    ];
  }
  const fallback = textAt(level.template, 'parameters', name, 'defaultValue');
  if (fallback === undefined)
    return [
      {
        pointer: `/parameters${pointerStep(name)}`,
        message: `"${name}" has no default, which stops the packaging tool`,
      },
    ];
  return connectorDefaults.length === 0 || connectorDefaults.includes(fallback)
    ? []
    : [
        {
          pointer: `/parameters${pointerStep(name)}/defaultValue`,
          message: `"${fallback}" is not a connector here; there is ${connectorDefaults.join(', ')}`,
        },
      ];
}
