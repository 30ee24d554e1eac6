import { UserError } from '../domain/errors.ts';
import { refuseForeignSource } from './foreign-source.ts';
import { find, isList, isMap, type JsonMap, type JsonTree, listAt, mapOf, textAt } from './json-tree.ts';

/** An analytics rule as its YAML file writes it. */
export interface RuleFile {
  /** GUID, the content id; never changes. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** `Scheduled` or `NRT`. */
  readonly kind: string;
  /** Without the quotes that older files put around it. */
  readonly description: string;
  /** `properties` of the rule template, `requiredDataConnectors` undefined where the rule needs none. */
  readonly properties: JsonMap;
  readonly needsConnectors: boolean;
}

const OPERATORS: Readonly<Record<string, string>> = {
  gt: 'GreaterThan',
  lt: 'LessThan',
  eq: 'Equal',
  ne: 'NotEqual',
  greaterthan: 'GreaterThan',
  lessthan: 'LessThan',
  equal: 'Equal',
  notequal: 'NotEqual',
};

/** Members that are copied where the file has them, in this order. */
const COPIED = [
  'entityMappings',
  'eventGroupingSettings',
  'customDetails',
  'alertDetailsOverride',
  'incidentConfiguration',
  'sentinelEntitiesMappings',
];

/**
 * Reads the file of an analytics rule and makes the properties of its template; what is not listed here (suppression, tags, …) the official
 * tool drops, too. The member names count whatever their casing.
 * @param noConnectors stands for an empty list of connectors
 * @throws UserError where a member is missing that the tool stops at
 */
export function readRule(tree: JsonTree, file: string, noConnectors: () => string): RuleFile {
  if (!isMap(tree)) throw missing('id', file, 'a GUID of its own');
  refuseForeignSource(textAt(tree, 'metadata', 'source', 'kind'), 'metadata.source.kind', {
    where: { file, path: 'metadata.source.kind' },
    remedy: 'Remove metadata.',
  });
  const kind = required(tree, 'kind', file, 'Scheduled or NRT');
  const description = unquoted(required(tree, 'description', file, 'what the rule finds').trimEnd());
  const connectors = listAt(tree, 'requiredDataConnectors');
  const isScheduled = kind.toLowerCase() === 'scheduled';
  const schedule = isScheduled ? scheduleOf(tree, file) : undefined;
  return {
    id: required(tree, 'id', file, 'a GUID of its own'),
    name: required(tree, 'name', file, 'the title of the rule'),
    version: printedScalar(find(tree, 'version')) ?? '1.0.0',
    kind,
    description,
    needsConnectors: connectors.length > 0,
    properties: mapOf({
      description,
      displayName: find(tree, 'name'),
      enabled: false,
      query: find(tree, 'query') ?? null,
      ...schedule?.times,
      severity: filled(find(tree, 'severity')) ?? 'Medium',
      suppressionDuration: 'PT1H',
      suppressionEnabled: false,
      ...schedule?.trigger,
      status: filled(find(tree, 'status')) ?? 'Available',
      requiredDataConnectors: connectors.length > 0 ? connectors.map(connectorOf) : noConnectors(),
      tactics: withoutBlanks(find(tree, 'tactics')),
      ...techniquesOf(tree),
      ...Object.fromEntries(COPIED.map((name) => [name, copied(name, find(tree, name))])),
    }),
  };
}

function scheduleOf(tree: JsonMap, file: string) {
  return {
    times: {
      queryFrequency: duration(required(tree, 'queryFrequency', file, 'a time as 15m, 1h or 1d')),
      queryPeriod: duration(required(tree, 'queryPeriod', file, 'a time as 15m, 1h or 1d')),
    },
    trigger: {
      triggerOperator: OPERATORS[(textAt(tree, 'triggerOperator') ?? '').toLowerCase()] ?? null,
      triggerThreshold: find(tree, 'triggerThreshold') ?? null,
    },
  };
}

/** `30m` becomes `PT30M`, `1d` becomes `P1D`. */
function duration(text: string): string {
  const upper = text.toUpperCase();
  return upper.includes('D') ? `P${upper}` : `PT${upper}`;
}

/** A connector id that is a list becomes one text. */
function connectorOf(connector: JsonTree): JsonTree {
  const id = find(connector, 'connectorId');
  if (!isMap(connector) || !isList(id)) return connector;
  return new Map([...connector].map(([name, value]) => [name, value === id ? id.map(String).join(',') : value]));
}

/**
 * Sub-techniques by themselves, and the techniques above them. The tool looks for the whole text before it adds the technique alone, so two
 * sub-techniques of one technique give it twice.
 */
function techniquesOf(tree: JsonMap): Readonly<Record<string, readonly string[]>> {
  const written = withoutBlanks(find(tree, 'relevantTechniques'));
  const items = isList(written) ? written : written === undefined ? [] : [written];
  const subTechniques: string[] = [];
  const techniques: string[] = [];
  for (const item of items) {
    const text = String(item);
    if (text.includes('.') && !subTechniques.includes(text)) subTechniques.push(text);
    if (!techniques.includes(text)) techniques.push(text.split('.')[0] ?? text);
  }
  return { ...(subTechniques.length > 0 && { subTechniques }), ...(techniques.length > 0 && { techniques }) };
}

function withoutBlanks(value: JsonTree | undefined): JsonTree | undefined {
  const stripped = (item: JsonTree) => (typeof item === 'string' ? item.replaceAll(' ', '') : item);
  if (isList(value)) return value.length > 0 ? value.map(stripped) : undefined;
  return filled(value) === undefined ? undefined : stripped(value as JsonTree);
}

function copied(name: string, value: JsonTree | undefined): JsonTree | undefined {
  if (isList(value)) return value.length > 0 ? value : undefined;
  if (filled(value) === undefined || value === undefined) return undefined;
  return name === 'entityMappings' || name === 'sentinelEntitiesMappings' ? [value] : value;
}

function filled(value: JsonTree | undefined): JsonTree | undefined {
  return value === null || value === '' ? undefined : value;
}

/** The tool takes the first and the last character of a description that begins with a quote. */
function unquoted(text: string): string {
  return /^['"]/.test(text) ? text.slice(1, -1) : text;
}

function printedScalar(value: JsonTree | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : String((value as { readonly lexeme?: string }).lexeme ?? value);
}

function required(tree: JsonMap, member: string, file: string, what: string): string {
  const text = printedScalar(find(tree, member));
  if (text) return text;
  throw missing(member, file, what);
}

function missing(member: string, file: string, what: string): UserError {
  return new UserError('solution.analytics-rule', `the rule has no "${member}"`, {
    where: { file, path: member },
    remedy: `Add "${member}": ${what}.`,
  });
}
