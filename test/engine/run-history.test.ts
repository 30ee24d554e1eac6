import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/engine/run.ts';
import { compose, following, http, run, scripted, workflow } from './support/workflow.ts';

const HIDDEN = 'Content not shown due to security configuration.';
const secured = (...properties: string[]) => ({ runtimeConfiguration: { secureData: { properties } } });

describe('secure inputs and outputs', () => {
  it('do not show in the run history but can still be used', async () => {
    const calls = scripted({ status: 200, body: { token: 's3cr3t' } });
    const result = await run(
      {
        Token: http({}, secured('inputs', 'outputs')),
        Use: compose("@length(body('Token')['token'])", following('Token')),
        Independent: compose('shown', following('Use')),
      },
      { calls },
    );
    expect(result.actions['Token']).toMatchObject({ status: 'Succeeded', inputs: HIDDEN, outputs: HIDDEN });
    expect(result.actions['Use']).toMatchObject({ status: 'Succeeded', inputs: HIDDEN, outputs: HIDDEN });
    expect(result.actions['Independent']?.outputs).toBe('shown');
  });

  it('hide the inputs of every action that uses them, however far down', async () => {
    const calls = scripted({ status: 200, body: 's3cr3t' }, { status: 200, body: 'public' });
    const result = await run(
      {
        Token: http({}, secured('outputs')),
        Header: compose("Bearer @{body('Token')}", following('Token')),
        Call: {
          type: 'Http',
          inputs: { method: 'GET', uri: 'https://api.contoso.com', headers: { Authorization: "@outputs('Header')" } },
          runAfter: following('Header'),
        },
      },
      { calls },
    );
    expect(result.actions['Header']?.outputs).toBe(HIDDEN);
    expect(result.actions['Call']).toMatchObject({ inputs: HIDDEN, outputs: { body: 'public' } });
    expect(calls.asked[1]?.headers).toEqual({ Authorization: 'Bearer s3cr3t' });
  });

  it.each([
    ['Compose', "@body('Token')"],
    ['ParseJson', { content: "@body('Token')", schema: {} }],
    ['Select', { from: "@body('Token')", select: '@item()' }],
    ['Query', { from: "@body('Token')", where: '@equals(item(), item())' }],
    ['Join', { from: "@body('Token')", joinWith: ',' }],
    ['Table', { from: "@body('Token')", format: 'CSV', columns: [{ header: 'a', value: '@item()' }] }],
  ])('hide the outputs of %s with its inputs: what goes in comes out', async (type, inputs) => {
    const calls = scripted({ status: 200, body: ['s3cr3t'] });
    const actions = { Token: http({}, secured('outputs')), Pass: { type, inputs, runAfter: following('Token') } };
    const result = await run(actions, { calls });
    expect(result.actions['Pass']).toMatchObject({ status: 'Succeeded', inputs: HIDDEN, outputs: HIDDEN });
  });

  it('hide what comes from a secured trigger', async () => {
    const definition = { triggers: { manual: { type: 'Request', ...secured('outputs') } } };
    const result = await run({ Read: compose('@triggerBody()') }, { definition, trigger: { body: 's3cr3t' } });
    expect(result.trigger.outputs).toBe(HIDDEN);
    expect(result.actions['Read']?.inputs).toBe(HIDDEN);
  });

  it('hide every iteration of a loop', async () => {
    const result = await run({
      Each: {
        type: 'Foreach',
        foreach: [1, 2],
        actions: { Do: { ...compose("@items('Each')"), ...secured('inputs') } },
        runAfter: {},
      },
    });
    expect(result.actions['Do']?.repetitions?.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [HIDDEN, HIDDEN],
      [HIDDEN, HIDDEN],
    ]);
  });
});

describe('tracked properties', () => {
  it('are evaluated when the action has ended', async () => {
    const calls = scripted({ status: 200, body: { id: 7 } });
    const result = await run(
      {
        Get: http(
          {},
          { trackedProperties: { id: "@action()['outputs']['body']['id']", status: "@action()['status']" } },
        ),
      },
      { calls },
    );
    expect(result.actions['Get']?.trackedProperties).toEqual({ id: 7, status: 'Succeeded' });
  });

  it('do not change the outcome when they are broken', async () => {
    const result = await run({ A: { ...compose(1), trackedProperties: { x: "@action()['outputs']['id']" } } });
    expect(result.actions['A']?.status).toBe('Succeeded');
    expect(result.warnings).toEqual([expect.stringContaining("tracked properties of 'A'")]);
  });
});

describe('static results', () => {
  it('stand in for an action that has them switched on', async () => {
    const staticResult = { name: 'Get0', staticResultOptions: 'Enabled' };
    const result = await run(
      { Get: http({}, { runtimeConfiguration: { staticResult } }), Read: compose("@body('Get')", following('Get')) },
      {
        definition: { staticResults: { Get0: { status: 'Succeeded', outputs: { statusCode: 'OK', body: 'mocked' } } } },
      },
    );
    expect(result.actions['Read']?.outputs).toBe('mocked');
  });
});

describe('a run', () => {
  const actions = {
    Id: compose('@guid()'),
    Number: compose('@rand(0, 1000000)'),
    Who: compose({ name: "@workflow()['name']", run: "@workflow()?['run']?['name']", tags: "@workflow()?['tags']" }),
  };

  it('is the same every time, ids and times included', async () => {
    expect(await run(actions)).toEqual(await run(actions));
  });

  it('knows the workflow that it is a run of', async () => {
    const result = await run(actions, {
      workflowInfo: { name: 'SIGNL4-Send-Incident', runName: 'r1', tags: { team: 'soc' } },
    });
    expect(result.actions['Who']?.outputs).toEqual({ name: 'SIGNL4-Send-Incident', run: 'r1', tags: { team: 'soc' } });
  });

  it('does not change its definition, trigger or answers', async () => {
    const definition = workflow({
      Get: http(),
      Each: {
        type: 'Foreach',
        foreach: "@body('Get')",
        actions: { Do: compose('@item()') },
        runAfter: following('Get'),
      },
    });
    const answer = { status: 200, body: [{ a: 1 }] };
    const before = JSON.stringify([definition, answer]);
    await runWorkflow(definition, { calls: () => answer });
    expect(JSON.stringify([definition, answer])).toBe(before);
  });

  it('rejects as a defect of the calls port when that throws', async () => {
    await expect(run({ Get: http() })).rejects.toThrow('no call was expected, but Get calls GET /things');
  });
});
