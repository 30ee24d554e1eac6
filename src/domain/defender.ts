import type { Classification } from './classification.ts';
import type { Severity } from './severity.ts';
import type { IncidentStatus } from './status.ts';

/*
 * How changes of Sentinel incidents are written to Microsoft Defender, in values of the Microsoft Graph security API (v1.0,
 * schema of August 2026). docs/defender.md shows the same tables.
 */

/** Only Defender itself sets `redirected` and `awaitingAction`. */
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
 * Written in one PATCH when an incident is closed. `Undetermined` writes nothing, so that an analyst's verdict is kept. Only
 * values of the schema: the service refuses `confirmedUserActivity` and others that the documentation lists.
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
