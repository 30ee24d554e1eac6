import type { LocalAction } from '../../rules/expressions.ts';
import { type Input, raw } from '../expression.ts';
import type { Step } from '../step.ts';
import { compose } from '../steps/compose.ts';
import { filterArray } from '../steps/filter-array.ts';
import { select } from '../steps/select.ts';

/** The local actions that a compiled rule asks for, as steps in the order given. */
export function localSteps(locals: readonly LocalAction[]): readonly Step[] {
  return locals.map(localStep);
}

function localStep(local: LocalAction): Step {
  const { name, description } = local;
  switch (local.kind) {
    case 'select':
      return select(name, { description, from: raw(local.from), to: raw(local.select) });
    case 'query':
      return filterArray(name, { description, from: raw(local.from), where: raw(local.where) });
    case 'compose':
      return compose(name, { description, value: composed(local.inputs) });
  }
}

function composed(inputs: string | Readonly<Record<string, string>>): Input {
  if (typeof inputs === 'string') return raw(inputs);
  return Object.fromEntries(Object.entries(inputs).map(([key, wdl]) => [key, raw(wdl)]));
}
