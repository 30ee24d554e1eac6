import {
  and,
  at,
  bodyOf,
  call,
  concat,
  contains,
  type LocalAction,
  lookUp,
  not,
  outputsOf,
  parameter,
  trim,
  type Wdl,
  when,
} from './expressions.ts';

/*
 * `{{placeholder}}` inside a workflow, as `template.ts` does it. All templates are filled in one go: as the JSON text of
 * an array of { name, value }, cut at every `{{`, each piece filled by one select, then parsed again. So the number of
 * actions does not grow with the number of templates, and people may add templates in the designer.
 */

/** Action names of one round of filling in. */
export interface TemplateActions {
  readonly templates: string;
  readonly segments: string;
}

/** `{ name, value }` as an expression; `value` is a template. */
export function namedTemplate(name: string, value: Wdl): Wdl {
  return call('setProperty', `json('{"name":"${name}"}')`, "'value'", value);
}

/**
 * Local actions that fill in `templates` (expression of an array of { name, value }), and the expression of the same array
 * filled in. `fieldActions` are Compose actions whose keys are placeholders as `placeholderKey` writes them; the first that
 * knows a placeholder wins, and none of them: empty text.
 */
export function fillTemplatesWdl(
  names: TemplateActions,
  templates: Wdl,
  fieldActions: readonly string[],
): { locals: readonly LocalAction[]; filled: Wdl } {
  const pieces = call('split', call('string', outputsOf(names.templates)), "'{{'");
  const typed = call('first', call('split', 'item()', "'}}'"));
  const value = call(
    'string',
    call('coalesce', ...fieldActions.map((action) => lookUp(outputsOf(action), trim(typed))), "''"),
  );
  const inJson = call('slice', call('string', call('createArray', value, "''")), '2', '-5');
  const rest = call('join', call('skip', call('split', 'item()', "'}}'"), '1'), "'}}'");
  // A `{{` that is never closed reaches into the next template; only between templates does the JSON text have `{"`.
  const isPlaceholder = and(contains('item()', "'}}'"), not(contains(typed, `'{"'`)));
  return {
    locals: [
      {
        kind: 'compose',
        name: names.templates,
        description: 'The templates to fill in, each with a name.',
        inputs: templates,
      },
      {
        kind: 'select',
        name: names.segments,
        description: 'Every piece after a {{ with its placeholder filled in. What is filled in is not read again.',
        from: call('skip', pieces, '1'),
        select: when(isPlaceholder, concat(inJson, rest), concat("'{{'", 'item()')),
      },
    ],
    filled: call('json', concat(call('first', pieces), call('join', bodyOf(names.segments), "''"))),
  };
}

/** A placeholder as it stands inside the JSON text of the templates: quotation marks and backslashes escaped. */
export function placeholderKey(placeholder: string): string {
  return JSON.stringify(placeholder).slice(1, -1).trim();
}

/** Items of a list as a text; what goes beyond the limit is counted. */
export function joinWdl(texts: Wdl, separator: Wdl, limit: Wdl | undefined): Wdl {
  if (limit === undefined) return call('join', texts, separator);
  const count = call('length', texts);
  const more = concat(separator, "'and '", call('string', call('sub', count, limit)), "' more'");
  return concat(call('join', call('take', texts, limit), separator), when(call('greater', count, limit), more, "''"));
}

/** A limit from a workflow parameter; at least 1. */
export const limitParameter = (name: string): Wdl => call('max', parameter(name), '1');

/** Members of a { name, value } item as `"name":"value"`, to be joined into an object. */
export function memberText(name: Wdl, value: Wdl): Wdl {
  return call('slice', call('string', call('setProperty', "json('{}')", name, value)), '1', '-1');
}

/** An object out of an action whose items are `memberText`s. */
export function objectOfMembers(actionName: string): Wdl {
  return call('json', concat("'{'", call('join', bodyOf(actionName), "','"), "'}'"));
}

export const itemName: Wdl = call('string', call('coalesce', at('item()', 'name'), "''"));
export const itemValue: Wdl = call('string', call('coalesce', at('item()', 'value'), "''"));
