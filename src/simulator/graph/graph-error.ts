import { type Clock, isoTime } from '../clock.ts';
import type { Ids } from '../ids.ts';

/** An error as Microsoft Graph answers it. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  /** What is in `details`. */
  readonly detail: string | undefined;

  constructor(status: number, code: string, message: string, detail?: string) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  toResponse({ clock, ids }: { readonly clock: Clock; readonly ids: Ids }): Response {
    const id = ids.guid('graph request');
    const innerError = { date: isoTime(clock.now()).slice(0, 19), 'request-id': id, 'client-request-id': id };
    const details = this.detail === undefined ? {} : { details: [{ code: this.detail, message: this.message }] };
    const error = { code: this.code, message: this.message, ...details, innerError };
    return Response.json({ error }, { status: this.status });
  }
}
