import { isJsonObject, type Json, listOf, member, textOf } from '../../domain/json.ts';
import { productNames } from '../../domain/products.ts';
import { severities } from '../../domain/severity.ts';

/** Where in `signl4.yaml` a workflow parameter has its home, and how its value reads there. */
export interface ChoiceHome {
  readonly path: readonly string[];
  /** Undefined for a value that the file cannot hold. Left out: it reads the same. */
  readonly read?: (value: Json) => Json | undefined;
  /** A section with members of its own: only those that changed are written. */
  readonly isSection?: true;
}

const at = (...path: readonly string[]): ChoiceHome => ({ path });

/** Parameters of the playbooks (`src/rules/*-wdl.ts`, `message-parameters.ts`) by name. */
export const choiceHomes: Readonly<Record<string, ChoiceHome>> = {
  Statuses: at('filter', 'statuses'),
  Severities: at('filter', 'severities'),
  TitleContains: at('filter', 'titleContains'),
  TitleExcludes: at('filter', 'titleExcludes'),
  RequiredTags: at('filter', 'tags'),
  ExcludedTags: at('filter', 'excludeTags'),
  Products: at('filter', 'products'),
  AnalyticsRules: at('filter', 'analyticsRules'),
  Owners: at('filter', 'owners'),
  Tactics: at('filter', 'tactics'),
  Tag: at('tag'),
  TitleTemplate: at('message', 'title'),
  TextTemplate: at('message', 'text'),
  AlertParameters: { path: ['message', 'parameters'], read: parametersByName },
  Category: at('message', 'category'),
  AlertingScenarios: { path: ['message', 'scenarios'], read: scenariosBySeverity },
  MaxAlerts: at('message', 'maxAlerts'),
  MaxEntities: at('message', 'maxEntities'),
  Company: at('company'),
  ProductNames: { path: ['friendlyNames', 'products'], read: withoutBuiltIn },
  CompanyNames: at('friendlyNames', 'companies'),
  EntityNames: at('friendlyNames', 'entities'),
  RelayUrl: at('relay', 'url'),
  SyncClosed: at('sync', 'closed'),
  SyncAcknowledged: at('sync', 'acknowledged'),
  SyncSeverityRaised: at('sync', 'severityRaised'),
  SyncComments: at('sync', 'comments'),
  CallbackActions: { path: ['callback'], isSection: true },
  Classification: at('close', 'classification'),
  ClassificationComment: at('close', 'comment'),
  Hashtags: at('close', 'hashtags'),
  OwnerAccounts: at('owners'),
  LookBackHours: at('sweep', 'lookBackHours'),
};

/** The values that a changed choice has in the file: one, or one for each changed member of a section. */
export function placesOf(
  { path, read, isSection }: ChoiceHome,
  { generated, deployed }: { readonly generated: Json | undefined; readonly deployed: Json },
): readonly { readonly path: readonly string[]; readonly value: Json | undefined }[] {
  if (!isSection) return [{ path, value: read ? read(deployed) : deployed }];
  if (!isJsonObject(deployed))
    return JSON.stringify(generated) === JSON.stringify(deployed) ? [] : [{ path, value: deployed }];
  return Object.entries(deployed).flatMap(([key, value]) =>
    placesOf(
      { path: [...path, key], isSection },
      { generated: isJsonObject(generated) ? generated[key] : undefined, deployed: value },
    ),
  );
}

/** `[{ name, value }]` in the workflow, name to template in the file. */
function parametersByName(value: Json): Json | undefined {
  const pairs = listOf(value).map((pair) => [textOf(member(pair, 'name')), textOf(member(pair, 'value'))] as const);
  if (pairs.some(([name, template]) => name === undefined || template === undefined)) return undefined;
  return Object.fromEntries(pairs.map(([name = '', template = '']) => [name, template]));
}

function scenariosBySeverity(value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value).map(
    ([key, scenario]) =>
      [severities.find((severity) => severity.toLowerCase() === key.toLowerCase()), scenario] as const,
  );
  if (entries.some(([severity]) => severity === undefined)) return undefined;
  return Object.fromEntries(entries.map(([severity = '', scenario]) => [severity, scenario]));
}

/** The playbooks carry the built-in names too; the file holds only what was added or changed. */
function withoutBuiltIn(value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const builtIn = new Map(Object.entries(productNames).map(([name, friendly]) => [name.toLowerCase(), friendly]));
  return Object.fromEntries(
    Object.entries(value).filter(([name, friendly]) => builtIn.get(name.toLowerCase()) !== friendly),
  );
}
