import { callbackEvents } from '../rules/choices.ts';
import { commentFields, messageFields } from '../rules/fields.ts';
import { type Fields, parsePlaceholder } from '../rules/placeholder.ts';
import { placeholdersOf } from '../rules/template.ts';
import type { Config } from './config.ts';
import type { Path, Problem } from './problem.ts';

interface Template {
  readonly path: Path;
  readonly text: string;
  readonly fields: Fields;
}

/** Placeholders that no field or filter answers to: they would come out empty on somebody's phone. */
export function checkTemplates(config: Config): readonly Problem[] {
  return templatesOf(config).flatMap(({ path, text, fields }) =>
    placeholdersOf(text).flatMap((placeholder): readonly Problem[] => {
      const parsed = parsePlaceholder(placeholder, fields);
      if (!('problem' in parsed)) return [];
      const message = `in {{${placeholder}}} ${parsed.problem}`;
      return [{ code: 'config.template', message, path, at: 'value', remedy: parsed.remedy }];
    }),
  );
}

function templatesOf({ message, callback, close }: Config): readonly Template[] {
  const ofMessage = (path: Path, text: string): Template => ({
    path: ['message', ...path],
    text,
    fields: messageFields,
  });
  return [
    ofMessage(['title'], message.title),
    ofMessage(['text'], message.text),
    ...Object.entries(message.parameters).map(([name, text]) => ofMessage(['parameters', name], text)),
    ...callbackEvents.map(
      (event): Template => ({
        path: ['callback', event, 'comment'],
        text: callback[event].comment,
        fields: commentFields,
      }),
    ),
    { path: ['close', 'comment'], text: close.comment, fields: commentFields },
  ];
}
