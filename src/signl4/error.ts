import { member, textOf } from '../domain/json.ts';

/**
 * SIGNL4 refused a call or could not be reached. The message contains SIGNL4's reason but never a URL, which would include the
 * team secret.
 */
export class Signl4Error extends Error {
  /** HTTP status; undefined if there was no readable response. */
  readonly statusCode: number | undefined;
  /** SIGNL4's error number. */
  readonly code: string | undefined;
  /** Id that SIGNL4's support asks for. */
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

/** Reads `{ requestId, code, message, details }`; `hide` masks secrets that SIGNL4 might repeat. */
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
