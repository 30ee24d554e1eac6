import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** Ways to pack an answer. */
export const packers = {
  gzip: (bytes: Buffer) => gzipSync(bytes),
  deflate: (bytes: Buffer) => deflateSync(bytes),
  br: (bytes: Buffer) => brotliCompressSync(bytes),
  identity: (bytes: Buffer) => bytes,
} as const;
export type Coding = keyof typeof packers;

/** What arrives of an answer: bytes as they go over the wire, and how the connection ends. */
export interface Wire {
  readonly bytes: Buffer;
  readonly end: 'keep' | 'fin' | 'reset';
}

/** What a service answers, before anything happens to it. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Turns an answer into what arrives. */
export type Damage = (answer: Answer) => Wire;

function head({ status }: Answer, headers: Readonly<Record<string, string | number>>): Buffer {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([key, value]) => `${key}: ${value}`,
  );
  return Buffer.from(`HTTP/1.1 ${status} Answer\r\n${lines.join('\r\n')}\r\n\r\n`);
}

/** How the length of a body is told, and what becomes of a body that is cut. */
export const framings: Readonly<Record<string, (answer: Answer, coding: string, body: Buffer, whole: number) => Wire>> =
  {
    'whole message': (answer, coding, body) => ({
      bytes: Buffer.concat([head(answer, { 'content-encoding': coding, 'content-length': body.length }), body]),
      end: 'keep',
    }),
    'shorter than told': (answer, coding, body, whole) => ({
      bytes: Buffer.concat([head(answer, { 'content-encoding': coding, 'content-length': whole + 1 }), body]),
      end: 'fin',
    }),
    'until the end': (answer, coding, body) => ({
      bytes: Buffer.concat([head(answer, { 'content-encoding': coding, connection: 'close' }), body]),
      end: 'fin',
    }),
    'chunk without an end': (answer, coding, body) => ({
      bytes: Buffer.concat([
        head(answer, { 'content-encoding': coding, 'transfer-encoding': 'chunked' }),
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
      ]),
      end: 'reset',
    }),
  };

export const packed =
  (coding: Coding): Damage =>
  (answer) =>
    framings['whole message']?.(answer, coding, packers[coding](answer.body), 0) ?? {
      bytes: Buffer.alloc(0),
      end: 'fin',
    };

/** Damages whose place `at` (0 to 1) says where in the answer it happens. */
export const damages: Readonly<Record<string, (coding: Coding, at: number) => Damage>> = {
  ...Object.fromEntries(
    Object.entries(framings).map(([name, frame]) => [
      `cut, ${name}`,
      (coding: Coding, at: number): Damage =>
        (answer) => {
          const body = packers[coding](answer.body);
          return frame(answer, coding, body.subarray(0, Math.floor(at * body.length)), body.length);
        },
    ]),
  ),
  'one byte turned': (coding, at) => (answer) => {
    const body = Buffer.from(packers[coding](answer.body));
    const place = Math.min(body.length - 1, Math.floor(at * body.length));
    if (place >= 0) body[place] = (body[place] ?? 0) ^ 0xff;
    return framings['whole message']?.(answer, coding, body, 0) as Wire;
  },
  'label of another coding': (coding) => (answer) =>
    framings['whole message']?.(answer, coding === 'gzip' ? 'br' : 'gzip', packers[coding](answer.body), 0) as Wire,
  'plain under a label': (coding) => (answer) => framings['whole message']?.(answer, coding, answer.body, 0) as Wire,
  'coding that nobody knows': () => (answer) => framings['whole message']?.(answer, 'pigeon', answer.body, 0) as Wire,
  'packed twenty times': (coding) => (answer) =>
    framings['whole message']?.(answer, Array(20).fill(coding).join(', '), answer.body, 0) as Wire,
  'nothing under a label': (coding) => (answer) =>
    framings['whole message']?.(answer, coding, Buffer.alloc(0), 0) as Wire,
  'nine mebibytes': (coding) => (answer) => packed(coding)({ ...answer, body: large }),
  'reset at once': () => () => ({ bytes: Buffer.alloc(0), end: 'reset' }),
  'no HTTP': () => () => ({ bytes: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), end: 'fin' }),
  ...Object.fromEntries(
    ['', 'null', '[]', '{}', '{"value":"x"}', '"text"', '<html>'].map((body) => [
      `200 ${body || 'empty'}`,
      (coding: Coding): Damage =>
        () =>
          packed(coding)({ status: 200, body: Buffer.from(body) }),
    ]),
  ),
};

const large = Buffer.from(JSON.stringify({ value: ['x'.repeat(9 * 1024 * 1024)] }));

/** A service on a free port; each answer goes through what `damage` holds at that moment. */
export async function damagingServer(
  answerTo: (request: Request) => Promise<Response>,
): Promise<{ readonly url: string; damage: Damage | undefined; readonly asked: readonly string[]; close(): void }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (incoming, outgoing) => {
    const request = await toRequest(incoming, served.url);
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    const response = await answerTo(request);
    const answer = { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
    const { bytes, end } = (served.damage ?? packed('identity'))(answer);
    const { socket } = outgoing;
    if (!socket || socket.destroyed) return;
    if (end === 'reset') socket.write(bytes, () => socket.resetAndDestroy());
    else if (end === 'fin') socket.end(bytes);
    else if (served.damage) socket.end(bytes);
    else outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const served = {
    url: '',
    damage: undefined as Damage | undefined,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
}

async function toRequest(incoming: IncomingMessage, base: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = 'GET', headers, url = '/' } = incoming;
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const hasBody = method !== 'GET' && method !== 'HEAD' && chunks.length > 0;
  return new Request(base + url, { method, headers: entries, ...(hasBody && { body: Buffer.concat(chunks) }) });
}
