import { apiVersions } from '../../src/domain/api-versions.ts';
import { FOLLOW_MINUTES, LOOK_SECONDS, REFUSED, SKEW_SECONDS, unfinishedStates } from '../../src/rules/respond.ts';
import {
  at,
  call,
  coalesce,
  contains,
  type Expr,
  empty,
  equals,
  json,
  last,
  length,
  list,
  not,
  or,
  split,
  string,
  type Text,
  text,
  when,
} from '../../src/wdl/build.ts';
import { resourceManagerCall } from '../../src/workflow/parts/resource-manager.ts';
import { tenantId, workspaceArmId } from '../../src/workflow/parts/workspace.ts';
import type { Step } from '../../src/workflow/step.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { wait } from '../../src/workflow/steps/wait.ts';

/** What is started, and on what. */
interface Start {
  /** Word of the list. */
  readonly name: Expr;
  /** ARM id of the response playbook. */
  readonly playbook: Expr;
  /** Kind of entity that it works on; empty: the incident. */
  readonly entity: Expr;
  readonly meant: Step;
  /** ARM id of the incident. */
  readonly incident: Expr;
  /** Of the response playbook, where it is not that of this one. */
  readonly tenant: Expr;
}

/** Has Microsoft Sentinel run a response, and looks at the run until its end; `ended`: how it ended, in words. */
export function runResponse({ name, playbook, entity, meant, incident, tenant }: Start): {
  readonly steps: readonly Step[];
  readonly ended: Text;
} {
  const isOnIncident = empty(entity);
  const kind = when(isOnIncident, 'Incidents', 'entities');
  const id = when(isOnIncident, last(split(incident, '/')), at(call('first', meant.body()), 'id'));
  const run = resourceManagerCall('Run the response', {
    description: 'Through Microsoft Sentinel. Never repeated: a second start would run it twice.',
    method: 'POST',
    resource: text`${workspaceArmId}/providers/Microsoft.SecurityInsights/${kind}/${id}/runPlaybook`,
    version: apiVersions.runPlaybook,
    body: { logicAppsResourceId: playbook, tenantId: coalesce(tenant, tenantId), incidentArmId: incident },
    repeat: false,
  });
  const runs = resourceManagerCall('List its runs', {
    description: 'Those that began since.',
    method: 'GET',
    resource: text`${playbook}/runs`,
    version: apiVersions.logic,
    queries: {
      $filter: text`startTime ge ${call('addSeconds', at(call('actions', run.key), 'startTime'), -SKEW_SECONDS)}`,
    },
  });
  // Newest first: the last is the one that Sentinel began for us, the others came later.
  const state = at(last(list(runs.body('value'))), 'properties', 'status');
  const follow = until('Until it has ended', {
    description: `Looks at the run for ${FOLLOW_MINUTES} minutes.`,
    done: not(contains(json(JSON.stringify(unfinishedStates)), coalesce(state, ''))),
    rounds: (FOLLOW_MINUTES * 60) / LOOK_SECONDS,
    timeout: 'PT15M',
    steps: [wait('Wait a moment', { description: 'Sentinel starts it in some seconds.', seconds: LOOK_SECONDS }), runs],
  });
  const answered = run.outputs('statusCode');
  const isThere = call('greater', length(list(runs.body('value'))), 0);
  // Nobody knows what came of it where the answer is late, another one than 204, an error of the server, or missing.
  const wasStarted = when(
    or(equals(answered, 204), isThere),
    'was started',
    when(
      contains(call('range', REFUSED.first, REFUSED.count), coalesce(answered, 0)),
      'was not started',
      'may have been started',
    ),
  );
  const said = when(empty(string(answered)), 'gave no answer', call('concat', 'answered ', string(answered)));
  const ended = text`"${name}" ${wasStarted} (Microsoft Sentinel ${said}). Its run: ${coalesce(state, 'cannot be seen')}.`;
  return { steps: [run, follow], ended };
}
