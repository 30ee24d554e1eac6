import { classifications } from '../domain/classification.ts';
import {
  and,
  at,
  call,
  concat,
  contains,
  empty,
  equals,
  firstText,
  list,
  literal,
  lookUp,
  lower,
  not,
  or,
  parameter,
  text,
  type Wdl,
  when,
} from './expressions.ts';
import { tagOf } from './note-wdl.ts';

export interface ChangeSource {
  readonly properties: Wdl;
  readonly event: Wdl;
  /** Members of the action that the mapping has for the event, as texts. */
  readonly action: (name: string) => Wdl;
  /** Whether the person who acted becomes the owner. */
  readonly assignOwner: Wdl;
  readonly userMail: Wdl;
  /** The hashtag of the note as typed; empty where there is none. */
  readonly chosen: Wdl;
}

/** Each change, or an empty text. A closed incident is left alone but for a reopening: others may have closed it meanwhile. */
export function changesOf(source: ChangeSource): Readonly<Record<string, Wdl>> {
  const { properties, event, action, userMail, chosen } = source;
  const current = (...path: readonly string[]) => lower(text(at(properties, ...path)));
  const mayChange = or(not(equals(current('status'), "'closed'")), equals(event, "'reopened'"));
  const differs = (name: 'status' | 'severity') =>
    and(mayChange, not(contains(call('createArray', "''", "'keep'", current(name)), lower(action(name)))));
  const account = firstText(text(lookUp(parameter('OwnerAccounts'), lower(userMail))), userMail);
  const owner = call(
    'createArray',
    ...['email', 'userPrincipalName', 'objectId'].map((name) => current('owner', name)),
  );
  const newOwner = and(mayChange, source.assignOwner, not(empty(account)), not(contains(owner, lower(account))));
  const newTag = and(not(empty(action('tag'))), not(hasTagWdl(at(properties, 'labels'), action('tag'))));
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

/** Whether one of an incident's labels is a tag, in one expression: as a member within their JSON text. */
export function hasTagWdl(labels: Wdl, tag: Wdl): Wdl {
  const member = call('string', call('setProperty', "json('{}')", "'labelname'", lower(tag)));
  return contains(lower(call('string', list(labels))), call('slice', member, '1', '-1'));
}

/** Body of the connector operation UpdateIncident. `change` gives a text, empty where nothing changes. */
export function updateBodyWdl(incidentArmId: Wdl, change: (name: string) => Wdl): Wdl {
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
