import { randomUUID } from 'node:crypto';
import type { HonoRequest } from 'hono';

/** Headers with an id of the caller's context; Logic Apps send the id of the run by themselves. */
const headers = ['x-correlation-id', 'x-ms-client-tracking-id', 'x-ms-workflow-run-id'] as const;

const known = new WeakMap<HonoRequest, string>();

/** The caller's id if it is well-formed, otherwise a new one; constant for a request. */
export function correlationOf(request: HonoRequest): string {
  const before = known.get(request);
  if (before !== undefined) return before;
  const given = headers.map((name) => request.header(name)).find((id) => id && /^[\w.-]{4,100}$/.test(id));
  const id = given ?? randomUUID();
  known.set(request, id);
  return id;
}
