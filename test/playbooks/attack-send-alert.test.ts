import { describe, expect, it } from 'vitest';
import { sendAlert } from '../../playbooks/SIGNL4-Send-Alert/playbook.ts';
import type { Json } from '../../src/wdl/types.ts';
import { playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* SIGNL4-Send-Alert with bodies of older and other products: whatever their shape, somebody is paged. */

const { run } = playbookUnderTest(sendAlert, { Send_to_SIGNL4: { status: 201, body: { eventId: 'e' } } });
const alert = sample(sendAlert, 'alert');
const rule = '9c4be437-b74c-440c-aa09-764367744a23';
const withDetails = (details: Json) => withValue(alert, ['ExtendedProperties'], details);
const withRule = (ids: Json) => withDetails(JSON.stringify({ 'Analytic Rule Ids': ids }));

it('an alert that SIGNL4 does not take is followed by a bare one', async () => {
  const answers = { Send_to_SIGNL4: { status: 400 }, Send_a_bare_event: { status: 201 } };
  const { result, sent } = await run(alert, answers);
  expect(result.status).toBe('Succeeded');
  expect(sent('Send_a_bare_event')).toMatchObject({
    Title: 'Microsoft Sentinel alert',
    'X-S4-ExternalID': expect.stringMatching(/^sentinel-alert:/),
    'X-S4-Status': 'new',
  });
});

describe('tactics', () => {
  it.each([['InitialAccess, Persistence'], ['["Persistence"]'], [['Persistence']]])(
    'are tested as they arrive: %j',
    async (tactics) => {
      const body = withValue(alert, ['Tactics'], tactics);
      expect((await run(body, {}, { Tactics: ['persistence'] })).calls('Send_to_SIGNL4')).toHaveLength(1);
      const other = await run(body, {}, { Tactics: ['Impact'] });
      expect(other.result).toMatchObject({ status: 'Succeeded', calls: [] });
    },
  );

  it.each([[''], [null], ['InitialAccess, Persistence'], [[]]])(
    'of any shape do not keep the page back: %j',
    async (tactics) => {
      const { result, status } = await run(withValue(alert, ['Tactics'], tactics));
      expect(result.status).toBe('Succeeded');
      expect(status('Send_to_SIGNL4')).toBe('Succeeded');
    },
  );
});

describe('the analytics rule', () => {
  it.each([[`["${rule}"]`], [rule], [[rule]], [`["${rule.toUpperCase()}","x"]`]])('is found in %j', async (ids) => {
    expect((await run(withRule(ids), {}, { AnalyticsRules: [rule] })).calls('Send_to_SIGNL4')).toHaveLength(1);
  });

  it.each([
    [''],
    ['[]'],
    ['"text"'],
    ['null'],
    ['cut off {"Query": "'],
    ['{"Query": "cut off'],
    [{ Query: 'x' }],
    [null],
    [5],
  ])('is not asked for where the details are %j: the page goes out', async (details) => {
    const { result, status } = await run(withDetails(details));
    expect(result.status).toBe('Succeeded');
    expect(status('Send_to_SIGNL4')).toBe('Succeeded');
  });
});
