import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from '../../src/cli/deploy.ts';
import { clockCheck } from '../../src/cli/doctor/clock-check.ts';
import type { DoctorContext } from '../../src/cli/doctor/context.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { setupCommand } from '../../src/cli/setup.ts';
import type { Json } from '../../src/domain/json.ts';
import { builtInRoles } from '../../src/domain/roles.ts';
import { makeProductAlert } from '../../src/simulator/alerts.ts';
import { makerOf } from '../../src/simulator/incidents.ts';
import type { AutomationRule } from '../../src/simulator/sentinel/automation-rule.ts';
import type { AzureStub } from '../support/azure.ts';
import { type LiveBench, liveBench } from './support/live.ts';

/*
 * A set-up that works, and one thing that is wrong with it: what doctor says. Nobody may be left without a page, or without an
 * answer in Sentinel, while it says that all is well.
 */

let bench: LiveBench;
let azure: AzureStub;
beforeEach(async () => {
  bench = await liveBench();
  azure = bench.azure;
  bench.configure('filter:\n  severities: [High, Medium]\n');
});
afterEach(() => bench.close());

interface Found {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remedy?: string;
}

async function examine(env: Readonly<Record<string, string>> = {}) {
  const { out, code } = await bench.run(doctorCommand, ['--json'], env);
  const report = JSON.parse(out) as { ok: boolean; findings: Found[] };
  const of = (check: string) => report.findings.filter((finding) => finding.check === check);
  const bad = report.findings.filter(({ status }) => status !== 'ok');
  return { ...report, code, of, bad };
}

async function healthy(): Promise<void> {
  await bench.run(deployCommand);
  await bench.run(setupCommand, ['apply']);
  const { store } = azure.world.signl4;
  const { onCallUser, otherTeam } = azure.world.accounts;
  Object.assign(otherTeam, { memberIds: [onCallUser.id] });
  store.setDuty(onCallUser, otherTeam, 1);
  azure.world.logs.answers.push({
    when: 'SentinelHealth',
    table: {
      columns: [
        { name: 'Runs', type: 'long' },
        { name: 'Failed', type: 'long' },
        { name: 'Reasons', type: 'dynamic' },
      ],
      rows: [[42, 0, '[]']],
    },
  });
}

const workflow = (name: string) => azure.workflow(name);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function change(objects: Iterable<object>, members: object): void {
  for (const object of objects) Object.assign(object, members);
}

/** A rule by the playbook it runs and its trigger. */
function rule(playbook: string, when: string): AutomationRule {
  const found = [...azure.world.sentinel.automation.rules.values()].find(
    ({ properties }) =>
      properties.triggeringLogic.triggersWhen === when && JSON.stringify(properties.actions).includes(playbook),
  );
  if (!found) throw new Error(`no rule runs ${playbook}`);
  return found;
}

const sendRule = () => rule('SIGNL4-Send-Incident', 'Created');

function addConditions(...conditions: readonly (readonly [string, string, readonly string[]])[]): void {
  const logic = sendRule().properties.triggeringLogic as { conditions: Json };
  logic.conditions = [
    ...(logic.conditions as readonly Json[]),
    ...conditions.map(([propertyName, operator, propertyValues]) => ({
      conditionType: 'Property',
      conditionProperties: { propertyName, operator, propertyValues },
    })),
  ] as Json;
}

/** A second rule that does what the first does, its ids written in another casing. */
function copyRule(playbook: string, when: string): void {
  const original = rule(playbook, when);
  const copy = structuredClone(original);
  const respelled = JSON.parse(
    JSON.stringify(copy.properties.actions).replace(/resourceGroups/g, 'RESOURCEGROUPS'),
  ) as typeof copy.properties.actions;
  const name = '5b7c7a1e-0000-4000-8000-00000000000a';
  azure.world.sentinel.automation.rules.set(name, {
    ...copy,
    name,
    properties: { ...copy.properties, displayName: 'the same again', actions: respelled },
  } as AutomationRule);
}

/** The definition of an action, wherever it is. */
function action(playbook: string, name: string): Record<string, Json> {
  const find = (container: unknown): Record<string, Json> | undefined => {
    if (typeof container !== 'object' || container === null) return undefined;
    for (const [key, value] of Object.entries(container)) {
      const found = key === name ? (value as Record<string, Json>) : find(value);
      if (found) return found;
    }
    return undefined;
  };
  const found = find(workflow(playbook).definition['actions']);
  if (!found) throw new Error(`${playbook} has no ${name}`);
  return found;
}

