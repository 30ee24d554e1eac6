import { describe, expect, it } from 'vitest';
import { handOn } from '../../../src/relay/callback/hand-on.ts';
import type { Lease } from '../../../src/relay/store/store.ts';

const GUID = '3b2e6f7a-4b7c-4d7e-9f7f-1c2d3e4f5a6b';

function leaseOf(externalEventId: string): Lease {
  const body = JSON.stringify({ id: GUID, eventType: 201, alert: { statusCode: 2, externalEventId } });
  const notification = { id: GUID, session: externalEventId, body, receivedAt: 0, arrival: 1, attempts: 0 };
  return { token: 't', notification, until: 0, unfinished: 0, since: 0, appliedUntil: undefined };
}

/** What was posted to the playbook, and what was applied here. */
async function handled(externalId: string, status = 202) {
  const posted: unknown[] = [];
  const applied: string[] = [];
  const send = (async (_: string, init: RequestInit) => {
    posted.push(JSON.parse(String(init.body)));
    return new Response(null, { status, headers: { 'retry-after': '7' } });
  }) as typeof fetch;
  const others = async ({ notification }: Lease) => void applied.push(notification.session);
  const ended = await handOn(
    'https://example.com/x?sig=secret',
    send,
    others,
  )(leaseOf(externalId), () => {}).then(
    () => undefined,
    (error: Error) => error,
  );
  return { posted, applied, ended };
}

describe('handing on to SIGNL4-Callback', () => {
  it('posts what is about Sentinel as SIGNL4 sent it', async () => {
    const externalId = `sentinel:${GUID}:${GUID}`;
    expect(await handled(externalId)).toEqual({
      posted: [JSON.parse(leaseOf(externalId).notification.body)],
      applied: [],
      ended: undefined,
    });
  });

  it('leaves what is about Graph to the relay: the playbook does not know it', async () => {
    const externalId = `graph:${GUID}:1007`;
    expect(await handled(externalId)).toEqual({ posted: [], applied: [externalId], ended: undefined });
  });

  it('fails where the playbook does, without its address', async () => {
    const { ended } = await handled(`sentinel:${GUID}:${GUID}`, 429);
    expect(ended).toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
    expect(String(ended)).not.toContain('secret');
  });
});
