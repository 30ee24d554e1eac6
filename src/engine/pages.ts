import { isArray, isObject, type WdlValue } from '../wdl/values.ts';
import type { Scope } from './context.ts';
import type { Outcome } from './outcome.ts';
import type { ActionRecord } from './record.ts';
import type { Process } from './scheduler.ts';
import { performCall, type Request, target } from './transport.ts';

/** Members of responses that link to the next page: Azure's own, and OData's. */
const NEXT_LINKS = ['nextLink', '@odata.nextLink'];

/**
 * Combines the first page of a list with the following ones if the action has a `paginationPolicy`: follows the link to each next
 * page with the same headers and authentication until there are as many items as the policy asks for. The result is the first
 * response with all items and without the link. A failing page fails the action ("Get more data with pagination in Azure Logic
 * Apps"). Which link names the service follows is not documented, and users disagree about `@odata.nextLink`. Our playbooks have
 * no such policy.
 */
export function* withFurtherPages(
  scope: Scope,
  record: ActionRecord,
  request: Request,
  first: Outcome,
): Process<Outcome> {
  const wanted = scope.node.action.runtimeConfiguration?.paginationPolicy?.minimumItemCount ?? 0;
  if (wanted === 0 || first.status !== 'Succeeded') return first;
  const items: WdlValue[] = [];
  for (let page = first; ; ) {
    const body = bodyOf(page);
    if (body === undefined || !isObject(body) || !isArray(body['value'] ?? null)) return first;
    items.push(...(body['value'] as readonly WdlValue[]));
    const next = NEXT_LINKS.map((name) => body[name]).find((link) => typeof link === 'string');
    if (next === undefined || items.length >= wanted) return joined(first, items);
    const { body: _, ...rest } = request;
    page = yield* performCall(scope, record, { ...rest, ...target(String(next)), method: 'GET', queries: {} });
    if (page.status !== 'Succeeded') return page;
  }
}

function bodyOf({ outputs }: Outcome): WdlValue | undefined {
  return outputs !== undefined && isObject(outputs) ? outputs['body'] : undefined;
}

function joined(first: Outcome, value: readonly WdlValue[]): Outcome {
  const body = Object.entries(Object(bodyOf(first)) as Record<string, WdlValue>);
  const rest = Object.fromEntries(body.filter(([name]) => !NEXT_LINKS.includes(name)));
  return { ...first, outputs: { ...(first.outputs as object), body: { ...rest, value } } };
}
