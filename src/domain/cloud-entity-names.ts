import type { EntityKind } from './entity-kind.ts';
import type { EntityMembers } from './entity-members.ts';
import { beside, inWords, joined, lastOf, within } from './name-parts.ts';

/*
 * Names of entities in clouds, clusters and code hosts. Members are those of the evidence types of the Microsoft Graph security
 * API (v1.0). Nested things are named together with their container, because short names recur in every namespace and container.
 */
export const cloudKinds: readonly EntityKind[] = [
  { kind: 'ActiveDirectoryDomain', nameOf: ({ text }) => text('activeDirectoryDomainName', 'friendlyName') },
  {
    kind: 'AiAgent',
    nameOf: ({ text }) =>
      beside(text('agentName', 'friendlyName'), inWords(text('hostingPlatformType')), text('agentId')),
  },
  {
    kind: 'OAuthApplication',
    nameOf: ({ text }) =>
      beside(text('displayName', 'name', 'friendlyName'), text('publisher'), text('appId', 'objectId')),
  },
  {
    kind: 'ServicePrincipal',
    nameOf: ({ text }) =>
      beside(
        text('servicePrincipalName', 'friendlyName'),
        inWords(text('servicePrincipalType')),
        text('servicePrincipalObjectId', 'appId'),
      ),
  },
  { kind: 'CloudLogonRequest', nameOf: ({ text }) => text('requestId', 'friendlyName') },
  {
    kind: 'MailboxConfiguration',
    nameOf: ({ text }) => {
      const what = inWords(text('configurationType')) || text('friendlyName');
      const mailbox = text('mailboxPrimaryAddress', 'upn') || text('externalDirectoryObjectId');
      return beside(joined(what, ' of ', mailbox) || what || mailbox, text('displayName') || text('configurationId'));
    },
  },
  {
    kind: 'GoogleCloudResource',
    nameOf: ({ text }) =>
      within(beside(text('resourceName'), text('resourceType')), text('projectId', 'projectNumber')) ||
      text('fullResourceName', 'friendlyName'),
  },
  {
    kind: 'BlobContainer',
    nameOf: (container) =>
      within(container.text('name', 'friendlyName'), storageOf(container)) || container.text('url'),
  },
  {
    kind: 'Blob',
    nameOf: (blob) => {
      const container = blob.linked('blobContainer');
      const name = container?.text('name') ?? '';
      return (
        within(blob.text('name', 'friendlyName'), joined(storageOf(container), '/', name) || name) || blob.text('url')
      );
    },
  },
  {
    kind: 'SasToken',
    nameOf: (token) => {
      const end = token.text('expiryDateTime').slice(0, 10);
      const storage = storageOf(token);
      const name = storage === '' ? token.text('friendlyName', 'signatureHash') : `SAS token for ${storage}`;
      return name === '' ? '' : beside(name, token.text('permissions'), joined('until', ' ', end));
    },
  },
  { kind: 'ContainerRegistry', nameOf: ({ text }) => text('registry', 'friendlyName') },
  { kind: 'ContainerImage', nameOf: ({ text }) => text('imageId', 'friendlyName') },
  {
    kind: 'Container',
    nameOf: (container) =>
      beside(
        container.text('name', 'friendlyName'),
        container.linked('image')?.text('imageId') ?? '',
        // As much of it as people see elsewhere.
        container.text('containerId').slice(0, 12),
      ),
  },
  {
    kind: 'KubernetesCluster',
    nameOf: ({ text }) => beside(text('name', 'friendlyName'), text('platform').toUpperCase()),
  },
  {
    kind: 'KubernetesNamespace',
    nameOf: (namespace) => within(namespace.text('name', 'friendlyName'), clusterOf(namespace)),
  },
  { kind: 'KubernetesPod', nameOf: (pod) => namespaced(pod) },
  {
    kind: 'KubernetesController',
    nameOf: (controller) => {
      const type = controller.text('type');
      return joined(type, ' ', namespaced(controller)) || type;
    },
  },
  { kind: 'KubernetesService', nameOf: (service) => namespaced(service, inWords(service.text('serviceType'))) },
  { kind: 'KubernetesSecret', nameOf: (secret) => namespaced(secret, secret.text('secretType')) },
  { kind: 'KubernetesServiceAccount', nameOf: (account) => namespaced(account) },
  {
    kind: 'GitHubOrganization',
    nameOf: ({ text }) => text('login') || beside(text('displayName', 'friendlyName'), text('orgId')),
  },
  { kind: 'GitHubRepo', nameOf: repositoryName },
  {
    kind: 'GitHubUser',
    nameOf: ({ text }) => beside(text('login', 'friendlyName') || text('userId'), text('name', 'email')),
  },
];

/** The storage account that something lies in. */
function storageOf(part: EntityMembers | undefined): string {
  const storage = part?.linked('storageResource');
  return storage?.text('resourceName') || lastOf(storage?.text('resourceId') ?? '');
}

/** The cluster of a namespace. */
function clusterOf(namespace: EntityMembers | undefined): string {
  const cluster = namespace?.linked('cluster');
  const resource = cluster?.linked('cloudResource');
  return cluster?.text('name') || resource?.text('resourceName') || lastOf(resource?.text('resourceId') ?? '');
}

/** `payments/api in prod-1 (LoadBalancer)` */
function namespaced(object: EntityMembers, mark = ''): string {
  const namespace = object.linked('namespace');
  const name = object.text('name', 'friendlyName');
  const path = joined(namespace?.text('name') ?? '', '/', name) || name;
  return path === '' ? '' : beside(within(path, clusterOf(namespace)), mark);
}

/** The reference calls the repository's own name `login`. */
function repositoryName({ text }: EntityMembers): string {
  const login = text('login', 'friendlyName');
  if (login.includes('/')) return login;
  return joined(text('owner'), '/', login) || beside(login, text('repoId')) || text('baseUrl');
}
