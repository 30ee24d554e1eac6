import { randomUUID } from 'node:crypto';
import type { SentinelClient } from '../../azure/sentinel.ts';
import { formatExternalId } from '../../domain/external-id.ts';
import { type Incident, readIncident } from '../../domain/incident.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { alertStates } from '../../domain/notification.ts';
import { unmatched } from '../../rules/filter.ts';
import { nameTables } from '../../rules/product-names.ts';
import { createSignl4Client, type Signl4Alert, type Signl4Client } from '../../signl4/client.ts';
import { type DoctorContext, deployedAs } from './context.ts';
import { type Finding, failure, findingOfError, ok, rights, warning } from './finding.ts';

/*
 * `doctor --page`: a test incident passes every hop of a real one, from the automation rule to the phone and back. It is always
 * closed at the end.
 */

const TITLE = 'TEST of signl4-sentinel doctor, please acknowledge';
const SAYS =
  'A test page: nothing has happened. Acknowledge it, so that the way back to Microsoft Sentinel is tried, too.';

/** Polling interval and timeouts, in milliseconds. */
export interface Pace {
  readonly everyMs: number;
  /** Timeout for machines: a playbook run, a call by SIGNL4. */
  readonly machinesMs: number;
  /** Timeout for the person on call. */
  readonly personMs: number;
}

export const usualPace: Pace = { everyMs: 3_000, machinesMs: 5 * 60_000, personMs: 15 * 60_000 };

interface Trip {
  readonly context: DoctorContext;
  readonly signl4: Signl4Client;
  readonly pace: Pace;
  readonly id: string;
  readonly externalId: string;
  /** Start of the test; earlier runs are ignored. */
  readonly began: number;
  readonly note: (text: string) => void;
}

/** One finding per hop, up to the first that fails. `note` reports progress to the waiting person. */
export async function pageFindings(
  context: DoctorContext,
  pace: Pace,
  note: (text: string) => void,
): Promise<readonly Finding[]> {
  const { live, sentinel } = context;
  if (!live.signl4.apiKey)
    return [failure('a test page cannot be followed without SIGNL4_API_KEY', 'SIGNL4 portal: Integrations, API keys.')];
  if (!deployedAs(context, 'SIGNL4-Send-Incident'))
    return [failure('there is no SIGNL4-Send-Incident that could page anybody', 'Run "signl4-sentinel deploy".')];
  const id = randomUUID();
  const wanted = testIncident(context);
  const kept = unmatched(
    live.config.filter,
    readIncident({ id, properties: wanted }) as Incident,
    nameTables(live.config.friendlyNames),
  );
  if (kept.length > 0)
    return [
      failure(
        `a test incident would page nobody: "filter" in signl4.yaml also tests ${kept.join(', ')}, which it cannot have`,
        'Run SIGNL4-Send-Incident by hand on an incident that fits: the incident, Actions, Run playbook.',
      ),
    ];
  const { workspaceId } = live.workspace;
  const externalId = formatExternalId({ source: 'sentinel', workspaceId, incident: id });
  const trip = { context, pace, id, externalId, note, began: context.now(), signl4: createSignl4Client(live.signl4) };
  const findings: Finding[] = [];
  try {
    const made = readIncident(await sentinel.putIncident(id, { properties: wanted }));
    findings.push(ok(`made the test incident ${made?.number ?? id}`));
  } catch (error) {
    return [findingOfError(error, live.signedInTo, rights.incidents)];
  }
  try {
    for (const hop of [paged, acknowledged, cameBack]) {
      findings.push(await hop(trip));
      if (findings.at(-1)?.status !== 'ok') break;
    }
    findings.push(await closed(trip));
  } catch (error) {
    findings.push(findingOfError(error, live.signedInTo, rights.incidents));
  }
  return findings;
}

/** An incident that passes the filter, as far as one without alerts can. */
function testIncident({ live }: DoctorContext): JsonObject {
  const { filter } = live.config;
  const [words = ''] = filter.titleContains;
  return {
    title: words === '' ? TITLE : `${TITLE} (${words})`,
    description: SAYS,
    severity: filter.severities[0] ?? 'High',
    status: 'New',
    labels: filter.tags.slice(0, 1).map((labelName) => ({ labelName, labelType: 'User' })),
  };
}

async function paged(trip: Trip): Promise<Finding> {
  trip.note('Waiting for SIGNL4 to be told …');
  const alert = await until(trip, trip.pace.machinesMs, async () => (await trip.signl4.findAlerts(trip.externalId))[0]);
  if (alert) return ok(`SIGNL4 raised an alert for it after ${seconds(trip)}`);
  return failure(
    `nobody was paged within ${minutes(trip.pace.machinesMs)}: ${await whatRan('SIGNL4-Send-Incident', 'no automation rule started it', trip)}`,
    'See the findings about automation rules, permissions and connections.',
  );
}

