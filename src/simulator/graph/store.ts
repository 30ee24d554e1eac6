import { type Clock, isoTime } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { GraphAlert, GraphComment, GraphIncident } from './resources.ts';

export interface NewGraphIncident {
  readonly displayName: string;
  readonly description?: string;
  readonly severity?: GraphIncident['severity'];
  readonly customTags?: readonly string[];
  readonly assignedTo?: string;
  /** `awaitingAction` is what Defender Experts set. Left out: `active`. */
  readonly status?: GraphIncident['status'];
  readonly summary?: string;
  readonly alerts?: readonly NewGraphAlert[];
}

type WritableIncident = Pick<
  GraphIncident,
  'status' | 'assignedTo' | 'classification' | 'determination' | 'severity' | 'displayName' | 'customTags'
>;

export interface NewGraphAlert {
  readonly title: string;
  readonly description?: string;
  readonly severity?: GraphAlert['severity'];
  /** `microsoftDefenderForEndpoint`, `microsoftDefenderForIdentity`, … */
  readonly serviceSource?: string;
  readonly detectionSource?: string;
  readonly productName?: string;
  readonly category?: string;
  /** Left out: the category. */
  readonly categories?: readonly string[];
  readonly mitreTechniques?: readonly string[];
  /** `[{ '@odata.type': '#microsoft.graph.security.userEvidence', … }]` */
  readonly evidence?: GraphAlert['evidence'];
  readonly additionalData?: GraphAlert['additionalData'];
}

/** Incidents and alerts of Defender XDR. */
export class GraphStore {
  readonly incidents = new Map<string, GraphIncident>();
  readonly alerts = new Map<string, GraphAlert>();
  readonly #tenantId: string;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(tenantId: string, clock: Clock, ids: Ids) {
    this.#tenantId = tenantId;
    this.#clock = clock;
    this.#ids = ids;
  }

  createIncident(input: NewGraphIncident): GraphIncident {
    const id = String(this.#ids.next('graph incident') + 1_000);
    const now = isoTime(this.#clock.now());
    const incidentWebUrl = `https://security.microsoft.com/incidents/${id}?tid=${this.#tenantId}`;
    const incident: GraphIncident = {
      id,
      tenantId: this.#tenantId,
      status: input.status ?? 'active',
      incidentWebUrl,
      redirectIncidentId: null,
      displayName: input.displayName,
      createdDateTime: now,
      lastUpdateDateTime: now,
      lastModifiedBy: null,
      assignedTo: input.assignedTo ?? null,
      classification: 'unknown',
      determination: 'unknown',
      severity: input.severity ?? 'medium',
      customTags: [...(input.customTags ?? [])],
      systemTags: input.status === 'awaitingAction' ? ['Defender Experts'] : [],
      description: input.description ?? null,
      summary: input.summary ?? null,
      resolvingComment: null,
      comments: [],
    };
    this.incidents.set(id, incident);
    for (const alert of input.alerts ?? []) this.#addAlert(incident, alert);
    return incident;
  }

  /** Defender merges incidents that belong together: the first one gives alerts and tags to the second, and points to it. */
  merge(id: string, into: string): void {
    const incident = this.incidents.get(id);
    const target = this.incidents.get(into);
    if (!incident || !target) throw new RangeError(`cannot merge incident ${id} into ${into}`);
    for (const alert of this.alertsOf(id)) {
      alert.incidentId = into;
      alert.incidentWebUrl = target.incidentWebUrl;
    }
    target.customTags = [...new Set([...target.customTags, ...incident.customTags])];
    incident.systemTags = [...incident.systemTags, 'Redirected'];
    incident.status = 'redirected';
    incident.redirectIncidentId = into;
    this.touch(incident);
    this.touch(target);
  }

  /** Gives all comments of it. `by`: name of the person or application. */
  comment(resource: GraphIncident | GraphAlert, text: string, by: string): readonly GraphComment[] {
    resource.comments.push({
      '@odata.type': '#microsoft.graph.security.alertComment',
      comment: text,
      createdByDisplayName: by,
      createdDateTime: isoTime(this.#clock.now()),
    });
    // Whether the service counts a comment as a change is not documented.
    if ('lastModifiedBy' in resource) resource.lastModifiedBy = by;
    this.touch(resource);
    return resource.comments;
  }

  /**
   * What a person or an application changes; `by`: its name. Resolving an incident resolves its alerts, assigning it assigns them
   * (Defender portal, manage incidents).
   */
  change(id: string, changes: Partial<WritableIncident>, by: string): void {
    const incident = this.incidents.get(id);
    if (!incident) throw new RangeError(`there is no incident ${id}`);
    Object.assign(incident, changes, { lastModifiedBy: by });
    for (const alert of this.alertsOf(id)) {
      if (changes.status === 'resolved') alert.status = 'resolved';
      if (changes.assignedTo !== undefined) alert.assignedTo = changes.assignedTo;
    }
    this.touch(incident);
  }

  touch(resource: { lastUpdateDateTime: string }): void {
    resource.lastUpdateDateTime = isoTime(this.#clock.now());
  }

  alertsOf(incidentId: string): readonly GraphAlert[] {
    return [...this.alerts.values()].filter((alert) => alert.incidentId === incidentId);
  }

  #addAlert(incident: GraphIncident, input: NewGraphAlert): void {
    const id = `da${this.#ids.guid('graph alert').replaceAll('-', '')}_1`;
    const now = isoTime(this.#clock.now());
    this.alerts.set(id, {
      id,
      incidentId: incident.id,
      tenantId: this.#tenantId,
      status: 'new',
      severity: input.severity ?? incident.severity,
      classification: null,
      determination: null,
      serviceSource: input.serviceSource ?? 'microsoftDefenderForEndpoint',
      detectionSource: input.detectionSource ?? 'antivirus',
      productName: input.productName ?? null,
      title: input.title,
      description: input.description ?? '',
      category: input.category ?? 'SuspiciousActivity',
      categories: input.categories ?? [input.category ?? 'SuspiciousActivity'],
      assignedTo: null,
      alertWebUrl: `https://security.microsoft.com/alerts/${id}?tid=${this.#tenantId}`,
      incidentWebUrl: incident.incidentWebUrl,
      createdDateTime: now,
      lastUpdateDateTime: now,
      firstActivityDateTime: now,
      lastActivityDateTime: now,
      mitreTechniques: input.mitreTechniques ?? [],
      evidence: input.evidence ?? [],
      additionalData: input.additionalData ?? null,
      comments: [],
    });
  }
}
