import { UserError } from '../../../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, member, textOf } from '../../../domain/json.ts';
import { tactics } from '../../../domain/tactics.ts';
import { isGuid } from '../../../domain/uuid.ts';
import { toPlain } from '../../../solution/json-tree.ts';
import { parseYaml } from '../../../solution/yaml-parse.ts';
import { listAt, objectAt } from '../../json-walk.ts';
import type { At, Level, SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { lineOf, linePointer, type Tree } from '../../tree.ts';
import { entityIdentifiers } from '../workflow/entity-identifiers.ts';

/** The YAML of an analytics rule. */
export interface RuleText {
  readonly text: string;
  /** Empty if it could not be read. */
  readonly rule: JsonObject;
  readonly problem: string | undefined;
}

/** Rules of a solution, by the folder that the repository keeps them in. */
export function analyticsRulesOf(tree: Tree): At<RuleText>[] {
  return tree.texts
    .filter(({ path }) => /(?:^|\/)Analytic(?:al)? ?Rules\/[^/]+$/i.test(path) && /\.ya?ml$/i.test(path))
    .map(({ path, text }) => ({ file: path, at: '', subject: readRuleText(path, text) }));
}

function readRuleText(path: string, text: string): RuleText {
  try {
    const plain = toPlain(parseYaml(text, path)) as Json;
    return isJsonObject(plain) ? { text, rule: plain, problem: undefined } : { text, rule: {}, problem: 'no mapping' };
  } catch (error) {
    if (error instanceof UserError) return { text, rule: {}, problem: error.message };
    throw error;
  }
}

/** A violation at the line that starts with the member. */
function at({ text }: RuleText, name: string, message: string): Violation {
  const offset = text.search(new RegExp(`^${name}:`, 'm'));
  return { pointer: offset < 0 ? '' : linePointer(lineOf(text, offset)), message };
}

function rule(
  id: string,
  level: Level,
  source: string,
  help: string,
  check: (subject: RuleText) => readonly Violation[],
): SubjectRule<RuleText> {
  return { id, level, source, help, check: (one) => (one.problem === undefined ? check(one) : []) };
}

const textIn = (value: Json | undefined) => (typeof value === 'string' ? value : '');

const REQUIRED = ['id', 'name', 'description', 'severity', 'query', 'kind'] as const;
/** The repository's tests do not require these, but reviewers do. */
const RECOMMENDED = ['version', 'status'] as const;
const REQUIRED_SCHEDULED = [
  'requiredDataConnectors',
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
] as const;
const SEVERITIES = /^(?:informational|low|medium|high)$/i;
const OPERATORS = /^(?:gt|lt|eq|ne|GreaterThan|LessThan|Equal|NotEqual)$/;
const MOST_HITS = 10_000;
const knownTactics: ReadonlySet<string> = new Set(tactics.map((tactic) => tactic.toLowerCase()));
const identifiersByType = new Map(
  Object.entries(entityIdentifiers).map(([type, identifiers]) => [type.toLowerCase(), identifiers]),
);
const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440 };
const DAY = 1_440;

/** Minutes of `15m`, `1h`, `14d`, or a .NET time span (`14`, `1.00:00:00`, `05:00`); undefined for anything else. */
function minutesOf(value: Json | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : textIn(value);
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (count && unit) return Number(count) * (UNITS[unit] ?? 0);
  if (/^\d+$/.test(text)) return Number(text) * DAY;
  const [, days = '0', hours, minutes, seconds = '0'] =
    /^(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]?\d)(?::([0-5]?\d)(?:\.\d{1,7})?)?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return Number(days) * DAY + Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
}

const isScheduled = (subject: JsonObject) => textIn(subject['kind']).toLowerCase() === 'scheduled';

