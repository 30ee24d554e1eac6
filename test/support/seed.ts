/**
 * Seed of a property test, printed so that a failure can be played again: the fixed one, `PROPERTY_SEED=<number>`, or a new
 * one each time with `PROPERTY_SEED=random`.
 */
export function propertySeed(name: string, fixed: number): number {
  const wanted = process.env['PROPERTY_SEED'] ?? '';
  const seed = wanted === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wanted || fixed);
  console.info(`${name}: PROPERTY_SEED=${seed}`);
  return seed;
}
