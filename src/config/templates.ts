import type { UserError } from '../domain/errors.ts';
import { checkComments, checkMessage } from '../rules/check.ts';
import type { Config } from './config.ts';
import type { ConfigProblem, Path } from './problem.ts';

/** Checks of templates from the rules: an unknown placeholder would be empty on the phone. */
export function checkTemplates({ message, callback, close }: Config): readonly ConfigProblem[] {
  return [...checkMessage(message), ...checkComments(callback, close)].map(problemOf);
}

function problemOf({ code, message, where, remedy }: UserError): ConfigProblem {
  const path = parsePath(where.path ?? '');
  return { code, message, path, at: 'value', ...(remedy === undefined ? {} : { remedy }) };
}

/** Maps with keys chosen by the user; the rest of the path is a single key, whatever characters it contains. */
const maps: readonly Path[] = [
  ['message', 'parameters'],
  ['close', 'hashtags'],
];

/** Parses a location as the rules name it: `message.parameters.IP addresses`. */
function parsePath(text: string): Path {
  for (const map of maps) {
    const prefix = `${map.join('.')}.`;
    if (text.startsWith(prefix)) return [...map, text.slice(prefix.length)];
  }
  return text.split('.');
}
