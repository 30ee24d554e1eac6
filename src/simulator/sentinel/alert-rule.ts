/** An analytics rule of kind Scheduled, as `GET alertRules/{id}` shows it. */
export interface AlertRule {
  readonly name: string;
  readonly kind: 'Scheduled';
  readonly etag: string;
  readonly properties: {
    readonly displayName: string;
    readonly enabled: boolean;
    readonly severity: string;
    readonly query: string;
    readonly queryFrequency: string;
    readonly queryPeriod: string;
    readonly triggerOperator: string;
    readonly triggerThreshold: number;
    readonly tactics: readonly string[];
    readonly eventGroupingSettings: { readonly aggregationKind: 'SingleAlert' | 'AlertPerResult' };
  };
}
