import type { JsonObject } from '../json.ts';
import type { ActionRuntimeConfiguration, Duration, Expression, OperationOptions, RunAfter } from './settings.ts';

/** What every action may have. */
export interface ActionBase {
  /** Left out or `{}`: starts with the enclosing scope. */
  readonly runAfter?: RunAfter;
  readonly description?: string;
  readonly trackedProperties?: JsonObject;
  readonly limit?: { readonly timeout?: Duration | Expression; readonly count?: number | Expression };
  readonly operationOptions?: OperationOptions;
  readonly runtimeConfiguration?: ActionRuntimeConfiguration;
  readonly correlation?: { readonly clientTrackingId: Expression };
  readonly metadata?: JsonObject;
}
