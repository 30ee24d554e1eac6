import type { Workspace } from '../../config/config.ts';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import { ArmError, badRequest, notFound } from './arm-error.ts';
import { initialProperties, type NewIncident, ruleIdsOf } from './new-incident.ts';
import type {
  Actor,
  AlertResource,
  Author,
  ChildResource,
  CommentResource,
  EntityResource,
  IncidentChange,
  StoredIncident,
  UpdatedField,
  WritableProperties,
} from './resources.ts';

/** Service limits of Sentinel (azure-docs, sentinel-service-limits). */
export const limits = {
  commentCharacters: 30_000,
  comments: 100,
  alerts: 150,
  tasks: 40,
  descriptionCharacters: 5_000,
};

const sentinelItself: Actor = { name: 'Microsoft Sentinel', source: 'Application' };

/** The incidents of one workspace. Every write changes the ETag and tells the listeners what changed. */
export class SentinelStore {
  readonly incidents = new Map<string, StoredIncident>();
  readonly workspace: Workspace;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #listeners = new Set<(change: IncidentChange) => void>();

  constructor(workspace: Workspace, clock: Clock, ids: Ids) {
    this.workspace = workspace;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Calls `listener` after each write; the returned function removes it. */
  onChange(listener: (change: IncidentChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** By GUID or ARM id, in any casing. Throws 404 where there is none. */
  incident(nameOrArmId: string): StoredIncident {
    const name = (nameOrArmId.split('/').at(-1) ?? '').toLowerCase();
    const incident = this.incidents.get(name);
    if (!incident) throw notFound(`Incident '${name}'`);
    return incident;
  }

  createIncident(input: NewIncident, by: Actor = sentinelItself): StoredIncident {
    const number = this.#ids.next('incident number');
    const now = this.#clock.now();
    const provider = input.provider ?? 'Azure Sentinel';
    const incident: StoredIncident = {
      name: (input.name ?? this.#ids.guid('incident')).toLowerCase(),
      number,
      created: now,
      modified: now,
      etag: this.#newEtag(),
      provider,
      providerIncidentId: input.providerIncidentId ?? String(number),
      properties: input.properties ?? initialProperties(input),
      ruleIds: [...(input.ruleIds ?? ruleIdsOf(input.alerts ?? []))],
      tactics: [...(input.tactics ?? distinct(input.alerts?.flatMap(({ properties }) => properties.tactics) ?? []))],
      techniques: [...(input.techniques ?? [])],
      alerts: [...(input.alerts ?? [])],
      entities: [...(input.entities ?? [])],
      comments: [],
      bookmarks: [],
      relations: [],
      tasks: [],
    };
    if (incident.alerts.length > limits.alerts) throw badRequest(`An incident holds at most ${limits.alerts} alerts`);
    this.incidents.set(incident.name, incident);
    const { properties } = incident;
    this.#tell({
      event: 'Create',
      incident,
      by,
      before: properties,
      after: properties,
      updatedFields: [],
      added: nothingAdded,
    });
    return incident;
  }

  /** Replaces all writable properties. `etag` is the one that the writer has read; if it is outdated, that is a conflict. */
  replace(nameOrArmId: string, properties: WritableProperties, by: Actor, etag?: string): StoredIncident {
    const incident = this.incident(nameOrArmId);
    if (etag !== undefined) this.checkEtag(incident, etag);
    const before = incident.properties;
    const labels = properties.labels.filter(
      ({ labelName }) => !before.labels.some((old) => old.labelName === labelName),
    );
    incident.properties = properties;
    this.#touch(incident);
    const updatedFields = changedFields(before, properties);
    if (updatedFields.length > 0)
      this.#tell({
        event: 'Update',
        incident,
        by,
        before,
        after: properties,
        updatedFields,
        added: { ...nothingAdded, labels },
      });
    return incident;
  }

  /** Changes some properties and keeps the rest: what a person does in the portal. */
  update(nameOrArmId: string, changes: Partial<WritableProperties>, by: Actor): StoredIncident {
    return this.replace(nameOrArmId, { ...this.incident(nameOrArmId).properties, ...changes }, by);
  }

  /** Throws 409, as Sentinel does, where somebody has written since. */
  checkEtag(incident: StoredIncident, etag: string): void {
    if (unquoted(etag) === unquoted(incident.etag)) return;
    const message = `Newer version of resource '${incident.name}' exists for etag '${etag}'. Data was not saved`;
    throw new ArmError(409, 'Conflict', message);
  }

  delete(nameOrArmId: string): void {
    this.incidents.delete(this.incident(nameOrArmId).name);
  }

  /** Alerts that grouping adds to an open incident. Throws 400 beyond 150. */
  addAlerts(nameOrArmId: string, alerts: readonly AlertResource[], entities: readonly EntityResource[] = []): void {
    const incident = this.incident(nameOrArmId);
    if (incident.alerts.length + alerts.length > limits.alerts)
      throw badRequest(`An incident holds at most ${limits.alerts} alerts`);
    const tactics = distinct(alerts.flatMap(({ properties }) => properties.tactics)).filter(
      (tactic) => !incident.tactics.includes(tactic),
    );
    incident.alerts.push(...alerts);
    incident.entities.push(...entities);
    incident.tactics.push(...tactics);
    this.#touch(incident);
    const updatedFields: UpdatedField[] = tactics.length > 0 ? ['Alerts', 'Tactics'] : ['Alerts'];
    const by: Actor = { name: 'Alert grouping', source: 'Alert grouping' };
    const added = { ...nothingAdded, alerts, tactics };
    this.#tellAdded(incident, by, updatedFields, added);
  }

