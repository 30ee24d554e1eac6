import type { Server } from 'node:http';
import { type HttpBindings, serve } from '@hono/node-server';
import type { Context } from 'hono';
import { UserError } from '../../domain/errors.ts';
import type { Relay } from '../relay.ts';
import { startTimers } from '../timers/timers.ts';
import { limitConnections } from './connections.ts';

/** Network address of the sender; behind a proxy it is the proxy's. */
export const nodeAddress = ({ env }: Context<{ Bindings: HttpBindings }>) => env.incoming.socket.remoteAddress;

/** Who sends so slowly only wants to hold a connection. Node looks every `connectionsCheckingInterval`, half a minute as a rule. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};
/** Requests and notifications under way may end; whatever takes longer is cut off. Containers are killed after 30 seconds. */
const DRAIN_MS = 20_000;
/** Then the store is closed; one that hangs is left as it is: what it said is on disk. */
const CLOSE_MS = 3_000;

/** Aborts when the process is asked to end. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/**
 * Serves the relay until `stop` aborts: then takes nothing more, lets what is under way end, and closes, within 25 seconds
 * whatever hangs. Connections to other services may still be open then: the caller ends the process.
 * @throws UserError where it cannot listen.
 */
export async function runOnNode(relay: Relay, stop: AbortSignal, onListening: (url: string) => void): Promise<void> {
  const { host, port, timers } = relay.settings;
  const server = serve({ fetch: relay.app.fetch, hostname: host, port, serverOptions: limits }, (address) => {
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    onListening(`http://${shown === '0.0.0.0' || shown === '[::]' ? 'localhost' : shown}:${address.port}`);
  }) as Server;
  limitConnections(server);
  relay.startWorker();
  void relay.lookForIdentity();
  const stopTimers = startTimers(relay, timers);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(cannotListen(error, host, port)));
      if (stop.aborted) resolve();
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    relay.shut();
    stopTimers();
    await within(DRAIN_MS, Promise.all([drained(server), relay.drain()]));
    server.closeAllConnections();
    await within(CLOSE_MS, relay.close());
  }
}

/** Until it ends, but no longer. */
async function within(ms: number, ending: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([ending, late]);
  clearTimeout(timer);
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Connections that were busy when the server closed stay open for further requests: nobody shall wait for those.
    const sweepIdle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(sweepIdle);
      resolve();
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Something else listens there, perhaps another relay: end it, or choose another RELAY_PORT.',
    EACCES: 'Ports below 1024 are for root: choose another RELAY_PORT, 8080 for example.',
    EADDRNOTAVAIL: 'RELAY_HOST is not an address of this machine: 0.0.0.0 takes all, 127.0.0.1 only this machine.',
    ENOTFOUND: 'RELAY_HOST is not an address: 0.0.0.0 takes all, 127.0.0.1 only this machine.',
  };
  const remedy = remedies[error.code ?? ''];
  if (remedy === undefined) return error;
  const message = `the relay cannot listen on ${host}:${port} (${error.code})`;
  return new UserError('relay.listen', message, { where: { path: 'RELAY_PORT' }, remedy, cause: error });
}
