import { describe, expect, it } from 'vitest';
import { sendAlert } from '../../playbooks/SIGNL4-Send-Alert/playbook.ts';
import { playbookUnderTest, sample, slow, withValue } from './support/playbook.ts';

const externalId = 'sentinel-alert:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:a3000000-0000-4000-8000-000000000001';

const { run, uncovered } = playbookUnderTest(sendAlert, {
  Send_to_SIGNL4: { status: 202, body: { eventId: 'e' } },
  Send_a_bare_event: { status: 404 },
});

const alert = sample(sendAlert, 'alert');

describe('an alert without an incident', () => {
  it('pages the team with what the alert says', async () => {
    const { result, sent } = await run(alert);
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'Medium: Sign-in from an unfamiliar location',
      'X-S4-ExternalID': externalId,
      'X-S4-Status': 'new',
      'IP addresses': '198.51.100.23',
    });
  });

  it.each([
    ['its severity', { Severities: ['High'] }],
    ['its title', { TitleContains: ['ransomware'] }],
    ['an excluded title', { TitleExcludes: ['unfamiliar'] }],
    ['its product', { Products: ['Microsoft Defender for Endpoint'] }],
    ['its analytics rule', { AnalyticsRules: ['00000000-0000-4000-8000-000000000000'] }],
  ])('is kept back by the filter for %s', async (_, parameters) => {
    const { result, status } = await run(alert, {}, parameters);
    expect(result).toMatchObject({ status: 'Succeeded', calls: [] });
    expect(status('Why_nobody_is_paged')).toBe('Succeeded');
  });

  it('passes a filter for its own analytics rule and product', async () => {
    const filter = { AnalyticsRules: ['C0FFEE00-1234-4abc-8def-0123456789ab'], Products: ['Microsoft Sentinel'] };
    expect((await run(alert, {}, filter)).calls('Send_to_SIGNL4')).toHaveLength(1);
  });
});

describe('odd input', () => {
  it.each([
    ['an empty body', undefined],
    ['the designer’s run', sample(sendAlert, 'designer-run')],
    ['an alert without an id', withValue(alert, ['SystemAlertId'], undefined)],
  ])('ends the run without a call: %s', async (_, body) => {
    expect((await run(body)).result).toMatchObject({ status: 'Cancelled', calls: [] });
  });

  it.each([
    ['details that are no JSON', ['ExtendedProperties'], 'cut off {"Query": "'],
    ['no details', ['ExtendedProperties'], undefined],
    ['details of null', ['ExtendedProperties'], null],
    ['no entities', ['Entities'], undefined],
    ['empty entities', ['Entities'], ''],
    ['no description', ['Description'], null],
    ['no product', ['ProductName'], undefined],
  ])('pages the team all the same: %s', async (_, path, value) => {
    const { result, sent } = await run(withValue(alert, path, value));
    expect(result.status).toBe('Succeeded');
    expect(sent('Send_to_SIGNL4')).toMatchObject({ 'X-S4-ExternalID': externalId });
  });

  it('sends a plain event where the full one cannot be built', async () => {
    const { sent, status } = await run(withValue(alert, ['Entities'], '[{"Type": "ip", "Addr'));
    expect(status('Build_the_event')).toBe('Failed');
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Title: 'Sign-in from an unfamiliar location',
      'X-S4-ExternalID': externalId,
    });
  });
});

describe('SIGNL4', () => {
  it.each([
    ['404', { status: 404 }, 1],
    ['409', { status: 409 }, 1],
    ['500', { status: 500 }, 5],
    ['no answer', slow, 5],
  ])('answers %s: the run fails', async (_, answer, tries) => {
    const { result, calls } = await run(alert, { Send_to_SIGNL4: answer });
    expect(result.status).toBe('Failed');
    expect(calls('Send_to_SIGNL4')).toHaveLength(tries);
  });

  it('answers 429 with Retry-After: the page is sent a little later', async () => {
    const { result } = await run(alert, {
      Send_to_SIGNL4: [{ status: 429, headers: { 'Retry-After': '3' } }, { status: 202 }],
    });
    expect(result.status).toBe('Succeeded');
  });
});

describe('these tests together', () => {
  it('execute every action, and skip every one that can be skipped', () => {
    expect(uncovered()).toEqual({ neverExecuted: [], neverSkipped: ['Is_there_an_alert'] });
  });
});
