import type { Incident } from '../domain/incident.ts';
import { lastSegment } from '../domain/last-segment.ts';
import { OWN_RULE_TITLE } from '../domain/own-rules.ts';
import { effectiveSeverity, severities } from '../domain/severity.ts';
import { incidentStatuses } from '../domain/status.ts';
import {
  and,
  at,
  call,
  contains,
  type Expr,
  empty,
  equals,
  lacks,
  lower,
  not,
  or,
  parameter,
  type Row,
  row,
  split,
  string,
} from '../wdl/build.ts';
import type { IncidentFilter } from './choices.ts';
import { isPerson } from './converge.ts';
import { anyOf, containsText, kqlList, kqlText } from './kql-text.ts';
import { friendly, type NameTables, plansOf, productAliases } from './product-names.ts';

/*
 * The filter, one row per field with its compiled form for every place that tests it. All forms of a row are equivalent;
 * `filter-targets.ts` decides which place tests what. To add a field: a member of `IncidentFilter`, its schema, and a row here.
 */

/** Names of the tests, for people. */
export type FilterTest =
  | 'Status'
  | 'Severity'
  | 'Title'
  | 'Excluded title'
  | 'Required tag'
  | 'Excluded tag'
  | 'Product'
  | 'Analytics rule'
  | 'Owner'
  | 'Tactic';

/** Tokens for an incident: from the trigger, or from an item of a list. */
export interface IncidentTokens {
  /** `properties` of the incident resource. */
  readonly properties: Expr;
  /** Names of its tags, as returned by a Select action. */
  readonly tags: Expr;
}

/** A condition of an automation rule on one property. Several values are alternatives; if negated, none of them may match. */
export interface RuleCondition {
  readonly propertyName: string;
  readonly operator: 'Equals' | 'Contains' | 'NotContains';
  readonly propertyValues: readonly string[];
}

interface FilterRow {
  readonly test: FilterTest;
  readonly choice: keyof IncidentFilter;
  /** All possible values; choosing all of them is the same as "any". */
  readonly every?: readonly string[];
  /** The test depends on the alerts only; if they cannot be read, the incident passes. */
  readonly isOfAlerts?: true;
  /** Whether an incident passes a non-empty choice. */
  passes(chosen: readonly string[], incident: Incident, names: NameTables): boolean;
  /** Rows of the condition in SIGNL4-Send-Incident. Default: none, because the automation rule and the sweep test it. */
  readonly rows?: (chosen: readonly string[], tokens: IncidentTokens) => readonly Row[];
  /** Workflow parameter with the list, if users change it often or it may be long. */
  readonly parameter?: {
    readonly name: string;
    readonly says: string;
    readonly values?: (chosen: readonly string[], names: NameTables) => readonly string[];
  };
  /** Condition of the automation rule. Omitted if the rule might reject an incident that should be sent. */
  readonly rule?: (chosen: readonly string[], names: NameTables) => RuleCondition;
  /** Values that are only tested in the playbook, because the product adds them and they are not edited in rules. */
  readonly leftToPlaybook?: (value: string) => boolean;
  /**
   * Property for the `$filter` of a list. The service handles conditions on labels incorrectly and compares strings
   * case-sensitively.
   */
  readonly odata?: {
    readonly property: string;
    readonly alternatives: (chosen: readonly string[]) => readonly string[];
  };
  /** Condition on an item of a list (`item()?['properties']`), for what `odata` cannot express. */
  readonly listed?: (chosen: readonly string[], properties: Expr, names: NameTables) => Expr | undefined;
  /**
   * Condition on the latest row of an incident in the table SecurityIncident. That row has the present state, so changes made
   * since the incident should have been paged count, as in the sweep.
   */
  readonly kql: (chosen: readonly string[], names: NameTables) => string;
  /** Rows on the body of the alert trigger, if alerts have the property. */
  readonly alert?: (chosen: readonly string[], body: Expr) => readonly Row[];
}

const alertTitle = (body: Expr) => lower(string(at(body, 'AlertDisplayName')));
const titleOf = (properties: Expr) => lower(string(at(properties, 'title')));
const has = (chosen: readonly string[], value: string | undefined) =>
  value !== undefined && chosen.some((one) => one.toLowerCase() === value.toLowerCase());
const someOf = (chosen: readonly string[], values: readonly string[]) => values.some((value) => has(chosen, value));
/** Longest expression that people can still read. */
export const READABLE = 300;

