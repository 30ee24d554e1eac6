import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { Context } from 'hono';
import type { Relay } from '../relay.ts';
import { WAKE_QUEUE } from '../store/azure-clients.ts';

/** The storage account of the function app itself, reached with its managed identity, also holds the relay's state. */
const CONNECTION = 'AzureWebJobsStorage';

/** The front end of Functions appends the sender's address; the sender may have made up what precedes it. */
export function functionsAddress({ req }: Context): string | undefined {
  const last = req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last && withoutPort(last);
}

/** `203.0.113.7:51234`, `[2001:db8::7]:51234`: every connection has another port, and the address alone tells who it is. */
function withoutPort(address: string): string | undefined {
  const bracketed = /^\[([^\]]+)\]/.exec(address)?.[1];
  if (bracketed !== undefined) return bracketed;
  const parts = address.split(':');
  // More than one colon: an IPv6 address without brackets, and so without a port.
  return parts.length === 2 ? parts[0] : address;
}

/** Registers the relay with Azure Functions (programming model v4): one function per kind of trigger. */
export function registerFunctions(relay: Promise<Relay>, sweepMinutes: number): void {
  relay.then((started) => started.lookForIdentity()).catch(() => {});
  app.http('relay', {
    route: '{*path}',
    // The app answers the others with 405 itself.
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    // The relay checks keys and tokens itself, with messages that help.
    authLevel: 'anonymous',
    handler: async (request) => handleHttp((await relay).app, request),
  });
  app.storageQueue('apply', {
    queueName: WAKE_QUEUE,
    connection: CONNECTION,
    handler: async (session) => (await relay).applySession(String(session)),
  });
  app.timer('sync', {
    schedule: '0 * * * * *',
    handler: async () => {
      const { settings, sync } = await relay;
      if (settings.timers.sync) await sync();
    },
  });
  app.timer('retrieve', {
    schedule: '20 * * * * *',
    handler: async () => {
      const { settings, retrieve } = await relay;
      if (settings.timers.sweep) await retrieve();
    },
  });
  app.timer('sweep', {
    // A minute that divides the hour; longer pauses become hourly.
    schedule:
      sweepMinutes < 60
        ? `15 */${sweepMinutes} * * * *`
        : `15 0 */${Math.min(23, Math.round(sweepMinutes / 60))} * * *`,
    handler: async () => {
      const { settings, sweep } = await relay;
      if (settings.timers.sweep) await sweep();
    },
  });
  app.timer('recover', { schedule: '30 */5 * * * *', handler: async () => (await relay).recover() });
  app.timer('prune', { schedule: '45 20 * * * *', handler: async () => (await relay).prune() });
}

/** One request of Functions through the app and back. */
export async function handleHttp(relayApp: Relay['app'], request: HttpRequest): Promise<HttpResponseInit> {
  const { url, method, headers, body } = request;
  const hasBody = method !== 'GET' && body !== null;
  const init = { method, headers: [...headers], ...(hasBody && { body, duplex: 'half' }) };
  const response = await relayApp.fetch(new Request(url, init as RequestInit));
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}
