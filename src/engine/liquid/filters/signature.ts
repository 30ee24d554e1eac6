import { toNumber, type WdlNumber, type WdlValue } from '../../../wdl/values.ts';
import { converted, itemsOf, kindOf, LiquidError, type LiquidValue } from '../values.ts';

/** What a filter takes, and as what it gets it. */
interface Taken {
  readonly text: string | null;
  readonly integer: number;
  readonly list: readonly WdlValue[] | null;
  readonly any: LiquidValue;
}

/** The first argument is the value that is filtered; `now` is in milliseconds since 1970. */
type Filter = (args: readonly LiquidValue[], now: number, name: string) => LiquidValue;

export type FilterTable = Readonly<Record<string, Filter>>;

/**
 * A filter with its parameters; arguments are converted as DotLiquid converts them. The last parameters may be left out
 * where there are `defaults`, one for each of them.
 */
export function filter<const Parameters extends readonly (keyof Taken)[]>(
  parameters: Parameters,
  apply: (args: { readonly [Index in keyof Parameters]: Taken[Parameters[Index]] }, now: number) => LiquidValue,
  ...defaults: readonly LiquidValue[]
): Filter {
  return (given, now, name) => {
    if (given.length > parameters.length) throw new LiquidError('Parameter count mismatch.');
    const taken = parameters.map((parameter, index) => {
      const value = given[index] ?? defaults[index - parameters.length + defaults.length];
      if (given[index] === undefined && value === undefined) {
        throw new LiquidError(`Filter '${name}' has no value for its parameter ${index}.`);
      }
      return takenAs(parameter, value ?? null);
    });
    return apply(taken as unknown as { readonly [Index in keyof Parameters]: Taken[Parameters[Index]] }, now);
  };
}

function takenAs(parameter: keyof Taken, value: LiquidValue): Taken[keyof Taken] {
  switch (parameter) {
    case 'any':
      return value;
    case 'integer':
      return value === null ? 0 : toNumber(converted(value, 'integer') as WdlNumber);
    case 'list': {
      const items = itemsOf(value);
      if (items === undefined && value !== null) throw new LiquidError('Invalid cast to a collection.');
      return items ?? null;
    }
    case 'text':
      if (value === null) return null;
      if (kindOf(value) === 'other') throw new LiquidError('An object cannot be converted to the type System.String.');
      return converted(value, 'text') as string;
  }
}
