import { parseExternalId } from '../../domain/external-id.ts';
import { type Incident, readIncident } from '../../domain/incident.ts';
import { type Notification, readNotification } from '../../domain/notification.ts';
import { applyNotification, type IncidentChange } from '../../rules/callback.ts';
import { startBudget } from '../deadline.ts';
import { type Site, siteOfExternalId } from '../site.ts';
import { type Lease, LeaseLostError } from '../store/store.ts';
import { UpstreamError } from '../upstream.ts';
import { applyToGraph } from './apply-graph.ts';
import { type Applying, withoutLateState } from './applying.ts';
import { changedIncident } from './incident-resource.ts';
import { ownerFor, withOwnerNamed } from './owner.ts';
import type { Apply } from './worker.ts';

/** Longest time for one notification; well inside the lease. */
export const APPLY_MS = 20_000;
/** The clocks of two relays may differ by this much. */
const LEASE_MARGIN_MS = 5_000;
/** Rounds of reading, deciding and writing while others change the incident at the same time. */
const ROUNDS = 5;

/** Told what an incident looks like after a notification changed it, so that the sync timer does not send it back. */
export type Remember = (externalId: string, incident: Incident) => Promise<void>;

/** Applies notifications to Sentinel (or Graph) directly, by the same rules as the playbook SIGNL4-Callback. */
export function applyDirectly(sites: readonly Site[], now: () => number, remember?: Remember): Apply {
  return async (lease) => {
    const notification = parseStored(lease.notification.body);
    const id = parseExternalId(notification.externalId);
    const site = id && siteOfExternalId(sites, id);
    if (!id || !site) {
      throw new UpstreamError('The relay', 'refused', { detail: 'serves no workspace with this incident any more' });
    }
    const { signal } = startBudget(APPLY_MS);
    const applying: Applying = {
      site,
      incidentId: id.incident,
      notification,
      signal,
      isLate: isBefore(notification.raisedAt, lease.appliedUntil),
      assertHeld: () => assertHeld(lease, now()),
    };
    if (id.source === 'graph') await applyToGraph(applying);
    else {
      const changed = await applyToSentinel(applying);
      if (changed) await remember?.(lease.notification.lane, changed);
    }
    return changesState(notification) && !applying.isLate ? notification.raisedAt : undefined;
  };
}

export function parseStored(body: string): Notification {
  const notification = readNotification(JSON.parse(body));
  if (!notification) throw new UpstreamError('The relay', 'refused', { detail: 'holds a notification it cannot read' });
  return notification;
}

/**
 * Reads, decides, writes; starts over where somebody changed the incident in between. The comment comes last. Gives the
 * incident as changed, where it was.
 */
async function applyToSentinel(applying: Applying): Promise<Incident | undefined> {
  const { site, incidentId, notification, signal, assertHeld } = applying;
  const { config, sentinel } = site;
  const rules = { mapping: config.callback, close: config.close, owners: config.owners };
  const isBySystem = notification.user === undefined;
  let isCommentSafe = false;
  for (let round = 1; ; round++) {
    const resource = await sentinel.incident(incidentId, signal);
    const incident = readIncident(resource);
    if (!incident) throw new UpstreamError('Sentinel', 'unavailable', { detail: 'answered with something else' });
    const decided = applyNotification(notification, incident, rules);
    if (!decided) return undefined;
    const { owner, name } = await ownerFor(decided.owner, applying);
    const change = withoutLateState(withOwnerNamed(decided, name, notification, incident), applying);
    // What no person did looks like an echo once it is applied: its comment must be safe first.
    if (isBySystem && change.comment && !isCommentSafe) {
      await writeComment(change, applying);
      isCommentSafe = true;
      // A comment gives the incident a new ETag: what was read before it would be refused.
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
        if (!(error instanceof UpstreamError && error.kind === 'conflict') || round === ROUNDS) throw error;
        continue;
      }
    }
    if (!isCommentSafe) await writeComment(change, applying);
    return changed;
  }
}

async function writeComment(
  { comment }: IncidentChange,
  { site, incidentId, signal, assertHeld }: Applying,
): Promise<void> {
  if (!comment) return;
  assertHeld();
  await site.sentinel.putComment(incidentId, comment.id, comment.message, signal);
}

function touchesIncident({ status, severity, tag }: IncidentChange, owner: unknown): boolean {
  return status !== undefined || severity !== undefined || tag !== undefined || owner !== undefined;
}

function changesState({ event }: Notification): boolean {
  return event === 'acknowledged' || event === 'closed' || event === 'reopened';
}

function isBefore(raisedAt: string, appliedUntil: string | undefined): boolean {
  return appliedUntil !== undefined && Date.parse(raisedAt) < Date.parse(appliedUntil);
}

function assertHeld(lease: Lease, now: number): void {
  if (now >= lease.until - LEASE_MARGIN_MS) throw new LeaseLostError(lease.notification.lane);
}
