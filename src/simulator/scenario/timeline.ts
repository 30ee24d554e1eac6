import { plural } from '../../domain/text.ts';
import type { WorkReport } from '../../relay/callback/worker.ts';
import type { Environment } from '../environment/environment.ts';
import type { PlaybookRun } from '../environment/run-history.ts';
import type { LoggedRequest } from '../request-log.ts';
import type { IncidentChange, StoredIncident } from '../sentinel/resources.ts';
import { alertStatus, eventTypes, type Signl4Happening } from '../signl4/resources.ts';
import { spokenDuration } from './duration.ts';

/** Who does something in a story. */
export type Actor = 'person' | 'Sentinel' | 'Defender' | 'playbook' | 'relay' | 'SIGNL4' | 'fault';

export interface TimelineEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  readonly text: string;
  readonly isTrouble: boolean;
}

/** Writes down what happens on an environment, in words. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #listeners = new Set<(entry: TimelineEntry) => void>();
  readonly #now: () => number;

  constructor(environment: Environment) {
    const { world, history } = environment;
    this.#now = () => world.clock.now();
    world.sentinel.store.onChange((change) => this.add('Sentinel', describeChange(change)));
    world.sentinel.automation.onUnmatched(({ number }) =>
      this.add('Sentinel', `no automation rule matched incident ${number}`),
    );
    world.signl4.store.onHappening((happening) => this.#happening(happening, environment));
    world.log.onEnd((request) => this.#request(request));
    history.onChange((run) => this.#run(run));
    environment.onRelayReport((report) => this.#report(report));
  }

  add(actor: Actor, text: string, isTrouble = false): void {
    const entry = { at: this.#now(), actor, text, isTrouble };
    this.entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Calls `listener` with every new entry; the result stops it. */
  onEntry(listener: (entry: TimelineEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the relay did with a notification. */
  #report(report: WorkReport): void {
    if (report.outcome === 'waiting') return;
    const why = 'error' in report && report.error instanceof Error ? `: ${report.error.message}` : '';
    this.add('relay', `${relayWords[report.outcome]}${why}`, report.outcome !== 'applied');
  }

  #happening(happening: Signl4Happening, { world }: Environment): void {
    const { alert, user, annotation, eventType } = happening;
    const who = user?.displayname ?? 'nobody in particular';
    const note = annotation ? `: ${annotation.text}` : '';
    if (eventType === eventTypes.punchedIn) this.add('SIGNL4', `${who} goes on duty`);
    if (eventType === eventTypes.punchedOut) this.add('SIGNL4', `${who} goes off duty`);
    if (!alert) return;
    const called = alert.notified.map(({ userId }) => world.signl4.store.user(userId).displayname);
    const texts: Readonly<Record<number, string>> = {
      [eventTypes.created]: `alert ${alert.shortId} "${alert.title}" calls ${called.join(', ') || 'nobody: nobody is on duty'}`,
      [eventTypes.escalated]: `alert ${alert.shortId} is escalated, also to ${called.at(-1) ?? 'nobody'}`,
      [eventTypes.annotated]: `alert ${alert.shortId} is annotated${user ? ` by ${who}` : ''}${note}`,
      [eventTypes.statusChanged]: `alert ${alert.shortId} is ${statusWords[alert.status] ?? 'changed'}${user ? ` by ${who}` : ''}${note}`,
    };
    this.add('SIGNL4', texts[eventType] ?? `event ${eventType}`, alert.status === alertStatus.noResponse);
  }

  #request({ service, method, path, status, failure }: LoggedRequest): void {
    if (status !== undefined && status < 400) return;
    const [place = ''] = path.split('?');
    const what = `${method} ${place.split('/').slice(-3).join('/')}`;
    this.add(
      'fault',
      `${serviceNames[service]} ${failure === undefined ? `answers ${status}` : 'does not answer'} to ${what}`,
      true,
    );
  }

  #run({ playbook, result, problem, startedAt, endedAt }: PlaybookRun): void {
    if (endedAt === undefined) return;
    const took = endedAt > startedAt ? ` after ${spokenDuration(endedAt - startedAt)}` : '';
    const status = result?.status ?? 'Failed';
    const why = problem ?? result?.error?.message;
    this.add('playbook', `${playbook} ${status.toLowerCase()}${took}${why ? `: ${why}` : ''}`, status !== 'Succeeded');
  }
}

const serviceNames: Readonly<Record<LoggedRequest['service'], string>> = {
  arm: 'Azure',
  sentinel: 'Sentinel',
  connector: 'the Sentinel connector',
  logs: 'Log Analytics',
  graph: 'Microsoft Graph',
  entra: 'Entra',
  signl4: 'SIGNL4',
  outside: 'the relay or playbook',
};

const relayWords: Readonly<Record<Exclude<WorkReport['outcome'], 'waiting'>, string>> = {
  applied: 'applies the notification',
  lost: 'lost its lease',
  retry: 'will try again',
  dead: 'gives up',
  'store-failed': 'cannot use its store',
};

const statusWords: Readonly<Record<number, string>> = {
  [alertStatus.open]: 'open again',
  [alertStatus.acknowledged]: 'acknowledged',
  [alertStatus.closed]: 'closed',
  [alertStatus.noResponse]: 'left without a response',
};

function describeChange({ event, incident, by, before, updatedFields, added }: IncidentChange): string {
  const name = `incident ${incident.number}`;
  const { title, severity, status } = incident.properties;
  if (event === 'Create')
    return `${name} "${title}" (${severity}) is created with ${plural(incident.alerts.length, 'alert')}`;
  const parts = updatedFields.map((field) => {
    switch (field) {
      case 'Status':
        return `status ${before.status} → ${status}${classificationOf(incident)}`;
      case 'Severity':
        return `severity ${before.severity} → ${severity}`;
      case 'Owner':
        return `owner ${incident.properties.owner.assignedTo ?? 'nobody'}`;
      case 'Labels':
        return added.labels.length > 0
          ? `tag ${added.labels.map(({ labelName }) => labelName).join(', ')}`
          : 'tags taken away';
      case 'Comments':
        return `comment "${shorten(added.comments[0]?.properties.message ?? '')}"`;
      case 'Alerts':
        return plural(added.alerts.length, 'more alert');
      default:
        return field.toLowerCase();
    }
  });
  return `${name}: ${parts.join(', ')} (by ${by.name})`;
}

function classificationOf({ properties: { classification, classificationReason } }: StoredIncident): string {
  if (!classification) return '';
  return ` as ${classification}${classificationReason ? ` - ${classificationReason}` : ''}`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
