import { isJsonObject, textOf } from '../../domain/json.ts';
import { isoTime } from '../clock.ts';
import { parseJson } from '../http.ts';
import type { NewAlert } from './new.ts';
import { type S4Alert, type Scenario, type Team, workflowTypes } from './resources.ts';
import { S4Error } from './s4-error.ts';
import type { Signl4Store } from './store.ts';

/** An inbound event: its members in the order in which they were sent. */
export type EventFields = readonly (readonly [name: string, value: string])[];

/** Reads a body of any content type that SIGNL4 takes: JSON, form, multipart, else the whole text as the message. */
export async function readEvent(request: Request): Promise<EventFields> {
  const type = request.headers.get('content-type') ?? '';
  if (type.includes('form')) {
    const form = await request.formData();
    return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
  }
  const text = await request.text();
  if (text.trim() === '') throw new S4Error(400, 'Bad Request', 'The event is empty');
  const json = parseJson(text);
  if (isJsonObject(json)) return Object.entries(json).map(([name, value]) => [name, asText(value)]);
  if (type.includes('json')) throw new S4Error(400, 'Bad Request', 'The body is not a JSON object');
  return [['Message', text]];
}

/** What an event did: raised one alert, or acted on those that its external id raised. */
export interface EventOutcome {
  readonly raised?: S4Alert;
  readonly acknowledged: readonly string[];
  readonly closed: readonly string[];
}

/** Members that steer SIGNL4 and are not shown. */
const RESERVED = /^x-s4-/i;
const titleNames = ['title', 'subject'];
const textNames = ['message', 'body', 'text'];

/** Applies an event to a team: `X-S4-Status` decides whether it raises, acknowledges or closes. */
export function applyEvent(store: Signl4Store, team: Team, fields: EventFields): EventOutcome {
  const read = (name: string) => fields.find(([key]) => key.toLowerCase() === name)?.[1]?.trim() ?? '';
  const externalId = read('x-s4-externalid');
  const status = read('x-s4-status').toLowerCase() || 'new';
  if (status === 'resolved' || status === 'acknowledged') return actOn(store, externalId, status);
  const category = read('x-s4-service');
  if (read('x-s4-filtering').toLowerCase() === 'true' && !team.categories.some(({ name }) => name === category))
    return { acknowledged: [], closed: [] };
  const scenario = Object.keys(workflowTypes).find((name) => name === read('x-s4-alertingscenario').toLowerCase());
  const alert: NewAlert = {
    title: firstOf(fields, titleNames) || 'Alert',
    text: firstOf(fields, textNames),
    externalId,
    category,
    scenario: scenario as Scenario | undefined,
    location: read('x-s4-location'),
    sourceSystem: read('x-s4-sourcesystem'),
    parameters: shownParameters(fields),
  };
  return { raised: store.raise(team, alert), acknowledged: [], closed: [] };
}

/** Acts on the alerts that this external id raised and that are still in a state to act on. */
function actOn(store: Signl4Store, externalId: string, status: 'resolved' | 'acknowledged'): EventOutcome {
  const alerts = externalId === '' ? [] : store.alertsOf(externalId);
  const ids: string[] = [];
  for (const { id } of alerts) {
    try {
      if (status === 'resolved') store.close(id);
      else store.acknowledge(id);
      ids.push(id);
    } catch (error) {
      if (!(error instanceof S4Error)) throw error;
    }
  }
  return status === 'resolved' ? { acknowledged: [], closed: ids } : { acknowledged: ids, closed: [] };
}

function firstOf(fields: EventFields, names: readonly string[]): string {
  return fields.find(([name]) => names.includes(name.toLowerCase()))?.[1] ?? '';
}

function shownParameters(fields: EventFields): readonly { name: string; value: string }[] {
  const hidden = [...titleNames, ...textNames];
  return fields
    .filter(([name]) => !RESERVED.test(name) && !hidden.includes(name.toLowerCase()))
    .map(([name, value]) => ({ name, value }));
}

function asText(value: unknown): string {
  return textOf(value) ?? (value === null || value === undefined ? '' : JSON.stringify(value));
}

/** The answer of both inbound routes. */
export function eventAnswer(team: Team, { raised, acknowledged, closed }: EventOutcome, eventId: string, now: number) {
  const category = team.categories.find(({ name }) => name === raised?.category);
  const id = raised?.eventId ?? eventId;
  return {
    eventId: id,
    id,
    teamId: team.id,
    title: raised?.title ?? null,
    text: raised?.text ?? null,
    alertId: raised?.id ?? null,
    categoryId: category?.id ?? null,
    acknowledgedAlerts: acknowledged,
    closedAlerts: closed,
    eventStatus: raised ? 2 : closed.length > 0 ? 4 : acknowledged.length > 0 ? 6 : 5,
    severity: raised?.severity ?? 0,
    creationTime: isoTime(now),
    lastModified: isoTime(now),
  };
}
