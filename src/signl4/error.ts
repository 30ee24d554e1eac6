import { member, textOf } from '../domain/json.ts';

/**
 * SIGNL4 refused a call or could not be reached. The message holds what SIGNL4 said, never a URL: the team secret is a
 * part of it.
 */
export class Signl4Error extends Error {
  /** HTTP status; undefined where there was no answer, or none that could be read. */
  readonly statusCode: number | undefined;
  /** SIGNL4's own number for the error. */
  readonly code: string | undefined;
  /** What SIGNL4's support asks for. */
  readonly requestId: string | undefined;
  /** How long SIGNL4 asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: {
      statusCode?: number;
      code?: string | undefined;
      requestId?: string | undefined;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Signl4Error';
    this.statusCode = options.statusCode;
    this.code = options.code;
    this.requestId = options.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Reads `{ requestId, code, message, details }`; `hide` blackens secrets that SIGNL4 might repeat. */
export function errorOfAnswer(response: Response, body: unknown, hide: (text: string) => string): Signl4Error {
  const requestId = textOf(member(body, 'requestId'));
  const said = [member(body, 'message'), member(body, 'details')].flatMap((text) => textOf(text) || []).join(' ');
  const request = requestId === undefined ? '' : `, request ${requestId}`;
  return new Signl4Error(hide(`SIGNL4: ${said || 'no reason given'} (HTTP ${response.status}${request})`), {
    statusCode: response.status,
    code: textOf(member(body, 'code')),
    requestId,
    retryAfterMs: retryAfter(response.headers.get('retry-after')),
  });
}

/** `Retry-After` in seconds, the only form SIGNL4 sends. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header.trim()) ? Number(header) * 1000 : undefined;
}
