import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedHosts } from '../../src/relay/outgoing/allowed-hosts.ts';
import { guardedFetch } from '../../src/relay/outgoing/guarded-fetch.ts';
import { guardedHttpClient } from '../../src/relay/outgoing/guarded-http-client.ts';
import { type Coding, damages, damagingServer, framings, packed, packers } from './support/damage.ts';

/*
 * Whatever arrives, a call ends with the answer or with an error. Anything that escapes ends this process, and with it the test.
 */

const said = JSON.stringify({ value: Array.from({ length: 6 }, (_, n) => ({ id: `alert-${n}`, title: 'Sign-in' })) });
const codings = Object.keys(packers) as Coding[];

let server: Awaited<ReturnType<typeof damagingServer>>;
let ask: Readonly<Record<string, () => Promise<string>>>;
beforeAll(async () => {
  server = await damagingServer(async () => new Response(said));
  const hosts = allowedHosts([server.url]);
  const send = guardedFetch(hosts);
  const client = guardedHttpClient(hosts);
  ask = {
    'the Azure clients': async () => {
      const request = createPipelineRequest({ url: `${server.url}/alerts`, allowInsecureConnection: true });
      return (await client.sendRequest(request)).bodyAsText ?? '';
    },
    fetch: async () => (await send(`${server.url}/alerts`)).text(),
  };
});
afterAll(() => server.close());

describe.each(['the Azure clients', 'fetch'])('an answer to %s', (who) => {
  const answer = () => ask[who]?.() ?? Promise.reject(new Error(who));

  it.each(codings)('packed as %s is unpacked', async (coding) => {
    server.damage = packed(coding);
    expect(await answer()).toBe(said);
  });

  it.each(codings.flatMap((coding) => Object.keys(framings).map((framing) => [coding, framing] as const)))(
    'packed as %s and cut at every byte (%s) ends the call and nothing else',
    async (coding, framing) => {
      const { length } = packers[coding](Buffer.from(said));
      for (let kept = 0; kept < length; kept++) {
        server.damage = damages[`cut, ${framing}`]?.(coding, (kept + 0.5) / length);
        const text = await answer().catch((error: unknown) => error);
        // What is cut behind its last character of content may count; half of it never reads as JSON.
        if (typeof text === 'string' && text !== said) expect(() => JSON.parse(text)).toThrow();
      }
    },
    60_000,
  );

  it.each(Object.keys(damages))('that is wrong in another way (%s) ends the call and nothing else', async (name) => {
    for (const coding of codings) {
      for (const at of [0, 0.3, 0.7, 0.99]) {
        server.damage = damages[name]?.(coding, at);
        await answer().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      }
    }
  });

  it.each(codings)('packed as %s is given up where it unpacks to more than 8 MiB', async (coding) => {
    server.damage = damages['nine mebibytes']?.(coding, 0);
    await expect(answer()).rejects.toThrow('larger than');
  });
});

it('the Azure clients never take a packed answer without its end for a whole one', async () => {
  for (const coding of ['gzip', 'deflate', 'br'] as const) {
    const { length } = packers[coding](Buffer.from(said));
    server.damage = damages['cut, whole message']?.(coding, (length - 0.5) / length);
    await expect(ask['the Azure clients']?.()).rejects.toMatchObject({ code: 'PARSE_ERROR' });
  }
});
