import type { JsonObject } from '../../domain/json.ts';

/** The innermost reasons of an error, or further levels of it. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ErrorDetail[];
  readonly additionalInfo?: readonly { readonly type: string; readonly info: JsonObject }[];
}

/** An error as Azure Resource Manager answers it: `{"error":{"code","message"}}`. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is beside code and message. */
  more: Partial<ErrorDetail> = {};

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  with(more: Partial<ErrorDetail>): this {
    this.more = more;
    return this;
  }

  toDetail(): ErrorDetail {
    return { code: this.code, message: this.message, ...this.more };
  }

  toResponse(): Response {
    return Response.json({ error: this.toDetail() }, { status: this.status, headers: this.headers });
  }
}

export function badRequest(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}

export function notFound(what: string): ArmError {
  return new ArmError(404, 'NotFound', `${what} was not found`);
}
