import type { Classification } from './classification.ts';
import type { Severity } from './severity.ts';
import type { IncidentStatus } from './status.ts';

/*
 * What an incident of Microsoft Defender is changed to, in the words of the Microsoft Graph security API (v1.0, schema of August
 * 2026): a row for each word of Microsoft Sentinel. docs/defender.md shows the same tables to people.
 */

/** `redirected` and `awaitingAction` are Defender's own to set. */
export const graphStatuses: Readonly<Record<IncidentStatus, string>> = {
  New: 'active',
  Active: 'inProgress',
  Closed: 'resolved',
};

/** `alertSeverity` */
export const graphSeverities: Readonly<Record<Severity, string>> = {
  High: 'high',
  Medium: 'medium',
  Low: 'low',
  Informational: 'informational',
};

interface GraphVerdict {
  readonly classification: string;
  readonly determination: string;
}

/**
 * What closing an incident writes: both in one PATCH. `Undetermined` writes nothing, so that what an analyst decided stays.
 * Only members of the schema: the service refuses `confirmedUserActivity` and others that its pages name.
 */
export const graphVerdicts: Readonly<Record<Classification, GraphVerdict | undefined>> = {
  Undetermined: undefined,
  'TruePositive - SuspiciousActivity': { classification: 'truePositive', determination: 'other' },
  'BenignPositive - SuspiciousButExpected': {
    classification: 'informationalExpectedActivity',
    determination: 'confirmedActivity',
  },
  'FalsePositive - IncorrectAlertLogic': { classification: 'falsePositive', determination: 'notMalicious' },
  'FalsePositive - InaccurateData': { classification: 'falsePositive', determination: 'notEnoughDataToValidate' },
};
