/** A table as the query API answers it. */
export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly unknown[])[];
}

export type ColumnType =
  | 'datetime'
  | 'string'
  | 'long'
  | 'int'
  | 'real'
  | 'bool'
  | 'dynamic'
  | 'guid'
  | 'timespan'
  | 'decimal';

/** What a query asks beside its text. */
export interface Query {
  readonly text: string;
  readonly timespan: string | undefined;
  readonly workspaceId: string;
}

export interface Answer {
  /** A string fits a query that contains it, whatever the white space; a pattern fits where it matches. */
  readonly when: string | RegExp | ((query: Query) => boolean);
  readonly table?: Table | ((query: Query) => Table);
  /** Rows that could not be read: the answer is 200 with an `error`. */
  readonly partialError?: string;
  /** The query is refused with 400, as for a syntax error or an unknown table. */
  readonly semanticError?: string;
  /** How long the query runs. Longer than the server timeout: 504. */
  readonly takesMs?: number;
}

export function findAnswer(answers: readonly Answer[], query: Query): Answer | undefined {
  return answers.find(({ when }) => {
    if (typeof when === 'function') return when(query);
    return typeof when === 'string' ? squeeze(query.text).includes(squeeze(when)) : when.test(query.text);
  });
}

/** Rows after the last `take`, `limit` or `top N by` of the query, which is how a client bounds an answer. */
export function limitRows(table: Table, query: string): Table {
  const last = query.split(/\n|\|/).at(-1)?.trim() ?? '';
  const limit = /^(?:take|limit|top)\s+(\d+)\b/i.exec(last)?.[1];
  return limit === undefined ? table : { ...table, rows: table.rows.slice(0, Number(limit)) };
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
