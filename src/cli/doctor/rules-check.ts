import { groupPath } from '../../azure/scope.ts';
import { playbooksRunBy } from '../../azure/sentinel.ts';
import { readIncident } from '../../domain/incident.ts';
import { type Json, listOf, memberAt, textOf } from '../../domain/json.ts';
import { matches } from '../../rules/filter.ts';
import { nameTables } from '../../rules/product-names.ts';
import { placesElsewhere } from '../drift/rules.ts';
import { type DoctorContext, deployedAs, parameterOf } from './context.ts';
import { type Check, type Finding, failure, ok, rights, skipped, unread, warning } from './finding.ts';
import { contradiction, exclude, failedTests, type PropertyTest, propertyTests } from './rule-conditions.ts';

export interface Rule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** `Created`, `Updated`. */
  readonly when: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
  /** ARM ids of playbooks in lower case, because Azure ignores case. */
  readonly runs: readonly string[];
  readonly tests: readonly PropertyTest[];
  /** The conditions as JSON; two rules about different changes may run the same playbook. */
  readonly conditions: string;
}

const triggered = [
  { name: 'SIGNL4-Send-Incident', when: 'Created' },
  { name: 'SIGNL4-Sync-Incident', when: 'Updated' },
] as const;

const where = (rule: string) => `Portal: Microsoft Sentinel, Configuration, Automation, "${rule}".`;

/** Exactly one automation rule runs each playbook that starts on incidents, and its conditions can be met. */
export const automationRulesCheck: Check<DoctorContext> = {
  id: 'automation-rules',
  right: rights.sentinel,
  async run(context) {
    const all = await context.sentinel.automationRules();
    const rules = all.map(readRule);
    const found = triggered.map(async ({ name, when }) => {
      const { problem } = context.playbooks.find(({ playbook }) => playbook.name === name) ?? {};
      const deployed = deployedAs(context, name);
      if (!deployed)
        return [
          skipped(`${name} ${problem === undefined ? 'is not deployed' : 'cannot be read'}, so no rule was looked for`),
        ];
      const own = rules.filter((rule) => rule.when === when && rule.runs.includes(deployed.id.toLowerCase()));
      const live = own.filter((rule) => rule.isEnabled && !(rule.ends <= context.now()));
      if (live.length === 0) return [missingRule(name, when, own)];
      const problems = [
        ...doubles(name, deployed.id.toLowerCase(), live),
        ...(when === 'Created' ? await narrow(live, context) : []),
      ];
      return problems.length > 0
        ? problems
        : [ok(`"${live[0]?.name}" runs ${name} when an incident is ${when.toLowerCase()}`)];
    });
    return [...(await Promise.all(found)).flat(), ...all.flatMap((rule) => elsewhere(rule, context))];
  },
};

/** Our playbooks left in the previous resource group still run and may page in addition to the present ones. */
function elsewhere(rule: Json, { live, now }: DoctorContext): readonly Finding[] {
  const { name, isEnabled, ends } = readRule(rule);
  if (!isEnabled || ends <= now()) return [];
  return placesElsewhere(rule, live.group).map((place) =>
    failure(
      `the automation rule "${name}" runs a playbook in ${groupPath(place)}, not in ${groupPath(live.group)}`,
      'Run "signl4-sentinel deploy --move", which takes them here; where somebody made the rule, let it run the playbook that is here.',
    ),
  );
}

function missingRule(name: string, when: string, [asleep]: readonly Rule[]): Finding {
  if (!asleep)
    return failure(
      `no automation rule runs ${name} when an incident is ${when.toLowerCase()}`,
      'Run "signl4-sentinel deploy".',
    );
  return failure(
    `the automation rule "${asleep.name}" ${asleep.isEnabled ? 'has expired' : 'is switched off'}`,
    where(asleep.name),
  );
}

/** Two rules, or two actions of one rule, start two runs for an incident, and both may page. */
function doubles(name: string, id: string, live: readonly Rule[]): readonly Finding[] {
  const twice = live
    .filter(({ runs }) => runs.filter((run) => run === id).length > 1)
    .map((rule) => `"${rule.name}" twice`);
  const pairs = live.flatMap((one, index) =>
    live
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => `"${one.name}" and "${other.name}" both`),
  );
  return [...twice, ...pairs].map((which) =>
    failure(
      `${which} run ${name} for the same incident: it is worked on twice, and may page twice`,
      'Portal: Microsoft Sentinel, Configuration, Automation: keep one of them.',
    ),
  );
}

