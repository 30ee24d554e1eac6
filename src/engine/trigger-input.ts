import type { JsonObject, Trigger } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';

/** What starts a run. */
export interface TriggerInput {
  /** Required if the workflow has several triggers. */
  readonly name?: string;
  readonly body?: WdlValue;
  /** Their Content-Type decides how the body is read. Default with a body: JSON. */
  readonly headers?: JsonObject;
  readonly queries?: JsonObject;
  /** Request triggers: HTTP method. Default: any that the trigger accepts. */
  readonly method?: string;
  /** Request triggers: what follows the callback address, percent-encoded, with optional queries: `/a/7?x=1`. */
  readonly path?: string;
  /** Request triggers: values of the `{names}` in the relative path, instead of `path`. */
  readonly relativePathParameters?: JsonObject;
  /** Instead of the others: the whole `triggerOutputs()`. */
  readonly outputs?: JsonObject;
}

export interface ChosenTrigger {
  readonly name: string;
  readonly type: Trigger['type'];
  readonly trigger: Trigger;
}
