import { isJsonObject, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { type ArmApp, GROUP, pathAsWritten } from './routes.ts';
import { type AzureSetting, lower, partsOf, type StoredConnection, type StoredResource } from './state.ts';

/** Microsoft.Web/connections and customApis, 2016-06-01. */

const isCustom = (api: string) => /\/customapis\//i.test(api);

/**
 * A connection with a managed identity is Ready, one with a stored key Connected, whether the key is right or not. A PUT
 * without the key loses a stored one.
 */
export function putConnection({ state }: AzureSetting, id: string, body: JsonObject): StoredConnection {
  const api = textOf(memberAt(body, 'properties', 'api', 'id')) ?? '';
  if (isCustom(api) && !state.customConnectors.has(lower(api)))
    throw new ArmError(404, 'ApiNotFound', `The API '${partsOf(api).name}' could not be found.`);
  const apiKey = textOf(memberAt(body, 'properties', 'parameterValues', 'api_key'));
  const parameterValueType = textOf(memberAt(body, 'properties', 'parameterValueType'));
  const status = isCustom(api)
    ? apiKey
      ? 'Connected'
      : 'Error'
    : parameterValueType === 'Alternative'
      ? 'Ready'
      : 'Error';
  const name = partsOf(id).name;
  const connection: StoredConnection = {
    ...{ id, name, api, apiKey, parameterValueType, status },
    location: textOf(body['location']) ?? 'westeurope',
    kind: textOf(body['kind']),
    displayName: textOf(memberAt(body, 'properties', 'displayName')) ?? name,
    ...(status === 'Error' && { message: 'This connection is not authenticated.' }),
  };
  state.connections.set(lower(id), connection);
  return connection;
}

export function connectionView(connection: StoredConnection): JsonObject {
  const { id, name, location, kind, displayName, api, status, message, parameterValueType } = connection;
  const error = status === 'Error' ? { code: 'Unauthenticated', message: message ?? status } : undefined;
  return {
    ...(kind !== undefined && { kind }),
    ...{ id, name, location, type: 'Microsoft.Web/connections' },
    properties: {
      ...{ displayName, authenticatedUser: {}, overallStatus: status, connectionState: 'Enabled' },
      statuses: [{ status, ...(error && { target: 'token', error }) }],
      customParameterValues: {},
      ...(parameterValueType === undefined
        ? { parameterValues: {} }
        : { alternativeParameterValues: {}, parameterValueType }),
      api: { name: partsOf(api).name, id: api, type: 'Microsoft.Web/locations/managedApis' },
      ...{ testLinks: [], testRequests: [] },
    },
  };
}

/** Kept with what the service adds to it. */
export function putCustomConnector({ state }: AzureSetting, id: string, body: JsonObject): StoredResource {
  const properties = isJsonObject(body['properties']) ? body['properties'] : {};
  if (!isJsonObject(properties['swagger']) && !isJsonObject(properties['apiDefinitions']))
    throw new ArmError(400, 'InvalidApiDefinition', 'The API definition has no swagger.');
  const connector: StoredResource = {
    ...{ id, name: partsOf(id).name, type: 'Microsoft.Web/customApis', tags: {} },
    location: textOf(body['location']) ?? 'westeurope',
    properties: { ...properties, runtimeUrls: ['https://westeurope.azure-apim.net/apim/signl4'] },
  };
  state.customConnectors.set(lower(id), connector);
  return connector;
}

export function addConnectionRoutes(app: ArmApp, setting: AzureSetting): void {
  const { state } = setting;
  const kinds = [
    {
      type: 'connections',
      stored: state.connections,
      view: (each: StoredConnection | StoredResource) => connectionView(each as StoredConnection),
      put: putConnection,
    },
    {
      type: 'customapis',
      stored: state.customConnectors,
      view: (each: StoredConnection | StoredResource) => each as unknown as JsonObject,
      put: putCustomConnector,
    },
  ] as const;
  for (const { type, stored, view, put } of kinds) {
    const root = `${GROUP}/providers/microsoft.web/${type}`;
    app.get(root, ({ req }) =>
      Response.json({ value: [...stored.values()].filter(({ id }) => lower(id).startsWith(`${req.path}/`)).map(view) }),
    );
    app.get(`${root}/:name`, ({ req }) => {
      const found = stored.get(req.path);
      if (!found)
        throw new ArmError(
          404,
          'ResourceNotFound',
          `The Resource 'Microsoft.Web/${type}/${req.param('name')}' under resource group '${req.param('g')}' was not found.`,
        );
      return Response.json(view(found));
    });
    app.put(`${root}/:name`, async ({ req }) => {
      const isNew = !stored.has(req.path);
      const made = put(setting, pathAsWritten(req.url), (await readJson(req.raw)) as JsonObject);
      return Response.json(view(made), { status: isNew ? 201 : 200 });
    });
    app.delete(`${root}/:name`, ({ req }) => new Response(null, { status: stored.delete(req.path) ? 200 : 204 }));
  }
}
