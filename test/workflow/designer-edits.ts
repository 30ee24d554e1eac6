import type { Json, JsonObject } from '../../src/domain/json.ts';

/*
 * What people do in the designer, one kind each, as changes of a definition that the designer saved. Each takes the clean
 * definition of a playbook and returns what Azure holds afterwards; undefined where that playbook has nothing of the kind.
 */

type Draft = { [key: string]: Draft } & Record<string, unknown>;
type DesignerEdit = readonly [kind: string, playbook: string, edit: (definition: Draft) => void];

const at = (draft: Draft, ...path: readonly string[]): Draft =>
  path.reduce<Draft>((value, key) => value[key] as Draft, draft);

const teams = {
  type: 'ApiConnection',
  inputs: {
    host: { connection: { name: "@parameters('$connections')['teams']['connectionId']" } },
    method: 'post',
    body: { messageBody: "<p>@{body('Get_incident')?['properties']?['title']}</p>", recipient: '[SOC] on call' },
    path: "/beta/teams/conversation/message/poster/Flow%20bot/location/@{encodeURIComponent('Channel')}",
  },
};

/** Inserts an action behind another; what ran after that one runs after the new one. */
function insert(actions: Draft, after: string, name: string, action: object): void {
  for (const other of Object.values(actions)) {
    const runAfter = other['runAfter'] as Record<string, unknown> | undefined;
    if (!runAfter?.[after]) continue;
    runAfter[name] = runAfter[after];
    delete runAfter[after];
  }
  actions[name] = { ...action, runAfter: { [after]: ['Succeeded'] } } as unknown as Draft;
}

function renamed(draft: Draft, from: string, to: string): void {
  const text = JSON.stringify(draft).replaceAll(`"${from}":`, `"${to}":`).replaceAll(`('${from}')`, `('${to}')`);
  for (const key of Object.keys(draft)) delete draft[key];
  Object.assign(draft, JSON.parse(text));
}

const send = 'SIGNL4-Send-Incident';
const callback = 'SIGNL4-Callback';
const sweep = 'SIGNL4-Sweep';
const sync = 'SIGNL4-Sync-Incident';

