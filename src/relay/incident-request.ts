import { type Incident, readIncidentTrigger } from '../domain/incident.ts';
import { member, memberAt, textOf } from '../domain/json.ts';
import { HttpError } from './edge/errors.ts';
import { type ServedWorkspace, workspaceOfArmId } from './served-workspace.ts';

/** The incident that a request is about. */
export interface IncidentRequest {
  readonly served: ServedWorkspace;
  readonly incidentId: string;
  /** From the trigger's body; used if Sentinel does not answer. */
  readonly given: Incident | undefined;
}

/**
 * Reads `{ incidentArmId }` or the body of an incident trigger. Throws 400, also if the ids in it differ, or 404 for incidents of
 * other workspaces.
 */
export function incidentRequest(body: unknown, workspaces: readonly ServedWorkspace[]): IncidentRequest {
  const given = readIncidentTrigger(body)?.incident;
  const armId = textOf(member(body, 'incidentArmId')) ?? textOf(memberAt(body, 'object', 'id'));
  if (!armId) {
    const remedy = 'send { "incidentArmId": "/subscriptions/…" } or the body of an incident trigger';
    throw new HttpError(400, 'no-incident', `the body names no incident: ${remedy}`);
  }
  const found = workspaceOfArmId(workspaces, armId);
  if (!found) throw new HttpError(404, 'unknown-workspace', 'this relay serves no workspace with such an incident');
  assertOneIncident(body, armId, found.incidentId);
  return { ...found, given };
}

/** The body of one incident must not be sent under the id of another. */
function assertOneIncident(body: unknown, armId: string, incidentId: string): void {
  const same = (text: string | undefined, wanted: string) =>
    !text || text.trim().toLowerCase() === wanted.toLowerCase();
  const object = member(body, 'object');
  if (same(textOf(member(object, 'id')), armId.trim()) && same(textOf(member(object, 'name')), incidentId)) return;
  throw new HttpError(400, 'two-incidents', 'the body names two incidents: id, name and incidentArmId differ');
}
