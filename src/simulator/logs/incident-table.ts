import type { Clock } from '../clock.ts';
import type { Directory } from '../entra/directory.ts';
import type { Actor } from '../sentinel/resources.ts';
import { type SentinelStore, wireTime } from '../sentinel/store.ts';
import type { Answer, Table } from './answers.ts';

/** From a change to its row. The real table is some minutes behind. */
const LAG_MS = 60_000;

/** Values of `ModifiedBy` as they were seen in real workspaces, by the source of the change; people by their own name. */
const modifiedBy: Readonly<Partial<Record<Actor['source'], (actor: Actor) => string>>> = {
  'Alert grouping': () => 'Alert Grouping',
  'Automation rule': ({ name }) => `Automation rule - ${name}`,
  'Microsoft 365 Defender': () => 'Microsoft 365 Defender',
};

/** The table SecurityIncident: a row for each creation and change of an incident. Answers queries about one incident. */
export function securityIncidentTable(store: SentinelStore, clock: Clock, directory: Directory): Answer {
  const rows: { readonly at: number; readonly incident: string; readonly cells: readonly unknown[] }[] = [];
  store.onChange(({ incident, by, event }) => {
    const { status, owner } = incident.properties;
    const user = by.source === 'User' && by.objectId ? directory.find(by.objectId)?.userPrincipalName : undefined;
    const name = event === 'Create' ? 'Incident created from alert' : (modifiedBy[by.source]?.(by) ?? user ?? by.name);
    const at = clock.now();
    rows.push({ at, incident: incident.name, cells: [wireTime(at), status, { ...owner }, name] });
  });
  const columns: Table['columns'] = [
    { name: 'LastModifiedTime', type: 'datetime' },
    { name: 'Status', type: 'string' },
    { name: 'Owner', type: 'dynamic' },
    { name: 'ModifiedBy', type: 'string' },
  ];
  return {
    when: /^\s*SecurityIncident\b/,
    table: ({ text }) => ({
      columns,
      rows: rows
        .filter(({ at, incident }) => text.toLowerCase().includes(incident) && at + LAG_MS <= clock.now())
        .toReversed()
        .map(({ cells }) => cells.map((cell) => (typeof cell === 'object' ? JSON.stringify(cell) : cell))),
    }),
  };
}
