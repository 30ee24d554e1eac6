import type { HonoRequest } from 'hono';
import { correlationOf } from './correlation.ts';

/*
 * All responses of the relay are created here with all their headers at once: changing headers afterwards costs Node's server a
 * third of its speed.
 */

/** Responses are for programs: they must not be cached, framed, sniffed or rendered as a page. */
const fixedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

export function respond(text: string, status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(text, { status, headers: { ...fixedHeaders, ...headers } });
}

export function respondJson(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return respond(JSON.stringify(value), status, { 'content-type': 'application/json', ...headers });
}

/** The header that links a response to its request. SIGNL4 sends no id and needs none. */
export function correlated(request: HonoRequest): Readonly<Record<string, string>> {
  return { 'x-correlation-id': correlationOf(request) };
}