function edit(playbook: string, change: (definition: Record<string, Json>) => void): void {
  const copy = structuredClone(workflow(playbook).definition) as Record<string, Json>;
  change(copy);
  workflow(playbook).definition = copy;
}

function failedRun(playbook: string, actions: readonly (readonly [string, string, string, string])[]): void {
  workflow(playbook).runs.unshift({
    name: 'run-1',
    status: 'Failed',
    startTime: minutesAgo(1),
    error: { code: 'ActionFailed', message: 'An action failed. No dependent actions succeeded.' },
    actions: actions.map(([name, code, message, endTime]) => ({
      id: `${workflow(playbook).id}/runs/run-1/actions/${name}`,
      name,
      type: 'Microsoft.Logic/workflows/runs/actions',
      properties: { status: 'Failed', code, endTime, error: { code, message } },
    })),
  });
}

/** An incident that no rule is about yet: Sentinel takes its time. */
/** An incident as Defender makes them for a rule of Sentinel: the workspace has moved to the Defender portal. */
function incidentOfDefender(product = 'Azure Sentinel'): void {
  const { automation, store } = azure.world.sentinel;
  automation.settings = { ...automation.settings, delayMs: 3_600_000 };
  const alert = makeProductAlert(makerOf(azure.world), { title: 'Sign-in', product, severity: 'High' });
  store.createIncident({ title: 'Sign-in', severity: 'High', provider: 'Microsoft XDR', alerts: [alert] });
}

function incident(minutesOld: number, properties: object = {}): void {
  const { automation, store } = azure.world.sentinel;
  automation.settings = { ...automation.settings, delayMs: 3_600_000 };
  const made = store.createIncident({ title: 'Sign-in from two countries', severity: 'High' });
  const at = Date.now() - minutesOld * 60_000;
  Object.assign(made, { created: at, modified: at, properties: { ...made.properties, ...properties } });
}

describe('the Defender portal', () => {
  it('is no trouble where conditions do not mind, and is named', async () => {
    await healthy();
    incidentOfDefender();
    const report = await examine();
    expect(report.of('defender-portal')).toMatchObject([
      { status: 'ok', message: expect.stringContaining('is in the Defender portal') },
    ]);
  });

  it('is not seen where Defender only copies its own incidents', async () => {
    await healthy();
    incidentOfDefender('MDATP');
    expect((await examine()).of('defender-portal')).toMatchObject([
      { status: 'ok', message: expect.stringContaining('no sign') },
    ]);
  });

  it('gives its incidents to another workspace', async () => {
    bench.configure('filter:\n  severities: [High, Medium]\n  products: [Microsoft Defender for Endpoint]\n');
    await healthy();
    incident(1);
    const [finding] = (await examine()).of('defender-portal');
    expect(finding).toMatchObject({ status: 'warning' });
    expect(finding?.message).toMatch(/none of the 1 incidents of the last 30 days came from Defender/);
  });
});

