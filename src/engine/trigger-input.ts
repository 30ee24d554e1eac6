import type { JsonObject, Trigger } from '../wdl/types.ts';
import type { WdlValue } from '../wdl/values.ts';

/** What starts a run. */
export interface TriggerInput {
  /** Where the workflow has several triggers. */
  readonly name?: string;
  readonly body?: WdlValue;
  /** Its Content-Type decides what the body arrives as. Left out where there is a body: that of JSON. */
  readonly headers?: JsonObject;
  readonly queries?: JsonObject;
  /** Request triggers: the method of the request. Left out: whatever the trigger takes. */
  readonly method?: string;
  /** Request triggers: what follows the callback address, percent-encoded, with queries where it has any: `/a/7?x=1`. */
  readonly path?: string;
  /** Request triggers: values of the `{names}` in the relative path, in place of `path`. */
  readonly relativePathParameters?: JsonObject;
  /** In place of the others: `triggerOutputs()` as a whole. */
  readonly outputs?: JsonObject;
}

export interface ChosenTrigger {
  readonly name: string;
  readonly type: Trigger['type'];
  readonly trigger: Trigger;
}
