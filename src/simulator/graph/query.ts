import { compileOrderBy, matches, ODataError, parseFilter } from '../odata.ts';
import { GraphError } from './graph-error.ts';

/** `$filter`, `$orderby`, `$top`, `$skip` and `$select` over a list, with `@odata.nextLink`. Throws 400. */
export function collection(
  items: readonly object[],
  url: URL,
  page: { readonly usual: number; readonly most: number },
): Response {
  const query = url.searchParams;
  const top = Number(query.get('$top') ?? page.usual);
  const skip = Number(query.get('$skip') ?? 0);
  if (!Number.isInteger(top) || top < 1 || top > page.most)
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid page size specified: '${query.get('$top')}'. Must be between 1 and ${page.most} inclusive.`,
    );
  const fitting = filtered(items, query.get('$filter'), query.get('$orderby'));
  const value = fitting.slice(skip, skip + top).map((item) => selected(item, query.get('$select')));
  if (skip + top >= fitting.length) return Response.json({ '@odata.context': '$metadata', value });
  const next = new URL(url);
  next.searchParams.set('$skip', String(skip + top));
  return Response.json({ '@odata.context': '$metadata', value, '@odata.nextLink': next.href });
}

function filtered(items: readonly object[], filter: string | null, order: string | null): readonly object[] {
  try {
    const parsed = filter ? parseFilter(filter) : undefined;
    const fitting = parsed ? items.filter((item) => matches(parsed, item)) : items;
    return order ? fitting.toSorted(compileOrderBy(order)) : fitting;
  } catch (error) {
    if (error instanceof ODataError) throw new GraphError(400, 'BadRequest', `Invalid filter clause: ${error.message}`);
    throw error;
  }
}

export function selected(item: object, select: string | null): object {
  if (!select) return item;
  const names = new Set(select.split(',').map((name) => name.trim()));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