/**
 * Whether one of several strings is in a JSON list: each tested by itself, ignoring case, or, if that would be too long to read,
 * by a workflow parameter that has them in Microsoft Sentinel's spelling.
 */
function isListed(texts: readonly string[], json: Expr, list: string): Expr {
  const each = or(...texts.map((text) => contains(lower(json), JSON.stringify(text.toLowerCase()))));
  return each.wdl.length <= READABLE ? each : not(empty(inCommon(json, list)));
}

/** Strings of a JSON list that are also in a workflow parameter. */
const inCommon = (json: Expr, name: string): Expr => call('intersection', split(json, '"'), parameter(name));

/** JSON of a list that may be missing. */
const jsonOf = (properties: Expr, ...path: readonly string[]) => string(at(properties, ...path));

/** Both sides of a row that looks for a whole string in a list, ignoring case. */
const oneOf = (list: Expr, text: string): [Expr, string] => [lower(string(list)), JSON.stringify(text.toLowerCase())];
const lowerCase = (chosen: readonly string[]) => chosen.map((text) => text.toLowerCase());

/**
 * An incident that is Active but owned by nobody or by a group was set Active by an automation, so it still counts as New: a
 * customer's rule that runs before ours must not hide it.
 */
const countsAsNew = (chosen: readonly string[]) => chosen.includes('New') && !chosen.includes('Active');

