import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadScenario } from '../../../src/simulator/scenario/load.ts';
import { play } from '../../../src/simulator/scenario/play.ts';

/*
 * The two-way stories, one to one, with Defender in the place of Sentinel: the same people do the same things at the same times,
 * and both sides must end alike. What is about playbooks is left out, and that nothing happens: Graph is asked every minute.
 */

const stories = [
  ...['acknowledge-then-close', 'close-race', 'double-notification', 'false-alarm', 'from-sentinel', 'given-back'],
  ...['machines-are-no-people', 'multi-acknowledge', 'nobody-answers', 'reopened', 'several-alerts', 'two-acknowledge'],
];

const SECURITY = '#microsoft.graph.security.';
type Members = Readonly<Record<string, unknown>>;
const statuses: Readonly<Record<string, string>> = { New: 'active', Active: 'inProgress', Closed: 'resolved' };
const classifications: Readonly<Record<string, string>> = {
  TruePositive: 'truePositive',
  FalsePositive: 'falsePositive',
  BenignPositive: 'informationalExpectedActivity',
  Undetermined: 'unknown',
};
const accounts: Readonly<Record<string, string>> = { onCall: 'm.lopez@contoso.com', analyst: 'a.tanaka@contoso.com' };

/** The members that are there, with their values changed. */
function changed(members: Members, changes: Readonly<Record<string, (value: never) => Members>>): Members {
  return Object.assign({}, ...Object.entries(members).map(([name, value]) => changes[name]?.(value as never) ?? {}));
}

const keep = (name: string) => (value: unknown) => ({ [name]: value });
const status = (value: string) => ({ status: statuses[value] });
const severity = (value: string) => ({ severity: value.toLowerCase() });
const classification = (value: string) => ({ classification: classifications[value.split(' - ')[0] ?? ''] });

const evidence: Readonly<Record<string, (name: string) => Members>> = {
  Account: (name) => ({ '@odata.type': `${SECURITY}userEvidence`, userAccount: { userPrincipalName: name } }),
  Ip: (name) => ({ '@odata.type': `${SECURITY}ipEvidence`, ipAddress: name }),
  Host: (name) => ({ '@odata.type': `${SECURITY}deviceEvidence`, deviceDnsName: name }),
};
const evidenceOf = (entities: Readonly<Record<string, readonly string[]>> = {}) =>
  Object.entries(entities).flatMap(([kind, names]) => names.flatMap((name) => evidence[kind]?.(name) ?? []));

const incident = (given: Members) => ({
  graphIncident: {
    severity: 'medium',
    alerts: [{ title: given['title'], evidence: evidenceOf(given['entities'] as never) }],
    ...changed(given, { name: keep('name'), title: keep('title'), description: keep('description'), severity }),
  },
});
const change = (given: Members) => ({
  defender: changed(given, {
    ...{ incident: keep('incident'), by: keep('by'), owner: keep('owner'), comment: keep('comment') },
    ...{ status, severity, classification },
  }),
});
const state = (given: Members) => ({
  graphIncident: changed(given, {
    ...{ name: keep('name'), hasTags: keep('hasTags'), commentsSay: keep('commentsSay') },
    ...{ status, classification },
    owner: (value: string) => (accounts[value] ? { assignedTo: accounts[value] } : {}),
  }),
});

interface Story {
  readonly steps: readonly Members[];
  readonly expect: readonly Members[];
  readonly config?: Members;
  readonly stage?: Members;
}

function inDefender(yaml: string): string {
  const { steps, expect: ends, config, stage, ...rest } = parse(yaml) as Story;
  const moved = steps.flatMap((step): Members[] => {
    const { incident: created, change: edited, automationRules, ...others } = step;
    if (automationRules !== undefined) return [];
    if (created) return [{ ...others, ...incident(created as Members) }];
    return [edited ? { ...others, ...change(edited as Members) } : others];
  });
  const ended = ends.flatMap((end): Members[] => {
    if (end['incident']) return [state(end['incident'] as Members)];
    return end['signl4'] ? [end] : [];
  });
  return stringify({
    ...rest,
    config: { ...config, graph: { enabled: true } },
    stage: { ...stage, relay: true, relayTimers: true },
    steps: moved,
    expect: ended,
  });
}

describe('in Defender as in Sentinel', () => {
  it.each(stories)('%s', async (name) => {
    const file = fileURLToPath(new URL(`../../../scenarios/${name}.yaml`, import.meta.url));
    const played = await play(loadScenario(inDefender(readFileSync(file, 'utf8')), name));
    const failed = played.findings.filter(({ ok }) => !ok).map(({ text, found }) => `${text}, found ${found}`);
    expect(failed).toEqual([]);
    expect(played.findings.length).toBeGreaterThan(1);
  });
});
