import { describe, expect, it } from 'vitest';
import { callback } from '../../playbooks/SIGNL4-Callback/playbook.ts';
import { defaultConfig } from '../../src/config/config.ts';
import type { CallAnswer } from '../../src/engine/calls.ts';
import type { Json } from '../../src/wdl/types.ts';
import { ok, playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* SIGNL4-Callback against whoever knows its URL, against odd answers, and at three in the morning. */

const armId =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-workspace/providers/Microsoft.SecurityInsights/Incidents/4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';

function incident(properties: Readonly<Record<string, Json>> = {}): CallAnswer {
  const usual = { title: 'x', status: 'New', severity: 'High', labels: [], owner: {}, additionalData: {} };
  const name = '4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5';
  return { status: 200, body: { id: armId, name, properties: { ...usual, ...properties } } };
}

const { run } = playbookUnderTest(callback, {
  Read_the_incident: incident(),
  Update_the_incident: ok,
  Update_the_incident_but_for_the_owner: ok,
  Comment_on_the_incident: { status: 201 },
});

const acknowledged = sample(callback, 'acknowledged');
const closed = sample(callback, 'closed');
const annotated = sample(callback, 'annotated');
const closedWith = (note: string) => withValue(closed, ['annotation', 'message'], note);

describe('a run that somebody resubmits', () => {
  it('does its work although nobody waits for the answer, which the service skips then', () => {
    const { actions } = callback.build(defaultConfig).definition;
    expect(actions['Event_in_SIGNL4']?.runAfter?.['Answer_SIGNL4']).toEqual(
      expect.arrayContaining(['Succeeded', 'Failed', 'TimedOut', 'Skipped']),
    );
  });
});

describe('a note', () => {
  it.each([[{ status: 403 }], [{ status: 400 }], [{ status: 500 }]])(
    'that Sentinel does not take (%j) fails the run, after the incident was changed',
    async (answer) => {
      const { result, status } = await run(acknowledged, { Comment_on_the_incident: answer });
      expect(status('Update_the_incident')).toBe('Succeeded');
      expect(result).toMatchObject({
        status: 'Failed',
        error: { code: 'CommentNotWritten' },
        response: { status: 200 },
      });
    },
  );

  it.each(['5', 5, null])('is written where the number of comments arrives as %j', async (commentsCount) => {
    const { result, calls } = await run(annotated, {
      Read_the_incident: incident({ additionalData: { commentsCount } }),
    });
    expect(calls('Comment_on_the_incident')).toHaveLength(1);
    expect(result.status).toBe('Succeeded');
  });

  it('chooses the classification also where the phone put a blank that does not break behind the hashtag', async () => {
    const { sent } = await run(closedWith('#fp\u00a0scanner'));
    expect(sent('Update_the_incident')).toMatchObject({
      classification: {
        ClassificationAndReason: 'FalsePositive - IncorrectAlertLogic',
        ClassificationReasonText: 'Closed in SIGNL4 by mlopez. scanner',
      },
    });
  });

  it('of any length closes the incident: the classification has its beginning, the comment the note', async () => {
    const { sent } = await run(closedWith(`${'🚨'.repeat(10_000)}end`));
    const { ClassificationReasonText } = sent('Update_the_incident')['classification'] as {
      ClassificationReasonText: string;
    };
    expect(ClassificationReasonText.length).toBeLessThanOrEqual(1_000);
    expect(ClassificationReasonText.isWellFormed()).toBe(true);
    expect(JSON.stringify(sent('Comment_on_the_incident'))).toContain('end');
  });

  it.each([
    '{{user.mail}} @{triggerBody()} @concat(1)',
    '"\\ \u202e </script> e\u0301',
    '#__proto__',
    '#constructor',
    '\ud83d',
  ])('is a text, whatever stands in it: %j', async (note) => {
    const { result, sent } = await run(closedWith(note));
    expect(result.status).toBe('Succeeded');
    expect(sent('Update_the_incident')).toMatchObject({
      classification: {
        ClassificationAndReason: 'Undetermined',
        ClassificationReasonText: expect.stringContaining(note),
      },
    });
  });
});

describe('a body that is none of SIGNL4’s', () => {
  it.each([
    ['no id', undefined],
    ['an id of blanks', '  '],
    ['an id of null', null],
  ])('because it has %s touches nothing: its comments would all have one id', async (_, id) => {
    expect((await run(withValue(acknowledged, ['id'], id))).result).toMatchObject({ status: 'Succeeded', calls: [] });
  });

  it.each(['../../../x?y=1#', '\ud800x', `${'Ü'.repeat(100_000)}`, '%2e%2e%2f', "'); drop"])(
    'because its id is %.20j leads to a comment of this incident, and nowhere else',
    async (id) => {
      const { calls } = await run(withValue(acknowledged, ['id'], id));
      const paths = calls('Comment_on_the_incident').map(({ path }) => path.slice(armId.length));
      expect(paths).toEqual([expect.stringMatching(/^\/comments\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)]);
    },
  );

  it.each([
    'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5/../x',
    'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5:x',
    'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:x:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
    'sentinel:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86%2d9b1c-4d57-8e34-a6c1f2b3d4e5',
    'sentinel::4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
    'sentinel-alert:8a1b6c2d-3e4f-4a5b-9c6d-7e8f90a1b2c3:4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
    '4f0d2a86-9b1c-4d57-8e34-a6c1f2b3d4e5',
  ])('because it is about %s touches nothing', async (externalId) => {
    const { result } = await run(withValue(acknowledged, ['alert', 'externalEventId'], externalId));
    expect(result).toMatchObject({ status: 'Succeeded', calls: [] });
  });
});
