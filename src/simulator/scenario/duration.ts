const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The form of a duration: `90s`, `4m`, `1h30m`, `0`. */
export const DURATION_PATTERN = '^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$';

/** Milliseconds of a duration in that form; 0 may be a number. Throws RangeError for anything else. */
export function durationOf(value: unknown): number {
  const text = String(value);
  if (!new RegExp(DURATION_PATTERN).test(text)) throw new RangeError(`not a duration: ${text}`);
  return [...text.matchAll(/([0-9.]+)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
}

/** `1 h 4 min`, `12.5 s`: two units at most. */
export function spokenDuration(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const parts = [
    { amount: Math.floor(ms / 86_400_000), unit: 'd' },
    { amount: Math.floor(ms / 3_600_000) % 24, unit: 'h' },
    { amount: Math.floor(ms / 60_000) % 60, unit: 'min' },
    { amount: Math.floor(ms / 1_000) % 60, unit: 's' },
  ];
  return parts
    .filter(({ amount }) => amount > 0)
    .slice(0, 2)
    .map(({ amount, unit }) => `${amount} ${unit}`)
    .join(' ');
}
