import type { Server } from 'node:http';
import { type HttpBindings, serve } from '@hono/node-server';
import type { Context } from 'hono';
import type { Relay } from '../relay.ts';
import { startTimers } from '../timers/timers.ts';

/** Network address of the sender; behind a proxy it is the proxy's. */
export const nodeAddress = ({ env }: Context<{ Bindings: HttpBindings }>) => env.incoming.socket.remoteAddress;

/** Who sends so slowly only wants to hold a connection. */
const limits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 };
const MAX_CONNECTIONS = 2_000;
/** Requests under way may end; whoever takes longer is cut off. Containers are killed after 30 seconds. */
const DRAIN_MS = 25_000;

/** Aborts when the process is asked to end. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Serves the relay until `stop` aborts: then takes nothing more, lets what is under way end, and closes. */
export async function runOnNode(relay: Relay, stop: AbortSignal, onListening: (url: string) => void): Promise<void> {
  const { host, port, timers } = relay.settings;
  const server = serve({ fetch: relay.app.fetch, hostname: host, port, serverOptions: limits }, (address) => {
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    onListening(`http://${shown === '0.0.0.0' || shown === '[::]' ? 'localhost' : shown}:${address.port}`);
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  relay.startWorker();
  const stopTimers = startTimers(relay, timers);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (stop.aborted) resolve();
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    relay.shut();
    stopTimers();
    await drained(server);
    await relay.close();
  }
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    // Connections that were busy when the server closed stay open for further requests: nobody shall wait for those.
    const sweepIdle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(cutOff);
      clearInterval(sweepIdle);
      resolve();
    });
  });
}
