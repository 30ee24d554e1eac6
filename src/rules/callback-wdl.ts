import { classifications } from '../domain/classification.ts';
import type { CallbackMapping, CloseChoice } from './choices.ts';
import {
  annotationMarker,
  certainlyFits,
  commentEscapes,
  commentLimit,
  commentMarker,
  maxComments,
} from './comment.ts';
import {
  and,
  at,
  bodyOf,
  call,
  concat,
  contains,
  cutText,
  empty,
  equals,
  firstText,
  type LocalAction,
  literal,
  lookUp,
  lower,
  not,
  or,
  outputsOf,
  parameter,
  replace,
  text,
  trim,
  type Wdl,
  type WorkflowChoices,
  when,
} from './expressions.ts';
import { commentFields } from './fields.ts';
import { filteredFieldsAction } from './filtered-fields-wdl.ts';
import { hashtagPunctuation, noteJoints, noteSpacing } from './hashtag.ts';
import { fillTemplatesWdl, namedTemplate } from './template-wdl.ts';

/** The callback mapping as workflow parameters. `owners`: SIGNL4 mail address to user principal name or object id. */
export function callbackParameters(
  mapping: CallbackMapping,
  close: CloseChoice,
  owners: Readonly<Record<string, string>>,
): WorkflowChoices {
  const lowerKeys = (table: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    CallbackActions: {
      type: 'Object',
      defaultValue: Object.fromEntries(Object.entries(mapping).map(([event, action]) => [event, { ...action }])),
      description:
        'What each event of SIGNL4 does to the incident: status (New, Active, Closed or keep), assignOwner, tag, comment, severity (or keep). Fields of a comment: {{user.name}}, {{user.mail}}, {{team}}, {{note}}, {{alert.id}}, {{event.time}}.',
    },
    Classification: {
      type: 'String',
      defaultValue: close.classification,
      description: `How an incident is closed from SIGNL4: ${classifications.join(', ')}.`,
    },
    ClassificationComment: {
      type: 'String',
      defaultValue: close.comment,
      description: 'Comment of the classification. Fields as in CallbackActions.',
    },
    Hashtags: {
      type: 'Object',
      defaultValue: lowerKeys(close.hashtags),
      description:
        'Hashtag of a closing note, in lower case and without #, to the classification that it selects. The rest of the note becomes the comment.',
    },
    OwnerAccounts: {
      type: 'Object',
      defaultValue: lowerKeys(owners),
      description:
        'Mail address of a SIGNL4 user, in lower case, to the Entra user principal name or object id that becomes the owner. Who is not named: the mail address itself.',
    },
  };
}

/** What the body of the outbound webhook says, before the incident is read. */
export interface NotificationWdl {
  /** `acknowledged`, `closed`, …, or empty for what we do not act on. */
  readonly event: Wdl;
  /** Whether the alert stands for an incident of this workspace. */
  readonly isOurs: Wdl;
  /** GUID of the incident; use it only where `isOurs` holds. */
  readonly incidentId: Wdl;
}

/** Key of an event: eventType, and for 201 the status code behind a slash. */
const eventTable = {
  '200': 'created',
  '201/1': 'reopened',
  '201/2': 'acknowledged',
  '201/4': 'closed',
  '201/8': 'noResponse',
  '202': 'escalated',
  '203': 'annotated',
} as const;

/** Reads a notification. `body` is the expression of the webhook's body, `workspaceId` of the workspace's GUID. */
export function notificationWdl(body: Wdl, workspaceId: Wdl): NotificationWdl {
  const eventType = text(at(body, 'eventType'));
  const key = when(equals(eventType, "'201'"), concat("'201/'", text(at(body, 'alert', 'statusCode'))), eventType);
  const externalId = lower(trim(text(at(body, 'alert', 'externalEventId'))));
  const incidentId = call('last', call('split', externalId, "':'"));
  const expected = concat("'sentinel:'", lower(workspaceId), "':'", incidentId);
  return {
    event: text(lookUp(call('json', `'${JSON.stringify(eventTable)}'`), key)),
    isOurs: and(equals(externalId, expected), isGuidWdl(incidentId)),
    incidentId,
  };
}

