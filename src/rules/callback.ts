import type { Classification } from '../domain/classification.ts';
import { hasTag, type Incident } from '../domain/incident.ts';
import type { Notification, Signl4Event } from '../domain/notification.ts';
import type { Severity } from '../domain/severity.ts';
import type { IncidentStatus } from '../domain/status.ts';
import { cut } from '../domain/text.ts';
import { isGuid, uuid5 } from '../domain/uuid.ts';
import type { CallbackAction, CallbackMapping, CloseChoice } from './choices.ts';
import {
  annotationMarker,
  classificationCommentLimit,
  commentMessage,
  commentsFullTag,
  maxComments,
  mostComments,
} from './comment.ts';
import type { CommentField } from './fields.ts';
import { commentFields } from './fields.ts';
import { readHashtag } from './hashtag.ts';
import { parsePlaceholder } from './placeholder.ts';
import { fillTemplate } from './template.ts';
import { applyTextFilter } from './text-filter.ts';

/** Changes to an incident caused by a SIGNL4 notification; only members that change. */
export interface IncidentChange {
  readonly status?: IncidentStatus;
  /** Entra object id, user principal name or mail address. */
  readonly owner?: string;
  /** Remove the owner. */
  readonly releaseOwner?: true;
  readonly severity?: Severity;
  /** Tag to add. */
  readonly tag?: string;
  /** Set only if `status` becomes Closed. */
  readonly close?: { readonly classification: Classification; readonly comment: string };
  /** Written with PUT under `id`, so that repeating it has no effect. */
  readonly comment?: { readonly id: string; readonly message: string };
  /** A person's note that the incident has no room for. It gets a tag that says so, and the caller must say where the note is. */
  readonly noRoomFor?: string;
}

/** Namespace for comment ids derived from notification ids that are not GUIDs. */
const COMMENT_NAMESPACE = '5d0c3b5e-3a0f-4c57-9d55-6b8f6f2c1a77';

export interface CallbackRules {
  readonly mapping: CallbackMapping;
  readonly close: CloseChoice;
  /** SIGNL4 mail address to user principal name or object id. */
  readonly owners: Readonly<Record<string, string>>;
}

/**
 * Changes that a notification makes to the incident as just read; undefined if none. Repeating it on the result gives the same
 * comment and no further change. A closed incident keeps status, owner and severity unless it is reopened, because somebody may
 * have closed it in Sentinel.
 */
export function applyNotification(
  notification: Notification,
  incident: Incident,
  rules: CallbackRules,
): IncidentChange | undefined {
  const { event } = notification;
  if (event === undefined || event === 'created' || isOwnAnnotation(notification)) return undefined;
  const action = rules.mapping[event];
  const note = readHashtag(notification.note, event === 'closed' ? rules.close.hashtags : {});
  const fill = (template: string) => fillComment(template, notification, note.text);
  const mayChange = incident.status !== 'Closed' || event === 'reopened';
  const isOwned = owns(notification, incident, rules.owners);
  const isGivenBack =
    event === 'reopened' &&
    action.releaseOwner === true &&
    (incident.status === 'Closed' || isOwned || incident.owner === undefined);
  const status = mayChange ? differing(isGivenBack ? 'New' : action.status, incident.status) : undefined;
  const severity = mayChange ? differing(action.severity, incident.severity) : undefined;
  const owner = mayChange ? newOwner(notification, incident, action, rules.owners) : undefined;
  const text = isEcho(notification, status) ? '' : fill(action.comment);
  const isNote = notification.user !== undefined && note.text !== '';
  const hasRoom = incident.commentCount < (isNote ? mostComments : maxComments);
  const noRoomFor = isNote && !hasRoom ? text : '';
  const tag = newTag(action.tag, incident) ?? (noRoomFor === '' ? undefined : newTag(commentsFullTag, incident));
  const comment = text !== '' && hasRoom ? newComment(text, notification) : undefined;
  const change: IncidentChange = {
    ...(status && { status }),
    ...(owner && { owner }),
    ...(isGivenBack && incident.owner && { releaseOwner: true }),
    ...(severity && { severity }),
    ...(tag && { tag }),
    ...(status === 'Closed' && {
      close: {
        classification: note.classification ?? rules.close.classification,
        comment: cut(fill(rules.close.comment), classificationCommentLimit),
      },
    }),
    ...(comment && { comment }),
    ...(noRoomFor && { noRoomFor }),
  };
  return Object.keys(change).length > 0 ? change : undefined;
}

