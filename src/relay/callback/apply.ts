import { parseExternalId } from '../../domain/external-id.ts';
import { type Incident, readIncident } from '../../domain/incident.ts';
import { parseJson } from '../../domain/json.ts';
import { alertStates, credibleTime, type Notification, readNotification } from '../../domain/notification.ts';
import { applyNotification, type IncidentChange, isNobodys, takesState } from '../../rules/callback.ts';
import { annotationMarker } from '../../rules/comment.ts';
import { startBudget } from '../deadline.ts';
import type { Memory } from '../forward/seen.ts';
import { noWorkspaceLeft, type ServedWorkspace, workspaceOfExternalId } from '../served-workspace.ts';
import { type Lease, LeaseLostError } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { applyToGraph } from './apply-graph.ts';
import { type Applying, type Outcome, withoutLateState } from './applying.ts';
import { changedIncident } from './incident-resource.ts';
import { isLate, markOf } from './order.ts';
import { ownerFor, withOwnerNamed } from './owner.ts';
import { sentinelCopyOf } from './sentinel-copy.ts';
import { inWords, survivingIncident } from './survivor.ts';
import type { Apply } from './worker.ts';

/** Timeout for one notification; well below the lease. */
export const APPLY_MS = 20_000;
/** Allowed difference between the clocks of two relays. */
const LEASE_MARGIN_MS = 5_000;
/**
 * Prefix of the ids that the sync timer gives notifications it creates for lost ones. They have no user, although a person acted.
 */
export const MADE_UP_FOR = 'missed:';
/** Attempts to read, decide and write while others change the incident. */
const ROUNDS = 5;

/**
 * Applies notifications to Sentinel or Graph directly, by the same rules as the playbook SIGNL4-Callback. `memory` learns of each
 * write, so that the sync timer does not report it back to SIGNL4.
 */
export function applyDirectly(workspaces: readonly ServedWorkspace[], now: () => number, memory?: Memory): Apply {
  return async (lease, stateIsIn) => {
    const { body, receivedAt, arrival, session } = lease.notification;
    const stored = parseStored(body);
    const notification = { ...stored, raisedAt: credibleTime(stored.raisedAt, receivedAt) };
    const place = { raisedAt: notification.raisedAt, arrival };
    const id = parseExternalId(notification.externalId);
    const served = id && workspaceOfExternalId(workspaces, id);
    if (!id || !served) throw noWorkspaceLeft();
    if (isNobodys(notification) && !notification.id.startsWith(MADE_UP_FOR)) return;
    const { signal } = startBudget(APPLY_MS);
    const applying: Applying = {
      served,
      incidentId: id.incident,
      notification,
      signal,
      isLate: isLate(place, lease.appliedUntil, now()),
      stateIsIn(before) {
        if (takesState(notification.event, before) && !applying.isLate) stateIsIn(markOf(place));
      },
      before: async (externalId, resource) => memory?.before(externalId, resource),
      assertHeld: () => assertHeld(lease, now()),
    };
    const outcome = await (id.source === 'graph' ? applyToGraph(applying) : applyToSentinel(applying));
    if (outcome?.changed) await memory?.after(session, outcome.changed, outcome.change);
    if (outcome && isClosedByPerson(notification, outcome) && !applying.isLate) {
      if (await settleAlerts(applying, session)) await memory?.settled(session);
    }
    if (id.source === 'graph' && outcome?.changed) {
      // Even if Defender already has the change: an earlier attempt may have failed in Sentinel.
      const isOver = outcome.isClosed && notification.event !== 'closed' && notification.event !== 'reopened';
      await applyToCopy({ ...applying, isLate: applying.isLate || isOver }, outcome.changed);
    }
    if (outcome?.change.noRoomFor) await sayWhereTheNoteIs(applying, session);
  };
}

export function parseStored(body: string): Notification {
  const notification = readNotification(parseJson(body));
  if (!notification) throw new UpstreamError('The relay', 'refused', { detail: 'holds a notification it cannot read' });
  return notification;
}

/**
 * Reads, decides and writes; starts over if the incident was changed in between. The comment is written last. Returns the changed
 * incident, if it changed.
 */