export const designerEdits: readonly DesignerEdit[] = [
  [
    'an action at the end, with a connection of its own',
    send,
    (draft) => {
      const actions = at(draft, 'actions');
      const last = Object.keys(actions).at(-1) ?? '';
      actions['Post_to_Teams'] = { ...teams, runAfter: { [last]: ['Succeeded'] } } as unknown as Draft;
      at(draft, 'connections')['teams'] = {
        connectionId: '/subscriptions/1/resourcegroups/soc/providers/microsoft.web/connections/teams',
        connectionName: 'teams',
        id: '/subscriptions/1/providers/microsoft.web/locations/westeurope/managedapis/teams',
      } as unknown as Draft;
    },
  ],
  [
    'an action between two others',
    send,
    (draft) =>
      insert(at(draft, 'actions'), 'Get_incident', 'Wait_a_moment', {
        type: 'Wait',
        inputs: { interval: { count: 5, unit: 'Second' } },
      }),
  ],
  [
    'a removed action',
    sync,
    (draft) => {
      const actions = at(draft, 'actions');
      const [name = '', action] = Object.entries(actions).at(-1) ?? [];
      expectAction(action);
      delete actions[name];
    },
  ],
  ['a renamed action', send, (draft) => renamed(draft, 'Get_incident', 'Read_incident')],
  [
    'two renamed actions, one of which refers to the other',
    sync,
    (draft) => {
      renamed(draft, 'List_alerts', 'Ask_SIGNL4');
      renamed(draft, 'Alert_states', 'States');
    },
  ],
  [
    'another title',
    send,
    (draft) => {
      const body = bodyOf(draft, 'Title');
      body['Title'] = "[drill] @{triggerBody()?['object']?['properties']?['title']}" as unknown as Draft;
    },
  ],
  [
    'another member of a body',
    send,
    (draft) => {
      bodyOf(draft, 'Title')['Runbook'] = 'https://wiki/runbooks' as unknown as Draft;
    },
  ],
  [
    'a row more in a condition',
    sync,
    (draft) => {
      const expression = at(draft, 'actions', 'Was_it_sent_to_SIGNL4', 'expression') as unknown as { and: Json[] };
      expression.and.push({ not: { equals: ["@triggerBody()?['object']?['properties']?['title']", 'Test'] } });
    },
  ],
  [
    'another retry policy',
    sync,
    (draft) => {
      at(draft, 'actions', 'List_alerts', 'inputs')['retryPolicy'] = { type: 'none' } as unknown as Draft;
    },
  ],
  [
    'another interval of the trigger',
    sweep,
    (draft) => {
      const [trigger] = Object.values(at(draft, 'triggers'));
      at(trigger as Draft, 'recurrence')['interval'] = 7 as unknown as Draft;
    },
  ],
  [
    'a condition of the trigger',
    send,
    (draft) => {
      const [trigger] = Object.values(at(draft, 'triggers'));
      (trigger as Draft)['conditions'] = [{ expression: '@equals(1, 1)' }] as unknown as Draft;
    },
  ],
  [
    'a parameter of its own',
    send,
    (draft) => {
      at(draft, 'parameters')['Runbook'] = { type: 'String', defaultValue: '[none]' } as unknown as Draft;
    },
  ],
  [
    'a default that the file has no choice for',
    sync,
    (draft) => {
      at(draft, 'parameters', 'AnnotateAs')['defaultValue'] = 'user-1' as unknown as Draft;
    },
  ],
  [
    'a default that follows from the deployment',
    callback,
    (draft) => {
      const parameters = at(draft, 'parameters');
      at(parameters, 'ResourceManager')['defaultValue'] = 'https://management.contoso.example' as unknown as Draft;
    },
  ],
  [
    'an action moved into another branch',
    sync,
    (draft) => {
      const from = at(draft, 'actions', 'Was_it_sent_to_SIGNL4', 'else', 'actions');
      const { Never_sent: moved } = from;
      delete from['Never_sent'];
      at(draft, 'actions', 'Is_it_closed')['else'] = { actions: { Never_sent: moved } } as unknown as Draft;
    },
  ],
  [
    'an action in a branch that was empty',
    sync,
    (draft) => {
      at(draft, 'actions', 'Is_it_closed')['else'] = {
        actions: { Say_so: { type: 'Compose', inputs: 'open' } },
      } as unknown as Draft;
    },
  ],
  [
    'a case more',
    callback,
    (draft) => {
      const found = findAction(draft, ({ type }) => String(type) === 'Switch');
      at(found, 'cases')['duty'] = {
        case: 'duty',
        actions: { On_duty: { type: 'Compose', inputs: 1 } },
      } as unknown as Draft;
    },
  ],
  [
    'other states to run after',
    sync,
    (draft) => {
      at(draft, 'actions', 'Alert_states')['runAfter'] = {
        List_alerts: ['Failed', 'Succeeded', 'TimedOut'],
      } as unknown as Draft;
    },
  ],
  [
    'inputs that are no longer secret',
    sync,
    (draft) => {
      const action = findAction(draft, ({ runtimeConfiguration }) => runtimeConfiguration !== undefined);
      delete action['runtimeConfiguration'];
    },
  ],
  [
    'a static result left on',
    sync,
    (draft) => {
      draft['staticResults'] = {
        List_alerts0: { status: 'Succeeded', outputs: { statusCode: 'OK', body: {} } },
      } as unknown as Draft;
      at(draft, 'actions', 'List_alerts')['runtimeConfiguration'] = {
        staticResult: { name: 'List_alerts0', staticResultOptions: 'Enabled' },
      } as unknown as Draft;
    },
  ],
  [
    'a note in the designer',
    sync,
    (draft) => {
      draft['metadata'] = { notes: { n1: { content: 'Ask Ana' } } } as unknown as Draft;
    },
  ],
  [
    'metadata in a payload',
    send,
    (draft) => {
      bodyOf(draft, 'Title')['metadata'] = { from: 'us' } as unknown as Draft;
    },
  ],
  [
    'another description',
    sync,
    (draft) => {
      at(draft, 'actions', 'List_alerts')['description'] = 'Ask SIGNL4' as unknown as Draft;
    },
  ],
  [
    'an action of another type under the same name',
    sync,
    (draft) => {
      at(draft, 'actions')['List_alerts'] = {
        type: 'Http',
        inputs: { method: 'GET', uri: 'https://proxy.contoso.example' },
        runAfter: { Updated_fields: ['Succeeded'] },
      } as unknown as Draft;
    },
  ],
  [
    'another connection',
    send,
    (draft) => {
      const connection = at(draft, 'connections', 'azuresentinel');
      connection['connectionId'] =
        '/subscriptions/1/resourcegroups/soc/providers/microsoft.web/connections/other' as unknown as Draft;
      delete connection['connectionProperties'];
    },
  ],
];

function bodyOf(draft: Draft, member: string): Draft {
  const action = findAction(draft, (candidate) => {
    const body = (candidate['inputs'] as Draft | undefined)?.['body'] as Draft | undefined;
    return typeof body === 'object' && body[member] !== undefined;
  });
  return at(action, 'inputs', 'body');
}

export function findAction(draft: Draft, isWanted: (action: Draft) => boolean): Draft {
  const found = actionsIn(draft).find(isWanted);
  if (!found) throw new Error('the playbook has no such action');
  return found;
}

function actionsIn(holder: Draft): readonly Draft[] {
  return Object.values((holder['actions'] ?? {}) as Record<string, Draft>).flatMap((action) => [
    action,
    ...actionsIn(action),
    ...actionsIn((action['else'] ?? {}) as Draft),
    ...actionsIn((action['default'] ?? {}) as Draft),
    ...Object.values((action['cases'] ?? {}) as Record<string, Draft>).flatMap(actionsIn),
  ]);
}

function expectAction(action: unknown): void {
  if (typeof action !== 'object') throw new Error('the playbook has no actions');
}

/** The definition after an edit; the one given stays as it is. */
export function edited(definition: JsonObject, edit: DesignerEdit[2]): JsonObject {
  const draft = structuredClone(definition) as unknown as Draft;
  edit(draft);
  return draft as unknown as JsonObject;
}
