import type { Ids } from '../ids.ts';

/** An error as the SIGNL4 API answers it: `{ requestId, code, message, details }`. */
export class S4Error extends Error {
  readonly status: number;
  readonly details: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, details = '', headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'S4Error';
    this.status = status;
    this.details = details;
    this.headers = headers;
  }

  toResponse(ids: Ids): Response {
    const body = { requestId: ids.guid('s4 request'), code: this.status, message: this.message, details: this.details };
    return Response.json(body, { status: this.status, headers: this.headers });
  }
}