/** Whether a text in lower case is a GUID: it becomes part of a URL. */
export function isGuidWdl(value: Wdl): Wdl {
  const withoutDigits = [...'0123456789abcdef'].reduce((rest, digit) => replace(rest, `'${digit}'`, "''"), value);
  const lengths = [8, 4, 4, 4, 12].map((length, index) =>
    equals(call('length', text(`split(${value}, '-')?[${index}]`)), String(length)),
  );
  return and(equals(withoutDigits, "'----'"), ...lengths);
}

export interface CallbackSource {
  /** Body of the outbound webhook: `triggerBody()`. */
  readonly body: Wdl;
  /** `event` of `notificationWdl`. */
  readonly event: Wdl;
  /** The incident resource as just read. */
  readonly incident: Wdl;
  /** Comment templates of the config, whose filters are compiled in; see `commentTemplates`. */
  readonly templates: readonly string[];
}

/** Every template of a comment that the config has. */
export function commentTemplates(mapping: CallbackMapping, close: CloseChoice): readonly string[] {
  return [...Object.values(mapping).map(({ comment }) => comment), close.comment];
}

export interface CallbackWdl {
  readonly locals: readonly LocalAction[];
  /** What to write; each is an empty text where it stays. */
  readonly change: {
    readonly status: Wdl;
    /** User principal name or object id. */
    readonly owner: Wdl;
    readonly severity: Wdl;
    readonly tag: Wdl;
    /** "Classification - Reason", only where `status` becomes Closed. */
    readonly classification: Wdl;
    readonly classificationComment: Wdl;
  };
  /** Whether the incident itself changes; the comment stands aside. */
  readonly isChange: Wdl;
  /** Body of the connector operation UpdateIncident without what stays. */
  readonly updateBody: Wdl;
  readonly comment: { readonly isDue: Wdl; readonly id: Wdl; readonly message: Wdl };
}

const actions = {
  action: 'Action for the event',
  hashtags: 'Hashtags in the note',
  words: 'Words without the hashtag',
  fields: 'Comment fields',
  filtered: 'Comment fields with filters',
  templates: 'Comment templates',
  segments: 'Comment pieces',
  texts: 'Comment texts',
  change: 'Changes of the incident',
} as const;

