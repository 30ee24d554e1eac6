import type { Alert } from '../../domain/alert.ts';
import type { Entity } from '../../domain/entity.ts';
import type { Incident } from '../../domain/incident.ts';
import { capitalized } from '../../domain/text.ts';
import { friendly, type NameTables } from '../../rules/product-names.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import { type AlertGroup, alertGroups } from './alert-groups.ts';
import { type NamedEntities, type Place, placedEntities } from './entity-places.ts';
import { createOnce, listed, type Once, shorten } from './once.ts';
import { type RowTable, rowTables } from './row-groups.ts';
import { counted, ROWS, rowLines } from './row-lines.ts';
import { createSheet, type Sheet } from './sheet.ts';
import { firstDay, since } from './times.ts';

/** What a page is about. */
export interface PageSubject {
  readonly incident: Incident;
  readonly alerts: readonly Alert[];
  readonly entities: readonly Entity[];
  readonly queries: readonly AlertRows[];
  /** The title of the page; the text does not repeat what it says. */
  readonly title: string;
}

/** What the phone shows: the text, and parameters for details, filters and copying. */
export interface Page {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Maximum characters of the text. */
export const PAGE_LENGTH = 2_000;
/** Characters that a phone shows without scrolling. */
export const FIRST_SCREEN = 400;

/**
 * The text of a page, written for somebody who was just woken up: the first screen says who, where, since when and what; then
 * follow the rule's description, the rows that distinguish the cases, and the rest by importance. What does not fit is counted.
 * No name, alert or row appears twice; identifiers for copying are parameters.
 */
export function renderPage(subject: PageSubject, names: NameTables): Page {
  const { incident, alerts, queries, title } = subject;
  const once = createOnce();
  for (const part of [title, incident.title]) once.write(part);
  const groups = alertGroups(alerts, names);
  const entities = placedEntities(subject.entities, queries, names);
  const sheet = createSheet(PAGE_LENGTH);

  const tables = rowTables(queries);
  const marks = createMarks(tables);
  firstScreen(sheet, subject, groups, entities, once, names, marks);
  const day = firstDay(timesOf(groups, incident));
  sheet.paragraph();
  describe(sheet, [incident.description], once, 320);
  for (const table of tables) {
    sheet.paragraph();
    const { head, rows, rest } = rowLines(table, once, marks.given, day);
    sheet.list(head, rows, rest, { most: ROWS });
    for (const cell of table.rows.flatMap(({ cells }) => cells)) if (sheet.says(cell)) once.write(cell);
    for (const [, value] of table.common) if (sheet.says(value)) once.write(value);
  }
  for (const line of missingRows(queries)) sheet.line(line);
  sheet.paragraph();
  placeLine(sheet, 'Also', 'what', entities, once, 200);
  describe(
    sheet,
    groups.flatMap(({ descriptions }) => descriptions),
    once,
    160,
  );
  return { text: sheet.text(), parameters: parametersOf(subject, entities, once, names) };
}

/** Queries with missing rows, by the reason. */
function missingRows(queries: readonly AlertRows[]): readonly string[] {
  const failed = queries.flatMap(({ error, rows }) => (error ? [{ error, none: rows.length === 0 }] : []));
  return [...Map.groupBy(failed, ({ error }) => error)].map(([error, of]) => {
    const what = of.some(({ none }) => none) ? 'Rows missing' : 'Rows';
    return `${what}, ${of.length === 1 ? '1 query' : `${of.length} queries`}: ${shorten(error, 160)}`;
  });
}

function firstScreen(
  sheet: Sheet,
  { incident, alerts, title }: PageSubject,
  groups: readonly AlertGroup[],
  entities: readonly NamedEntities[],
  once: Once,
  names: NameTables,
  marks: Marks,
): void {
  placeLine(sheet, 'Who', 'who', entities, once, 90, marks);
  placeLine(sheet, 'Where', 'where', entities, once, 90, marks);
  const severity = incident.severity && !title.includes(incident.severity) ? [incident.severity] : [];
  const shown = incident.standing ?? incident.status;
  const state = shown === undefined || shown === 'New' ? [] : [shown];
  const when = since(timesOf(groups, incident));
  const total = Math.max(incident.alertCount, alerts.length);
  const count = total === 0 ? [] : [counted(total, 'alert')];
  sheet.line(capitalized([...severity, ...state, ...count, ...(when ? [when] : [])].join(', ')));
  const lines = groups.flatMap((group) => groupLine(group, incident, groups.length === 1, once, names) ?? []);
  const rest = (from: number) => {
    const left = groups.slice(groups.length - lines.length + from).reduce((sum, group) => sum + group.count, 0);
    return `… and ${counted(left, 'more alert')}`;
  };
  sheet.list([], lines, rest, { room: Math.max(60, FIRST_SCREEN - sheet.length()) });
}

/** When it happened. Sentinel's own time of creation is later. */
function timesOf(groups: readonly AlertGroup[], { createdTime }: Incident): readonly string[] {
  const times = groups.flatMap((group) => group.times);
  return times.length > 0 ? times : [createdTime];
}

/** `15× Unfamiliar location (Low, Defender for Endpoint)`; undefined if the title and the counts above already say it. */
function groupLine(
  { count, titles, severity, product }: AlertGroup,
  incident: Incident,
  isOnly: boolean,
  once: Once,
  names: NameTables,
): string | undefined {
  const differing = severity !== undefined && severity !== incident.severity ? [severity] : [];
  const isOneOfMany = new Set(incident.products.map((each) => friendly(names.products, each))).size > 1;
  const from = isOneOfMany ? once.fresh([product]) : [];
  for (const each of from) once.write(each);
  const notes = [...differing, ...from];
  const fresh = once.fresh(titles);
  if (isOnly && fresh.length === 0 && notes.length === 0) return undefined;
  const what = fresh.length === 0 ? 'as in the title' : listed(titles, once, { room: 60, noun: 'titles' });
  return `${count > 1 ? `${count}× ` : ''}${what}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

interface Marks {
  readonly given: ReadonlyMap<string, string>;
  /** Mark to write before a name that rows refer to: one that rows begin with, or one of several that all rows share. */
  markOf(name: string, isOneOfMany: boolean): string;
  /** Whether rows contain the name in another column, which also says what it belongs to. */
  isLeftToRows(name: string): boolean;
}

const signs = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';

function createMarks(tables: readonly RowTable[]): Marks {
  const rows = tables.flatMap((table) => table.rows.slice(0, ROWS));
  const lower = (cells: readonly string[]) => new Set(cells.map((cell) => cell.toLowerCase()));
  const first = lower(rows.flatMap(({ cells }) => cells.slice(0, 1)));
  const others = lower(rows.flatMap(({ cells }) => cells.slice(1)));
  const shared = lower(tables.flatMap(({ common }) => common.map(([, value]) => value)));
  const given = new Map<string, string>();
  return {
    given,
    isLeftToRows: (name) => others.has(name.toLowerCase()) && !first.has(name.toLowerCase()),
    markOf(name, isOneOfMany) {
      const sign = signs[given.size];
      const isNeeded = first.has(name.toLowerCase()) || (isOneOfMany && shared.has(name.toLowerCase()));
      if (!isNeeded || sign === undefined) return '';
      given.set(name.toLowerCase(), sign);
      // Keeps both on one line.
      return `${sign}\u00a0`;
    },
  };
}

function placeLine(
  sheet: Sheet,
  label: string,
  place: Place,
  entities: readonly NamedEntities[],
  once: Once,
  room: number,
  marks?: Marks,
): void {
  const lists = entities
    .filter((each) => each.place === place && !each.fromRows)
    .map(({ names }) => names.filter((name) => !marks?.isLeftToRows(name)))
    .map((names) => {
      const isOneOfMany = once.fresh(names).length > 1;
      return listed(names, once, { room, most: NAMES, before: (name) => marks?.markOf(name, isOneOfMany) ?? '' });
    });
  const text = lists.filter((list) => list !== '').join('; ');
  if (text !== '') sheet.line(`${label}: ${text}`);
}

/** Names of one kind per line. */
const NAMES = 3;

function describe(sheet: Sheet, descriptions: readonly string[], once: Once, limit: number): void {
  for (const description of once.fresh(descriptions.map((text) => text.replace(/\s+/g, ' ').trim()))) {
    once.write(description);
    sheet.line(shorten(description, limit));
  }
}

function parametersOf(
  { incident }: PageSubject,
  entities: readonly NamedEntities[],
  once: Once,
  names: NameTables,
): Readonly<Record<string, string>> {
  const joined = (texts: readonly string[]) => [...new Set(texts)].join(', ');
  const kinds = Map.groupBy(entities, ({ parameter }) => parameter);
  const lists = [...kinds].map(([parameter, each]) => {
    const found = each.flatMap((list) => list.names);
    return [parameter, listed(found, once, { room: 600, most: 10, longest: 300 })] as const;
  });
  const products = incident.products.map((product) => friendly(names.products, product));
  const parameters: readonly (readonly [string, string])[] = [
    ['Incident', incident.number],
    ...lists,
    ['Tactics', joined(incident.tactics)],
    ['Products', joined(once.fresh(products))],
    ['Tags', joined(incident.tags)],
    ['Link', incident.defenderUrl || incident.url],
  ];
  return Object.fromEntries(parameters.filter(([, value]) => value !== ''));
}
