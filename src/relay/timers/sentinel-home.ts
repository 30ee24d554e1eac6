import { readAlert } from '../../domain/alert.ts';
import { readEntities } from '../../domain/entity.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Json } from '../../domain/json.ts';
import { enrichIncident } from '../enrich/enrich.ts';
import { readComment } from '../enrich/subject.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { readHistory, tellHistory } from './history.ts';
import type { Home } from './home.ts';
import { mergeInSentinel } from './merge.ts';

/** An incident of Sentinel. The table of changes shows who changed it, some minutes late. */
export function sentinelHome(served: ServedWorkspace, incident: Incident): Home {
  return {
    name: 'Microsoft Sentinel',
    merge: mergeInSentinel(served, incident),
    async readLinked(budget) {
      const ask = (part: (signal: AbortSignal) => Promise<readonly Json[]>) => budget.by(1, 'Sentinel', part);
      const [comments, alerts, entities] = await Promise.all([
        ask((signal) => served.sentinel.comments(incident.id, signal)),
        ask((signal) => served.sentinel.alerts(incident.id, signal)),
        ask((signal) => served.sentinel.entities(incident.id, signal)),
      ]);
      return {
        comments: comments.map(readComment),
        alerts: alerts.flatMap((alert) => readAlert(alert) ?? []),
        entities: readEntities(entities),
      };
    },
    async readCourse(before, budget) {
      const rows = await budget.by(1, 'Log Analytics', (signal) => readHistory(served.logs, incident.id, signal));
      const told = tellHistory(rows, Date.parse(before?.changedAt ?? '') || 0, Date.parse(incident.lastModifiedTime));
      return { ...told, states: rows };
    },
    enrich: (budget) => enrichIncident(served, incident.id, incident, budget),
  };
}
