import type { Entity } from '../../domain/entity.ts';
import { friendly, type NameTables } from '../../rules/product-names.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import { type EntityColumn, entityColumn } from '../kql/rows.ts';

/** Where an entity is shown: in a line of the text, or only as a parameter to copy. */
export type Place = 'who' | 'where' | 'what' | 'parameter';

/** Kinds of entities (lower case): where they are shown, and the parameter for those that do not fit. */
const kinds: Readonly<Record<string, { readonly place: Place; readonly parameter: string }>> = {
  account: { place: 'who', parameter: 'Accounts' },
  mailbox: { place: 'who', parameter: 'Mailboxes' },
  securitygroup: { place: 'who', parameter: 'Groups' },
  serviceprincipal: { place: 'who', parameter: 'Service principals' },
  kubernetesserviceaccount: { place: 'who', parameter: 'Kubernetes accounts' },
  githubuser: { place: 'who', parameter: 'GitHub users' },
  aiagent: { place: 'who', parameter: 'AI agents' },
  host: { place: 'where', parameter: 'Hosts' },
  ip: { place: 'where', parameter: 'IP addresses' },
  azureresource: { place: 'where', parameter: 'Azure resources' },
  iotdevice: { place: 'where', parameter: 'IoT devices' },
  amazonresource: { place: 'where', parameter: 'AWS resources' },
  googlecloudresource: { place: 'where', parameter: 'Google Cloud resources' },
  blobcontainer: { place: 'where', parameter: 'Blob containers' },
  kubernetescluster: { place: 'where', parameter: 'Clusters' },
  kubernetesnamespace: { place: 'where', parameter: 'Namespaces' },
  kubernetescontroller: { place: 'where', parameter: 'Workloads' },
  kubernetespod: { place: 'where', parameter: 'Pods' },
  container: { place: 'where', parameter: 'Containers' },
  githubrepo: { place: 'where', parameter: 'Repositories' },
  cloudapplication: { place: 'where', parameter: 'Applications' },
  oauthapplication: { place: 'what', parameter: 'OAuth applications' },
  malware: { place: 'what', parameter: 'Malware' },
  process: { place: 'what', parameter: 'Processes' },
  file: { place: 'what', parameter: 'Files' },
  dnsresolution: { place: 'what', parameter: 'Domains' },
  blob: { place: 'what', parameter: 'Blobs' },
  containerimage: { place: 'what', parameter: 'Images' },
  mailmessage: { place: 'what', parameter: 'Mails' },
  submissionmail: { place: 'what', parameter: 'Reported mails' },
  mailcluster: { place: 'what', parameter: 'Similar mails' },
  teamsmessage: { place: 'what', parameter: 'Teams messages' },
  url: { place: 'parameter', parameter: 'URLs' },
  filehash: { place: 'parameter', parameter: 'File hashes' },
  registrykey: { place: 'parameter', parameter: 'Registry keys' },
  registryvalue: { place: 'parameter', parameter: 'Registry values' },
};
const others = { place: 'what', parameter: 'Others' } as const;

/** Entities shown together: of one place and one parameter. */
export interface NamedEntities {
  readonly place: Place;
  readonly parameter: string;
  readonly names: readonly string[];
  /** Only found in rows, which show them already. */
  readonly fromRows: boolean;
}

/**
 * The incident's entities by parameter, in order of importance, followed by those that only rows mention. If the incident has
 * none for who or where, those of the rows take their place.
 */
export function placedEntities(
  entities: readonly Entity[],
  results: readonly AlertRows[],
  names: NameTables,
): readonly NamedEntities[] {
  const named = (kind: string, name: string) => ({ kind: kind.toLowerCase(), name: friendly(names.entities, name) });
  const own = byParameter(entities.map(({ kind, name }) => named(kind, name)));
  const found = byParameter(results.flatMap(entitiesOfRows).map(({ kind, name }) => named(kind, name)));
  const places = new Set(own.map(({ place }) => place));
  return [
    ...own.map((each) => ({ ...each, fromRows: false })),
    ...found.map((each) => ({ ...each, fromRows: places.has(each.place) })),
  ];
}

function byParameter(
  all: readonly { readonly kind: string; readonly name: string }[],
): readonly Omit<NamedEntities, 'fromRows'>[] {
  return [...Object.values(kinds), others].flatMap((row) => {
    const found = all.filter(({ kind }) => (kinds[kind] ?? others).parameter === row.parameter);
    return found.length > 0 ? [{ ...row, names: found.map(({ name }) => name) }] : [];
  });
}

/** A masked value does not name an entity. */
function entitiesOfRows({
  columns,
  rows,
}: AlertRows): readonly { readonly kind: EntityColumn; readonly name: string }[] {
  return columns.flatMap((column, index) => {
    const kind = entityColumn(column);
    if (!kind) return [];
    return rows.flatMap((row) => {
      const name = row[index] ?? '';
      return name === '' || name === '…' ? [] : [{ kind, name }];
    });
  });
}
