/** Values of `X-S4-AlertingScenario`. */
export const alertingScenarios = ['single_ack', 'multi_ack', 'emergency'] as const;
export type AlertingScenario = (typeof alertingScenarios)[number];

/**
 * The body of `POST /v2/events/{teamSecret}`: reserved members steer SIGNL4, every other member becomes a parameter of the
 * alert, shown in the order given. Source: SIGNL4 inbound webhook documentation.
 */
export interface Signl4AlertEvent {
  readonly Title: string;
  readonly Message: string;
  readonly 'X-S4-ExternalID': string;
  readonly 'X-S4-Status': 'new' | 'acknowledged' | 'resolved';
  readonly 'X-S4-SourceSystem': 'MicrosoftSentinel';
  readonly 'X-S4-Service'?: string;
  readonly 'X-S4-AlertingScenario'?: AlertingScenario;
  readonly [parameter: string]: string | undefined;
}
