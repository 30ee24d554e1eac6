import { isJsonObject, type Json, listOf, member, textOf } from '../domain/json.ts';
import { createRestClient, itemsOf, type RestOptions } from './rest.ts';

const SERVICE = 'Microsoft Graph';

/** An application registered in the tenant, with the expiry of each of its secrets. */
export interface Application {
  /** Object id of the registration. */
  readonly id: string;
  /** Application (client) id, used to sign in. */
  readonly appId: string;
  readonly displayName: string;
  readonly secrets: readonly { readonly keyId: string; readonly name: string; readonly ends: string }[];
  /** Requested permissions as Graph has them: `{ resourceAppId, resourceAccess }`. */
  readonly requested: readonly Json[];
}

interface NewSecret {
  readonly keyId: string;
  /** The secret; returned only this once. */
  readonly text: string;
}

interface AppPermission {
  /** Object id of the service principal whose role it is. */
  readonly resourceId: string;
  readonly appRoleId: string;
}

/** Users, applications and permissions of one tenant (Microsoft Graph v1.0). */
export interface DirectoryClient {
  /** Object id of the service principal of an application; undefined where the tenant has none. */
  servicePrincipal(appId: string): Promise<string | undefined>;
  /** Object id of a user by user principal name or mail address. */
  userId(mail: string, signal?: AbortSignal): Promise<string | undefined>;
  application(displayName: string): Promise<Application | undefined>;
  /** Applications with this name; names are not unique. A new one may be missing for minutes. */
  applications(displayName: string): Promise<readonly Application[]>;
  createApplication(displayName: string): Promise<Application>;
  createServicePrincipal(appId: string): Promise<string>;
  /** A new secret; `ends` in ISO 8601. */
  addSecret(applicationId: string, name: string, ends: string): Promise<NewSecret>;
  removeSecret(applicationId: string, keyId: string): Promise<void>;
  /** Object ids of the groups that a service principal is in, directly or indirectly; undefined if the directory does not say. */
  groups(principalId: string): Promise<readonly string[] | undefined>;
  /** Application permissions that a service principal has been given. */
  permissions(principalId: string): Promise<readonly AppPermission[]>;
  /** Sets the permissions that an application requests. */
  request(applicationId: string, requested: readonly Json[]): Promise<void>;
  /** Grants an application permission; requires an administrator. */
  grant(principalId: string, permission: AppPermission): Promise<void>;
}

export type DirectoryOptions = Omit<RestOptions, 'service'>;

export function createDirectoryClient(options: DirectoryOptions): DirectoryClient {
  const rest = createRestClient({ service: SERVICE, ...options });
  const get = async (path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal) =>
    (await rest.send({ method: 'GET', path: `/v1.0${path}`, query, signal })).body;
  const post = async (path: string, body: Json) =>
    (await rest.send({ method: 'POST', path: `/v1.0${path}`, body })).body;
  const first = (body: Json) => itemsOf(SERVICE, body, 'value')[0];
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

  async function applications(displayName: string): Promise<readonly Application[]> {
    const found = await get('/applications', { $filter: `displayName eq ${quoted(displayName)}` });
    return itemsOf(SERVICE, found, 'value').map(readApplication);
  }

  return {
    async servicePrincipal(appId) {
      return idOf(
        first(await get('/servicePrincipals', { $filter: `appId eq ${quoted(appId)}`, $select: 'id,appId' })),
      );
    },
    async userId(mail, signal) {
      const filter = `userPrincipalName eq ${quoted(mail)} or mail eq ${quoted(mail)}`;
      return idOf(first(await get('/users', { $filter: filter, $select: 'id', $top: '1' }, signal)));
    },
    application: async (displayName) => (await applications(displayName))[0],
    applications,
    createApplication: async (displayName) =>
      readApplication(await post('/applications', { displayName, signInAudience: 'AzureADMyOrg' })),
    createServicePrincipal: async (appId) => idOf(await post('/servicePrincipals', { appId })) ?? '',
    async addSecret(applicationId, name, ends) {
      const passwordCredential = { displayName: name, endDateTime: ends };
      const answer = await post(`/applications/${encodeURIComponent(applicationId)}/addPassword`, {
        passwordCredential,
      });
      return { keyId: textOf(member(answer, 'keyId')) ?? '', text: textOf(member(answer, 'secretText')) ?? '' };
    },
    async removeSecret(applicationId, keyId) {
      await post(`/applications/${encodeURIComponent(applicationId)}/removePassword`, { keyId });
    },
    async groups(principalId) {
      try {
        const path = `/servicePrincipals/${encodeURIComponent(principalId)}/getMemberGroups`;
        return itemsOf(SERVICE, await post(path, { securityEnabledOnly: true }), 'value').flatMap(
          (id) => textOf(id) ?? [],
        );
      } catch (error) {
        if ([403, 404].includes(Number(member(error, 'statusCode')))) return undefined;
        throw error;
      }
    },
    async permissions(principalId) {
      const path = `/v1.0/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments`;
      const assignments = await rest.all({ method: 'GET', path });
      return assignments.map((assignment) => ({
        resourceId: textOf(member(assignment, 'resourceId')) ?? '',
        appRoleId: textOf(member(assignment, 'appRoleId')) ?? '',
      }));
    },
    async request(applicationId, requested) {
      const path = `/v1.0/applications/${encodeURIComponent(applicationId)}`;
      await rest.send({ method: 'PATCH', path, body: { requiredResourceAccess: requested } });
    },
    async grant(principalId, { resourceId, appRoleId }) {
      const path = `/servicePrincipals/${encodeURIComponent(principalId)}/appRoleAssignments`;
      await post(path, { principalId, resourceId, appRoleId });
    },
  };
}

function idOf(value: unknown): string | undefined {
  return isJsonObject(value) ? textOf(value['id']) : undefined;
}

function readApplication(value: unknown): Application {
  const text = (name: string) => textOf(member(value, name)) ?? '';
  return {
    id: text('id'),
    appId: text('appId'),
    displayName: text('displayName'),
    secrets: listOf(member(value, 'passwordCredentials')).map((secret) => ({
      keyId: textOf(member(secret, 'keyId')) ?? '',
      name: textOf(member(secret, 'displayName')) ?? '',
      ends: textOf(member(secret, 'endDateTime')) ?? '',
    })),
    requested: listOf(member(value, 'requiredResourceAccess')) as readonly Json[],
  };
}
