import { isJsonObject, type JsonObject, memberAt, textOf } from './json.ts';

const unitMs: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Interval of a scheduled workflow definition in milliseconds; undefined for others, and for weeks and months. */
export function recurrenceMs(definition: JsonObject): number | undefined {
  const triggers = isJsonObject(definition['triggers']) ? definition['triggers'] : {};
  const recurrence = Object.values(triggers).find((each) => memberAt(each, 'type') === 'Recurrence');
  const unit = unitMs[textOf(memberAt(recurrence, 'recurrence', 'frequency'))?.toLowerCase() ?? ''];
  return unit && unit * Number(textOf(memberAt(recurrence, 'recurrence', 'interval')) ?? 1);
}
