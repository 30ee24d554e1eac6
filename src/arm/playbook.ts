import type { Config } from '../config/config.ts';
import { apiVersions } from '../domain/api-versions.ts';
import { armLiteralValue } from '../domain/arm-literal.ts';
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import type { Connection } from '../workflow/connection.ts';
import { FROM_DEPLOYMENT } from '../workflow/patch/patched.ts';
import type { Playbook } from '../workflow/playbook.ts';
import type { Choice, Choices, Workflow } from '../workflow/workflow.ts';
import { type Release, releaseNotes } from './release.ts';
import { type ArmParameter, type ArmTemplate, armTemplate } from './template.ts';

/** Name of the custom connector wherever it is deployed or looked up; Content Hub links by exactly this default. */
export const CUSTOM_CONNECTOR = 'SIGNL4CustomConnector';

export interface PlaybookTemplateOptions {
  readonly release: Release;
  /**
   * Whether the deployment passes the connector's API key. Content Hub's reviewers refuse that: there, people authorise the
   * connection after the deployment. `deploy` passes it.
   */
  readonly passApiKey?: boolean;
  /** Default: enabled, open to all callers. */
  readonly deployment?: Config['deployment'];
}

/** The template of one playbook: its connections, and the workflow with a system-assigned identity. */
export function playbookTemplate(
  playbook: Playbook,
  workflow: Workflow,
  options: PlaybookTemplateOptions,
): ArmTemplate {
  const { connections, choices, derived } = workflow;
  const passApiKey = options.passApiKey === true && connections.some(({ api }) => api.kind === 'custom');
  return armTemplate({
    metadata: galleryMetadata(playbook, options.release),
    parameters: {
      PlaybookName: {
        type: 'string',
        defaultValue: playbook.name,
        metadata: { description: 'Name of the playbook (the logic app).' },
      },
      ...connectorParameter(connections),
      ...(passApiKey && { Signl4ApiKey: apiKeyParameter }),
      ...deploymentParameters(literalDefaults(choices)),
      ...deploymentParameters(derived.deployment.parameters),
      ...(playbook.restrictCallers && { AllowedCallers: allowedCallers(options.deployment?.allowedCallers ?? []) }),
    },
    variables: {
      ...Object.fromEntries(
        connections.map((connection) => [
          nameVariable(connection),
          `[concat('${connection.displayName}-', parameters('PlaybookName'))]`,
        ]),
      ),
      ...derived.deployment.variables,
    },
    resources: [
      ...connections.map((connection) => connectionResource(connection, passApiKey)),
      workflowResource(playbook, workflow, options.release.version, isDisabled(playbook, options)),
    ],
  });
}

function isDisabled({ name }: Playbook, { deployment }: PlaybookTemplateOptions): boolean {
  return deployment?.disabled.some((one) => one.toLowerCase() === name.toLowerCase()) ?? false;
}

const apiKeyParameter: ArmParameter = {
  type: 'securestring',
  metadata: { description: 'API key of SIGNL4 for the connection of the custom connector.' },
};

function allowedCallers(ranges: readonly string[]): ArmParameter {
  return {
    type: 'array',
    defaultValue: ranges.map((addressRange) => ({ addressRange })),
    metadata: {
      description:
        'Address ranges that may call this playbook, as objects: {"addressRange": "203.0.113.10/32"}. Empty: anyone who knows the URL.',
    },
  };
}

function connectorParameter(connections: readonly Connection[]): Record<string, ArmParameter> {
  const custom = connections.find(({ api }) => api.kind === 'custom');
  if (custom?.api.kind !== 'custom') return {};
  return {
    [custom.api.nameParameter]: {
      type: 'string',
      defaultValue: CUSTOM_CONNECTOR,
      metadata: { description: 'Name of the SIGNL4 custom connector, deployed before into the same resource group.' },
    },
  };
}

const armTypes = {
  String: 'string',
  SecureString: 'securestring',
  Int: 'int',
  Bool: 'bool',
  Array: 'array',
  Object: 'object',
} as const satisfies Record<Choice['type'], ArmParameter['type']>;

/** A default chosen by the user is literal, even if it looks like an ARM expression: `[drill]`. */
function literalDefaults(choices: Choices): Choices {
  return Object.fromEntries(
    Object.entries(choices).map(([name, choice]) => [
      name,
      choice.defaultValue === undefined ? choice : { ...choice, defaultValue: armLiteralValue(choice.defaultValue) },
    ]),
  );
}

function deploymentParameters(choices: Choices): Record<string, ArmParameter> {
  return Object.fromEntries(
    Object.entries(choices).map(([name, { type, defaultValue, allowedValues, description }]) => [
      name,
      {
        type: armTypes[type],
        // Azure requires the member, but an empty value will do.
        ...(type === 'SecureString' && defaultValue === undefined && { minLength: 1 }),
        ...(defaultValue !== undefined && { defaultValue }),
        ...(allowedValues && { allowedValues }),
        metadata: { description },
      },
    ]),
  );
}

