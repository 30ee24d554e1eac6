import { commentFields } from '../../rules/fields.ts';
import type { TokenSource } from '../../rules/template-tokens.ts';
import {
  at,
  call,
  coalesce,
  contains,
  type Expr,
  isNot,
  last,
  type Row,
  split,
  string,
  triggerBody,
  when,
} from '../../wdl/build.ts';
import type { JsonObject } from '../../wdl/types.ts';

/*
 * What a notification of SIGNL4 says, as tokens. Its schema names them for the designer.
 */

const text = (title: string) => ({ type: 'string', title });
const optional = (properties: JsonObject) => ({ type: ['object', 'null'], properties });

/** Schema of the trigger. It only provides names in the designer; the service does not validate. */
export const notificationSchema: JsonObject = {
  type: 'object',
  properties: {
    id: text('Notification ID'),
    eventType: { type: 'integer', title: 'Event type' },
    eventRaisedUtc: text('Raised at'),
    alert: optional({
      id: text('Alert ID'),
      externalEventId: text('External event ID'),
      statusCode: { type: 'integer', title: 'Alert status' },
    }),
    user: optional({ id: text('User ID'), username: text('User name'), mailaddress: text('Mail address') }),
    team: optional({ teamname: text('Team') }),
    annotation: optional({ message: text('Note') }),
  },
};

/** The note, which may also arrive as a bare text. */
export const noteText: Expr = when(
  call('startsWith', string(at(triggerBody, 'annotation')), '{'),
  at(triggerBody, 'annotation', 'message'),
  at(triggerBody, 'annotation'),
);

const notificationId = string(at(triggerBody, 'id'));
/** SIGNL4's notification ids end in a GUID. */
export const hasGuid: Expr = contains(notificationId, '-');
export const notificationGuid: Expr = last(split(notificationId, '_'));
export const raisedAt: Expr = coalesce(at(triggerBody, 'eventRaisedUtc'), call('utcNow'));

export const userMail: Expr = at(triggerBody, 'user', 'mailaddress');

export const userName: Expr = coalesce(
  at(triggerBody, 'user', 'displayname'),
  at(triggerBody, 'user', 'username'),
  userMail,
  'SIGNL4',
);

/** Tokens for the comment templates. `note` is a variable, so that it is never null even after somebody edits a row with it. */
export const notificationTokens = (note: Expr): TokenSource => ({
  fields: commentFields,
  tokens: {
    'user.name': userName,
    'user.mail': userMail,
    team: at(triggerBody, 'team', 'teamname'),
    note,
    'alert.id': at(triggerBody, 'alert', 'id'),
    'event.time': at(triggerBody, 'eventRaisedUtc'),
  },
  limitOf: () => undefined,
});

/** Rows that hold if a person acted; system events have no user. */
export const isBySomebody: readonly Row[] = [at(triggerBody, 'user', 'username'), userMail].map((name) =>
  isNot(coalesce(name, ''), ''),
);
