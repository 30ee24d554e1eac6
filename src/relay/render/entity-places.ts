import type { Entity } from '../../domain/entity.ts';
import { friendly, type NameTables } from '../../rules/product-names.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import { type EntityColumn, entityColumn } from '../kql/rows.ts';

/** Where an entity is written: in one of the lines of the text, or as a parameter only, to be copied. */
export type Place = 'who' | 'where' | 'what' | 'parameter';

/** Kinds of entities (lower case), where they are written, and the name of the parameter that has those without room. */
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

/** What is said together: the entities of one place, and of one parameter. */
export interface NamedEntities {
  readonly place: Place;
  readonly parameter: string;
  readonly names: readonly string[];
  /** Found in rows only: these say it themselves, and in their place. */
  readonly fromRows: boolean;
}

/**
 * The incident's entities by parameter, in the order of use, then those that only rows name. Where the incident says nothing
 * of who or where, what rows say counts as its own.
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

/** A masked value names nobody. */
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