function galleryMetadata(playbook: Playbook, release: Release): JsonObject {
  return {
    title: playbook.title,
    description: playbook.description,
    prerequisites: playbook.prerequisites,
    postDeployment: playbook.postDeployment,
    lastUpdateTime: release.date,
    entities: playbook.entities,
    tags: playbook.tags,
    support: { tier: 'partner', link: 'https://www.signl4.com' },
    author: { name: 'Derdack' },
    releaseNotes: releaseNotes(playbook.title, release),
  };
}

function nameVariable({ displayName }: Connection): string {
  return `${displayName}ConnectionName`;
}

function apiId({ api }: Connection): string {
  return api.kind === 'managed'
    ? `[concat('/subscriptions/', subscription().subscriptionId, '/providers/Microsoft.Web/locations/', resourceGroup().location, '/managedApis/${api.name}')]`
    : `[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name, '/providers/Microsoft.Web/customApis/', parameters('${api.nameParameter}'))]`;
}

/** `kind` and `parameterValueType` make the Sentinel connection use the playbook's identity; reviewers require both. */
function connectionResource(connection: Connection, passApiKey: boolean): JsonObject {
  const managed = connection.api.kind === 'managed';
  return {
    type: 'Microsoft.Web/connections',
    apiVersion: apiVersions.connections,
    name: `[variables('${nameVariable(connection)}')]`,
    location: '[resourceGroup().location]',
    ...(managed && { kind: 'V1' }),
    properties: {
      displayName: `[variables('${nameVariable(connection)}')]`,
      customParameterValues: {},
      ...(managed && { parameterValueType: 'Alternative' }),
      ...(!managed && passApiKey && { parameterValues: { api_key: "[parameters('Signl4ApiKey')]" } }),
      api: { id: apiId(connection) },
    },
  };
}

function workflowResource(
  playbook: Playbook,
  { definition, connections, connectionValues, choices }: Workflow,
  version: string,
  isOff: boolean,
): JsonObject {
  const secrets = Object.entries(choices).filter(([, { type }]) => type === 'SecureString');
  const values: Record<string, Json> = {
    ...('$connections' in (definition.parameters ?? {}) && {
      $connections: { value: connectionsValue(connections, connectionValues ?? {}) },
    }),
    ...Object.fromEntries(secrets.map(([name]) => [name, { value: `[parameters('${name}')]` }])),
  };
  return {
    type: 'Microsoft.Logic/workflows',
    apiVersion: apiVersions.logic,
    name: "[parameters('PlaybookName')]",
    location: '[resourceGroup().location]',
    tags: {
      LogicAppsCategory: 'security',
      'hidden-SentinelTemplateName': playbook.name,
      // Content Hub offers an update of the playbook when this increases.
      'hidden-SentinelTemplateVersion': version,
    },
    identity: { type: 'SystemAssigned' },
    ...(connections.length > 0 && {
      dependsOn: connections.map(
        (connection) => `[resourceId('Microsoft.Web/connections', variables('${nameVariable(connection)}'))]`,
      ),
    }),
    properties: {
      state: isOff ? 'Disabled' : 'Enabled',
      ...(playbook.restrictCallers && { accessControl: callersOnly }),
      definition: {
        ...definition,
        actions: armLiteralValue(definition.actions as unknown as Json),
      } as unknown as JsonObject,
      parameters: values,
    },
  };
}

const callersOnly =
  "[if(empty(parameters('AllowedCallers')), json('{}'), createObject('triggers', createObject('allowedCallerIpAddresses', parameters('AllowedCallers'))))]";

/** Our own connections, overridden by edits; a removed one is null. */
function connectionsValue(connections: readonly Connection[], edited: Readonly<Record<string, Json>>): JsonObject {
  const own = Object.fromEntries(connections.map((connection) => [connection.key, connectionValue(connection)]));
  const changed = Object.entries(edited).map(([key, value]): [string, Json] => [
    key,
    isJsonObject(value) ? withDeploymentValues(value, own[key] ?? {}) : value,
  ]);
  const all = { ...own, ...Object.fromEntries(changed) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function withDeploymentValues(edited: JsonObject, own: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(edited).map(([name, value]) => [
      name,
      value === FROM_DEPLOYMENT ? (own[name] ?? '') : armLiteralValue(value),
    ]),
  );
}

function connectionValue(connection: Connection): JsonObject {
  const name = `variables('${nameVariable(connection)}')`;
  return {
    connectionId: `[resourceId('Microsoft.Web/connections', ${name})]`,
    connectionName: `[${name}]`,
    id: apiId(connection),
    ...(connection.api.kind === 'managed' && {
      connectionProperties: { authentication: { type: 'ManagedServiceIdentity' } },
    }),
  };
}
