/**
 * All valid pairs of classification and reason for closing an incident, in the format of the connector operation UpdateIncident
 * ("Classification - Reason").
 */
export const classifications = [
  'Undetermined',
  'TruePositive - SuspiciousActivity',
  'BenignPositive - SuspiciousButExpected',
  'FalsePositive - IncorrectAlertLogic',
  'FalsePositive - InaccurateData',
] as const;
export type Classification = (typeof classifications)[number];

/** The two members of the REST API; `Undetermined` has no reason. */
export function splitClassification(value: Classification): { classification: string; classificationReason?: string } {
  const [classification = 'Undetermined', classificationReason] = value.split(' - ');
  return classificationReason === undefined ? { classification } : { classification, classificationReason };
}