/** What the event does to the incident, as `applyNotification`. Reads the parameters of `callbackParameters`. */
export function callbackWdl({ body, event, incident, templates }: CallbackSource): CallbackWdl {
  const properties = at(incident, 'properties');
  const action = (name: string) => text(at(outputsOf(actions.action), name));
  const userMail = trim(text(at(body, 'user', 'mailaddress')));
  const person = firstText(text(at(body, 'user', 'displayname')), text(at(body, 'user', 'username')), userMail);
  const words = noteWords(body);
  const isOwnAnnotation = and(
    equals(event, "'annotated'"),
    call('startsWith', noteOf(body), literal(annotationMarker.trim())),
  );
  const chosen = call('first', call('union', bodyOf(actions.hashtags), "createArray('', '')"));
  const filtered = filteredFieldsAction(actions.filtered, templates, {
    declared: commentFields,
    plainAction: actions.fields,
    lists: {},
    limitOf: () => undefined,
  });
  const { locals, filled } = fillTemplatesWdl(
    actions,
    call(
      'createArray',
      namedTemplate('comment', action('comment')),
      namedTemplate('classification', parameter('ClassificationComment')),
    ),
    [...filtered.map(({ name }) => name), actions.fields],
  );
  const filledText = (index: number) => trim(text(`${outputsOf(actions.texts)}?[${index}]?['value']`));
  const changes = changesOf({ properties, event, action, userMail, chosen });
  const change = (name: string) => text(at(outputsOf(actions.change), name));
  const echo = and(empty(person), contains(statusEvents, event), empty(change('status')));
  return {
    locals: [
      {
        kind: 'compose',
        name: actions.action,
        description: 'What CallbackActions says about this event; nothing for an annotation that came from Sentinel.',
        inputs: when(
          isOwnAnnotation,
          "json('{}')",
          call('coalesce', lookUp(parameter('CallbackActions'), event), "json('{}')"),
        ),
      },
      {
        kind: 'query',
        name: actions.hashtags,
        description: 'Known hashtags of the note; the first one selects the classification.',
        from: words,
        where: and(
          equals(event, "'closed'"),
          call('startsWith', replace('item()', "'('", "''"), "'#'"),
          not(empty(text(lookUp(parameter('Hashtags'), tagOf('item()'))))),
        ),
      },
      {
        kind: 'query',
        name: actions.words,
        description: 'The note without the hashtag.',
        from: words,
        where: not(and(equals('item()', chosen), not(empty(chosen)))),
      },
      {
        kind: 'compose',
        name: actions.fields,
        description: 'What each field of a comment stands for.',
        inputs: {
          'user.name': firstText(person, "'SIGNL4'"),
          'user.mail': userMail,
          team: text(at(body, 'team', 'teamname')),
          note: restOfNote(),
          'alert.id': text(at(body, 'alert', 'id')),
          'event.time': text(at(body, 'eventRaisedUtc')),
        },
      },
      ...filtered,
      ...locals,
      {
        kind: 'compose',
        name: actions.texts,
        description: 'The comment and the comment of the classification.',
        inputs: filled,
      },
      {
        kind: 'compose',
        name: actions.change,
        description: 'What differs from the incident as it is; empty texts stay as they are.',
        inputs: { ...changes, classificationComment: filledText(1) },
      },
    ],
    change: {
      status: change('status'),
      owner: change('owner'),
      severity: change('severity'),
      tag: change('tag'),
      classification: change('classification'),
      classificationComment: change('classificationComment'),
    },
    isChange: not(and(...['status', 'owner', 'severity', 'tag'].map((name) => empty(change(name))))),
    updateBody: updateBody(text(at(incident, 'id')), change),
    comment: {
      isDue: and(
        not(empty(filledText(0))),
        call('less', call('coalesce', at(properties, 'additionalData', 'commentsCount'), '0'), String(maxComments)),
        not(echo),
      ),
      id: commentId(body),
      message: commentMessageWdl(filledText(0)),
    },
  };
}

/** Events that stand for a state; from nobody and without a change of the incident they are an echo of what Sentinel told SIGNL4. */
const statusEvents = "createArray('acknowledged', 'closed', 'reopened')";

const noteOf = (body: Wdl): Wdl => trim(text(at(body, 'annotation', 'message')));

function noteWords(body: Wdl): Wdl {
  return call(
    'split',
    noteSpacing.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), noteOf(body)),
    "' '",
  );
}

function restOfNote(): Wdl {
  const words = call('join', bodyOf(actions.words), "' '");
  return trim(noteJoints.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), words));
}

function tagOf(word: Wdl): Wdl {
  return lower(hashtagPunctuation.reduce((rest, mark) => replace(rest, literal(mark), "''"), word));
}

interface ChangeSource {
  readonly properties: Wdl;
  readonly event: Wdl;
  readonly action: (name: string) => Wdl;
  readonly userMail: Wdl;
  readonly chosen: Wdl;
}