export const filterRows: readonly FilterRow[] = [
  {
    test: 'Status',
    choice: 'statuses',
    every: incidentStatuses,
    parameter: { name: 'Statuses', says: 'Incident states that page somebody: New, Active, Closed.' },
    passes: (chosen, { status, owner, standing }) =>
      has(chosen, status) ||
      (countsAsNew(chosen) && status === 'Active' && !isPerson(owner)) ||
      (standing !== undefined && someOf(chosen, ['New', 'Active'])),
    rows: (chosen, { properties }) => {
      const isChosen = row.contains(parameter('Statuses'), at(properties, 'status'));
      const isNobodys = [
        row.is(at(properties, 'status'), 'Active'),
        row.is(at(properties, 'owner', 'userPrincipalName'), null),
      ];
      return [countsAsNew(chosen) ? row.any([isChosen, row.all(isNobodys)]) : isChosen];
    },
    rule: (chosen) => ({
      propertyName: 'IncidentStatus',
      operator: 'Equals',
      propertyValues: countsAsNew(chosen) ? [...chosen, 'Active'] : chosen,
    }),
    odata: {
      property: 'properties/status',
      alternatives: (chosen) => (countsAsNew(chosen) ? [...chosen, 'Active'] : chosen),
    },
    listed: (chosen, properties) =>
      countsAsNew(chosen)
        ? or(
            contains(parameter('Statuses'), at(properties, 'status')),
            and(equals(at(properties, 'status'), 'Active'), equals(at(properties, 'owner', 'userPrincipalName'), null)),
          )
        : undefined,
    kql: (chosen) =>
      anyOf([
        `Status in (${kqlList(chosen)})`,
        ...(countsAsNew(chosen) ? ['(Status == "Active" and isempty(tostring(Owner.userPrincipalName)))'] : []),
      ]),
  },
  {
    test: 'Severity',
    choice: 'severities',
    every: severities,
    parameter: { name: 'Severities', says: 'Severities that page somebody: High, Medium, Low, Informational.' },
    passes: (chosen, { severity }) => has(chosen, effectiveSeverity(severity)),
    rows: (_, { properties }) => [row.contains(parameter('Severities'), at(properties, 'severity'))],
    rule: (chosen) => ({ propertyName: 'IncidentSeverity', operator: 'Equals', propertyValues: chosen }),
    odata: { property: 'properties/severity', alternatives: (chosen) => chosen },
    kql: (chosen) => `Severity in (${kqlList(chosen)})`,
    alert: (_, body) => [row.contains(parameter('Severities'), at(body, 'Severity'))],
  },
  {
    test: 'Title',
    choice: 'titleContains',
    passes: (chosen, { title }) => chosen.some((word) => title.toLowerCase().includes(word.toLowerCase())),
    rows: (chosen, { properties }) => [
      row.any(chosen.map((word) => row.contains(titleOf(properties), word.toLowerCase()))),
    ],
    listed: (chosen, properties) => or(...chosen.map((word) => contains(titleOf(properties), word.toLowerCase()))),
    kql: (chosen) => anyOf(chosen.map((word) => containsText('Title', word))),
    alert: (chosen, body) => [row.any(chosen.map((word) => row.contains(alertTitle(body), word.toLowerCase())))],
  },
  {
    test: 'Excluded title',
    choice: 'titleExcludes',
    passes: (chosen, { title }) => !chosen.some((word) => title.toLowerCase().includes(word.toLowerCase())),
    rows: (chosen, { properties }) => chosen.map((word) => lacks(titleOf(properties), word.toLowerCase())),
    rule: (chosen) => ({ propertyName: 'IncidentTitle', operator: 'NotContains', propertyValues: chosen }),
    leftToPlaybook: (title) => title === OWN_RULE_TITLE,
    listed: (chosen, properties) => not(or(...chosen.map((word) => contains(titleOf(properties), word.toLowerCase())))),
    kql: (chosen) => `not(${anyOf(chosen.map((word) => containsText('Title', word)))})`,
    alert: (chosen, body) => chosen.map((word) => lacks(alertTitle(body), word.toLowerCase())),
  },
  {
    test: 'Required tag',
    choice: 'tags',
    passes: (chosen, { tags }) => someOf(chosen, tags),
    rows: (chosen, { tags }) => [row.any(chosen.map((tag) => row.contains(...oneOf(tags, tag))))],
    parameter: {
      name: 'RequiredTags',
      says: 'The incident carries one of these tags, in lower case.',
      values: lowerCase,
    },
    listed: (chosen, properties) => isListed(chosen, jsonOf(properties, 'labels'), 'RequiredTags'),
    kql: (chosen) => anyOf(chosen.map((tag) => containsText('tostring(Labels)', JSON.stringify(tag)))),
  },
  {
    test: 'Excluded tag',
    choice: 'excludeTags',
    passes: (chosen, { tags }) => !someOf(chosen, tags),
    rows: (chosen, { tags }) => chosen.map((tag) => lacks(...oneOf(tags, tag))),
    parameter: {
      name: 'ExcludedTags',
      says: 'The incident carries none of these tags, in lower case.',
      values: lowerCase,
    },
    listed: (_, properties) => empty(inCommon(lower(string(at(properties, 'labels'))), 'ExcludedTags')),
    kql: (chosen) => `not(${anyOf(chosen.map((tag) => containsText('tostring(Labels)', JSON.stringify(tag))))})`,
  },
  {
    test: 'Product',
    choice: 'products',
    isOfAlerts: true,
    passes: (chosen, { products, plans = [] }, names) =>
      someOf(
        productAliases(chosen, names),
        [...products, ...plans].flatMap((product) => [product, friendly(names.products, product)]),
      ),
    rule: (chosen, names) => ({
      propertyName: 'AlertProductNames',
      operator: 'Contains',
      propertyValues: productSpellings(chosen, names),
    }),
    parameter: {
      name: 'Products',
      says: 'One of these products raised an alert of the incident: names as Microsoft Sentinel spells them.',
      values: productSpellings,
    },
    listed: (chosen, properties, names) =>
      isListed(productAliases(chosen, names), jsonOf(properties, 'additionalData', 'alertProductNames'), 'Products'),
    kql: (chosen, names) =>
      anyOf(
        productAliases(chosen, names).map((product) =>
          containsText('tostring(AdditionalData.alertProductNames)', JSON.stringify(product)),
        ),
      ),
    alert: (_, body) => [row.contains(parameter('Products'), at(body, 'ProductName'))],
  },
  {
    test: 'Analytics rule',
    choice: 'analyticsRules',
    passes: (chosen, { ruleIds }) => someOf(chosen.map(lastSegment), ruleIds),
    rule: (chosen) => ({
      propertyName: 'IncidentRelatedAnalyticRuleIds',
      operator: 'Contains',
      propertyValues: chosen.map(lastSegment),
    }),
    parameter: {
      name: 'AnalyticsRules',
      says: 'GUIDs of analytics rules, in lower case; one of them is behind the incident.',
      values: (chosen) => chosen.map(lastSegment),
    },
    listed: (chosen, properties) => {
      const json = jsonOf(properties, 'relatedAnalyticRuleIds');
      const each = or(...chosen.map((rule) => contains(lower(json), lastSegment(rule))));
      return each.wdl.length <= READABLE
        ? each
        : not(empty(inCommon(call('replace', json, '/', '"'), 'AnalyticsRules')));
    },
    kql: (chosen) => anyOf(chosen.map((rule) => `tostring(RelatedAnalyticRuleIds) has ${kqlText(lastSegment(rule))}`)),
    alert: (chosen, body) => [
      row.any(chosen.map((rule) => row.contains(lower(string(at(body, 'ExtendedProperties'))), lastSegment(rule)))),
    ],
  },
  {
    test: 'Owner',
    choice: 'owners',
    passes: (chosen, { owner }) =>
      !owner
        ? chosen.includes('unassigned')
        : someOf(
            chosen,
            [owner.email, owner.userPrincipalName].filter((text) => text !== undefined),
          ),
    rows: (chosen, { properties }) => [row.any(chosen.flatMap((owner) => ownerRows(owner, at(properties, 'owner'))))],
    listed: (chosen, properties) => or(...chosen.map((owner) => ownerIs(owner, at(properties, 'owner')))),
    kql: (chosen) => anyOf(chosen.flatMap(ownerKql)),
  },
  {
    test: 'Tactic',
    choice: 'tactics',
    isOfAlerts: true,
    passes: (chosen, { tactics }) => someOf(chosen, tactics),
    rule: (chosen) => ({ propertyName: 'IncidentTactics', operator: 'Contains', propertyValues: chosen }),
    parameter: {
      name: 'Tactics',
      says: 'MITRE ATT&CK tactics; the incident has one of them.',
    },
    listed: (chosen, properties) => isListed(chosen, jsonOf(properties, 'additionalData', 'tactics'), 'Tactics'),
    kql: (chosen) =>
      anyOf(chosen.map((tactic) => containsText('tostring(AdditionalData.tactics)', JSON.stringify(tactic)))),
    alert: (chosen, body) => [
      row.any(chosen.map((tactic) => row.contains(lower(string(at(body, 'Tactics'))), tactic.toLowerCase()))),
    ],
  },
];