function differing<T extends string>(wanted: T | 'keep', current: string | undefined): T | undefined {
  return wanted === 'keep' || wanted === current ? undefined : wanted;
}

function newOwner(
  notification: Notification,
  incident: Incident,
  action: CallbackAction,
  owners: Readonly<Record<string, string>>,
): string | undefined {
  const account = accountOf(notification, owners);
  if (!action.assignOwner || !account) return undefined;
  return owns(notification, incident, owners) ? undefined : account;
}

/** Object id, user principal name or mail address of the person who acted. */
function accountOf({ user }: Notification, owners: Readonly<Record<string, string>>): string | undefined {
  const mail = user?.mail.trim() ?? '';
  const mapped = Object.entries(owners).find(([address]) => address.toLowerCase() === mail.toLowerCase())?.[1];
  return (mail !== '' && mapped) || mail || undefined;
}

function owns(notification: Notification, { owner }: Incident, owners: Readonly<Record<string, string>>): boolean {
  const account = accountOf(notification, owners);
  const names = [owner?.email, owner?.userPrincipalName, owner?.objectId].map((text) => text?.toLowerCase());
  return account !== undefined && names.includes(account.toLowerCase());
}

function newTag(tag: string, { tags }: Incident): string | undefined {
  return tag === '' || hasTag(tags, tag) ? undefined : tag;
}

/** An annotation that we made from a comment of Sentinel comes back as a notification. */
function isOwnAnnotation({ event, note }: Notification): boolean {
  return event === 'annotated' && note.toLowerCase().startsWith(annotationMarker.toLowerCase().trim());
}

/**
 * A change of state without a person: SIGNL4 reports the effect of one of our own events, perhaps long after the incident has
 * moved on. Only actions of people may change an incident.
 */
export function isNobodys({ user, event }: Notification): boolean {
  return !user && changesState(event);
}

/** Whether the event changes the state of the alert, and so perhaps of the incident. */
export function changesState(event: Signl4Event | undefined): boolean {
  return event === 'acknowledged' || event === 'closed' || event === 'reopened';
}

/** Whether the incident now has the state of the event; an acknowledgement does not change a closed incident. */
export function takesState(event: Signl4Event | undefined, { status }: Incident): boolean {
  return changesState(event) && (status !== 'Closed' || event !== 'acknowledged');
}

/**
 * A notification without a person, such as one that the relay created for a lost one, whose state the incident already shows: no
 * comment.
 */
function isEcho(notification: Notification, status: IncidentStatus | undefined): boolean {
  return status === undefined && isNobodys(notification);
}

function newComment(text: string, { id }: Notification): NonNullable<IncidentChange['comment']> {
  return { id: isGuid(id) ? id.toLowerCase() : uuid5(id, COMMENT_NAMESPACE), message: commentMessage(text) };
}

function fillComment(template: string, { user, team, alertId, raisedAt }: Notification, note: string): string {
  const values: Readonly<Record<CommentField, string>> = {
    'user.name': user?.name ?? 'SIGNL4',
    'user.mail': user?.mail ?? '',
    team,
    note,
    'alert.id': alertId,
    'event.time': raisedAt,
  };
  return fillTemplate(template, (placeholder) => {
    const parsed = parsePlaceholder(placeholder, commentFields);
    return 'message' in parsed ? '' : parsed.filters.reduce(applyTextFilter, values[parsed.field as CommentField]);
  }).trim();
}
