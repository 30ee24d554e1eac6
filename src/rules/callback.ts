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

/** What a notification of SIGNL4 changes on an incident; only what differs. */
export interface IncidentChange {
  readonly status?: IncidentStatus;
  /** Entra object id, user principal name or mail address. */
  readonly owner?: string;
  /** Make nobody the owner. */
  readonly releaseOwner?: true;
  readonly severity?: Severity;
  /** Tag to add to those the incident has. */
  readonly tag?: string;
  /** Only where `status` becomes Closed. */
  readonly close?: { readonly classification: Classification; readonly comment: string };
  /** Written with PUT under `id`, so that writing it again changes nothing. */
  readonly comment?: { readonly id: string; readonly message: string };
  /** What a person wrote and the incident has no room for: it gets a tag that says so, and the caller must say where it is. */
  readonly noRoomFor?: string;
}

/** Namespace of comment ids that are made of notification ids which are not GUIDs. */
const COMMENT_NAMESPACE = '5d0c3b5e-3a0f-4c57-9d55-6b8f6f2c1a77';

export interface CallbackRules {
  readonly mapping: CallbackMapping;
  readonly close: CloseChoice;
  /** SIGNL4 mail address to user principal name or object id. */
  readonly owners: Readonly<Record<string, string>>;
}

/**
 * What the notification does to the incident as just read; undefined where that is nothing. Repeating it on the outcome gives
 * the same comment and no further change. A closed incident keeps status, owner and severity but for a reopening: somebody
 * may have closed it in Sentinel meanwhile.
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

/** Object id, user principal name or mail address of who acted. */
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

/** A comment of Sentinel that became an annotation comes back as a notification. */
function isOwnAnnotation({ event, note }: Notification): boolean {
  return event === 'annotated' && note.toLowerCase().startsWith(annotationMarker.toLowerCase().trim());
}

/**
 * A change of state that nobody made: SIGNL4 repeats what an event of ours did, perhaps when the incident has long moved on.
 * Only what a person did may change an incident.
 */
export function isNobodys({ user, event }: Notification): boolean {
  return !user && changesState(event);
}

/** Whether the event tells of another state of the alert, which may become one of the incident. */
export function changesState(event: Signl4Event | undefined): boolean {
  return event === 'acknowledged' || event === 'closed' || event === 'reopened';
}

/** Whether an incident now has the state that an event tells of: what finds it closed is not in it, unless it reopens it. */
export function takesState(event: Signl4Event | undefined, { status }: Incident): boolean {
  return changesState(event) && (status !== 'Closed' || event !== 'acknowledged');
}

/** A notification that the relay made up, and the incident shows it already: no comment. */
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