async function acknowledged(trip: Trip): Promise<Finding> {
  const { signl4, pace } = trip;
  trip.note(`Somebody is paged: "${TITLE}". Waiting for the acknowledgement …`);
  const taken = (alert: Signl4Alert | undefined) => (alert && [2, 4].includes(alert.statusCode) ? alert : undefined);
  const alert = await until(trip, pace.personMs, async () => taken((await signl4.findAlerts(trip.externalId))[0]));
  if (!alert)
    return warning(
      `nobody acknowledged it within ${minutes(pace.personMs)}`,
      'See who is on duty. The way back was not tried: run this again, and acknowledge the alert.',
    );
  const people = await signl4.people();
  const names = people.filter(({ id }) => alert.acknowledgedBy.includes(id)).map(({ name }) => name);
  return ok(`${names.join(', ') || 'somebody'} acknowledged it after ${seconds(trip)}`);
}

/** Waits for a new status, owner or comment: every callback mapping writes at least one of them. */
async function cameBack(trip: Trip): Promise<Finding> {
  const { sentinel } = trip.context;
  trip.note('Waiting for the acknowledgement to arrive in Sentinel …');
  const before = readIncident(await sentinel.incident(trip.id))?.commentCount ?? 0;
  const changed = await until(trip, trip.pace.machinesMs, async () => {
    const incident = readIncident(await sentinel.incident(trip.id));
    const isWritten = incident && (incident.status !== 'New' || incident.owner || incident.commentCount > before);
    return isWritten ? incident : undefined;
  });
  if (changed) return ok(`the incident is ${changed.status} after ${seconds(trip)}`);
  return failure(
    `the acknowledgement did not come back within ${minutes(trip.pace.machinesMs)}: ${await whatRan('SIGNL4-Callback', 'SIGNL4 did not call it', trip)}`,
    'See the findings about the webhook and SIGNL4-Callback.',
  );
}

/** Closes the incident, which a sweep would otherwise send, and the alert. */
async function closed(trip: Trip): Promise<Finding> {
  const { context, signl4, externalId, pace } = trip;
  const { config, signl4: access } = context.live;
  const wasPaged = (await signl4.findAlerts(externalId)).length > 0;
  await closeIncident(context.sentinel, trip.id);
  if (!wasPaged) return ok('closed the test incident');
  const isOver = async () =>
    (await signl4.findAlerts(externalId)).every(({ statusCode }) => statusCode === alertStates.closed)
      ? true
      : undefined;
  if (config.sync.closed && (await until(trip, pace.machinesMs, isOver)))
    return ok('closed the test incident, and SIGNL4 closed the alert');
  if (access.teamSecret) await signl4.settle(externalId, 'resolved', { title: TITLE, message: 'The test is over.' });
  if (!config.sync.closed) return ok('closed the test incident and its alert');
  return failure(
    `SIGNL4 did not hear that the incident was closed: ${await whatRan('SIGNL4-Sync-Incident', 'no automation rule started it', trip)}`,
    'See the findings about automation rules. Look whether the test alert is closed in SIGNL4.',
  );
}

/** Retries once if the incident was changed in between. */
async function closeIncident(sentinel: SentinelClient, id: string): Promise<void> {
  for (let left = 5; ; left--) {
    const resource = await sentinel.incident(id);
    const properties = isJsonObject(resource['properties']) ? resource['properties'] : {};
    const changes = {
      status: 'Closed',
      classification: 'Undetermined',
      classificationComment: 'A test of signl4-sentinel.',
    };
    try {
      await sentinel.putIncident(id, { ...resource, properties: { ...properties, ...changes } });
      return;
    } catch (error) {
      if (left === 0 || ![409, 412].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
    }
  }
}

/** State of the playbook's runs since the test began. */
async function whatRan(name: string, nothing: string, { context, began }: Trip): Promise<string> {
  if (!deployedAs(context, name)) return `${name} is not deployed`;
  const runs = await context.workflows.runs(name, 5);
  const [latest] = runs.filter(({ startTime }) => Date.parse(startTime) >= began - 1_000);
  if (!latest) return `${name} did not run, ${nothing}`;
  const cause = await context.workflows.firstFailure(name, latest.name);
  const why = cause ? ` at "${cause.name.replaceAll('_', ' ')}": ${cause.error}` : '';
  return `the run of ${name} is ${latest.status}${why}`;
}

async function until<T>({ context, pace }: Trip, withinMs: number, look: () => Promise<T | undefined>) {
  const end = context.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || context.now() >= end) return found;
    await new Promise((resolve) => setTimeout(resolve, pace.everyMs));
  }
}

const seconds = ({ context, began }: Trip) => `${Math.round((context.now() - began) / 1000)} seconds`;
const minutes = (ms: number) =>
  ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
