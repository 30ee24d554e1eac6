import { isJsonObject, type Json } from '../../domain/json.ts';
import { cut } from '../../domain/text.ts';
import { choiceHomes } from './choices.ts';
import type { Change } from './compare.ts';
import type { Drift } from './drift.ts';

const WIDTH = 120;

/** What a person reads about one playbook. */
export function driftReport({ playbook, deployed, choices, edits }: Drift): string {
  if (!deployed) return `${playbook.name}: not deployed`;
  if (choices.length + edits.length === 0) return `${playbook.name}: as generated`;
  return [
    `${playbook.name}: ${choices.length} choices and ${edits.length} other places differ`,
    ...choices.map(({ parameter, generated, deployed: value }) => {
      const home = choiceHomes[parameter]?.path.join('.');
      return cut(`  choice ${parameter}${home ? ` (${home})` : ''}: ${shown(generated)} -> ${shown(value)}`, WIDTH);
    }),
    ...edits.map((change) => cut(`  ${line(change)}`, WIDTH)),
  ].join('\n');
}

function line({ path, generated, deployed }: Change): string {
  const place = path.map((key) => (/^[\w$]+$/.test(key) ? key : `"${key}"`)).join('.');
  if (generated === undefined) return `+ ${place}`;
  if (deployed === undefined) return `- ${place}`;
  const isLong = isJsonObject(generated) || isJsonObject(deployed);
  return isLong ? `~ ${place}` : `~ ${place}: ${shown(generated)} -> ${shown(deployed)}`;
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
