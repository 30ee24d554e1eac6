import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type Duplex, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { MAX_ANSWER_BYTES } from './allowed-hosts.ts';

/*
 * HTTP transport for the Azure clients. In the libraries' own one, errors of a damaged compressed response crash the process, and
 * a response whose connection breaks is awaited for ever.
 */

/** Content codings (RFC 9110, section 8.4.1) and their decoders. */
const unpackers: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
/** More layers are not used in practice, and each costs memory. */
const MOST_LAYERS = 3;

const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

/**
 * Sends a request and reads the whole decoded response, at most {@link MAX_ANSWER_BYTES}. Rejects if the response is truncated,
 * damaged, too large or in an unknown coding (RestError), or late (AbortError).
 */
export function nodeHttpClient(): HttpClient {
  return {
    async sendRequest(request) {
      const signal = signalOf(request);
      try {
        signal?.throwIfAborted();
        return await answerTo(request, await responseTo(request, signal), signal);
      } catch (error) {
        throw signal?.aborted ? abortError() : restError(error);
      }
    },
  };
}

function signalOf({ abortSignal, timeout }: PipelineRequest): AbortSignal | undefined {
  const signals = [
    ...(abortSignal ? [abortSignal as AbortSignal] : []),
    ...(timeout > 0 ? [AbortSignal.timeout(timeout)] : []),
  ];
  return signals.length === 0 ? undefined : AbortSignal.any(signals);
}

function responseTo(request: PipelineRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && !request.allowInsecureConnection) throw new RestError(`${url.host} is only called over https`);
  const body = bodyOf(request);
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? https : http).request(
      url,
      {
        agent: (request.agent as http.Agent | undefined) ?? (isSecure ? agents.https : agents.http),
        method: request.method,
        headers: {
          ...request.headers.toJSON({ preserveCase: true }),
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        },
        ...(signal && { signal }),
        ...request.tlsSettings,
        ...request.requestOverrides,
      },
      resolve,
    );
    // Keep this listener: a broken connection emits another error while the response is read.
    sent.on('error', reject);
    sent.end(body);
  });
}

function bodyOf({ body }: PipelineRequest): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new RestError('the relay sends no streams');
}

async function answerTo(
  request: PipelineRequest,
  response: IncomingMessage,
  signal: AbortSignal | undefined,
): Promise<PipelineResponse> {
  const status = response.statusCode ?? 0;
  const isEmpty = request.method === 'HEAD' || status === 204 || status === 304;
  const layers = isEmpty ? [] : layersOf(response);
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = new Writable({
    write(chunk: Buffer, _, taken) {
      size += chunk.byteLength;
      chunks.push(chunk);
      taken(size > MAX_ANSWER_BYTES ? new RestError(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`) : null);
    },
  });
  // `pipeline` destroys all streams when one fails, and handles the errors of all.
  await pipeline([response, ...layers, collect], signal ? { signal } : {});
  const headers = createHttpHeaders();
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, [value].flat()[0] ?? '');
  return { request, status, headers, bodyAsText: Buffer.concat(chunks).toString('utf8') };
}

/** Codings are removed in reverse order. */
function layersOf(response: IncomingMessage): Duplex[] {
  const codings = (response.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  if (codings.length <= MOST_LAYERS && codings.every((coding) => Object.hasOwn(unpackers, coding))) {
    return codings.flatMap((coding) => unpackers[coding]?.() ?? []);
  }
  response.destroy();
  throw unreadable('the answer is packed in a way nobody asked for');
}

function unreadable(message: string): RestError {
  return new RestError(message, { code: RestError.PARSE_ERROR });
}

/** An error of zlib means a damaged response, which a retry would return again. Network errors may pass. */
function restError(error: unknown): Error {
  if (error instanceof RestError || !(error instanceof Error)) return error as Error;
  const code = (error as NodeJS.ErrnoException).code ?? RestError.REQUEST_SEND_ERROR;
  if (/^(Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING)/.test(code)) return unreadable('the answer is damaged or cut off');
  return new RestError(error.message, { code: code === 'ERR_STREAM_PREMATURE_CLOSE' ? 'ECONNRESET' : code });
}

function abortError(): Error {
  return Object.assign(new Error('the request was given up'), { name: 'AbortError' });
}
