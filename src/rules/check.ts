import { UserError } from '../domain/errors.ts';
import type { CallbackMapping, CloseChoice, MessageChoice } from './choices.ts';
import { commentFields, messageFields } from './fields.ts';
import { type Fields, parsePlaceholder } from './placeholder.ts';
import { placeholdersOf } from './template.ts';

/*
 * Checks of choices that a schema cannot express. Each returns its errors with the path inside the config; the config loader adds
 * file and line.
 */

/** Templates with unknown placeholders, and parameter names that have a special meaning in SIGNL4. */
export function checkMessage(choice: MessageChoice): readonly UserError[] {
  return [
    ...checkTemplate(choice.title, 'message.title', messageFields),
    ...checkTemplate(choice.text, 'message.text', messageFields),
    ...checkTemplate(choice.category, 'message.category', messageFields),
    ...Object.entries(choice.parameters).flatMap(([name, template]) => [
      ...checkParameterName(name),
      ...checkTemplate(template, `message.parameters.${name}`, messageFields),
    ]),
  ];
}

/** Comment templates of the callback mapping and of closing, which use the fields of the event. */
export function checkComments(mapping: CallbackMapping, close: CloseChoice): readonly UserError[] {
  return [
    ...Object.entries(mapping).flatMap(([event, action]) =>
      checkTemplate(action.comment, `callback.${event}.comment`, commentFields),
    ),
    ...checkTemplate(close.comment, 'close.comment', commentFields),
  ];
}

/** Names that SIGNL4 uses to find title and text, or to control the alert. */
const takenNames = ['title', 'message', 'text'];

function checkParameterName(name: string): readonly UserError[] {
  const where = { path: `message.parameters.${name}` };
  if (takenNames.includes(name.toLowerCase())) {
    const remedy = 'Use message.title and message.text, or name the parameter otherwise.';
    return [
      new UserError('message.taken-name', `SIGNL4 takes a parameter "${name}" for title or text`, { where, remedy }),
    ];
  }
  if (/^x-s4-/i.test(name)) {
    const remedy = 'Use message.category and message.scenarios; the others are set for you.';
    return [new UserError('message.reserved-name', `"${name}" is reserved: it steers SIGNL4`, { where, remedy })];
  }
  if (name.trim() === '' || name.includes('{{')) {
    const remedy = 'Give the parameter a plain name.';
    return [new UserError('message.bad-name', `"${name}" is not a name of a parameter`, { where, remedy })];
  }
  return [];
}

function checkTemplate(template: string, path: string, fields: Fields): readonly UserError[] {
  const errors = placeholdersOf(template).flatMap((placeholder) => {
    const parsed = parsePlaceholder(placeholder, fields);
    if (!('message' in parsed)) return [];
    const { message, remedy } = parsed;
    return [
      new UserError('template.placeholder', `{{${placeholder}}}: ${message}`, {
        where: { path },
        ...(remedy && { remedy }),
      }),
    ];
  });
  return [...errors, ...checkBraces(template, path), ...checkForWorkflows(template, path)];
}

/** `{{` without `}}` would be shown literally, which is never intended. */
function checkBraces(template: string, path: string): readonly UserError[] {
  const open = template
    .split('{{')
    .slice(1)
    .find((segment) => !segment.includes('}}'));
  if (open === undefined) return [];
  return [
    new UserError('template.unclosed', `{{${open.slice(0, 40)}: the braces are not closed`, {
      where: { path },
      remedy: 'Close the placeholder with }}.',
    }),
  ];
}

/** A workflow would evaluate these as expressions. */
function checkForWorkflows(template: string, path: string): readonly UserError[] {
  if (!template.startsWith('@') && !template.includes('@{')) return [];
  return [
    new UserError(
      'template.expression',
      'a string that begins with "@" or contains "@{" is an expression to Logic Apps',
      {
        where: { path },
        remedy: 'Begin with another character, or put a blank between "@" and "{".',
      },
    ),
  ];
}
