import type { UserError } from '../domain/errors.ts';
import { checkComments, checkMessage } from '../rules/check.ts';
import type { Config } from './config.ts';
import type { ConfigProblem, Path } from './problem.ts';

/** What the rules say against the templates: a placeholder they do not know would come out empty on somebody's phone. */
export function checkTemplates({ message, callback, close }: Config): readonly ConfigProblem[] {
  return [...checkMessage(message), ...checkComments(callback, close)].map(problemOf);
}

function problemOf({ code, message, where, remedy }: UserError): ConfigProblem {
  const path = parsePath(where.path ?? '');
  return { code, message, path, at: 'value', ...(remedy === undefined ? {} : { remedy }) };
}

/** Maps whose keys are the user's; what follows them in a path is one key, whatever it contains. */
const maps: readonly Path[] = [
  ['message', 'parameters'],
  ['close', 'hashtags'],
];

/** The rules name a place as a string: `message.parameters.IP addresses`. */
function parsePath(text: string): Path {
  for (const map of maps) {
    const prefix = `${map.join('.')}.`;
    if (text.startsWith(prefix)) return [...map, text.slice(prefix.length)];
  }
  return text.split('.');
}
