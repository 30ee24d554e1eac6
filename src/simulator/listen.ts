import type { AddressInfo, Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { ConnectionReset } from './faults.ts';
import type { Handler } from './http.ts';
import type { World } from './world.ts';

/** Where the services of a world listen, `http://127.0.0.1:<port>` each. */
export interface Listening {
  readonly sentinel: string;
  readonly logs: string;
  readonly graph: string;
  readonly entra: string;
  readonly signl4: string;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

/** Serves a world to other processes, each service on a free port of 127.0.0.1. A reset breaks the connection for real. */
export async function listen(world: World): Promise<Listening> {
  const names = ['sentinel', 'logs', 'graph', 'entra', 'signl4'] as const;
  const servers = await Promise.all(names.map((name) => serveOn(world[name].fetch)));
  const address = (index: number) => `http://127.0.0.1:${servers[index]?.port}`;
  return {
    sentinel: address(0),
    logs: address(1),
    graph: address(2),
    entra: address(3),
    signl4: address(4),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** Serves one handler; port 0 picks a free one. */
export function serveOn(handle: Handler, port = 0): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server = serve(
      {
        hostname: '127.0.0.1',
        port,
        overrideGlobalObjects: false,
        fetch: async (request, { incoming }) => {
          try {
            return await handle(request);
          } catch (error) {
            if (!(error instanceof ConnectionReset) && !request.signal.aborted) throw error;
            incoming.socket?.destroy();
            return RESPONSE_ALREADY_SENT;
          }
        },
      },
      (info: AddressInfo) =>
        resolve({
          port: info.port,
          close: () =>
            new Promise((closed) => {
              for (const socket of sockets) socket.destroy();
              server.close(() => closed());
            }),
        }),
    );
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.on('error', reject);
  });
}
