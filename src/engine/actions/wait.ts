import { defaultCulture } from '../../wdl/dotnet/culture.ts';
import { parseDateTime } from '../../wdl/dotnet/date-parse.ts';
import { toUnixMilliseconds } from '../../wdl/dotnet/date-time.ts';
import type { WaitAction } from '../../wdl/types.ts';
import { isObject, type WdlObject, type WdlValue, wholeNumber } from '../../wdl/values.ts';
import { evaluate } from '../context.ts';
import { addInterval } from '../duration.ts';
import { failed, succeeded } from '../outcome.ts';
import { sleepUntil } from '../scheduler.ts';
import { actionOf, type Executor } from './executor.ts';

/** Wait ("Delay", "Delay until"): advances the run's own time. A time in the past does not delay. */
export const wait: Executor = function* (scope, record) {
  const inputs = evaluate(actionOf<WaitAction>(scope).inputs, scope);
  record.inputs = inputs;
  const until = isObject(inputs) ? wakeTime(inputs, scope.run.clock.now()) : undefined;
  if (until === undefined) {
    return failed(
      'BadRequest',
      `The inputs of Wait need an 'interval' with 'count' and 'unit', or an 'until' with a 'timestamp'.`,
      inputs,
      'Units are Second, Minute, Hour, Day, Week and Month.',
    );
  }
  yield* sleepUntil(until);
  return succeeded(inputs, undefined);
};

function wakeTime(inputs: WdlObject, now: number): number | undefined {
  const { interval, until } = inputs as Readonly<Record<string, WdlValue | undefined>>;
  if (interval !== undefined && isObject(interval)) {
    const count = wholeNumber(
      typeof interval['count'] === 'string' ? Number(interval['count']) : (interval['count'] ?? null),
    );
    return count === undefined ? undefined : addInterval(now, count, String(interval['unit']));
  }
  if (until === undefined || !isObject(until)) return undefined;
  const instant = parseDateTime(String(until['timestamp']), defaultCulture(), now);
  return instant && toUnixMilliseconds(instant.ticks);
}
