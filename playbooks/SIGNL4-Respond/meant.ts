import { type EntityName, entityNames, tellingNames } from '../../src/rules/response-entity.ts';
import {
  and,
  at,
  call,
  coalesce,
  contains,
  type Expr,
  equals,
  item,
  join,
  last,
  list,
  lower,
  or,
  parameter,
  split,
  string,
  type Text,
  text,
} from '../../src/wdl/build.ts';
import { resourceManagerCall } from '../../src/workflow/parts/resource-manager.ts';
import type { Step } from '../../src/workflow/step.ts';
import { filterArray } from '../../src/workflow/steps/filter-array.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { listOrNone } from './asked.ts';

/** What of an incident a note is about. */
export interface Meant {
  readonly entities: Step;
  /** The entities with their names. */
  readonly names: Step;
  readonly meant: Step;
  readonly protectedOnes: Step;
  /** In their order. */
  readonly steps: readonly Step[];
}

/** Finds the entity of a kind (of the list) that the words of a note name; `incident`: ARM id. */
export function entityMeant(words: Expr, kind: Expr, incident: Expr): Meant {
  const entities = resourceManagerCall('List entities', {
    description: 'Of the incident.',
    method: 'POST',
    resource: text`${incident}/entities`,
  });
  const names = select('Names of the entities', {
    description: 'By which people call them, a line each; nothing else identifies one.',
    on: 'finished',
    from: listOrNone(entities.body('entities')),
    to: {
      id: at(item, 'name'),
      kind: lower(string(at(item, 'kind'))),
      names: nameLines,
      tells: tellingNames.map(property).reduce((sum, name) => text`${sum}${name}`, text``),
      properties: lower(string(at(item, 'properties'))),
    },
  });
  const meant = filterArray('The entity that is meant', {
    description: 'Of the kind that the response works on, and of the name in the note where there is one.',
    on: 'finished',
    from: list(names.body()),
    where: and(
      equals(at(item, 'kind'), lower(coalesce(kind, ''))),
      // The whole name; without one, the empty line fits each.
      contains(lower(at(item, 'names')), call('concat', '\n', join(call('skip', words, 2), ' '), '\n')),
    ),
  });
  const found = (member: string) => string(at(call('first', meant.body()), member));
  const protectedOnes = filterArray('Protected names', {
    description: 'Those that the entity has.',
    on: 'finished',
    from: parameter('Protected'),
    where: or(
      contains(lower(found('names')), call('concat', '\n', item, '\n')),
      contains(found('properties'), call('concat', '"', item, '"')),
    ),
  });
  return { entities, names, meant, protectedOnes, steps: [entities, names, meant, protectedOnes] };
}

function property(name: string): Expr {
  return at(item, 'properties', name);
}

/** An empty line, then each name in one of its own. */
const nameLines: Text = text`\n${entityNames.map(nameOf).reduce((lines, name) => text`${lines}\n${name}`, text``)}\n`;

function nameOf(name: EntityName): Expr {
  if ('mark' in name) return call('concat', string(property(name.of)), name.mark, string(property(name.and)));
  if (name.before !== undefined) return call('first', split(string(property(name.of)), name.before));
  if (name.after !== undefined) return last(split(string(property(name.of)), name.after));
  return property(name.of);
}
