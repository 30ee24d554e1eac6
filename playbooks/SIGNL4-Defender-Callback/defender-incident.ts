import { graphSeverities, graphStatuses } from '../../src/domain/defender.ts';
import { at, coalesce, type Members, row } from '../../src/wdl/build.ts';
import { patchIncident, tagsOf, withTag } from '../../src/workflow/parts/graph.ts';
import type { Step } from '../../src/workflow/step.ts';
import type { Change, Subject } from '../SIGNL4-Callback/events.ts';

/** An incident of Microsoft Defender, as "Get incident" read it from Microsoft Graph. */
export function defenderIncident(get: Step): Subject {
  const assignedTo = get.body('assignedTo');
  const isNobodys = row.is(assignedTo, null);
  return {
    product: 'Microsoft Defender',
    status: get.body('status'),
    statuses: graphStatuses,
    isNobodys,
    isFree: isNobodys,
    owner: [assignedTo],
    write: (name, description, change, on) =>
      patchIncident(name, { description, id: get.body('id'), change: membersOf(change, get), ...(on && { on }) }),
  };
}

/** A change as Graph wants it: only what changes; a classification with its determination; tags as a whole. */
function membersOf({ status, owner, closed, severity, tag }: Change, get: Step): Members {
  return {
    ...(status && { status: graphStatuses[status] }),
    ...(owner !== undefined && { assignedTo: owner }),
    ...(closed && {
      classification: coalesce(at(closed.classification, 'classification'), get.body('classification'), 'unknown'),
      determination: coalesce(at(closed.classification, 'determination'), get.body('determination'), 'unknown'),
      resolvingComment: closed.comment,
    }),
    ...(severity && { severity: graphSeverities[severity] }),
    ...(tag && withTag(tagsOf(get.body()), tag)),
  };
}
