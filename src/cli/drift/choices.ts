import type { Edit } from '../../config/patches.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';
import { productNames } from '../../domain/products.ts';
import { severities } from '../../domain/severity.ts';

/** Where a workflow parameter is set in `signl4.yaml`, and how its value is written there. */
interface ChoiceHome {
  readonly path: readonly string[];
  /** Undefined for a value that the file cannot express. Default: the value unchanged. */
  readonly read?: (value: Json) => Json | undefined;
}

const at = (...path: readonly string[]): ChoiceHome => ({ path });

/** Parameters of the playbooks by name. */
const choiceHomes: Readonly<Record<string, ChoiceHome>> = {
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

/**
 * Parameters that have the name of a choice but another meaning: they hold words of Microsoft Graph, or something that the file
 * does not set.
 */
const withoutHome: Readonly<Record<string, readonly string[]>> = {
  'SIGNL4-Defender-Incidents': ['Statuses', 'LookBackHours'],
  'SIGNL4-Defender-Callback': ['Classification', 'Classifications'],
};

/**
 * The choice in `signl4.yaml` that an edit of a playbook changes, with its new value; undefined if the file has no such choice or
 * cannot express the value.
 */
export function choiceOf(
  edit: Edit,
  playbook: string,
): { readonly path: readonly string[]; readonly value: Json } | undefined {
  const [room, name = '', part, ...deeper] = edit.at;
  const isDefault = edit.kind === 'change' && room === 'parameters' && part === 'defaultValue' && deeper.length === 0;
  const hasHome = Object.hasOwn(choiceHomes, name) && !withoutHome[playbook]?.includes(name);
  const home = isDefault && hasHome ? choiceHomes[name] : undefined;
  if (!home || edit.kind !== 'change') return undefined;
  const value = home.read ? home.read(edit.now) : edit.now;
  return value === undefined ? undefined : { path: home.path, value };
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

/** Playbooks contain the built-in names as well; the file only lists those that were added or changed. */
function withoutBuiltIn(value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const builtIn = new Map(Object.entries(productNames).map(([name, friendly]) => [name.toLowerCase(), friendly]));
  return Object.fromEntries(
    Object.entries(value).filter(([name, friendly]) => builtIn.get(name.toLowerCase()) !== friendly),
  );
}
