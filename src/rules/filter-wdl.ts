import type { IncidentFilter } from './choices.ts';
import {
  and,
  at,
  bodyOf,
  call,
  concat,
  contains,
  empty,
  type LocalAction,
  list,
  lookUp,
  lower,
  lowerList,
  not,
  or,
  overlaps,
  parameter,
  text,
  trim,
  type Wdl,
  type WorkflowChoices,
  when,
} from './expressions.ts';
import type { FilterTest } from './filter.ts';
import { lastSegment } from './last-segment.ts';
import { type NameTables, productAliases } from './product-names.ts';

/** The filter as workflow parameters; what the expressions of `filterWdl` read. Needs `ProductNames` of `nameParameters`. */
export function filterParameters(filter: IncidentFilter, names: NameTables): WorkflowChoices {
  const array = (values: readonly string[], description: string) => ({
    type: 'Array' as const,
    defaultValue: [...values],
    description,
  });
  return {
    Statuses: array(filter.statuses, 'Incident states that page somebody: New, Active, Closed. Empty: any state.'),
    Severities: array(
      filter.severities,
      'Severities that page somebody: High, Medium, Low, Informational. Empty: any severity.',
    ),
    TitleContains: array(filter.titleContains, 'The title contains one of these texts. Empty: any title.'),
    TitleExcludes: array(filter.titleExcludes, 'The title contains none of these texts.'),
    RequiredTags: array(filter.tags, 'The incident carries one of these tags. Empty: tags do not matter.'),
    ExcludedTags: array(filter.excludeTags, 'The incident carries none of these tags.'),
    Products: array(
      productAliases(filter.products, names),
      'One of these products raised an alert of the incident: friendly names, or names as Microsoft Sentinel spells them. Empty: any product.',
    ),
    AnalyticsRules: array(
      filter.analyticsRules.map(lastSegment),
      'GUIDs of analytics rules; one of them is behind the incident. Empty: any rule.',
    ),
    Owners: array(
      filter.owners,
      'Mail addresses or user principal names of owners, or "unassigned". Empty: any owner.',
    ),
    Tactics: array(filter.tactics, 'MITRE ATT&CK tactics; the incident has one of them. Empty: any tactic.'),
  };
}

export interface FilterWdl {
  readonly locals: readonly LocalAction[];
  /** What is tested, as a person says it, to a boolean expression; the incident passes where all are true. */
  readonly verdict: Readonly<Record<FilterTest, Wdl>>;
  /** The expressions of `verdict`. */
  readonly conditions: readonly Wdl[];
}

/** Names of the local actions, for who needs their results too. */
export const filterLocals = {
  tags: 'Tags in lower case',
  words: 'Title words found',
  excludedWords: 'Excluded title words found',
  rules: 'Analytics rules of the incident',
  products: 'Products in lower case',
} as const;

/**
 * The filter on an incident resource. `incident` is its expression: `triggerBody()?['object']`, `items('For_each_incident')`.
 * Inside a loop the locals stand inside the loop as well.
 */
export function filterWdl(incident: Wdl): FilterWdl {
  const properties = at(incident, 'properties');
  const additional = at(properties, 'additionalData');
  const title = lower(text(at(properties, 'title')));
  const contained = contains(title, lower(text('item()')));
  const locals: LocalAction[] = [
    {
      kind: 'select',
      name: filterLocals.tags,
      description: 'Names of the tags of the incident, in lower case so that case does not matter.',
      from: list(at(properties, 'labels')),
      select: lower(text(at('item()', 'labelName'))),
    },
    {
      kind: 'query',
      name: filterLocals.words,
      description: 'Texts of TitleContains that the title contains.',
      from: parameter('TitleContains'),
      where: contained,
    },
    {
      kind: 'query',
      name: filterLocals.excludedWords,
      description: 'Texts of TitleExcludes that the title contains.',
      from: parameter('TitleExcludes'),
      // An empty text is in every title: left behind in the designer, it would keep every incident back.
      where: and(not(empty('item()')), contained),
    },
    {
      kind: 'select',
      name: filterLocals.rules,
      description: 'GUIDs of the analytics rules behind the incident.',
      from: list(at(properties, 'relatedAnalyticRuleIds')),
      select: lower(call('last', call('split', text('item()'), "'/'"))),
    },
    {
      kind: 'select',
      name: filterLocals.products,
      description: 'Friendly names of the products that raised the alerts.',
      from: list(at(additional, 'alertProductNames')),
      select: lower(call('coalesce', lookUp(parameter('ProductNames'), lower(text('item()'))), text('item()'))),
    },
  ];
  const rawProducts = lowerList(list(at(additional, 'alertProductNames')));
  const verdict = {
    Status: isOneOf('Statuses', at(properties, 'status')),
    Severity: isOneOf('Severities', at(properties, 'severity')),
    Title: or(empty(parameter('TitleContains')), not(empty(bodyOf(filterLocals.words)))),
    'Excluded title': empty(bodyOf(filterLocals.excludedWords)),
    'Required tag': hasOneOf('RequiredTags', bodyOf(filterLocals.tags)),
    'Excluded tag': empty(call('intersection', lowerList(parameter('ExcludedTags')), bodyOf(filterLocals.tags))),
    Product: hasOneOf('Products', call('union', rawProducts, bodyOf(filterLocals.products))),
    'Analytics rule': hasOneOf('AnalyticsRules', bodyOf(filterLocals.rules)),
    Owner: hasOneOf('Owners', ownerTexts(at(properties, 'owner'))),
    Tactic: hasOneOf('Tactics', lowerList(list(at(additional, 'tactics')))),
  } satisfies Record<FilterTest, Wdl>;
  return { locals, verdict, conditions: Object.values(verdict) };
}

/** The tag that marks what was forwarded, as the service keeps it: without blanks at its ends. */
export const forwardedTag: Wdl = trim(parameter('Tag'));

/** Whether the incident carries that tag. Needs the local "Tags in lower case". */
export function isForwardedWdl(): Wdl {
  return contains(bodyOf(filterLocals.tags), lower(forwardedTag));
}

/** The tag that marks forwarded incidents, as a workflow parameter. */
export function tagParameter(tag: string): WorkflowChoices {
  return {
    Tag: {
      type: 'String',
      defaultValue: tag,
      description: 'Tag that marks an incident as sent to SIGNL4; an incident that carries it is not sent again.',
    },
  };
}

function isOneOf(choice: string, value: Wdl): Wdl {
  return or(empty(parameter(choice)), contains(lowerList(parameter(choice)), lower(text(value))));
}

function hasOneOf(choice: string, values: Wdl): Wdl {
  return or(empty(parameter(choice)), overlaps(lowerList(parameter(choice)), values));
}

/** What an owner is called in a filter: `unassigned`, or mail address, user principal name and object id. */
function ownerTexts(owner: Wdl): Wdl {
  const part = (name: string) => lower(text(at(owner, name)));
  const anybody = concat(...['objectId', 'email', 'userPrincipalName', 'assignedTo'].map(part));
  const nobody = when(empty(anybody), "'unassigned'", "'assigned'");
  return call('createArray', nobody, part('email'), part('userPrincipalName'), part('objectId'));
}
