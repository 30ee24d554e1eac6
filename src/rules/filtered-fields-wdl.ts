import {
  at,
  call,
  cutText,
  empty,
  type LocalAction,
  literal,
  lower,
  outputsOf,
  type Wdl,
  when,
} from './expressions.ts';
import { type Fields, parsePlaceholder, type TemplateFilter } from './placeholder.ts';
import { placeholdersOf } from './template.ts';
import { joinWdl, placeholderKey } from './template-wdl.ts';

/** What the filters of a template's placeholders are compiled against. */
export interface FieldsInWorkflow {
  readonly declared: Fields;
  /** The Compose action that holds every field as a text. */
  readonly plainAction: string;
  /** Arrays of the list fields. */
  readonly lists: Readonly<Record<string, Wdl>>;
  /** How many items of a list are shown where the template does not say; undefined: all. */
  readonly limitOf: (field: string) => Wdl | undefined;
}

/**
 * A Compose action for the placeholders of `templates` that the plain fields do not cover: with filters, an alias, another
 * casing. None where there are none. WDL cannot interpret filters at run time, so what is compiled here is all there is.
 */
export function filteredFieldsAction(
  name: string,
  templates: readonly string[],
  fields: FieldsInWorkflow,
): readonly LocalAction[] {
  const used = [...new Set(templates.flatMap(placeholdersOf))].filter((text) => !Object.hasOwn(fields.declared, text));
  const inputs = used.flatMap((placeholder) => {
    const parsed = parsePlaceholder(placeholder, fields.declared);
    return 'problem' in parsed
      ? []
      : [[placeholderKey(placeholder), filteredText(parsed.field, parsed.filters, fields)] as const];
  });
  if (inputs.length === 0) return [];
  const description = 'What the placeholders with filters in the configuration stand for.';
  return [{ kind: 'compose', name, description, inputs: Object.fromEntries(inputs) }];
}

function filteredText(field: string, filters: readonly TemplateFilter[], fields: FieldsInWorkflow): Wdl {
  const first = filters.find((filter) => filter.name === 'first');
  const join = filters.find((filter) => filter.name === 'join');
  const declared = fields.declared[field];
  const items = fields.lists[field];
  const start =
    declared?.kind === 'list' && items !== undefined && (first || join)
      ? joinWdl(items, literal(join?.text ?? declared.separator), first ? String(first.count) : fields.limitOf(field))
      : at(outputsOf(fields.plainAction), field);
  return filters.reduce(applyTextFilterWdl, start);
}

/** As `applyTextFilter`. */
function applyTextFilterWdl(value: Wdl, filter: TemplateFilter): Wdl {
  switch (filter.name) {
    case 'upper':
      return call('toUpper', value);
    case 'lower':
      return lower(value);
    case 'truncate':
      return cutText(value, filter.count);
    case 'default':
      return when(empty(value), literal(filter.text), value);
    case 'join':
    case 'first':
      return value;
  }
}