describe('a set-up that works', () => {
  it('has nothing wrong with it', async () => {
    await healthy();
    const report = await examine();
    expect(report.bad).toEqual([]);
    expect(report).toMatchObject({ ok: true, code: 0 });
    expect(report.of('health')[0]?.message).toBe('Sentinel ran its automation 42 times in 7 days without a failure');
    expect(
      report
        .of('signl4')
        .map(({ message }) => message)
        .join(),
    ).toContain('on duty in the team SOC');
  });

  it('is asked about without paging anybody', async () => {
    await healthy();
    await examine();
    expect(azure.world.signl4.store.alerts.size).toBe(0);
  });

  it('asks Sentinel for the health of our playbooks, and of no others', async () => {
    await healthy();
    await examine();
    const asked = JSON.stringify(azure.world.log.find({ service: 'logs' }).map(({ body }) => body));
    expect(asked).toMatch(/SentinelResourceName in~ \(.{1,3}SIGNL4-Send-Incident/);
  });
});

interface Broken {
  readonly what: string;
  readonly check: string;
  readonly status?: 'warning';
  readonly says: RegExp;
  readonly breakIt: () => void;
  readonly env?: Readonly<Record<string, string>>;
}

const broken: readonly Broken[] = [
  {
    what: 'the team secret is wrong',
    check: 'signl4',
    says: /does not know the team secret/,
    breakIt: () => {},
    env: { SIGNL4_TEAM_SECRET: 'wrong' },
  },
  {
    what: 'the API key is refused',
    check: 'signl4',
    says: /does not accept the API key/,
    breakIt: () => {},
    env: { SIGNL4_API_KEY: 'wrong' },
  },
  {
    what: 'nobody of the paged team is on duty',
    check: 'signl4',
    says: /nobody is on duty in the team .*, which is paged/,
    breakIt: () => {
      const { store } = azure.world.signl4;
      for (const user of store.users) store.setDuty(user, azure.world.accounts.team, 0);
    },
  },
  {
    what: 'a playbook was deleted',
    check: 'playbooks',
    says: /SIGNL4-Send-Incident is not in/,
    breakIt: () => void azure.state.workflows.delete(workflow('SIGNL4-Send-Incident').id.toLowerCase()),
  },
  {
    what: 'a playbook is switched off',
    check: 'playbooks',
    says: /SIGNL4-Callback is switched off/,
    breakIt: () => void Object.assign(workflow('SIGNL4-Callback'), { state: 'Disabled' }),
  },
  {
    what: 'a playbook lost its identity',
    check: 'playbooks',
    says: /SIGNL4-Callback has no managed identity/,
    breakIt: () => void Object.assign(workflow('SIGNL4-Callback'), { principalId: undefined }),
  },
  {
    what: 'Sentinel is kept out by address',
    check: 'playbooks',
    says: /SIGNL4-Send-Incident only takes calls from certain addresses/,
    breakIt: () =>
      void Object.assign(workflow('SIGNL4-Send-Incident'), {
        accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } },
      }),
  },
  {
    what: 'SIGNL4 is kept out by address',
    check: 'playbooks',
    says: /SIGNL4-Callback only takes calls from 203\.0\.113\.0\/24, and nobody has called since/,
    breakIt: () =>
      void Object.assign(workflow('SIGNL4-Callback'), {
        accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } },
      }),
  },
  {
    what: 'the signature of the callback address no longer counts',
    check: 'playbooks',
    says: /SIGNL4-Callback refuses addresses with a signature.*nothing comes back/,
    breakIt: () =>
      void Object.assign(workflow('SIGNL4-Callback'), {
        accessControl: { triggers: { sasAuthenticationPolicy: { state: 'Disabled' } } },
      }),
  },
  {
    what: 'an action answers a static result',
    check: 'playbooks',
    says: /"Send to SIGNL4" in SIGNL4-Send-Incident answers a static result/,
    breakIt: () => {
      action('SIGNL4-Send-Incident', 'Send_to_SIGNL4')['runtimeConfiguration'] = {
        staticResult: { name: 'Send_to_SIGNL40', staticResultOptions: 'Enabled' },
      };
    },
  },
  {
    what: 'the sending action was removed',
    check: 'playbooks',
    says: /SIGNL4-Send-Incident no longer sends anything/,
    breakIt: () => edit('SIGNL4-Send-Incident', (definition) => delete definition['actions']),
  },
  {
    what: 'the trigger was replaced',
    check: 'playbooks',
    says: /SIGNL4-Send-Incident no longer starts on incidents/,
    breakIt: () =>
      edit('SIGNL4-Send-Incident', (definition) => {
        definition['triggers'] = { manual: { type: 'Request', kind: 'Http', inputs: {} } };
      }),
  },
  {
    what: 'the callback works for another workspace',
    check: 'playbooks',
    says: /SIGNL4-Callback works for another workspace: its parameter WorkspaceId/,
    breakIt: () => {
      workflow('SIGNL4-Callback').parameters = {
        ...workflow('SIGNL4-Callback').parameters,
        WorkspaceId: '00000000-0000-4000-8000-000000000000',
      };
    },
  },
  {
    what: 'runs of the sending playbook fail',
    check: 'playbooks',
    says: /1 of the last 1 runs of SIGNL4-Send-Incident failed, .*"Send to SIGNL4": NotFound: no such team$/,
    breakIt: () =>
      failedRun('SIGNL4-Send-Incident', [
        ['Page_the_team', 'ActionFailed', 'An action failed.', minutesAgo(0.1)],
        ['Comment_on_the_incident', 'BadRequest', 'later', minutesAgo(0.2)],
        ['Send_to_SIGNL4', 'NotFound', 'no such team', minutesAgo(0.5)],
      ]),
  },
  {
    what: 'runs of another playbook fail',
    check: 'playbooks',
    status: 'warning',
    says: /runs of SIGNL4-Sweep failed, .*"List incidents": Forbidden: no role/,
    breakIt: () => failedRun('SIGNL4-Sweep', [['List_incidents', 'Forbidden', 'no role', minutesAgo(0.5)]]),
  },
  {
    what: 'the key in the connection is refused, and the page goes out all the same',
    check: 'playbooks',
    says: /the latest run of SIGNL4-Send-Incident was refused something.*"Find it in SIGNL4": Unauthorized: no such key/,
    breakIt: () => {
      failedRun('SIGNL4-Send-Incident', [['Find_it_in_SIGNL4', 'Unauthorized', 'no such key', minutesAgo(0.5)]]);
      Object.assign(workflow('SIGNL4-Send-Incident').runs[0] ?? {}, { status: 'Succeeded', error: undefined });
    },
  },
  {
    what: 'roles are missing',
    check: 'permissions',
    says: /SIGNL4-Callback lacks the role Microsoft Sentinel Responder/,
    breakIt: () => void azure.state.roleAssignments.splice(0),
  },
  {
    what: 'Sentinel may not run playbooks',
    check: 'permissions',
    says: /Microsoft Sentinel lacks the role Microsoft Sentinel Automation Contributor/,
    breakIt: () => {
      const { roleAssignments } = azure.state;
      const at = roleAssignments.findIndex(({ roleId }) => roleId === builtInRoles.sentinelAutomationContributor);
      roleAssignments.splice(at, 1);
    },
  },
  {
    what: 'a connection lost its sign-in',
    check: 'connections',
    says: /the connection \S+ does not work: Unauthenticated/,
    breakIt: () => change(azure.state.connections.values(), { status: 'Error', message: 'Unauthenticated' }),
  },
  {
    what: 'connections were deleted',
    check: 'connections',
    says: /was deleted/,
    breakIt: () => azure.state.connections.clear(),
  },
  {
    what: 'the connector was deleted',
    check: 'connections',
    says: /the connector SIGNL4CustomConnector is not in/,
    breakIt: () => azure.state.customConnectors.clear(),
  },
  {
    what: 'no rule runs the playbook',
    check: 'automation-rules',
    says: /no automation rule runs SIGNL4-Send-Incident/,
    breakIt: () => azure.world.sentinel.automation.rules.clear(),
  },
  {
    what: 'the rule is switched off',
    check: 'automation-rules',
    says: /is switched off/,
    breakIt: () => void Object.assign(sendRule().properties.triggeringLogic, { isEnabled: false }),
  },
  {
    what: 'the rule has expired',
    check: 'automation-rules',
    says: /has expired/,
    breakIt: () => void Object.assign(sendRule().properties.triggeringLogic, { expirationTimeUtc: minutesAgo(60) }),
  },
  {
    what: 'the rule wants a severity that does not exist',
    check: 'automation-rules',
    says: /hold for no incident \(IncidentSeverity: .*Equals Critical/,
    breakIt: () => addConditions(['IncidentSeverity', 'Equals', ['Critical']]),
  },
  {
    what: 'the rule wants a severity that the playbook leaves out',
    check: 'automation-rules',
    says: /hold for no incident \(IncidentSeverity: .*High, Medium in the playbook/,
    breakIt: () => {
      (sendRule().properties.triggeringLogic as { conditions: Json }).conditions = [];
      addConditions(['IncidentSeverity', 'Equals', ['Low', 'Informational']]);
    },
  },
  {
    what: 'conditions of the rule contradict each other',
    check: 'automation-rules',
    says: /hold for no incident \(IncidentTitle: Contains ransom; NotContains Ransom\)/,
    breakIt: () =>
      addConditions(['IncidentTitle', 'Contains', ['ransom']], ['IncidentTitle', 'NotContains', ['Ransom']]),
  },
  {
    what: 'the list of severities in the playbook is empty',
    check: 'automation-rules',
    says: /hold for no incident \(IncidentSeverity: .*nothing in the playbook/,
    breakIt: () => {
      workflow('SIGNL4-Send-Incident').parameters = { ...workflow('SIGNL4-Send-Incident').parameters, Severities: [] };
    },
  },
  {
    what: 'none of the incidents that were chosen passes the rule',
    check: 'automation-rules',
    says: /1 of 1 recent incidents that signl4\.yaml chooses do not start .*IncidentTitle Contains ransom/,
    breakIt: () => {
      incident(5);
      addConditions(['IncidentTitle', 'Contains', ['ransom']]);
    },
  },
  {
    what: 'a rule tests the provider after a move to the Defender portal',
    check: 'defender-portal',
    says: /"SIGNL4: page the on-call team" has a condition on the incident's provider, .* runs on every incident/,
    breakIt: () => {
      incidentOfDefender();
      addConditions(['IncidentProviderName', 'Equals', ['Azure Sentinel']]);
    },
  },
  {
    what: 'a rule tests the description after such a move',
    check: 'defender-portal',
    says: /has a condition on the description, .* holds for no incident/,
    breakIt: () => {
      incidentOfDefender();
      addConditions(['IncidentDescription', 'Contains', ['ransom']]);
    },
  },
  {
    what: 'a rule chooses by title after such a move',
    check: 'defender-portal',
    status: 'warning',
    says: /"SIGNL4: page the on-call team" chooses incidents by words in their titles/,
    breakIt: () => {
      incidentOfDefender();
      addConditions(['IncidentTitle', 'Contains', ['sign']]);
    },
  },
  {
    what: 'a rule runs the alert playbook after such a move',
    check: 'defender-portal',
    status: 'warning',
    says: /runs SIGNL4-Send-Alert: in the Defender portal it starts for alerts of Sentinel's own rules only/,
    breakIt: () => {
      incidentOfDefender();
      const { rules } = azure.world.sentinel.automation;
      const original = sendRule();
      const actions = JSON.parse(JSON.stringify(original.properties.actions).replaceAll('Send-Incident', 'Send-Alert'));
      rules.set('alerts', { ...original, name: 'alerts', properties: { ...original.properties, actions } });
    },
  },
  {
    what: 'two rules run one playbook, their ids in different casing',
    check: 'automation-rules',
    says: /"SIGNL4: page the on-call team" and "the same again" both run SIGNL4-Send-Incident for the same incident/,
    breakIt: () => copyRule('SIGNL4-Send-Incident', 'Created'),
  },
  {
    what: 'two rules tell SIGNL4 of the same changes',
    check: 'automation-rules',
    says: /both run SIGNL4-Sync-Incident for the same incident/,
    breakIt: () => copyRule('SIGNL4-Sync-Incident', 'Updated'),
  },
  {
    what: 'one rule runs the playbook twice',
    check: 'automation-rules',
    says: /"SIGNL4: page the on-call team" twice run/,
    breakIt: () => {
      const { properties } = sendRule() as { properties: { actions: readonly unknown[] } };
      properties.actions = [...properties.actions, ...properties.actions];
    },
  },
  {
    what: 'playbooks mean different tags',
    check: 'tags',
    says: /SIGNL4-Sync-Incident looks for the tag "paged", and SIGNL4-Send-Incident sets "SIGNL4"/,
    breakIt: () => {
      workflow('SIGNL4-Sync-Incident').parameters = { ...workflow('SIGNL4-Sync-Incident').parameters, Tag: 'paged' };
    },
  },
  {
    what: 'the sweep does not run',
    check: 'rhythm',
    says: /SIGNL4-Sweep has not run for 300 minutes, and should every 15/,
    breakIt: () => void Object.assign(workflow('SIGNL4-Sweep'), { createdTime: minutesAgo(300) }),
  },
  {
    what: 'nobody was told that an incident was closed',
    check: 'rhythm',
    says: /SIGNL4-Sync-Incident did not run when incident 1 was closed/,
    breakIt: () => {
      Object.assign(workflow('SIGNL4-Sync-Incident'), { createdTime: minutesAgo(600) });
      incident(60, { status: 'Closed', labels: [{ labelName: 'SIGNL4', labelType: 'User' }] });
    },
  },
  {
    what: 'an incident waits to be sent',
    check: 'waiting',
    says: /incident 1 waits to be sent to SIGNL4, since .*"Sign-in from two countries"\): nobody was paged/,
    breakIt: () => {
      Object.assign(workflow('SIGNL4-Send-Incident'), { createdTime: minutesAgo(600) });
      incident(60);
    },
  },
  {
    what: 'Sentinel is switched off',
    check: 'workspace',
    says: /Microsoft Sentinel is not switched on/,
    breakIt: () => void Object.assign(azure.state, { hasSentinel: false }),
  },
  {
    what: 'SIGNL4 does not call back',
    check: 'webhook',
    says: /SIGNL4 does not call/,
    breakIt: () => void azure.world.signl4.store.webhooks.splice(0),
  },
  {
    what: 'SIGNL4 calls with an old secret',
    check: 'webhook',
    says: /has an old secret/,
    breakIt: () => void Object.assign(workflow('SIGNL4-Callback'), { accessKey: 'regenerated' }),
  },
  {
    what: 'the webhook is switched off',
    check: 'webhook',
    says: /is switched off in SIGNL4/,
    breakIt: () => change(azure.world.signl4.store.webhooks, { enabled: false }),
  },
  {
    what: 'the webhook tells of another team',
    check: 'webhook',
    says: /tells of another team than the one that is paged/,
    breakIt: () => change(azure.world.signl4.store.webhooks, { teamId: azure.world.accounts.otherTeam.id }),
  },
];

describe('what is wrong', () => {
  it.each(broken)('$what', async ({ check, status = 'failure', says, breakIt, env }) => {
    await healthy();
    breakIt();
    const report = await examine(env);
    const found = report.of(check).filter((finding) => finding.status === status);
    expect(found.map(({ message }) => message).join('\n')).toMatch(new RegExp(says.source, 'm'));
    if (status === 'failure') expect(report).toMatchObject({ ok: false, code: 1 });
    for (const { status: kind, remedy } of report.findings)
      if (kind === 'failure' || kind === 'warning') expect(remedy).toMatch(/\w/);
  });

  it('Microsoft Graph is a source, and the application has no permissions', async () => {
    await healthy();
    await bench.run(setupCommand, ['apply', '--app']);
    bench.configure('relay: { url: "http://127.0.0.1:9" }\ngraph: { enabled: true }\n');
    const found = (await examine()).of('graph');
    expect(found.map(({ status }) => status)).toEqual(['failure', 'failure']);
    expect(found.map(({ message }) => message).join()).toMatch(
      /SecurityAlert\.Read\.All.*SecurityIncident\.ReadWrite\.All/,
    );
  });

  it('the relay does not answer', async () => {
    bench.configure('relay: { url: "http://127.0.0.1:9" }\n');
    expect((await examine()).of('relay')[0]).toMatchObject({ status: 'failure' });
  });

  it('the configuration names the wrong workspace', async () => {
    await healthy();
    const wrong = { ...azure.world.workspace, workspaceId: '00000000-0000-4000-8000-000000000000' };
    bench.write('signl4.yaml', `workspace: ${JSON.stringify(wrong)}\n`);
    expect((await examine()).of('workspace')[0]?.remedy).toContain(`workspaceId: ${azure.world.workspace.workspaceId}`);
  });

  it('everything, on an empty workspace', async () => {
    const report = await examine();
    expect(report.code).toBe(1);
    for (const { status, remedy } of report.findings)
      if (status === 'failure' || status === 'warning') expect(remedy).toMatch(/\w/);
    expect(report.of('playbooks').map(({ status }) => status)).toContain('failure');
    expect(report.of('health')[0]?.message).toContain('keeps no record');
  });
});

describe('what is not wrong', () => {
  it('two rules whose conditions exclude each other', async () => {
    await healthy();
    copyRule('SIGNL4-Send-Incident', 'Created');
    const [first, second] = [...azure.world.sentinel.automation.rules.values()].filter(
      ({ properties }) => properties.triggeringLogic.triggersWhen === 'Created',
    );
    const only = (severity: string) => [
      {
        conditionType: 'Property',
        conditionProperties: { propertyName: 'IncidentSeverity', operator: 'Equals', propertyValues: [severity] },
      },
    ];
    Object.assign(first?.properties.triggeringLogic ?? {}, { conditions: only('High') });
    Object.assign(second?.properties.triggeringLogic ?? {}, { conditions: only('Medium') });
    expect((await examine()).of('automation-rules').map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it.each([
    ['a broader role above the workspace', builtInRoles.contributor],
    ['a role of the customer that allows as much', '7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c001'],
  ])('%s', async (_, roleId) => {
    await healthy();
    azure.state.customRoles.set('7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c001', {
      id: '7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c001',
      scope: `/subscriptions/${azure.world.workspace.subscriptionId}`,
      body: {
        roleName: 'SOC automation',
        permissions: [
          {
            actions: ['microsoft.securityinsights/*', 'Microsoft.OperationalInsights/workspaces/*/read'],
            notActions: [],
          },
        ],
      },
    });
    replaceResponder(roleId);
    const found = (await examine()).of('permissions').find(({ message }) => message.startsWith('SIGNL4-Callback'));
    expect(found?.status).toBe('ok');
  });

  it('nor is a role that allows nearly as much', async () => {
    await healthy();
    azure.state.customRoles.set('7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c002', {
      id: '7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c002',
      scope: `/subscriptions/${azure.world.workspace.subscriptionId}`,
      body: {
        roleName: 'SOC readers',
        permissions: [{ actions: ['*'], notActions: ['Microsoft.SecurityInsights/incidents/comments/write'] }],
      },
    });
    replaceResponder('7c4b1d3e-9d1f-4f35-9a3b-0c4f64a4c002');
    const found = (await examine()).of('permissions').find(({ message }) => message.startsWith('SIGNL4-Callback'));
    expect(found).toMatchObject({ status: 'failure' });
  });

  /** The callback's role on the workspace, replaced by one on the subscription. */
  function replaceResponder(roleId: string): void {
    const { roleAssignments } = azure.state;
    const { principalId = '' } = workflow('SIGNL4-Callback');
    const kept = roleAssignments.filter((each) => each.principalId !== principalId);
    const scope = `/subscriptions/${azure.world.workspace.subscriptionId}`;
    roleAssignments.splice(0, roleAssignments.length, ...kept, { name: 'one', scope, roleId, principalId });
  }

  it('addresses of callers that let SIGNL4 in', async () => {
    await healthy();
    const callback = workflow('SIGNL4-Callback');
    callback.accessControl = { triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } };
    callback.changedTime = minutesAgo(30);
    callback.runs.unshift({ name: 'run-1', status: 'Succeeded', startTime: minutesAgo(1) });
    expect((await examine()).bad).toEqual([]);
  });

  it('roles that come through groups: Azure is asked for them, and doctor does with less where it may not', async () => {
    await healthy();
    azure.world.faults.add({
      ...{ service: 'arm', path: '*/roleAssignments', times: 1 },
      fault: { kind: 'status', status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no directory' } } },
    });
    expect((await examine()).of('permissions').filter(({ status }) => status !== 'ok')).toEqual([]);
    const asked = azure.world.log.find({ service: 'arm', method: 'GET' }).map(({ path }) => decodeURIComponent(path));
    const filters = asked.flatMap((path) => /roleAssignments\?.*\$filter=([^&]+)/i.exec(path)?.[1] ?? []);
    const { principalId } = workflow('SIGNL4-Callback');
    expect(filters.map((filter) => filter.replaceAll('+', ' '))).toContain(
      `atScope() and assignedTo('${principalId}')`,
    );
  });

  it('an address that says the same in another order', async () => {
    await healthy();
    for (const webhook of azure.world.signl4.store.webhooks) {
      const url = new URL(webhook.url);
      const reversed = new URLSearchParams([...url.searchParams].reverse());
      Object.assign(webhook, { url: `${url.origin}${url.pathname}?${reversed}` });
    }
    expect((await examine()).of('webhook').map(({ status }) => status)).toEqual(['ok']);
  });

  it('a wrong API key is told from a missing one', async () => {
    await healthy();
    expect((await examine({ SIGNL4_API_KEY: '' })).of('signl4').map(({ status }) => status)).toEqual(['ok', 'skipped']);
  });
});

describe('a refusal', () => {
  it('of one playbook names it, and the others are looked at', async () => {
    await healthy();
    const before = await examine();
    azure.state.troubles.forbidden.push(/\/workflows\/signl4-callback$/);
    const report = await examine();
    const found = report.of('playbooks');
    expect(found.filter(({ status }) => status === 'failure')).toHaveLength(1);
    expect(found.find(({ status }) => status === 'failure')?.message).toMatch(/^SIGNL4-Callback cannot be read: /);
    expect(found).toHaveLength(before.of('playbooks').length);
    expect(report.of('permissions').length).toBeGreaterThan(3);
  });

  it('of run histories hides nothing else about the playbook', async () => {
    await healthy();
    Object.assign(workflow('SIGNL4-Callback'), { state: 'Disabled' });
    azure.state.troubles.forbidden.push(/\/workflows\/signl4-callback\/runs$/);
    const messages = (await examine()).of('playbooks').map(({ message }) => message);
    expect(messages).toContain('SIGNL4-Callback is switched off');
    expect(messages.join('\n')).toMatch(/^the runs of SIGNL4-Callback cannot be read/m);
    expect(messages).toContain('SIGNL4-Send-Incident is deployed and on');
  });

  it('of the directory leaves the roles of playbooks, and names a role of Entra', async () => {
    await healthy();
    azure.state.troubles.forbidden.push(/\/v1\.0\/serviceprincipals/);
    const found = (await examine()).of('permissions');
    expect(found.filter(({ status }) => status === 'ok').length).toBeGreaterThan(3);
    const [refused, ...others] = found.filter(({ status }) => status === 'failure');
    expect(others).toEqual([]);
    expect(refused?.remedy).toMatch(/Directory Readers.*Application\.Read\.All/);
    expect(refused?.remedy).not.toMatch(/Owner|Contributor/);
  });

  it('of the callback address says that Reader is not enough', async () => {
    await healthy();
    azure.state.troubles.forbidden.push(/listcallbackurl$/);
    const [found] = (await examine()).of('webhook');
    expect(found).toMatchObject({
      status: 'failure',
      message: expect.stringMatching(/^the address of SIGNL4-Callback cannot be read/),
    });
    expect(found?.remedy).toMatch(/Reader is not enough.*Logic App Contributor.*listCallbackUrl\/action/);
  });

  it('of rules or of roles has a remedy that helps, and leaves the rest', async () => {
    await healthy();
    azure.state.troubles.forbidden.push(/roleassignments/);
    const body = { error: { code: 'AuthorizationFailed', message: 'not allowed' } };
    azure.world.faults.add({
      service: 'sentinel',
      path: '*/automationRules',
      fault: { kind: 'status', status: 403, body },
    });
    const report = await examine();
    expect(report.of('automation-rules')).toEqual([
      expect.objectContaining({ status: 'failure', remedy: expect.stringContaining('Microsoft Sentinel Reader') }),
    ]);
    const roles = report.of('permissions');
    expect(roles.length).toBeGreaterThan(4);
    for (const { message, remedy } of roles) {
      expect(message).toMatch(/^the roles of .* cannot be read/);
      expect(remedy).toMatch(/Reader on the workspace/);
    }
    expect(report.of('waiting').map(({ status }) => status)).toEqual(['ok']);
  });
});

describe('the clock', () => {
  const noon = Date.UTC(2026, 0, 10, 12);
  const context = (config: object, ahead: number) => {
    const dates: Readonly<Record<string, number>> = { 'https://arm.test': 0, 'https://relay.test/health/live': 20 };
    return {
      live: { arm: { endpoint: 'https://arm.test' }, config },
      now: () => noon + ahead,
      fetch: async (url: string) =>
        new Response('', { headers: { date: new Date(noon + (dates[url] ?? 0) * 60_000).toUTCString() } }),
    } as unknown as DoctorContext;
  };

  it('of this machine and of the relay is compared with the time in the answers of Azure', async () => {
    const relay = { relay: { url: 'https://relay.test' } };
    expect((await clockCheck.run(context(relay, -20 * 60_000))).map(({ message }) => message)).toEqual([
      'the clock of this machine is 20 minutes slow',
      'the clock of the relay is 20 minutes fast',
    ]);
    expect((await clockCheck.run(context({ relay: { url: '' } }, 60_000))).map(({ status }) => status)).toEqual(['ok']);
  });
});

describe('the report', () => {
  it('stops at the door where nobody is signed in', async () => {
    const nobody = {
      getToken: () => Promise.reject(new Error('ChainedTokenCredential authentication failed.\nAzure CLI: not found')),
    };
    const { out, code } = await bench.run((io) => doctorCommand(io, nobody));
    expect(out).toMatch(/nobody is signed in to Azure$/m);
    expect(out).toMatch(/^1 failure, 0 warnings, 0 ok$/m);
    expect(out).toContain(`az login --tenant ${azure.world.workspace.tenantId}`);
    expect(code).toBe(1);
  });

  it('gives JSON also where the configuration leaves nothing to ask', async () => {
    bench.write('signl4.yaml', 'tag: SIGNL4\n');
    const { out, err, code } = await bench.run(doctorCommand, ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      findings: [
        {
          check: 'configuration',
          status: 'failure',
          message: 'signl4.yaml (workspace): the configuration names no workspace',
          remedy: expect.stringContaining('Add "workspace"'),
        },
      ],
    });
    expect([err, code]).toEqual(['', 1]);
    expect(await bench.run(doctorCommand)).toMatchObject({
      out: '',
      err: expect.stringContaining('[live.no-workspace]'),
    });
  });

  it('is readable without --json', async () => {
    const { out } = await bench.run(doctorCommand);
    expect(out).toMatch(/^ok {7}sign-in {11}signed in to the tenant/m);
    expect(out).toMatch(/^\d+ failures?, \d+ warnings?, \d+ ok$/m);
  });
});
