import type { KqlChoice } from '../../rules/choices.ts';
import { type ColumnExposures, type Exposure, protectsNothing } from './flow/exposure.ts';
import { exposureInAnswer } from './flow/flow.ts';

export interface Column {
  readonly name: string;
  /** KQL type: `string`, `datetime`, `dynamic`, `long`, … */
  readonly type: string;
}

/** Result of a query as the Log Analytics API returns it. */
export interface QueryRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Why the result may be incomplete (`PartialError`). */
  readonly partialError: string | undefined;
  /** Exposures of the columns; undefined if they were not followed through the query. */
  readonly exposures?: ColumnExposures | undefined;
}

/** What people may see of it: strings, selected columns, limited rows. */
export interface ShownRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** There are more rows than shown. */
  readonly truncated: boolean;
  /** Number of columns with values that are not shown. */
  readonly moreColumns: number;
}

/** More columns than this are too many for a phone. */
const MAX_COLUMNS = 8;
const MAX_CELL = 120;

/** Columns about where a row is stored, not what happened. */
const storageColumns = new Set(
  '_itemid _internal_workspaceresourceid _resourceid _subscriptionid _timereceived mg managementgroupname sourcesystem tenantid type'.split(
    ' ',
  ),
);

/** Kinds of entities in columns. */
export type EntityColumn = 'account' | 'host' | 'ip' | 'url' | 'filehash' | 'file';

/** What a person on call looks for first, in order. Matches the whole column name, ignoring case. */
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

/** Removes denied columns and masks protected ones, before anything else uses the rows. */
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

/** If the columns were not followed through the query, any of them may hold a protected value. */
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

/** Entity columns in the order of the table above, then the others in the order of the query. */
function rankOf(name: string): number {
  const index = entityColumns.findIndex(([, pattern]) => pattern.test(name));
  return index < 0 ? entityColumns.length : index;
}

/** A cell on one line: times to the second, objects as JSON. */
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

/** `j.mueller@contoso.com` becomes `j.…om`; short values are hidden entirely. */
function mask(text: string): string {
  const characters = [...text];
  if (characters.length === 0) return '';
  return characters.length < 8 ? '…' : `${characters.slice(0, 2).join('')}…${characters.slice(-2).join('')}`;
}
