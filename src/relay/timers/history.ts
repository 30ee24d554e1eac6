import { isJsonObject, memberAt, parseJson, textOf } from '../../domain/json.ts';
import type { LogsPort } from '../ports.ts';
import type { Course } from './home.ts';

/*
 * Who changed an incident. The REST API does not say; the table SecurityIncident has one row per change, some minutes late (Azure
 * Monitor tables reference, SecurityIncident).
 */

/** One change of an incident. */
export interface HistoryRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly status: string;
  readonly owner: HistoryOwner;
  /** A person's name or mail address, `Alert Grouping`, `Automation rule - …`, a playbook's identity, … */
  readonly by: string;
}

interface HistoryOwner {
  readonly objectId: string;
  readonly userPrincipalName: string;
  readonly email: string;
  readonly name: string;
  readonly type: string;
}

const TIMEOUT_SECONDS = 10;
/** Number of changes read, the newest. */
const MOST_ROWS = 100;

/** The changes of an incident, oldest first. `incidentId` is a GUID. Rejects if the workspace may not be queried. */
export async function readHistory(
  logs: LogsPort,
  incidentId: string,
  signal: AbortSignal,
): Promise<readonly HistoryRow[]> {
  const query = [
    'SecurityIncident',
    `| where IncidentName == "${incidentId}"`,
    '| project LastModifiedTime, Status, Owner, ModifiedBy',
    '| order by LastModifiedTime desc',
    `| take ${MOST_ROWS}`,
  ].join('\n');
  const { columns, rows } = await logs.query(query, { timeoutSeconds: TIMEOUT_SECONDS }, signal);
  const read = rows.map((row) => readRow((name) => row[columns.findIndex((column) => column.name === name)]));
  return read.toReversed().toSorted((a, b) => a.at - b.at);
}

function readRow(cell: (name: string) => unknown): HistoryRow {
  const owner = parsed(cell('Owner'));
  const of = (name: string) => textOf(memberAt(owner, name)) ?? '';
  return {
    at: Date.parse(textOf(cell('LastModifiedTime')) ?? ''),
    status: textOf(cell('Status')) ?? '',
    owner: {
      objectId: of('objectId'),
      userPrincipalName: of('userPrincipalName'),
      email: of('email'),
      name: of('assignedTo'),
      type: of('ownerType'),
    },
    by: textOf(cell('ModifiedBy')) ?? '',
  };
}

function parsed(value: unknown): unknown {
  if (isJsonObject(value) || typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return undefined;
  }
}

/**
 * Summarises the history. `since` and `changedAt` in milliseconds since 1970: when the incident was last seen, and last changed.
 */
export function tellHistory(rows: readonly HistoryRow[], since: number, changedAt: number): Omit<Course, 'states'> {
  let isTakenByPerson = false;
  for (const [index, row] of rows.entries()) {
    if (row.at <= since) continue;
    if (isTaking(row, rows[index - 1])) isTakenByPerson = true;
    if (row.status === 'Closed') isTakenByPerson = false;
  }
  return { isComplete: (rows.at(-1)?.at ?? 0) >= changedAt - SAME_MS, isTakenByPerson };
}

/** Table and REST API round times differently. */
const SAME_MS = 1_000;

function isTaking(row: HistoryRow, before: HistoryRow | undefined): boolean {
  const hasOwner = row.owner.objectId !== '' || row.owner.name !== '';
  const isNewOwner = hasOwner && ownerText(row) !== (before ? ownerText(before) : '');
  const isActivated = row.status === 'Active' && before?.status !== 'Active';
  return isByPerson(row) && (hasOwner ? isPersonal(row.owner) && (isNewOwner || isActivated) : isActivated);
}

const ownerText = ({ owner }: HistoryRow) => `${owner.objectId} ${owner.name}`.toLowerCase();

/** Whether the author is a mail address or the name of the present owner; anything else may be an automation. */
function isByPerson({ by, owner }: HistoryRow): boolean {
  if (/^[^\s@]+@[^\s@]+$/.test(by.trim())) return true;
  const names = [owner.userPrincipalName, owner.email, owner.name, owner.objectId];
  return isPersonal(owner) && names.some((name) => name !== '' && name.toLowerCase() === by.trim().toLowerCase());
}

function isPersonal({ type, userPrincipalName }: HistoryOwner): boolean {
  return type !== 'Group' && (type === 'User' || userPrincipalName !== '');
}
