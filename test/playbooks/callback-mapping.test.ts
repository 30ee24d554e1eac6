import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import type { CallbackAction, CallbackEvent } from '../../src/rules/choices.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';
import { allSteps } from '../../src/workflow/workflow.ts';
import { answersToCallback, armId, asItIsNow, dana } from './support/incidents.ts';
import { type Answers, ok, playbookUnderTest, sample } from './support/playbook.ts';

/* SIGNL4-Callback as configurations change it. What a mapping does not do leaves no step. */

const nothing: CallbackAction = {
  status: 'keep',
  assignOwner: false,
  tag: '',
  comment: '',
  severity: 'keep',
  releaseOwner: false,
};

function configWith(
  mapping: Partial<Record<CallbackEvent, Partial<CallbackAction>>>,
  own: Partial<Config> = {},
): Config {
  const changed = Object.entries(mapping).map(([event, action]) => [event, { ...nothing, ...action }]);
  return { ...defaultConfig, ...own, callback: { ...defaultConfig.callback, ...Object.fromEntries(changed) } };
}

/** Runs a sample under a configuration; every update is taken. */
async function told(name: string, config: Config, properties: Readonly<Record<string, Json>> = {}) {
  const steps = allSteps(callback.build(config).steps).map(({ key }) => key);
  const answers: Answers = Object.fromEntries(steps.map((key) => [key, ok]));
  const { run } = playbookUnderTest(callback, { ...answers, Get_incident: asItIsNow(properties) }, config);
  const { result } = await run(sample(callback, name));
  const updates = result.calls.filter(({ method, path }) => method === 'PUT' && path === '/Incidents');
  const comments = result.calls.filter(({ path }) => path.includes('/comments/'));
  return {
    status: result.status,
    updates: updates.map(({ body }) => body as JsonObject),
    comments: comments.map(({ body }) => (body as { properties: { message: string } }).properties.message),
  };
}
const onlyNothing: Partial<Record<CallbackEvent, Partial<CallbackAction>>> = {
  acknowledged: {},
  closed: {},
  annotated: {},
  escalated: {},
  noResponse: {},
  reopened: {},
};

describe('an event may', () => {
  it('set a severity, a tag and a state in one update', async () => {
    const config = configWith({ escalated: { status: 'Active', severity: 'High', tag: 'up', comment: 'Up.' } });
    expect(await told('escalated', config, { severity: 'Low' })).toEqual({
      status: 'Succeeded',
      updates: [
        { incidentArmId: armId, status: 'Active', severity: 'High', tagsToAdd: { TagsToAdd: [{ Tag: 'up' }] } },
      ],
      comments: ['SIGNL4: Up.'],
    });
  });

  it('only assign the owner', async () => {
    const config = configWith({ acknowledged: { assignOwner: true } });
    expect((await told('acknowledged', config)).updates).toEqual([
      { incidentArmId: armId, ownerAction: 'Assign', owner: 'm.lopez@contoso.com' },
    ]);
  });

  it('make who closed the incident its owner', async () => {
    const config = configWith({ closed: { status: 'Closed', assignOwner: true } });
    expect((await told('closed', config)).updates).toMatchObject([
      { status: 'Closed', ownerAction: 'Assign', owner: 'm.lopez@contoso.com', classification: {} },
    ]);
    const { run } = playbookUnderTest(callback, { ...answersToCallback, Close_and_assign: { status: 400 } }, config);
    const { result, sent } = await run(sample(callback, 'closed'));
    expect(result.status).toBe('Succeeded');
    expect(sent('Close_the_incident')).toMatchObject({ status: 'Closed' });
    expect(sent('Close_the_incident')).not.toHaveProperty('owner');
  });

  it('set Active without an owner', async () => {
    const config = configWith({ acknowledged: { status: 'Active' } });
    expect((await told('acknowledged', config)).updates).toEqual([{ incidentArmId: armId, status: 'Active' }]);
  });

  it('assign the owner of what nobody answered, beside the one who acknowledged', async () => {
    const config = configWith({ annotated: { status: 'Active', assignOwner: true, comment: '{{note}}' } });
    expect((await told('annotated', config)).updates).toMatchObject([
      { status: 'Active', owner: 'm.lopez@contoso.com' },
    ]);
    expect((await told('acknowledged', config)).updates).toMatchObject([{ owner: 'm.lopez@contoso.com' }]);
  });

  it('close the incident, whatever the event', async () => {
    const config = configWith({ noResponse: { status: 'Closed' } });
    expect((await told('no-response', config)).updates).toMatchObject([
      { status: 'Closed', classification: { ClassificationAndReason: 'Undetermined' } },
    ]);
    expect((await told('no-response', config, { status: 'Closed' })).updates).toEqual([]);
  });

  it('leave the incident open: closed in SIGNL4 is a comment then', async () => {
    const config = configWith({ closed: { comment: 'Done: {{note}}' } });
    expect(await told('closed', config)).toEqual({
      status: 'Succeeded',
      updates: [],
      comments: ['SIGNL4: Done: #fp known scanner, ticket 88'],
    });
  });

  it('leave no comment', async () => {
    const config = configWith({ acknowledged: { status: 'Active' } });
    expect((await told('acknowledged', config)).comments).toEqual([]);
    expect((await told('closed', config)).comments).toHaveLength(1);
  });

  it('reopen to Active and keep the owner', async () => {
    const config = configWith({ reopened: { status: 'Active' } });
    expect((await told('reopened', config, { status: 'Closed', owner: dana })).updates).toEqual([
      { incidentArmId: armId, status: 'Active' },
    ]);
    expect((await told('reopened', config, { status: 'Active' })).updates).toEqual([]);
  });

  it('do nothing: the run ends before Microsoft Sentinel is asked', async () => {
    for (const name of ['acknowledged', 'closed', 'annotated', 'escalated', 'no-response', 'reopened'])
      expect(await told(name, configWith({ ...onlyNothing, closed: { comment: 'x' }, [camel(name)]: {} }))).toEqual({
        status: 'Cancelled',
        updates: [],
        comments: [],
      });
  });
});

