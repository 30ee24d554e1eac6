import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections } from '../../../src/relay/hosts/connections.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A server that answers `/slow` only when it is told to. */
async function serve(perAddress: number, total: number) {
  const slow: (() => void)[] = [];
  const server = createServer((incoming, response) => {
    const answer = () => response.end('here');
    if (incoming.url === '/slow') slow.push(answer);
    else answer();
  });
  limitConnections(server, perAddress, total);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  async function silent(localAddress: string): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => {});
    cleanUps.push(() => socket.destroy());
    const seen = once(server, 'connection');
    await seen;
    socket.write('GET / HTTP/1.1\r\nx-slow: ');
    return socket;
  }
  function ask(path: string, localAddress: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, localAddress, agent: false }, (response) => {
        response.on('data', (text: Buffer) => resolve(text.toString()));
      });
      sent.on('error', reject).end();
    });
  }
  return { slow, silent, ask };
}

describe('connections', () => {
  it('that stay silent make way for others, of their own address too', async () => {
    const { silent, ask } = await serve(5, 50);
    const attackers: Socket[] = [];
    for (let n = 0; n < 5; n++) attackers.push(await silent('127.0.0.1'));
    const [first] = attackers;
    const closed = first && once(first, 'close');
    expect(await ask('/', '127.0.0.1')).toBe('here');
    await closed;
    expect(attackers.slice(1).every(({ destroyed }) => !destroyed)).toBe(true);
  });

  it('of many addresses together keep nobody out', async () => {
    const { silent, ask } = await serve(5, 12);
    for (let n = 0; n < 40; n++) await silent(`127.0.0.${2 + (n % 4)}`);
    expect(await ask('/', '127.0.0.9')).toBe('here');
  });

  it('with a request under way are never cut', async () => {
    const { slow, silent, ask } = await serve(3, 50);
    const waiting = [1, 2].map(() => ask('/slow', '127.0.0.1'));
    await expect.poll(() => slow.length).toBe(2);
    for (let n = 0; n < 10; n++) await silent('127.0.0.1');
    for (const answer of slow) answer();
    expect(await Promise.all(waiting)).toEqual(['here', 'here']);
  });
});
