import { describe, expect, it } from 'vitest';
import {
  at,
  call,
  coalesce,
  type Expr,
  emptyList,
  equals,
  isNot,
  item,
  lacks,
  literal,
  or,
  parameter,
  row,
  text,
  toJson,
  triggerBody,
} from '../../src/wdl/build.ts';
import { getIncident } from '../../src/workflow/sentinel.ts';
import { patientRetry, type Start } from '../../src/workflow/step.ts';
import { condition } from '../../src/workflow/steps/condition.ts';
import { connector } from '../../src/workflow/steps/connector.ts';
import { forEach } from '../../src/workflow/steps/for-each.ts';
import { http } from '../../src/workflow/steps/http.ts';
import { parseJson } from '../../src/workflow/steps/parse-json.ts';
import { scope } from '../../src/workflow/steps/scope.ts';
import { select } from '../../src/workflow/steps/select.ts';
import { switchOn } from '../../src/workflow/steps/switch-on.ts';
import { until } from '../../src/workflow/steps/until.ts';
import { variable } from '../../src/workflow/steps/variable.ts';
import { whenIncident } from '../../src/workflow/triggers.ts';
import { workflow } from '../../src/workflow/workflow.ts';

const description = 'Says what it does.';
const incident = at(triggerBody, 'object');
const look = connector('Get incident', getIncident, {
  description,
  body: { incidentArmId: at(incident, 'id') },
  retry: patientRetry,
});

/** The smallest step: reads a value. */
const note = (name: string, value: Expr = item, options: Start = {}) =>
  parseJson(name, { description, content: value, schema: {}, ...options });

function build(...steps: Parameters<typeof workflow>[0]['steps']) {
  return workflow({ choices: {}, trigger: whenIncident(description), steps });
}

describe('expressions', () => {
  it('double quotation marks in literals', () => {
    expect(call('concat', "it's", 1, null).wdl).toBe("concat('it''s', 1, null)");
  });

  it('read paths null-safely', () => {
    expect(at(triggerBody, 'object', 0).wdl).toBe("triggerBody()?['object']?[0]");
  });

  it('become definition strings: expression, text, escaped literal', () => {
    expect(toJson(call('utcNow'))).toBe('@utcNow()');
    expect(toJson(text`Closed by ${item}, not @{code}`)).toBe('Closed by @{item()}, not @@{code}');
    expect(toJson('@home')).toBe('@@home');
    expect(toJson({ a: [item, 'plain'], b: undefined })).toEqual({ a: ['@item()', 'plain'] });
  });

  it('that are a mere text are written as that text', () => {
    expect(toJson([literal(''), literal("it's @{1}"), call('concat', 'a', 'b')])).toEqual([
      '',
      "it's @@{1}",
      "@concat('a', 'b')",
    ]);
  });
});

describe('a sequence', () => {
  it('begins with the trigger and lets each step wait for the one before', () => {
    const title = note('Title', look.body('properties', 'title'));
    const { actions } = build(look, title).definition;
    expect(actions['Get_incident']).toMatchObject({ type: 'ApiConnection', runAfter: {} });
    expect(actions['Title']).toMatchObject({
      inputs: { content: "@body('Get_incident')?['properties']?['title']" },
      runAfter: { Get_incident: ['Succeeded'] },
    });
  });

  it('goes on after a failure where the step says so', () => {
    const last = note('Last', item, { on: 'any' });
    expect(build(look, last).definition.actions['Last']?.runAfter).toEqual({
      Get_incident: ['Succeeded', 'Failed', 'TimedOut', 'Skipped'],
    });
  });

  it('leaves runAfter out on the first step inside a scope, as the designer does', () => {
    const { actions } = build(scope('Try', { description, steps: [look] })).definition;
    expect(actions['Try']).toMatchObject({ type: 'Scope', runAfter: {} });
    expect(actions['Try']).not.toHaveProperty('actions.Get_incident.runAfter');
  });

  it('writes members in the order of the designer: what it is, what it does, when it runs, how', () => {
    const call = http('Call', {
      description,
      method: 'GET',
      uri: parameter('Url'),
      retry: patientRetry,
      timeout: 'PT1M',
      secure: ['inputs'],
    });
    const loop = until('Repeat', { description, done: equals(1, 1), rounds: 2, timeout: 'PT1H', steps: [look] });
    const { actions } = build(call, loop).definition;
    expect(Object.keys(actions['Call'] ?? {})).toEqual([
      'type',
      'description',
      'inputs',
      'runAfter',
      'limit',
      'runtimeConfiguration',
    ]);
    expect(Object.keys(actions['Repeat'] ?? {})).toEqual([
      'type',
      'description',
      'expression',
      'limit',
      'actions',
      'runAfter',
    ]);
  });

  it('refuses two steps with one name, wherever they are', () => {
    expect(() => build(look, scope('Try', { description, steps: [look] }))).toThrow(
      /two steps are called "Get_incident"/,
    );
  });

  it('refuses a name that the designer would not take', () => {
    expect(() => note('What? <b>')).toThrow(/not an action name/);
  });
});