async function applyToSentinel(asked: Applying): Promise<Outcome | undefined> {
  const { served, notification, signal, assertHeld } = asked;
  const { config, sentinel } = served;
  const rules = { mapping: config.callback, close: config.close, owners: config.owners };
  const isBySystem = notification.user === undefined;
  let isCommentSafe = false;
  for (let round = 1; ; round++) {
    const { id: incidentId, resource } = await survivingIncident(asked);
    const applying: Applying = { ...asked, incidentId };
    const incident = readIncident(resource);
    if (!incident) throw new UpstreamError('Sentinel', 'unavailable', { detail: 'answered with something else' });
    const decided = applyNotification(notification, incident, rules);
    if (!decided) {
      applying.stateIsIn(incident);
      return undefined;
    }
    const { owner, name } = await ownerFor(decided.owner, applying);
    const change = withoutLateState(withOwnerNamed(decided, name, notification, incident), applying);
    // Without a user, a repeated notification looks like an echo once the state is written, and would lose its comment: write the
    // comment first.
    if (isBySystem && change.comment && !isCommentSafe) {
      await writeComment(change, applying);
      isCommentSafe = true;
      // A comment changes the incident's ETag, so the one read before would be rejected.
      continue;
    }
    let changed: Incident | undefined;
    if (touchesIncident(change, owner)) {
      assertHeld();
      try {
        changed = readIncident(
          await sentinel.putIncident(incidentId, changedIncident(resource, change, owner), signal),
        );
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        if (error.kind !== 'conflict' || round === ROUNDS) throw inWords(error, 'change');
        continue;
      }
    }
    applying.stateIsIn(incident);
    if (!isCommentSafe) await writeComment(change, applying);
    return {
      isClosed: (change.status ?? incident.status) === 'Closed',
      change: { ...change, ...(owner && decided.owner && { owner: decided.owner }) },
      changed,
    };
  }
}

async function writeComment(
  { comment }: IncidentChange,
  { served, incidentId, signal, assertHeld }: Applying,
): Promise<void> {
  if (!comment) return;
  assertHeld();
  await served.sentinel.putComment(incidentId, comment.id, comment.message, signal);
}

function isClosedByPerson({ event, user }: Notification, { isClosed }: Outcome): boolean {
  return event === 'closed' && user !== undefined && isClosed;
}

/** Applies the change to the copy in Sentinel of an incident of Defender, if the workspace has one. */
async function applyToCopy(applying: Applying, incident: Incident): Promise<void> {
  const incidentId = await sentinelCopyOf(incident, applying);
  if (incidentId !== undefined) await applyToSentinel({ ...applying, incidentId, stateIsIn() {} });
}

/**
 * Closes the other alerts of an incident when a person closed one, so that nobody is called for them. Returns whether SIGNL4
 * already shows all of them closed. If the alert that was closed is open again, somebody reopened it, and that notification is
 * still to come.
 */
async function settleAlerts({ served, notification, signal }: Applying, session: string): Promise<boolean> {
  const alerts = await served.signl4.findAlerts(session, signal).catch(() => undefined);
  const open = alerts?.filter(({ statusCode }) => statusCode !== alertStates.closed);
  if (open?.length === 0) return true;
  if (open?.some(({ id }) => id === notification.alertId)) return false;
  const says = { title: 'Closed', message: 'Another alert of this incident was closed.' };
  await served.signl4.settle(session, 'resolved', says, signal);
  return false;
}

/** The incident has no room for a note that is in SIGNL4: say so there, and in the log. */
async function sayWhereTheNoteIs({ served, signal }: Applying, session: string): Promise<void> {
  const text = `${annotationMarker}The incident takes no more comments: this note is in SIGNL4 only.`;
  await served.signl4.annotate(session, text, signal).catch(() => false);
  const detail = 'takes no more comments on this incident: the note is in SIGNL4 only';
  throw new UpstreamError('Sentinel', 'refused', { detail });
}

function touchesIncident({ status, severity, tag, releaseOwner }: IncidentChange, owner: unknown): boolean {
  return [status, severity, tag, releaseOwner, owner].some((part) => part !== undefined);
}

/** Throws LeaseLostError if another relay may hold the session by now. */
export function assertHeld(lease: Lease, now: number): void {
  if (now >= lease.until - LEASE_MARGIN_MS) throw new LeaseLostError(lease.notification.session);
}