/** Each change, or an empty text. A closed incident is left alone but for a reopening: others may have closed it meanwhile. */
function changesOf({ properties, event, action, userMail, chosen }: ChangeSource): Readonly<Record<string, Wdl>> {
  const current = (...path: readonly string[]) => lower(text(at(properties, ...path)));
  const mayChange = or(not(equals(current('status'), "'closed'")), equals(event, "'reopened'"));
  const differs = (name: 'status' | 'severity') =>
    and(mayChange, not(contains(call('createArray', "''", "'keep'", current(name)), lower(action(name)))));
  const account = firstText(text(lookUp(parameter('OwnerAccounts'), lower(userMail))), userMail);
  const owner = call(
    'createArray',
    ...['email', 'userPrincipalName', 'objectId'].map((name) => current('owner', name)),
  );
  const newOwner = and(
    mayChange,
    equals(at(outputsOf(actions.action), 'assignOwner'), 'true'),
    not(empty(account)),
    not(contains(owner, lower(account))),
  );
  const tags = lower(call('string', call('coalesce', at(properties, 'labels'), "json('[]')")));
  const tagMember = call('string', call('setProperty', "json('{}')", "'labelname'", lower(action('tag'))));
  const newTag = and(not(empty(action('tag'))), not(contains(tags, call('slice', tagMember, '1', '-1'))));
  const classification = firstText(text(lookUp(parameter('Hashtags'), tagOf(chosen))), parameter('Classification'));
  const allowed = call('createArray', ...classifications.map(literal));
  return {
    status: when(differs('status'), action('status'), "''"),
    owner: when(newOwner, account, "''"),
    severity: when(differs('severity'), action('severity'), "''"),
    tag: when(newTag, action('tag'), "''"),
    classification: when(contains(allowed, classification), classification, literal(classifications[0])),
  };
}

function updateBody(incidentArmId: Wdl, change: (name: string) => Wdl): Wdl {
  const set = (base: Wdl, name: string, value: Wdl) => call('setProperty', base, `'${name}'`, value);
  const none = "json('{}')";
  const unlessEmpty = (name: string, object: Wdl) => when(empty(change(name)), none, object);
  const closing = set(
    none,
    'classification',
    set(
      set(none, 'ClassificationAndReason', change('classification')),
      'ClassificationReasonText',
      change('classificationComment'),
    ),
  );
  const tag = set(none, 'Tag', change('tag'));
  return call(
    'union',
    set(none, 'incidentArmId', incidentArmId),
    unlessEmpty('status', set(none, 'status', change('status'))),
    when(equals(lower(change('status')), "'closed'"), closing, none),
    unlessEmpty('owner', set(set(none, 'ownerAction', "'Assign'"), 'owner', change('owner'))),
    unlessEmpty('severity', set(none, 'severity', change('severity'))),
    unlessEmpty(
      'tag',
      set(none, 'tagsToAdd', set(none, 'TagsToAdd', call('json', concat("'['", call('string', tag), "']'")))),
    ),
  );
}

/** As `commentMessage`. */
function commentMessageWdl(plain: Wdl): Wdl {
  const escaped = (value: Wdl) =>
    concat(
      literal(commentMarker),
      commentEscapes.reduce((rest, [from, to]) => replace(rest, literal(from), literal(to)), value),
    );
  return when(
    call('greater', call('length', escaped(plain)), String(commentLimit)),
    escaped(cutText(plain, certainlyFits)),
    escaped(plain),
  );
}

/** Characters of an encoded id that are no letters or digits. */
const marks = ['%', '-', '_', '.', '~', '!', '*', "'", '(', ')'];

/**
 * A GUID under which the comment is written, so that writing it again changes nothing: the notification's id. Where that is
 * no GUID, one is made of its last 32 letters and digits, letters beyond f mapped onto hexadecimal ones; WDL has no hash.
 * SIGNL4's other ids end in a GUID, which comes out as it is.
 */
function commentId(body: Wdl): Wdl {
  const id = lower(trim(text(at(body, 'id'))));
  const plain = marks.reduce((rest, mark) => replace(rest, literal(mark), "''"), lower(call('uriComponent', id)));
  const padded = concat(literal('0'.repeat(32)), plain);
  const tail = call('substring', padded, call('sub', call('length', padded), '32'), '32');
  const hex = [...'ghijklmnopqrstuvwxyz'].reduce(
    (rest, letter, index) => replace(rest, literal(letter), literal((index % 16).toString(16))),
    tail,
  );
  const part = (start: number, length: number) => call('substring', hex, String(start), String(length));
  const made = concat(part(0, 8), "'-'", part(8, 4), "'-'", part(12, 4), "'-'", part(16, 4), "'-'", part(20, 12));
  return when(isGuidWdl(id), id, made);
}
