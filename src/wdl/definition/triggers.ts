/** Triggers of a Consumption workflow, by `type`. */
import type { Json, JsonObject } from '../json.ts';
import type {
  ApiConnectionInputs,
  ApiConnectionWebhookInputs,
  Duration,
  Expression,
  HttpInputs,
  HttpWebhookInputs,
  OperationOptions,
  Recurrence,
  TriggerRuntimeConfiguration,
} from './settings.ts';

export type Trigger =
  | RequestTrigger
  | ApiConnectionTrigger
  | ApiConnectionWebhookTrigger
  | HttpTrigger
  | HttpWebhookTrigger
  | RecurrenceTrigger
  | SlidingWindowTrigger
  | BatchTrigger;

interface TriggerBase {
  readonly description?: string;
  /** All must be true; a false one skips the trigger, which costs no run. */
  readonly conditions?: readonly { readonly expression: Expression; readonly dependsOn?: string }[];
  /** Expression that yields an array: one run per item. */
  readonly splitOn?: Expression;
  readonly splitOnConfiguration?: { readonly correlation?: { readonly clientTrackingId: Expression } };
  readonly correlation?: { readonly clientTrackingId: Expression };
  readonly trackedProperties?: JsonObject;
  readonly operationOptions?: OperationOptions;
  readonly runtimeConfiguration?: TriggerRuntimeConfiguration;
  readonly metadata?: JsonObject;
}

interface RequestTrigger extends TriggerBase {
  readonly type: 'Request';
  readonly kind?: RequestKind | Lowercase<RequestKind>;
  readonly inputs?: { readonly schema?: Json; readonly method?: string; readonly relativePath?: string };
}

/** `Http`: called over HTTP. The others belong to Azure portal integrations. */
type RequestKind =
  | 'Http'
  | 'Button'
  | 'Alert'
  | 'EventGrid'
  | 'Geofence'
  | 'ApiConnection'
  | 'PowerApp'
  | 'SecurityCenterAlert'
  | 'AzureMonitorAlert';

interface ApiConnectionTrigger extends TriggerBase {
  readonly type: 'ApiConnection';
  readonly inputs: ApiConnectionInputs;
  readonly recurrence?: Recurrence;
}

interface ApiConnectionWebhookTrigger extends TriggerBase {
  readonly type: 'ApiConnectionWebhook';
  readonly inputs: ApiConnectionWebhookInputs;
}

interface HttpTrigger extends TriggerBase {
  readonly type: 'Http';
  readonly inputs: HttpInputs;
  readonly recurrence: Recurrence;
}

interface HttpWebhookTrigger extends TriggerBase {
  readonly type: 'HttpWebhook';
  readonly inputs: HttpWebhookInputs;
}

interface RecurrenceTrigger extends TriggerBase {
  readonly type: 'Recurrence';
  readonly recurrence: Recurrence;
}

interface SlidingWindowTrigger extends TriggerBase {
  readonly type: 'SlidingWindow';
  readonly recurrence: Recurrence;
  readonly inputs?: { readonly delay?: Duration };
}

interface BatchTrigger extends TriggerBase {
  readonly type: 'Batch';
  readonly inputs: Json;
}
