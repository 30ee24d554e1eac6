import { isJsonObject, type Json } from '../../domain/json.ts';
import { productNames } from '../../domain/products.ts';
import { severities } from '../../domain/severity.ts';

/** Where in `signl4.yaml` a workflow parameter has its home, and how its value reads there. */
export interface ChoiceHome {
  readonly path: readonly string[];
  /** Undefined for a value that the file cannot hold. Left out: it reads the same. */
  readonly read?: (value: Json) => Json | undefined;
}

const at = (...path: readonly string[]): ChoiceHome => ({ path });

/** Parameters of the playbooks by name. */
export const choiceHomes: Readonly<Record<string, ChoiceHome>> = {
  Statuses: at('filter', 'statuses'),
  Severities: at('filter', 'severities'),
  RequiredTags: at('filter', 'tags'),
  ExcludedTags: at('filter', 'excludeTags'),
  Products: at('filter', 'products'),
  AnalyticsRules: at('filter', 'analyticsRules'),
  Tactics: at('filter', 'tactics'),
  Tag: at('tag'),
  AlertingScenarios: { path: ['message', 'scenarios'], read: scenariosBySeverity },
  ProductNames: { path: ['friendlyNames', 'products'], read: withoutBuiltIn },
  CompanyNames: at('friendlyNames', 'companies'),
  EntityNames: at('friendlyNames', 'entities'),
  RelayUrl: at('relay', 'url'),
  Classification: at('close', 'classification'),
  Classifications: { path: ['close', 'hashtags'], read: hashtagsByName },
  Owners: at('owners'),
  LookBackHours: at('sweep', 'lookBackHours'),
};

/** The value that a changed choice has in the file. */
export function placeOf(
  { path, read }: ChoiceHome,
  deployed: Json,
): { readonly path: readonly string[]; readonly value: Json | undefined } {
  return { path, value: read ? read(deployed) : deployed };
}

/** `#fp` in the workflow, `fp` in the file. */
function hashtagsByName(value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([tag, classification]) => [tag.replace(/^#/, ''), classification]),
  );
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
