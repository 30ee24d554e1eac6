import { readIncident } from '../domain/incident.ts';
import { listOf, member, memberAt, textOf } from '../domain/json.ts';
import { cut } from '../domain/text.ts';
import { alertLimits } from './alert-limits.ts';
import type { SyncChoice } from './choices.ts';
import { annotationMarker, isOwnComment } from './comment.ts';
import { plainText } from './html-text.ts';

/** What an update of an incident means for its SIGNL4 alert. */
export interface SyncOutcome {
  readonly resolve: boolean;
  readonly acknowledge: boolean;
  readonly alertAgain: boolean;
  /** Text of new comments by people, marked as coming from Sentinel; empty: none. */
  readonly annotation: string;
}

const nothing: SyncOutcome = { resolve: false, acknowledge: false, alertAgain: false, annotation: '' };

/**
 * Reads the body of an incident trigger that an update rule ran. What we changed ourselves means nothing: `ownNames` are the
 * names of our playbooks and applications. The trigger does not say what a severity was before; the update rule lets only
 * raises through, so here every change to more than Informational counts as one.
 */
export function readUpdate(body: unknown, sync: SyncChoice, ownNames: readonly string[]): SyncOutcome {
  const incident = readIncident(member(body, 'object'));
  if (!incident) return nothing;
  const updates = member(body, 'incidentUpdates');
  const own = ownNames.map((name) => name.toLowerCase()).filter((name) => name !== '');
  const fields = listOf(member(updates, 'updatedFields')).map((field) => textOf(field)?.toLowerCase());
  const updatedBy = (textOf(memberAt(updates, 'updatedBy', 'name')) ?? '').toLowerCase();
  const byOthers = !own.some((name) => updatedBy.includes(name));
  const isOpen = incident.status !== 'Closed';
  const becameActive = fields.includes('status') && incident.status === 'Active';
  const gotOwner = fields.includes('owner') && incident.owner !== undefined;
  const raised = fields.includes('severity') && incident.severity !== 'Informational';
  return {
    resolve: sync.closed && byOthers && fields.includes('status') && !isOpen,
    acknowledge: sync.acknowledged && byOthers && isOpen && (becameActive || gotOwner),
    alertAgain: sync.severityRaised && byOthers && isOpen && raised,
    annotation: sync.comments ? newComments(updates, own) : '',
  };
}

function newComments(updates: unknown, own: readonly string[]): string {
  const messages = listOf(member(updates, 'comments')).flatMap((comment) => {
    const message = textOf(memberAt(comment, 'properties', 'message')) ?? '';
    const author = (textOf(memberAt(comment, 'properties', 'author', 'name')) ?? '').toLowerCase();
    return isOwnComment(message) || own.includes(author) ? [] : [message];
  });
  const text = plainText(messages.join('\n'));
  return text === '' ? '' : cut(annotationMarker + text, alertLimits.parameter);
}