/** Whether incidents that arrive closed are paged too. */
export const pagesClosed = ({ statuses }: IncidentFilter): boolean =>
  statuses.length === 0 || statuses.includes('Closed');

/** An owner that is set has an object id. */
function ownerRows(owner: string, of: Expr): readonly Row[] {
  if (owner === 'unassigned') return [row.is(at(of, 'objectId'), null)];
  return ['email', 'userPrincipalName'].map((name) => row.is(lower(string(at(of, name))), owner.toLowerCase()));
}

function ownerIs(owner: string, of: Expr): Expr {
  if (owner === 'unassigned') return equals(at(of, 'objectId'), null);
  return or(...['email', 'userPrincipalName'].map((name) => equals(lower(string(at(of, name))), owner.toLowerCase())));
}

function ownerKql(owner: string): readonly string[] {
  if (owner === 'unassigned') return ['isempty(tostring(Owner.objectId))'];
  return ['email', 'userPrincipalName'].map((name) => `tostring(Owner.${name}) =~ ${kqlText(owner)}`);
}

/** Sentinel's spellings of the products in a filter: every known name with the same friendly name, and the name as typed. */
function productSpellings(products: readonly string[], names: NameTables): readonly string[] {
  const spellings = products.flatMap((product) => {
    const name = friendly(names.products, product).toLowerCase();
    const spellings = names.spellings.filter((raw) => friendly(names.products, raw).toLowerCase() === name);
    return [...spellings, product, ...plansOf([product, name])];
  });
  return [...new Set(spellings)];
}

/** Each row with the values chosen for it; only rows with a choice. Empty strings, as left behind in an editor, are ignored. */
export function activeRows(
  filter: IncidentFilter,
): readonly { readonly rule: FilterRow; readonly chosen: readonly string[] }[] {
  return filterRows.flatMap((rule) => {
    const chosen = filter[rule.choice].filter((value) => value !== '');
    const matters = chosen.length > 0 && chosen.length !== rule.every?.length;
    return matters ? [{ rule, chosen }] : [];
  });
}

/** Whether the incident should be paged. */
export function matches(filter: IncidentFilter, incident: Incident, names: NameTables): boolean {
  return unmatched(filter, incident, names).length === 0;
}

/** The tests that the incident fails; empty if it passes. */
export function unmatched(filter: IncidentFilter, incident: Incident, names: NameTables): readonly FilterTest[] {
  return activeRows(filter).flatMap(({ rule, chosen }) => {
    const isUnknown = rule.isOfAlerts && incident.lacksAlerts;
    return isUnknown || rule.passes(chosen, incident, names) ? [] : [rule.test];
  });
}
