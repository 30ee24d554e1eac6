import type { JsonObject } from '../domain/json.ts';
import { entries, tagOf } from './problems.ts';
import type { SpecDocument } from './spec.ts';
import type { Operation, PathItem } from './swagger.ts';
import { methods } from './swagger.ts';

/** The operations as Markdown, one table per resource; internal ones are left out, since no designer shows them. */
export function operationTables(documents: readonly SpecDocument[]): string {
  return documents
    .flatMap(({ content }) => {
      const tag = tagOf(content);
      const rows = visibleOperations(content).map(row);
      if (tag === undefined || rows.length === 0) return [];
      return [`#### ${tag.name}\n\n${tag.description}\n\n| Operation | Does |\n| --- | --- |\n${rows.join('\n')}`];
    })
    .join('\n\n');
}

function visibleOperations(content: JsonObject): Operation[] {
  return Object.values(entries(content, 'paths') as Record<string, PathItem>)
    .flatMap((item) => methods.flatMap((method) => item[method] ?? []))
    .filter((operation) => operation['x-ms-visibility'] !== 'internal');
}

function row({ operationId, summary, description }: Operation): string {
  return `| \`${operationId}\`<br>${summary} | ${description?.replaceAll('|', '\\|')} |`;
}
