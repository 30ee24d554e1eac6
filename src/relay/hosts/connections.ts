import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A proxy in front uses some hundreds; who holds more keeps others out. */
export const MOST_PER_ADDRESS = 500;
export const MOST_CONNECTIONS = 2_000;

/**
 * Keeps room for new connections: where one address has too many, or all together are, the one that has been silent longest
 * makes way (one that still sends its first header, or waits for a next request). One with a request under way never does.
 */
export function limitConnections(server: Server, perAddress = MOST_PER_ADDRESS, total = MOST_CONNECTIONS): void {
  /** Per address its connections without a request under way, the longest silent first. */
  const silent = new Map<string, Set<Socket>>();
  const count = new Map<string, number>();
  const addressOf = new WeakMap<Socket, string>();
  let all = 0;

  function fall(socket: Socket): void {
    const address = addressOf.get(socket);
    if (address === undefined || socket.destroyed) return;
    const others = silent.get(address) ?? new Set();
    silent.set(address, others.add(socket));
  }

  function speak(socket: Socket): void {
    silent.get(addressOf.get(socket) ?? '')?.delete(socket);
  }

  function forget(socket: Socket, address: string): void {
    speak(socket);
    all--;
    const left = (count.get(address) ?? 1) - 1;
    if (left > 0) count.set(address, left);
    else {
      count.delete(address);
      silent.delete(address);
    }
  }

  /** The longest silent one of this address; undefined where all have something to do. */
  function makeWay(address: string): Socket | undefined {
    const [first] = silent.get(address) ?? [];
    if (first) speak(first);
    return first;
  }

  function busiest(): string {
    let found = '';
    for (const [address, open] of count) if (open > (count.get(found) ?? 0)) found = address;
    return found;
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    addressOf.set(socket, address);
    all++;
    count.set(address, (count.get(address) ?? 0) + 1);
    socket.once('close', () => forget(socket, address));
    if ((count.get(address) ?? 0) > perAddress) (makeWay(address) ?? socket).destroy();
    else if (all > total) (makeWay(busiest()) ?? socket).destroy();
    fall(socket);
  });
  server.on('request', ({ socket }, response) => {
    speak(socket);
    response.once('close', () => fall(socket));
  });
}