export const analyticsRuleRules: readonly SubjectRule<RuleText>[] = [
  {
    id: 'analytics-rule.yaml',
    level: 'error',
    source: sources.packagingTool,
    help: 'Correct the YAML: the packaging tool leaves out a rule that it cannot read.',
    check: ({ problem }) => (problem === undefined ? [] : [{ pointer: '', message: problem }]),
  },
  rule(
    'analytics-rule.members',
    'error',
    sources.detectionValidator,
    'Add what is missing; a rule of kind Scheduled needs the members about connectors, times and trigger as well.',
    (one) =>
      [...REQUIRED, ...(isScheduled(one.rule) ? REQUIRED_SCHEDULED : [])]
        .filter((name) => one.rule[name] === undefined || one.rule[name] === null || one.rule[name] === '')
        .map((name) => at(one, name, `"${name}" is missing`)),
  ),
  rule(
    'analytics-rule.version-and-status',
    'warning',
    sources.reviewGuide,
    'Add version (X.Y.Z, raised with each change) and status (Available).',
    (one) => RECOMMENDED.filter((name) => !one.rule[name]).map((name) => at(one, name, `"${name}" is missing`)),
  ),
  rule(
    'analytics-rule.values',
    'error',
    sources.detectionValidator,
    'id: a GUID. kind: Scheduled or NRT. severity: Informational, Low, Medium or High. version: X.Y.Z. triggerOperator: gt, lt, eq or ne. triggerThreshold: 0 to 10,000. tactics: as Microsoft Sentinel spells them.',
    (one) => {
      const { id, kind, severity, version, triggerOperator, triggerThreshold } = one.rule;
      const threshold = Number(triggerThreshold);
      const wrong = (member: string, value: Json | undefined, isRight: boolean) =>
        value === undefined || isRight ? [] : [at(one, member, `${member} is "${String(value)}"`)];
      return [
        ...wrong('id', id, isGuid(textIn(id))),
        ...wrong('kind', kind, /^(?:scheduled|nrt)$/i.test(textIn(kind))),
        ...wrong('severity', severity, SEVERITIES.test(textIn(severity))),
        ...wrong('version', version, /^\d+\.\d+\.\d+$/.test(textIn(version))),
        ...wrong('triggerOperator', triggerOperator, OPERATORS.test(textIn(triggerOperator))),
        ...wrong(
          'triggerThreshold',
          triggerThreshold,
          Number.isInteger(threshold) && threshold >= 0 && threshold <= MOST_HITS,
        ),
        ...listAt(one.rule, 'tactics').flatMap((tactic) =>
          wrong('tactics', tactic, knownTactics.has(textIn(tactic).toLowerCase())),
        ),
      ];
    },
  ),
  rule(
    'analytics-rule.times',
    'error',
    sources.detectionValidator,
    'Write 15m, 1h or 1d: both between 5 minutes and 14 days, the period no shorter than the frequency, and from 2 days on a frequency of 1 hour or more.',
    (one) => {
      if (!isScheduled(one.rule)) return [];
      const frequency = minutesOf(one.rule['queryFrequency']);
      const period = minutesOf(one.rule['queryPeriod']);
      const outside = (minutes: number | undefined) => minutes === undefined || minutes < 5 || minutes > 14 * DAY;
      return [
        ...(outside(frequency) ? [at(one, 'queryFrequency', `the frequency is ${one.rule['queryFrequency']}`)] : []),
        ...(outside(period) ? [at(one, 'queryPeriod', `the period is ${one.rule['queryPeriod']}`)] : []),
        ...((period ?? 0) < (frequency ?? 0)
          ? [at(one, 'queryPeriod', 'the period is shorter than the frequency')]
          : []),
        ...((period ?? 0) >= 2 * DAY && (frequency ?? 0) < 60
          ? [at(one, 'queryFrequency', 'a period of two days or more needs a frequency of an hour or more')]
          : []),
      ];
    },
  ),
  rule(
    'analytics-rule.lengths',
    'error',
    sources.detectionValidator,
    'Shorten it: name 256, description 5,000, query 10,000 characters; 20 custom details with keys of up to 20 letters and digits.',
    (one) => {
      const limits = { name: 256, description: 5_000, query: 10_000 };
      const long = Object.entries(limits).flatMap(([member, limit]) => {
        const { length } = textIn(one.rule[member]);
        return length > limit ? [at(one, member, `${member} has ${length} characters, the limit is ${limit}`)] : [];
      });
      const keys = Object.keys(objectAt(one.rule, 'customDetails'));
      const odd = keys.filter((key) => !/^[a-zA-Z]+\w*$/.test(key) || key.length > 20);
      return [
        ...long,
        ...(keys.length > 20 ? [at(one, 'customDetails', `there are ${keys.length} custom details`)] : []),
        ...odd.map((key) => at(one, 'customDetails', `"${key}" is not a key of a custom detail`)),
      ];
    },
  ),
  rule(
    'analytics-rule.text',
    'warning',
    sources.reviewGuide,
    'Name: up to 100 characters, no period at the end. Description: up to 255, beginning with "This query searches for" or "Identifies".',
    (one) => {
      const name = textIn(one.rule['name']);
      const description = textIn(one.rule['description'])
        .trim()
        .replace(/^['"]|['"]$/g, '');
      return [
        ...(name.length > 100 || name.endsWith('.') ? [at(one, 'name', `the name is "${name}"`)] : []),
        ...(description.length > 255
          ? [at(one, 'description', `the description has ${description.length} characters`)]
          : []),
        ...(/^(?:This query searches for|Identifies)\b/.test(description)
          ? []
          : [at(one, 'description', 'the description begins otherwise')]),
      ];
    },
  ),
  rule(
    'analytics-rule.attack',
    'warning',
    sources.reviewGuide,
    'Name 1 to 5 tactics and 1 to 10 techniques (T1234 or T1234.001) under "relevantTechniques"; "techniques" is passed over.',
    (one) => {
      const tactics = listAt(one.rule, 'tactics');
      const techniques = listAt(one.rule, 'relevantTechniques');
      const odd = techniques.filter((technique) => !/^T\d{4}(?:\.\d{3})?$/.test(textIn(technique)));
      return [
        ...(tactics.length < 1 || tactics.length > 5
          ? [at(one, 'tactics', `there are ${tactics.length} tactics`)]
          : []),
        ...(techniques.length < 1 || techniques.length > 10
          ? [at(one, 'relevantTechniques', `there are ${techniques.length} techniques`)]
          : []),
        ...odd.map((technique) => at(one, 'relevantTechniques', `"${textIn(technique)}" is not a technique`)),
        ...(one.rule['techniques'] === undefined ? [] : [at(one, 'techniques', '"techniques" is passed over')]),
      ];
    },
  ),
  rule(
    'analytics-rule.entity-identifiers',
    'error',
    sources.detectionValidator,
    'Name an entity type and an identifier that Microsoft Sentinel knows; each identifier of an entity once.',
    (one) =>
      listAt(one.rule, 'entityMappings').flatMap((mapping) => {
        const type = textOf(member(mapping, 'entityType')) ?? '';
        const known = identifiersByType.get(type.toLowerCase());
        if (!known) return [at(one, 'entityMappings', `"${type}" is not an entity type`)];
        const used = listAt(mapping, 'fieldMappings').map((field) => textOf(member(field, 'identifier')) ?? '');
        return [
          ...used
            .filter((name) => !known.includes(name))
            .map((name) => ({
              ...at(one, 'entityMappings', `${type} has no identifier "${name}"; it has ${known.join(', ')}`),
              ...(known.some((each) => each.toLowerCase() === name.toLowerCase()) && { level: 'warning' as const }),
            })),
          ...used
            .filter((name, index) => used.indexOf(name) < index)
            .map((name) => at(one, 'entityMappings', `${type} is mapped by "${name}" twice`)),
        ];
      }),
  ),
  rule(
    'analytics-rule.entities',
    'warning',
    sources.reviewGuide,
    'Map 1 to 5 entities, each by 1 to 3 fields: incidents without entities cannot be correlated. The service takes 10, the tests of the repository 5.',
    (one) => {
      const mappings = listAt(one.rule, 'entityMappings');
      const wrong = mappings.filter((mapping) => {
        const fields = listAt(mapping, 'fieldMappings').length;
        return fields < 1 || fields > 3;
      });
      return [
        ...(mappings.length < 1 || mappings.length > 5
          ? [at(one, 'entityMappings', `there are ${mappings.length} entities`)]
          : []),
        ...wrong.map(() => at(one, 'entityMappings', 'an entity has no field, or more than three')),
      ];
    },
  ),
  rule(
    'analytics-rule.dropped',
    'warning',
    sources.packagingTool,
    'Remove it: the packaging tool drops what it does not know, suppression and tags included.',
    (one) =>
      ['suppressionEnabled', 'suppressionDuration', 'tags']
        .filter((name) => one.rule[name] !== undefined)
        .map((name) => at(one, name, `"${name}" does not get into the package`)),
  ),
];
