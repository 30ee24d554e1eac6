import type { IncidentStatus } from '../../src/domain/status.ts';
import { type Members, row } from '../../src/wdl/build.ts';
import { tagsToAdd, update } from '../../src/workflow/parts/update-incident.ts';
import type { Step } from '../../src/workflow/step.ts';
import type { Change, Subject } from './events.ts';

/** An incident of Microsoft Sentinel, as "Get incident" of its connector read it. */
export function sentinelIncident(get: Step): Subject {
  const owner = (name: string) => get.body('properties', 'owner', name);
  return {
    product: 'Microsoft Sentinel',
    status: get.body('properties', 'status'),
    statuses,
    isNobodys: row.is(owner('userPrincipalName'), null),
    isFree: row.is(owner('objectId'), null),
    owner: ['email', 'userPrincipalName', 'objectId'].map(owner),
    write: (name, description, change, on) =>
      update(name, { description, incidentArmId: get.body('id'), change: membersOf(change), ...(on && { on }) }),
  };
}

const statuses: Readonly<Record<IncidentStatus, string>> = { New: 'New', Active: 'Active', Closed: 'Closed' };

/** A change as the connector wants it. */
function membersOf({ status, owner, closed, severity, tag }: Change): Members {
  return {
    ...(status && { status }),
    ...(owner === null && { ownerAction: 'Unassign' }),
    ...(owner && { ownerAction: 'Assign', owner }),
    ...(closed && {
      classification: {
        ClassificationAndReason: closed.classification,
        ClassificationReasonText: closed.comment,
      },
    }),
    ...(severity && { severity }),
    ...(tag && tagsToAdd(tag)),
  };
}
