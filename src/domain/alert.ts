import { isJsonObject, member, memberAt, objectOf, parseJson, textOf, textsOf } from './json.ts';
import { parseSeverity, type ShownSeverity, severityRank } from './severity.ts';

/** A security alert that is linked to an incident. */
export interface Alert {
  /** `systemAlertId` where there is one, else the resource name. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly severity: ShownSeverity | undefined;
  /** Product as spelled by Sentinel (`Azure Sentinel`, `MDATP`); the rules map it to a friendly name. */
  readonly product: string;
  readonly tactics: readonly string[];
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  /** GUIDs of the analytics rules that raised it. */
  readonly ruleIds: readonly string[];
  /** `additionalData` (REST, incident trigger) or the parsed `ExtendedProperties` (alert trigger). */
  readonly additional: Readonly<Record<string, unknown>>;
}

/** Reads an alert as the REST API and the incident trigger give it (`{ name, properties: {…} }`), in any casing. */
export function readAlert(value: unknown): Alert | undefined {
  const properties = member(value, 'properties');
  if (!isJsonObject(properties)) return undefined;
  const additional = objectOf(parsed(member(properties, 'additionalData')));
  return {
    id: textOf(member(properties, 'systemAlertId')) ?? textOf(member(value, 'name')) ?? '',
    title: textOf(member(properties, 'alertDisplayName')) ?? textOf(member(properties, 'friendlyName')) ?? '',
    description: textOf(member(properties, 'description')) ?? '',
    severity: parseSeverity(member(properties, 'severity')),
    product: textOf(member(properties, 'productName')) ?? '',
    tactics: textsOf(member(properties, 'tactics')),
    startTime: textOf(member(properties, 'startTimeUtc')),
    endTime: textOf(member(properties, 'endTimeUtc')),
    ruleIds: ruleIdsOf(additional),
    additional,
  };
}

/** Reads the body of the alert trigger: flat PascalCase, with `ExtendedProperties` as a JSON text. */
export function readTriggerAlert(body: unknown): Alert | undefined {
  if (!isJsonObject(body) || member(body, 'SystemAlertId') === undefined) return undefined;
  const additional = objectOf(parsed(member(body, 'ExtendedProperties')));
  return {
    id: textOf(member(body, 'SystemAlertId')) ?? '',
    title: textOf(member(body, 'AlertDisplayName')) ?? '',
    description: textOf(member(body, 'Description')) ?? '',
    severity: parseSeverity(member(body, 'Severity')),
    product: textOf(member(body, 'ProductName')) ?? '',
    tactics: textsOf(member(body, 'Tactics')),
    startTime: textOf(member(body, 'StartTimeUtc')),
    endTime: textOf(member(body, 'EndTimeUtc')),
    ruleIds: ruleIdsOf(additional),
    additional,
  };
}

function ruleIdsOf(additional: Readonly<Record<string, unknown>>): readonly string[] {
  return textsOf(parsed(memberAt(additional, 'Analytic Rule Ids')));
}

/** Some members contain JSON as a string; other strings are returned unchanged. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}

/** By severity, then the latest first. */
export function worstFirst(alerts: readonly Alert[]): readonly Alert[] {
  return alerts.toSorted(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) || (b.startTime ?? '').localeCompare(a.startTime ?? ''),
  );
}
