import type { ComposeAction } from '../../wdl/types.ts';
import { evaluate } from '../context.ts';
import { succeeded } from '../outcome.ts';
import { actionOf, type Executor } from './executor.ts';

/** Compose: its outputs are its inputs. */
export const compose: Executor = (scope) => {
  const value = evaluate(actionOf<ComposeAction>(scope).inputs ?? null, scope);
  return succeeded(value, value);
};
