import { type References, references } from '../wdl/references.ts';
import type { Json } from '../wdl/types.ts';

/** Members whose expressions the action evaluates itself, unlike those of nested actions. */
const OWN_MEMBERS = [
  'inputs',
  'expression',
  'foreach',
  'limit',
  'runtimeConfiguration',
  'trackedProperties',
  'correlation',
] as const;

const byAction = new WeakMap<object, References>();

/** What an action itself refers to, without nested actions. Pointers are relative to the action. */
export function referencesOfAction(action: object): References {
  const known = byAction.get(action);
  if (known) return known;
  const members = action as Readonly<Record<string, Json>>;
  const own = OWN_MEMBERS.filter((name) => members[name] !== undefined);
  const cases = switchCases(members['cases']);
  const found = references({
    ...Object.fromEntries(own.map((name) => [name, members[name]])),
    ...(cases && { cases }),
  });
  byAction.set(action, found);
  return found;
}

/** Values of a Switch's cases, which the Switch evaluates. */
function switchCases(cases: unknown): Readonly<Record<string, { readonly case: unknown }>> | undefined {
  if (typeof cases !== 'object' || cases === null) return undefined;
  return Object.fromEntries(
    Object.entries(cases).map(([name, one]) => [name, { case: (one as { case?: unknown } | null)?.case ?? null }]),
  );
}
