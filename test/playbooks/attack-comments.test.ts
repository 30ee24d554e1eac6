import { describe, expect, it } from 'vitest';
import { pageEntity } from '../../playbooks/SIGNL4-Page-Entity/playbook.ts';
import { whoIsOnCall } from '../../playbooks/SIGNL4-Who-Is-On-Call/playbook.ts';
import type { JsonObject } from '../../src/wdl/types.ts';
import { playbookUnderTest, sample, withValue } from './support/playbook.ts';

/* Comments are rich text: names that an attacker or a colleague chose must stay names in them, and fit. */

function messageOf(body: JsonObject): string {
  return String((body['properties'] as JsonObject)['message']);
}

describe('an entity whose name somebody else chose', () => {
  const { run } = playbookUnderTest(pageEntity, {
    Send_to_SIGNL4: { status: 201, body: { eventId: 'e' } },
    Comment_on_the_incident: { status: 201 },
  });
  const ip = sample(pageEntity, 'ip');
  const named = (properties: JsonObject) => withValue(ip, ['Entity', 'properties'], properties);

  it('is no mark-up in the comment', async () => {
    const { sent } = await run(named({ hostName: '<img src=x onerror=alert(1)>&' }));
    expect(messageOf(sent('Comment_on_the_incident'))).toBe(
      'SIGNL4: the team on call was paged about &lt;img src=x onerror=alert(1)&gt;&amp;.',
    );
    expect(sent('Send_to_SIGNL4')['Entity']).toBe('<img src=x onerror=alert(1)>&');
  });

  it('may be as long as URLs are: title, parameter and comment keep to their limits', async () => {
    const { result, sent } = await run(named({ url: `https://x.example/${'🚨'.repeat(20_000)}` }));
    expect(result.status).toBe('Succeeded');
    const { Title, Entity } = sent('Send_to_SIGNL4') as { Title: string; Entity: string };
    const message = messageOf(sent('Comment_on_the_incident'));
    expect([Title.length <= 250, Entity.length <= 2_000, message.length <= 30_000]).toEqual([true, true, true]);
    expect([Title, Entity, message].every((text) => text.isWellFormed())).toBe(true);
  });

  it.each([
    [{ friendlyName: '', address: '192.0.2.1' }, '192.0.2.1'],
    [{ friendlyName: '  ', hostName: 'srv-1' }, 'srv-1'],
    [{ friendlyName: null, hashValue: 'abc' }, 'abc'],
    [{ Address: '192.0.2.1' }, '192.0.2.1'],
    [{ hostName: 42 }, '42'],
  ])('is found wherever it lies: %j', async (properties, name) => {
    expect((await run(named(properties))).sent('Send_to_SIGNL4')['Entity']).toBe(name);
  });

  it('comes with a link to its incident that a phone can open', async () => {
    const { sent } = await run(ip);
    expect(sent('Send_to_SIGNL4')).toMatchObject({
      Link: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${ip['IncidentArmID']}`,
    });
    expect((await run(withValue(ip, ['IncidentArmID'], undefined))).sent('Send_to_SIGNL4')['Link']).toBe('');
  });
});

describe('people on duty', () => {
  const { run } = playbookUnderTest(whoIsOnCall, {
    List_users: { status: 200, body: [] },
    Comment_on_the_incident: { status: 201 },
  });
  const incident = sample(whoIsOnCall, 'incident');
  const on = (people: readonly JsonObject[]) => run(incident, { List_users: { status: 200, body: people } });

  it('whose names look like mark-up or like duties are named, and only they', async () => {
    const { sent } = await on([
      { name: '<b>Kim</b>', mail: 'kim@contoso.com', dutyInfos: [{ dutyMode: 1, teamName: 'a' }] },
      { name: 'Pat', mail: 'pat@contoso.com', dutyInfos: [{ teamName: 'x","dutyMode":100', dutyMode: 0 }] },
      { Name: 'Lee', Mail: 'lee@contoso.com', DutyInfos: [{ DutyMode: 100 }] },
    ]);
    expect(messageOf(sent('Comment_on_the_incident'))).toBe(
      'SIGNL4: on call now: &lt;b&gt;Kim&lt;/b&gt; (kim@contoso.com), Lee (lee@contoso.com).',
    );
  });

  it('may be more than a comment takes', async () => {
    const people = Array.from({ length: 2_000 }, (_, number) => ({
      name: `Somebody with a long name ${number}`,
      mail: `somebody.${number}@contoso.com`,
      dutyInfos: [{ dutyMode: 1 }],
    }));
    const { result, sent } = await on(people);
    expect(result.status).toBe('Succeeded');
    expect(messageOf(sent('Comment_on_the_incident')).length).toBeLessThanOrEqual(30_000);
  });
});
