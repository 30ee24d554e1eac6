import { type Clock, isoTime } from '../clock.ts';
import type { Ids } from '../ids.ts';

/** An error as Microsoft Graph answers it. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
  }

  toResponse({ clock, ids }: { readonly clock: Clock; readonly ids: Ids }): Response {
    const id = ids.guid('graph request');
    const innerError = { date: isoTime(clock.now()).slice(0, 19), 'request-id': id, 'client-request-id': id };
    return Response.json({ error: { code: this.code, message: this.message, innerError } }, { status: this.status });
  }
}
