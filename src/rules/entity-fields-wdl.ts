import { nameProperties } from '../domain/entity.ts';
import {
  at,
  bodyOf,
  call,
  concat,
  contains,
  distinct,
  empty,
  equals,
  firstText,
  friendlyWdl,
  type LocalAction,
  list,
  literal,
  lower,
  not,
  text,
  trim,
  type Wdl,
  when,
} from './expressions.ts';
import { entityFields } from './fields.ts';
import { joinWdl, limitParameter } from './template-wdl.ts';

/**
 * How entities arrive: as resources (`{ kind, properties }`, incident trigger and REST API), or flat (`{ Type, Name, … }`, the
 * alert trigger's `Entities`).
 */
export type EntityShape = 'resource' | 'flat';

type EntityField = (typeof entityFields)[number]['field'];

/** Names of the entities by kind, their summary and number, as fields of a message. `entities` is an array's expression. */
export function entityFieldsWdl(entities: Wdl, shape: EntityShape) {
  const locals = entityFields.map((row) => entityLocal(row, entities, shape));
  const lists = Object.fromEntries(
    entityFields.map(({ field, heading }) => [field, distinct(bodyOf(actionName(heading)))]),
  ) as Record<EntityField, Wdl>;
  const counts = entityFields.map(({ field }) => call('length', lists[field]));
  return {
    locals,
    fields: {
      ...lists,
      'entities.list': summary(lists),
      'entities.count': text(counts.reduce((sum, count) => call('add', sum, count))),
    },
  };
}

/** What a person calls the entity of the entity trigger (`{ properties }`); empty where nothing names it. */
export function entityNameWdl(entity: Wdl): Wdl {
  const properties = Object.values(nameProperties).flat();
  // `friendlyName` is there for every kind, but an address or a hash says more.
  const ordered = [...new Set([...properties.filter((name) => name !== 'friendlyName'), 'friendlyName'])];
  const texts = ordered.map((name) => trim(text(at(entity, 'properties', name))));
  return firstText(...texts);
}

const actionName = (heading: string) => `${heading} found`;

/** The name where an entity is of that kind, else an empty text, which `distinct` drops. */
function entityLocal(row: (typeof entityFields)[number], entities: Wdl, shape: EntityShape): LocalAction {
  const kind = lower(text(at('item()', shape === 'resource' ? 'kind' : 'Type')));
  const known = entityFields.flatMap(({ kind: name }) => (name === undefined ? [] : [literal(name)]));
  const isKind =
    row.kind === undefined ? not(contains(call('createArray', ...known), kind)) : equals(kind, literal(row.kind));
  const name = shape === 'resource' ? resourceName(row.kind ?? '') : flatName(row.kind ?? '');
  const which = row.kind === undefined ? 'of another kind' : row.heading;
  return {
    kind: 'select',
    name: actionName(row.heading),
    description: `Names of the entities that are ${which}; empty for the rest.`,
    from: list(entities),
    select: when(isKind, friendlyWdl('EntityNames', name), "''"),
  };
}

function resourceName(kind: string): Wdl {
  const names = nameProperties[kind] ?? ['friendlyName'];
  return firstText(...names.map((name) => trim(text(at('item()', 'properties', name)))));
}

/** Where the name lies in a flat entity (Microsoft Sentinel entity types reference). */
const flatProperties: Readonly<Record<string, readonly string[]>> = {
  account: ['Name', 'DisplayName', 'AadUserId', 'Sid'],
  host: ['HostName', 'NetBiosName'],
  ip: ['Address'],
  url: ['Url'],
  file: ['Name'],
  filehash: ['Value'],
};

function flatName(kind: string): Wdl {
  const part = (name: string) => trim(text(at('item()', name)));
  const name = firstText(...(flatProperties[kind] ?? ['Name', 'FriendlyName', 'DisplayName']).map(part));
  if (kind !== 'account') return name;
  const suffix = when(empty(part('UPNSuffix')), "''", concat("'@'", part('UPNSuffix')));
  return when(empty(part('Name')), name, concat(name, suffix));
}

function summary(lists: Readonly<Record<EntityField, Wdl>>): Wdl {
  const lines = entityFields.map(({ field, heading }) => {
    const names = joinWdl(lists[field], "', '", limitParameter('MaxEntities'));
    return when(empty(lists[field]), "''", concat(literal(`${heading}: `), names, literal('\n')));
  });
  return trim(concat(...lines));
}
