import { randomUUID } from 'node:crypto';
import type { HonoRequest } from 'hono';

/** Where callers say what their request belongs to; Logic Apps send the run's id on their own. */
const headers = ['x-correlation-id', 'x-ms-client-tracking-id', 'x-ms-workflow-run-id'] as const;

const known = new WeakMap<HonoRequest, string>();

/** The caller's id where it is a plain one, else one of our own; the same for the whole request. */
export function correlationOf(request: HonoRequest): string {
  const before = known.get(request);
  if (before !== undefined) return before;
  const given = headers.map((name) => request.header(name)).find((id) => id && /^[\w.-]{4,100}$/.test(id));
  const id = given ?? randomUUID();
  known.set(request, id);
  return id;
}