  /** Writes a comment under its GUID: a repeat replaces the text and keeps author and time of creation. */
  putComment(
    nameOrArmId: string,
    comment: { name?: string; message: string },
    author: Author,
    by: Actor,
  ): CommentResource {
    const incident = this.incident(nameOrArmId);
    const name = (comment.name ?? this.#ids.guid('comment')).toLowerCase();
    const index = incident.comments.findIndex((other) => other.name === name);
    const old = incident.comments[index];
    if (!old && incident.comments.length >= limits.comments)
      throw badRequest(`Incident '${incident.name}' has reached the limit of ${limits.comments} comments`);
    const now = wireTime(this.#clock.now());
    const written: CommentResource = {
      id: `${this.armId('Incidents', incident.name)}/Comments/${name}`,
      name,
      type: 'Microsoft.SecurityInsights/incidents/comments',
      etag: unquoted(this.#newEtag()),
      properties: {
        message: comment.message,
        createdTimeUtc: old?.properties.createdTimeUtc ?? now,
        lastModifiedTimeUtc: now,
        author: old?.properties.author ?? author,
      },
    };
    incident.comments.splice(old ? index : incident.comments.length, old ? 1 : 0, written);
    this.#touch(incident);
    const added = { ...nothingAdded, comments: [written] };
    this.#tellAdded(incident, by, ['Comments'], added);
    return written;
  }

  /** False where there was none. */
  deleteChild(nameOrArmId: string, kind: ChildKind | 'comments', name: string): boolean {
    const incident = this.incident(nameOrArmId);
    const list: { name: string }[] = incident[kind];
    const index = list.findIndex((child) => child.name === name.toLowerCase());
    if (index < 0) return false;
    list.splice(index, 1);
    this.#touch(incident);
    return true;
  }

  putChild(
    nameOrArmId: string,
    kind: ChildKind,
    name: string,
    properties: Readonly<Record<string, unknown>>,
  ): ChildResource {
    const incident = this.incident(nameOrArmId);
    const id = `${this.armId('Incidents', incident.name)}/${kind}/${name}`;
    const child = { id, name, type: `Microsoft.SecurityInsights/incidents/${kind}`, etag: this.#newEtag(), properties };
    const index = incident[kind].findIndex((other) => other.name === name);
    incident[kind].splice(index < 0 ? incident[kind].length : index, index < 0 ? 0 : 1, child);
    this.#touch(incident);
    return child;
  }

  /** `/subscriptions/…/providers/Microsoft.SecurityInsights/Incidents/<guid>` */
  armId(kind: string, name: string): string {
    const { subscriptionId, resourceGroup, name: workspace } = this.workspace;
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    return `${scope}/providers/Microsoft.OperationalInsights/workspaces/${workspace}/providers/Microsoft.SecurityInsights/${kind}/${name}`;
  }

  #touch(incident: StoredIncident): void {
    incident.etag = this.#newEtag();
    incident.modified = this.#clock.now();
  }

  #newEtag(): string {
    const counter = this.#ids.next('etag').toString(16).padStart(8, '0');
    const time = Math.floor(this.#clock.now() / 1_000)
      .toString(16)
      .padStart(8, '0');
    return `"${counter}-0000-0000-0000-${time}0000"`;
  }

  #tellAdded(incident: StoredIncident, by: Actor, updatedFields: UpdatedField[], added: IncidentChange['added']): void {
    const { properties } = incident;
    this.#tell({ event: 'Update', incident, by, before: properties, after: properties, updatedFields, added });
  }

  #tell(change: IncidentChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

export type ChildKind = 'bookmarks' | 'relations' | 'tasks';

const nothingAdded: IncidentChange['added'] = { alerts: [], comments: [], labels: [], tactics: [] };

const comparedFields: readonly { name: UpdatedField; read: (properties: WritableProperties) => unknown }[] = [
  { name: 'Title', read: ({ title }) => title },
  { name: 'Description', read: ({ description }) => description ?? '' },
  { name: 'Severity', read: ({ severity }) => severity },
  { name: 'Status', read: ({ status }) => status },
  { name: 'Owner', read: ({ owner }) => owner.objectId },
  {
    name: 'Labels',
    read: ({ labels }) =>
      labels
        .map(({ labelName }) => labelName)
        .sort()
        .join('\n'),
  },
];

function changedFields(before: WritableProperties, after: WritableProperties): UpdatedField[] {
  return comparedFields.filter(({ read }) => read(before) !== read(after)).map(({ name }) => name);
}

/** Seven decimals, as Azure's services write times. */
export function wireTime(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '0000Z');
}

function unquoted(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '');
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
