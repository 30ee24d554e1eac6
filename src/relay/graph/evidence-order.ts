import { listOf, member, textOf } from '../../domain/json.ts';

/** Rank of roles (`evidenceRole`) that come before evidence without one. */
const roleRanks: Readonly<Record<string, number>> = {
  attacked: 0,
  compromised: 0,
  attacker: 1,
  commandandcontrol: 1,
  source: 1,
};
const NO_ROLE = 2;
const ONLY_CONTEXT = 3;

const verdictRanks: Readonly<Record<string, number>> = { malicious: 0, suspicious: 1, nothreatsfound: 3 };
const NO_VERDICT = 2;

/**
 * Sort key; 0 is the most important. Targets of the attack come before the attacker, context comes last; with equal roles,
 * malicious evidence comes first.
 */
export function importance(evidence: unknown): number {
  const roles = listOf(member(evidence, 'roles')).map((role) => (textOf(role) ?? '').toLowerCase());
  const isContext = roles.length > 0 && roles.every((role) => role === 'contextual');
  const role = isContext ? ONLY_CONTEXT : Math.min(NO_ROLE, ...roles.map((each) => roleRanks[each] ?? NO_ROLE));
  const verdict = verdictRanks[(textOf(member(evidence, 'verdict')) ?? '').toLowerCase()] ?? NO_VERDICT;
  return role * 4 + verdict;
}