describe('a configuration', () => {
  it('names the owners and the classifications', async () => {
    const config = configWith(
      {},
      {
        owners: { 'm.lopez@contoso.com': 'maria@corp.example' },
        close: {
          classification: 'TruePositive - SuspiciousActivity',
          comment: '{{note | truncate 3}} ({{team}})',
          hashtags: { f: 'FalsePositive - InaccurateData', FP: 'FalsePositive - IncorrectAlertLogic' },
        },
      },
    );
    expect((await told('acknowledged', config)).updates).toMatchObject([{ owner: 'maria@corp.example' }]);
    expect((await told('closed', config)).updates).toMatchObject([
      {
        classification: {
          ClassificationAndReason: 'FalsePositive - IncorrectAlertLogic',
          ClassificationReasonText: '#fp (SOC)',
        },
      },
    ]);
  });

  it.each([
    ['one that keeps everything', configWith({ ...onlyNothing, annotated: { comment: '{{note}}' } })],
    ['one that changes everything', restless()],
  ])('leaves no step that it does not need, and no two of one name: %s', (_, config) => {
    const names = allSteps(callback.build(config).steps).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('that changes everything does what it says on every event', async () => {
    for (const name of ['acknowledged', 'annotated', 'escalated', 'no-response', 'closed', 'reopened']) {
      const { status, updates, comments } = await told(name, restless(), {
        status: name === 'reopened' ? 'Closed' : 'New',
      });
      expect([name, status, updates.length, comments.length]).toEqual([name, 'Succeeded', 1, 1]);
    }
  });
});

/** A mapping that writes wherever it can. */
function restless(): Config {
  const all = {
    assignOwner: true,
    releaseOwner: false,
    comment: '{{note}} by {{user.name}}',
    severity: 'High',
  } as const;
  return configWith({
    acknowledged: { ...all, status: 'Active', tag: 'seen' },
    closed: { ...all, status: 'Closed', tag: 'done', assignOwner: false },
    annotated: { ...all, status: 'Active', tag: 'noted' },
    escalated: { ...all, status: 'New', tag: 'up' },
    noResponse: { ...all, status: 'New', tag: 'silent', assignOwner: false },
    reopened: { ...all, status: 'New', tag: 'again', assignOwner: false, releaseOwner: true },
  });
}

const camel = (name: string) => name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());
