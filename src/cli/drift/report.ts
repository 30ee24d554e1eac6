import { type Edit, formatPlace } from '../../config/patches.ts';
import type { Json } from '../../domain/json.ts';
import { choiceOf } from './choices.ts';
import type { Drift } from './drift.ts';

const WIDTH = 100;

/** What a person reads about one playbook. */
export function driftReport({
  playbook,
  deployed,
  differences,
  secrets,
  surroundings,
}: Drift & { readonly surroundings: readonly string[] }): string {
  if (!deployed) return `${playbook.name}: not deployed`;
  const lines = [
    ...differences.map((edit) => editLine(edit, playbook.name)),
    ...surroundings,
    ...secrets.map((secret) => `! ${secret}`),
  ];
  if (lines.length === 0) return `${playbook.name}: as generated`;
  const places = lines.length === 1 ? '1 place differs' : `${lines.length} places differ`;
  return [`${playbook.name}: ${places}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** A resource and how it differs from the generated one, one line per difference. */
export interface Surrounding {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Empty if nothing differs. */
export function surroundingReport({ name, lines }: Surrounding): readonly string[] {
  return lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

/**
 * `~ place: before -> after`, `+ place`, `- place`, `> place: renamed to …`. With a playbook, adds the choice in signl4.yaml that
 * the edit changes, if there is one.
 */
export function editLine(edit: Edit, playbook?: string): string {
  const choice = playbook === undefined ? undefined : choiceOf(edit, playbook);
  const place = choice ? `${formatPlace(edit.at)} (${choice.path.join('.')})` : formatPlace(edit.at);
  switch (edit.kind) {
    case 'rename':
      return `> ${place}: renamed to ${edit.to}`;
    case 'remove':
      return `- ${place}`;
    case 'add':
      return `+ ${place}: ${valueText(edit.value)}`;
    case 'change':
      return `~ ${place}: ${changeText(edit.was, edit.now)}`;
  }
}

/** A value on one line, shortened if it is long. */
export function valueText(value: Json | undefined): string {
  return shortened(text(value), 0);
}

/** Two values on one line. Long ones are shortened around the first difference. */
export function changeText(before: Json | undefined, after: Json | undefined): string {
  const [was, now] = [text(before), text(after)];
  const from = firstDifference(was, now);
  return `${shortened(was, from)} -> ${shortened(now, from)}`;
}

const text = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}

/** Shortens a long value around the first difference. */
function shortened(value: string, from: number): string {
  if (value.length <= WIDTH) return value;
  const start = Math.max(0, Math.min(from - WIDTH / 4, value.length - WIDTH));
  const end = start + WIDTH;
  return `${start > 0 ? '…' : ''}${value.slice(start, end)}${end < value.length ? '…' : ''}`;
}
