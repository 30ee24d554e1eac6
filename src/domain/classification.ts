/**
 * The only pairs of classification and reason that Sentinel takes when an incident is closed, in the wording of the
 * connector operation UpdateIncident ("Classification - Reason").
 */
export const classifications = [
  'Undetermined',
  'TruePositive - SuspiciousActivity',
  'BenignPositive - SuspiciousButExpected',
  'FalsePositive - IncorrectAlertLogic',
  'FalsePositive - InaccurateData',
] as const;
export type Classification = (typeof classifications)[number];

/** The two members that the REST API wants; `Undetermined` takes no reason. */
export function splitClassification(value: Classification): { classification: string; classificationReason?: string } {
  const [classification = 'Undetermined', classificationReason] = value.split(' - ');
  return classificationReason === undefined ? { classification } : { classification, classificationReason };
}