describe('containers', () => {
  it('write conditions as the designer shows them: value, operator, value', () => {
    const step = condition('Is it high', {
      description,
      all: [row.is(at(incident, 'properties', 'severity'), 'High')],
      yes: [look],
    });
    expect(build(step).definition.actions['Is_it_high']).toEqual({
      type: 'If',
      description,
      expression: {
        and: [{ equals: ["@triggerBody()?['object']?['properties']?['severity']", 'High'] }],
      },
      actions: { Get_incident: look.definition },
      else: { actions: {} },
      runAfter: {},
    });
  });

  it('negate single rows, write null as an expression, and group rows', () => {
    const status = at(incident, 'properties', 'status');
    expect(isNot(status, null)).toEqual({
      not: { equals: ["@triggerBody()?['object']?['properties']?['status']", '@null'] },
    });
    expect(lacks(parameter('Tags'), '@home')).toEqual({ not: { contains: ["@parameters('Tags')", '@@home'] } });
    expect(row.any([row.is(status, 'New'), row.is(status, 'Active')])).toHaveProperty('or');
    expect(row.any([row.is(status, 'New')])).toEqual(row.is(status, 'New'));
    expect(or(equals(1, 1)).wdl).toBe('equals(1, 1)');
  });

  it('give a loop its item by name', () => {
    const loop = forEach('For each alert', {
      description,
      items: coalesce(at(incident, 'properties', 'alerts'), emptyList),
      atATime: 1,
      steps: (alert) => [note('Alert title', at(alert, 'properties', 'alertDisplayName'))],
    });
    const { actions } = build(loop).definition;
    expect(actions['For_each_alert']).toMatchObject({
      foreach: "@coalesce(triggerBody()?['object']?['properties']?['alerts'], json('[]'))",
      runtimeConfiguration: { concurrency: { repetitions: 1 } },
      actions: { Alert_title: { inputs: { content: "@items('For_each_alert')?['properties']?['alertDisplayName']" } } },
    });
  });
});

describe('calls', () => {
  it('encode the values of a connector path and hide what is secret', () => {
    const send = connector(
      'Send event',
      { connection: getIncident.connection, method: 'post', path: '/v2/events/{teamSecret}' },
      {
        description,
        path: { teamSecret: parameter('TeamSecret') },
        body: look.body(),
        retry: patientRetry,
        secure: ['inputs'],
      },
    );
    expect(send.definition).toMatchObject({
      inputs: { path: "/v2/events/@{encodeURIComponent(parameters('TeamSecret'))}", body: "@body('Get_incident')" },
      runtimeConfiguration: { secureData: { properties: ['inputs'] } },
    });
  });

  it('write a header that is one token as the designer does', () => {
    const ask = http('Ask', {
      description,
      method: 'GET',
      uri: 'https://x',
      headers: { Key: parameter('Key'), A: 'b' },
      retry: patientRetry,
    });
    expect(ask.definition).toMatchObject({ inputs: { headers: { Key: "@{parameters('Key')}", A: 'b' } } });
  });

  it('map every item to a string', () => {
    const lines = select('Lines', { description, from: emptyList, to: text`${item}!` });
    expect(lines.definition).toMatchObject({ inputs: { from: "@json('[]')", select: '@{item()}!' } });
  });

  it('refuse a path without its value', () => {
    const operation = { connection: getIncident.connection, method: 'get', path: '/v2/alerts/{alertId}' } as const;
    expect(() => connector('Get alert', operation, { description, retry: patientRetry })).toThrow(
      /no value for \{alertId\}/,
    );
  });

  it('authenticate HTTP as the managed identity', () => {
    const list = http('List comments', {
      description,
      method: 'GET',
      uri: text`${parameter('ResourceManager')}x`,
      retry: patientRetry,
      managedIdentityFor: parameter('ResourceManager'),
    });
    expect(list.definition).toMatchObject({
      inputs: { authentication: { type: 'ManagedServiceIdentity', audience: "@parameters('ResourceManager')" } },
    });
  });
});

describe('a workflow', () => {
  it('takes choices from the deployment and shows them in the parameter pane', () => {
    const { definition } = workflow({
      choices: {
        Tag: { type: 'String', defaultValue: 'SIGNL4', description },
        TeamSecret: { type: 'SecureString', description },
      },
      derived: [
        {
          parameters: { ResourceManager: { description, arm: '[environment().resourceManager]' } },
          deployment: { parameters: {}, variables: {} },
        },
      ],
      trigger: whenIncident(description),
      steps: [
        look,
        note('Read', call('concat', parameter('Tag'), parameter('TeamSecret'), parameter('ResourceManager'))),
      ],
    });
    expect(definition.parameters).toEqual({
      $connections: { defaultValue: {}, type: 'Object' },
      Tag: { type: 'String', defaultValue: "[parameters('Tag')]", metadata: { description } },
      TeamSecret: { type: 'SecureString', metadata: { description } },
      ResourceManager: { type: 'String', defaultValue: '[environment().resourceManager]', metadata: { description } },
    });
  });

  it('declares no connections where it uses none', () => {
    const flag = variable('Applied', 'boolean', false, { action: 'Not applied yet', description });
    const { definition, connections } = workflow({
      choices: {},
      trigger: { key: 'manual', definition: { type: 'Request', kind: 'Http' } },
      steps: [flag.declaration],
    });
    expect(connections).toEqual([]);
    expect(definition.parameters).toEqual({});
  });
});

describe('a switch', () => {
  it('has a named case per value, and a default', () => {
    const step = switchOn('By severity', {
      description,
      value: at(incident, 'properties', 'severity'),
      cases: { 'It is high': { is: 'High', steps: [note('High')] }, 'It is low': { is: 'Low', steps: [note('Low')] } },
      otherwise: [note('Other')],
    });
    expect(build(step).definition.actions['By_severity']).toMatchObject({
      type: 'Switch',
      expression: "@triggerBody()?['object']?['properties']?['severity']",
      cases: {
        It_is_high: { case: 'High', actions: { High: { type: 'ParseJson' } } },
        It_is_low: { case: 'Low', actions: { Low: { type: 'ParseJson' } } },
      },
      default: { actions: { Other: { type: 'ParseJson' } } },
    });
  });
});
