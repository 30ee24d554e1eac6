import { createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, it } from 'vitest';
import { allowedHosts, ForbiddenHostError, MAX_ANSWER_BYTES } from '../../src/relay/outgoing/allowed-hosts.ts';
import { guardedFetch } from '../../src/relay/outgoing/guarded-fetch.ts';
import { guardedHttpClient } from '../../src/relay/outgoing/guarded-http-client.ts';
import { upstreamError } from '../../src/relay/upstream.ts';
import { serveOn } from '../../src/simulator/listen.ts';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A server that answers each path as the table says and remembers what it was asked. */
async function serve(answers: Readonly<Record<string, (request: Request) => Response>>) {
  const asked: { path: string; method: string; authorization: string | null }[] = [];
  const server = await serveOn(async (request) => {
    const { pathname } = new URL(request.url);
    asked.push({ path: pathname, method: request.method, authorization: request.headers.get('authorization') });
    return answers[pathname]?.(request) ?? new Response('nothing', { status: 404 });
  });
  servers.push(server);
  return { url: `http://127.0.0.1:${server.port}`, asked };
}

const to =
  (location: string, status = 302) =>
  () =>
    new Response(null, { status, headers: { location } });

describe('calls to other hosts', () => {
  it('are for the configured ones only, port included', async () => {
    const { url, asked } = await serve({ '/': () => new Response('here') });
    expect(await (await guardedFetch(allowedHosts([url]))(`${url}/`)).text()).toBe('here');
    await expect(guardedFetch(allowedHosts(['http://127.0.0.1:1']))(`${url}/`)).rejects.toThrow(ForbiddenHostError);
    await expect(guardedFetch(allowedHosts([]))('http://169.254.169.254/metadata')).rejects.toThrow(ForbiddenHostError);
    expect(asked).toHaveLength(1);
  });

  it('follow a redirect to an allowed host, without credentials for another', async () => {
    const second = await serve({ '/end': () => new Response('end') });
    const first = await serve({ '/start': to('/same'), '/same': to(`${second.url}/end`) });
    const send = guardedFetch(allowedHosts([first.url, second.url]));
    const response = await send(`${first.url}/start`, { headers: { authorization: 'Bearer token' } });
    expect(await response.text()).toBe('end');
    expect(first.asked.map(({ authorization }) => authorization)).toEqual(['Bearer token', 'Bearer token']);
    expect(second.asked.map(({ authorization }) => authorization)).toEqual([null]);
  });

  it('do not follow a redirect to anywhere else', async () => {
    const second = await serve({});
    const first = await serve({ '/start': to(`${second.url}/metadata`) });
    await expect(guardedFetch(allowedHosts([first.url]))(`${first.url}/start`)).rejects.toThrow(ForbiddenHostError);
    expect(second.asked).toEqual([]);
  });

  it('do not carry a body along, and do not go round in circles', async () => {
    const { url, asked } = await serve({ '/start': to('/other', 307), '/circle': to('/circle') });
    const send = guardedFetch(allowedHosts([url]));
    expect((await send(`${url}/start`, { method: 'POST', body: 'secret' })).status).toBe(307);
    expect((await send(`${url}/circle`)).status).toBe(302);
    expect(asked.map(({ path }) => path)).toEqual(['/start', '/circle', '/circle', '/circle', '/circle']);
  });

  const large = () => new Response(new Uint8Array(MAX_ANSWER_BYTES + 1));
  it('give an answer up that is too large', async () => {
    const { url } = await serve({ '/large': large });
    const response = await guardedFetch(allowedHosts([url]))(`${url}/large`);
    await expect(response.text()).rejects.toThrow('larger than');
  });

  it('of the Azure clients are held to the same', async () => {
    const { url } = await serve({ '/': () => new Response('here'), '/large': large });
    const request = (path: string) => createPipelineRequest({ url: url + path, allowInsecureConnection: true });
    const allowed = guardedHttpClient(allowedHosts([url]));
    expect((await allowed.sendRequest(request('/'))).bodyAsText).toBe('here');
    await expect(allowed.sendRequest(request('/large'))).rejects.toThrow('larger than');
    await expect(guardedHttpClient(allowedHosts([])).sendRequest(request('/'))).rejects.toThrow(ForbiddenHostError);
  });

  it('of the Azure clients end in the middle of an answer that goes on and on', async () => {
    const chunk = new Uint8Array(1_000_000);
    const endless = () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
    const { url } = await serve({ '/endless': endless });
    const client = guardedHttpClient(allowedHosts([url]));
    const request = createPipelineRequest({ url: `${url}/endless`, allowInsecureConnection: true });
    await expect(client.sendRequest(request)).rejects.toThrow('larger than');
  });

  it('of the Azure clients do not wait for long where they are told to', async () => {
    const busy = (seconds: string) => () => new Response('busy', { status: 429, headers: { 'retry-after': seconds } });
    const { url } = await serve({ '/soon': busy('1'), '/later': busy('17') });
    const client = guardedHttpClient(allowedHosts([url]));
    const request = (path: string) => createPipelineRequest({ url: url + path, allowInsecureConnection: true });
    expect((await client.sendRequest(request('/soon'))).status).toBe(429);
    const told = await client.sendRequest(request('/later')).catch((error) => upstreamError('Log Analytics', error));
    expect(told).toMatchObject({ kind: 'throttled', status: 429, retryAfterMs: 17_000 });
  });

  it('of the Azure clients still end when their own signal does', async () => {
    const hanging: HttpClient = {
      sendRequest: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    };
    const stop = new AbortController();
    const request = createPipelineRequest({ url: 'https://a.example/', abortSignal: stop.signal });
    const answer = guardedHttpClient(allowedHosts(['https://a.example']), hanging).sendRequest(request);
    stop.abort();
    await expect(answer).rejects.toThrow('aborted');
  });
});