function overlap(one: Rule, other: Rule): boolean {
  if (one.conditions === other.conditions) return true;
  const areAboutChanges = [one, other].every(({ conditions }) => /"property(array)?changed"/.test(conditions));
  return !areAboutChanges && !exclude(one.tests, other.tests);
}

/** Conditions that no incident can meet, or that none of the recent incidents that should have been sent met. */
async function narrow(live: readonly Rule[], context: DoctorContext): Promise<readonly Finding[]> {
  const allowed = listsOf(context);
  const dead = live.map((rule) => ({ rule, why: contradiction(rule.tests, allowed) }));
  const never = dead.flatMap(({ rule, why }) =>
    why === undefined
      ? []
      : [failure(`the conditions of "${rule.name}" hold for no incident (${why})`, where(rule.name))],
  );
  const awake = dead.filter(({ why }) => why === undefined).map(({ rule }) => rule);
  if (awake.length === 0) return never;
  return [...never, ...(await keptBack(awake, context))];
}

/** The lists that the playbook itself tests. A status set by an automation counts as new. */
function listsOf(context: DoctorContext): Readonly<Record<string, readonly string[]>> {
  const deployed = deployedAs(context, 'SIGNL4-Send-Incident');
  const list = (name: string) =>
    listOf(deployed && parameterOf(deployed, name)).flatMap((value) => textOf(value) ?? []);
  const declared = (name: string) => deployed && Array.isArray(parameterOf(deployed, name));
  const statuses = list('Statuses');
  return {
    ...(declared('Severities') && { IncidentSeverity: list('Severities') }),
    ...(declared('Statuses') && { IncidentStatus: statuses.includes('New') ? [...statuses, 'Active'] : statuses }),
  };
}

const DAY_MS = 86_400_000;
/** Enough incidents to tell what is usual. */
const MOST_INCIDENTS = 200;

async function keptBack(rules: readonly Rule[], context: DoctorContext): Promise<readonly Finding[]> {
  const { live, sentinel, now } = context;
  const { filter, friendlyNames } = live.config;
  const names = nameTables(friendlyNames);
  // Status, tags and owner may have changed; their values at creation are not known any more.
  const anyState = { ...filter, statuses: [], tags: [], excludeTags: [], owners: [] };
  let wanted = 0;
  let passed = 0;
  const reasons = new Set<string>();
  try {
    const since = new Date(now() - 30 * DAY_MS).toISOString();
    let read = 0;
    for await (const resource of sentinel.incidents(`properties/lastModifiedTimeUtc ge ${since}`)) {
      if (++read > MOST_INCIDENTS) break;
      const incident = readIncident(resource);
      if (!incident || !matches(anyState, incident, names)) continue;
      wanted++;
      const failed = rules.map((rule) => failedTests(rule.tests, resource));
      if (failed.some((tests) => tests.length === 0)) passed++;
      else
        for (const { property, operator, values } of failed.flat())
          reasons.add(`${property} ${operator} ${values.join(', ')}`);
    }
  } catch (error) {
    return [unread('recent incidents', error, live.signedInTo, rights.sentinel)];
  }
  if (passed === wanted) return [];
  const [first] = rules;
  const message = `${wanted - passed} of ${wanted} recent incidents that signl4.yaml chooses do not start SIGNL4-Send-Incident: "${first?.name}" wants ${[...reasons].join('; ')}`;
  const remedy = `${where(first?.name ?? '')} Or change "filter" in signl4.yaml, then build and deploy.`;
  return [passed === 0 ? failure(message, remedy) : warning(message, remedy)];
}

/** An automation rule of the REST API. */
export function readRule(rule: unknown): Rule {
  const logic = memberAt(rule, 'properties', 'triggeringLogic');
  const expires = textOf(memberAt(logic, 'expirationTimeUtc'));
  const conditions = listOf(memberAt(logic, 'conditions'));
  return {
    name: textOf(memberAt(rule, 'properties', 'displayName')) ?? '',
    isEnabled: memberAt(logic, 'isEnabled') === true,
    when: textOf(memberAt(logic, 'triggersWhen')) ?? '',
    ends: expires ? Date.parse(expires) : Number.POSITIVE_INFINITY,
    runs: playbooksRunBy(rule).map((id) => id.toLowerCase()),
    tests: propertyTests(conditions),
    conditions: JSON.stringify(conditions).toLowerCase(),
  };
}
