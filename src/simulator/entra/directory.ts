/** Who can act in the tenant. */
export interface Principal {
  readonly objectId: string;
  readonly kind: 'User' | 'Group' | 'ServicePrincipal' | 'ManagedIdentity';
  readonly displayName: string;
  readonly userPrincipalName?: string;
  readonly mail?: string;
  /** Application id of a service principal or managed identity. */
  readonly appId?: string;
  /** The identity of a playbook: Sentinel tells those apart from other applications. */
  readonly isPlaybook?: boolean;
  /** Client secrets of a service principal: value to the instant at which it expires. */
  readonly secrets?: Readonly<Record<string, number>>;
  /** Application permissions by resource: `https://graph.microsoft.com` to `['User.Read.All']`. */
  readonly appRoles?: Readonly<Record<string, readonly string[]>>;
}

/** An application that tokens are asked for, e.g. the relay. */
export interface ResourceApp {
  /** `https://management.azure.com` or `api://…`; without a slash at the end. */
  readonly uri: string;
  /** What is in `aud`: v1 tokens carry the URI, v2 tokens the application id. */
  readonly tokenVersion: 1 | 2;
  readonly appId: string;
}

/** The resources that every tenant knows. */
const microsoftResources: readonly ResourceApp[] = [
  { uri: 'https://management.azure.com', tokenVersion: 1, appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013' },
  { uri: 'https://management.core.windows.net', tokenVersion: 1, appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013' },
  { uri: 'https://api.loganalytics.azure.com', tokenVersion: 1, appId: 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5' },
  { uri: 'https://api.loganalytics.io', tokenVersion: 1, appId: 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5' },
  { uri: 'https://graph.microsoft.com', tokenVersion: 1, appId: '00000003-0000-0000-c000-000000000000' },
  { uri: 'https://vault.azure.net', tokenVersion: 1, appId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093' },
  { uri: 'https://storage.azure.com', tokenVersion: 1, appId: 'e406a681-f3d4-42a8-90b6-c2b029497af1' },
];

/** The tenant's users, applications and managed identities. */
export class Directory {
  readonly principals = new Map<string, Principal>();
  readonly #resources = [...microsoftResources];

  add(principal: Principal): Principal {
    this.principals.set(principal.objectId.toLowerCase(), principal);
    return principal;
  }

  addResource(resource: ResourceApp): ResourceApp {
    this.#resources.push(resource);
    return resource;
  }

  find(objectId: string): Principal | undefined {
    return this.principals.get(objectId.toLowerCase());
  }

  findApp(appId: string): Principal | undefined {
    return [...this.principals.values()].find((principal) => principal.appId?.toLowerCase() === appId.toLowerCase());
  }

  /** A user by object id, user principal name or mail address, in any casing. */
  findUser(key: string): Principal | undefined {
    const wanted = key.toLowerCase();
    return [...this.principals.values()].find(
      ({ kind, objectId, userPrincipalName, mail }) =>
        kind === 'User' && [objectId, userPrincipalName, mail].some((name) => name?.toLowerCase() === wanted),
    );
  }

  /** Who may own an incident: a user, or a group by its object id. */
  findOwner(key: string): Principal | undefined {
    const found = this.find(key);
    return found?.kind === 'Group' ? found : this.findUser(key);
  }

  /** By URI (a slash at the end does not matter) or application id. */
  findResource(name: string): ResourceApp | undefined {
    const wanted = name.replace(/\/+$/, '').toLowerCase();
    return this.#resources.find(
      ({ uri, appId }) => uri.toLowerCase() === wanted || appId === wanted || `api://${appId}` === wanted,
    );
  }
}
