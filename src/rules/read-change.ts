import { readAlert } from '../domain/alert.ts';
import { readIncident } from '../domain/incident.ts';
import { listOf, member, memberAt, textOf } from '../domain/json.ts';
import { isOwnComment } from './comment.ts';
import { type Change, isPerson, noChange } from './converge.ts';
import { plainText } from './html-text.ts';

/**
 * What an update says of how the incident came to stand as it does: the body of an incident trigger that an update rule ran.
 * Only an update whose source is a user is an act of a person; where updates are merged that is the last of them. The body
 * has no old severity: the update rule lets only raises through.
 */
export function readChange(body: unknown, ownNames: readonly string[]): Change {
  const incident = readIncident(member(body, 'object'));
  if (!incident) return noChange;
  const updates = member(body, 'incidentUpdates');
  const fields = listOf(member(updates, 'updatedFields')).map((field) => textOf(field)?.toLowerCase());
  const by = (name: string) => (textOf(memberAt(updates, 'updatedBy', name)) ?? '').toLowerCase();
  const own = ownNames.map((name) => name.toLowerCase()).filter((name) => name !== '');
  const isOurs = own.some((name) => by('name').includes(name));
  const isOpen = incident.status !== 'Closed';
  return {
    isTaken:
      by('source') === 'user' &&
      !isOurs &&
      isOpen &&
      (fields.includes('owner') || (fields.includes('status') && incident.status === 'Active')) &&
      isTakenNow(incident),
    isReopened: !isOurs && isOpen && fields.includes('status'),
    isRaised: !isOurs && isOpen && fields.includes('severity') && incident.severity !== 'Informational',
    wasOpen: false,
    wasSettled: false,
    news: [...newComments(listOf(member(updates, 'comments')), own), ...newAlerts(listOf(member(updates, 'alerts')))],
  };
}

/** A person has it; or it is Active and nobody else has it, so that whoever set it so does. */
export function isTakenNow({ owner, status }: NonNullable<ReturnType<typeof readIncident>>): boolean {
  return owner === undefined ? status === 'Active' : isPerson(owner);
}

/** Comments by people, as plain text. */
export function newComments(comments: readonly unknown[], own: readonly string[]): readonly string[] {
  return comments.flatMap((comment) => {
    const message = textOf(memberAt(comment, 'properties', 'message')) ?? '';
    const author = (textOf(memberAt(comment, 'properties', 'author', 'name')) ?? '').toLowerCase();
    return isOwnComment(message) || own.includes(author) ? [] : [plainText(message)];
  });
}

/** Alerts that came later, one line each. */
export function newAlerts(alerts: readonly unknown[]): readonly string[] {
  return alerts.flatMap((resource) => {
    const alert = readAlert(resource);
    if (!alert) return [];
    const marks = [alert.severity, alert.product].filter((mark) => mark).join(', ');
    const description = alert.description.trim();
    return [`New alert: ${alert.title.trim()}${marks && ` (${marks})`}${description && `\n${description}`}`];
  });
}
