import { compileOrderBy, filterPaths, matches, ODataError, parseFilter } from '../odata.ts';
import { GraphError } from './graph-error.ts';

/** What is particular to lists of the security API. */
interface SecurityList {
  /** Members that `$filter` takes. */
  readonly filterable: readonly string[];
  /** What is answered of an item; filters go by the item itself. */
  readonly show: (item: object) => object;
}

/** `$filter`, `$orderby`, `$top`, `$skip` and `$select` over a list, with `@odata.nextLink`. Throws 400. */
export function collection(
  items: readonly object[],
  url: URL,
  page: { readonly usual: number; readonly most: number },
  security?: SecurityList,
): Response {
  const query = url.searchParams;
  const top = Number(query.get('$top') ?? page.usual);
  const skip = Number(query.get('$skip') ?? 0);
  if (security && top > page.most) throw new GraphError(400, '', tooMany(page.most, top));
  if (!Number.isInteger(top) || top < 1 || top > page.most)
    throw new GraphError(
      400,
      'BadRequest',
      `Invalid page size specified: '${query.get('$top')}'. Must be between 1 and ${page.most} inclusive.`,
    );
  const fitting = filtered(items, query.get('$filter'), query.get('$orderby'), security?.filterable);
  const value = fitting
    .slice(skip, skip + top)
    .map((item) => selected(security?.show(item) ?? item, query.get('$select')));
  if (skip + top >= fitting.length) return Response.json({ '@odata.context': '$metadata', value });
  const next = new URL(url);
  next.searchParams.set('$skip', String(skip + top));
  return Response.json({ '@odata.context': '$metadata', value, '@odata.nextLink': next.href });
}

/** As the service says it. */
function tooMany(most: number, asked: number): string {
  const limit = `The limit of '${most}' for Top query has been exceeded.`;
  return `The query specified in the URI is not valid. ${limit} The value from the incoming request is '${asked}'.`;
}

function filtered(
  items: readonly object[],
  filter: string | null,
  order: string | null,
  filterable?: readonly string[],
): readonly object[] {
  try {
    const parsed = filter ? parseFilter(filter) : undefined;
    const refused = parsed && filterable && filterPaths(parsed).find((name) => !filterable.includes(name));
    if (refused !== undefined) throw new GraphError(400, 'BadRequest', `'${refused}' cannot be used in $filter.`);
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
