import type { KqlChoice } from '../../rules/choices.ts';
import { type ColumnExposures, type Exposure, protectsNothing } from './flow/exposure.ts';
import { exposureInAnswer } from './flow/flow.ts';

export interface Column {
  readonly name: string;
  /** KQL type: `string`, `datetime`, `dynamic`, `long`, … */
  readonly type: string;
}

/** What a query gave, as the Log Analytics API says it. */
export interface QueryRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Why rows may be missing although there is an answer (`PartialError`). */
  readonly partialError: string | undefined;
  /** What of them may be seen; undefined: nobody followed the columns through the query. */
  readonly exposures?: ColumnExposures | undefined;
}

/** What a person may see of it: texts, chosen columns, limited rows. */
export interface ShownRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** More rows exist than are shown. */
  readonly truncated: boolean;
  /** Columns that have values and are not shown. */
  readonly moreColumns: number;
}

/** More columns than this are noise on a phone. */
const MAX_COLUMNS = 8;
const MAX_CELL = 120;

/** Columns that say where a row is stored, not what happened. */
const storageColumns = new Set(
  '_itemid _internal_workspaceresourceid _resourceid _subscriptionid _timereceived mg managementgroupname sourcesystem tenantid type'.split(
    ' ',
  ),
);

/** Kinds of entities that a column may hold. */
export type EntityColumn = 'account' | 'host' | 'ip' | 'url' | 'filehash' | 'file';

/** What a person on call looks for first, best first. Matched against the whole name of a column, without case. */
const entityColumns: readonly (readonly [EntityColumn, RegExp])[] = [
  [
    'account',
    /^(user ?principal ?name|upn|(target|initiating|compromised|src|dst|actor)?_?(user|account)(name|upn|entity|principalname)?\d?|accountcustomentity|actor|caller|identity|(process)?accountupn|mail|sender.*address|recipient.*address)$/i,
  ],
  [
    'host',
    /^(computer|host(name|customentity)?|device(name)?|(src|dst|dvc)_?(host)?(name)?|workstation(name)?|server(name)?)$/i,
  ],
  [
    'ip',
    /^((source|src|client|caller|destination|dst|dest|remote|local|external|host|attacker)?_?ip(_?(addr|address))?(_s)?|ipcustomentity|src_?ipaddr|dst_?ipaddr|.*ip_?address)$/i,
  ],
  ['url', /^((remote)?url|uri|domain(name)?|fqdn|dnsquery|urlcustomentity)$/i],
  ['filehash', /^(.*(sha1|sha256|md5)|filehash(customentity)?|hash)$/i],
  ['file', /^((initiating)?process(name|commandline)?|commandline|file(name|path)|image)$/i],
];

/** The kind of entity that a column of this name holds; undefined for all others. */
export function entityColumn(name: string): EntityColumn | undefined {
  return entityColumns.find(([, pattern]) => pattern.test(name))?.[0];
}

/** What is denied is gone, and what is masked or cannot be followed is masked, before anything else sees the rows. */
export function showRows(
  result: QueryRows,
  choice: Pick<KqlChoice, 'maxRows' | 'denyColumns' | 'maskColumns'>,
): ShownRows {
  const kept = result.rows.slice(0, choice.maxRows);
  const candidates = result.columns.flatMap((column, index) => {
    const exposure = exposureOf(column.name, result.exposures, choice);
    if (exposure === 'gone' || storageColumns.has(column.name.toLowerCase())) return [];
    const texts = kept.map((row) => cellText(row[index], column.type));
    if (kept.length > 0 && texts.every((text) => text === '')) return [];
    return [{ name: column.name, rank: rankOf(column.name), texts: texts.map(shownAs[exposure]) }];
  });
  const shown = candidates.toSorted((a, b) => a.rank - b.rank).slice(0, MAX_COLUMNS);
  return {
    columns: shown.map(({ name }) => name),
    rows: kept.map((_, row) => shown.map(({ texts }) => texts[row] ?? '')),
    truncated: result.rows.length > kept.length,
    moreColumns: candidates.length - shown.length,
  };
}

/** Where nobody followed the columns, any of them may hold what is protected. */
function exposureOf(
  column: string,
  followed: ColumnExposures | undefined,
  choice: Pick<KqlChoice, 'denyColumns' | 'maskColumns'>,
): Exposure {
  if (protectsNothing(choice)) return 'shown';
  return exposureInAnswer(column, followed ?? { columns: {}, rest: 'hidden' }, choice);
}

const shownAs: Readonly<Record<Exposure, (text: string) => string>> = {
  shown: (text) => text,
  masked: mask,
  hidden: (text) => (text === '' ? '' : '…'),
  gone: () => '',
};

/** Entities in the order of the table, then the rest in the order of the query. */
function rankOf(name: string): number {
  const index = entityColumns.findIndex(([, pattern]) => pattern.test(name));
  return index < 0 ? entityColumns.length : index;
}

/** One line; times to the second, objects as JSON. */
function cellText(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  if (type === 'datetime' || value instanceof Date) return timeText(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text === '{}' || text === '[]' ? '' : text.replace(/\s+/g, ' ').trim();
  return shorten(line);
}

function timeText(value: unknown): string {
  const time = value instanceof Date ? value : new Date(String(value));
  return Number.isNaN(time.getTime()) ? shorten(String(value)) : time.toISOString().slice(0, 19).replace('T', ' ');
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_CELL ? text : `${characters.slice(0, MAX_CELL - 1).join('')}…`;
}

/** `j.mueller@contoso.com` reads `j.…om`; what is short shows nothing. */
function mask(text: string): string {
  const characters = [...text];
  if (characters.length === 0) return '';
  return characters.length < 8 ? '…' : `${characters.slice(0, 2).join('')}…${characters.slice(-2).join('')}`;
}
