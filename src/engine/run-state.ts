import type { JsonObject } from '../wdl/types.ts';
import type { WdlObject, WdlValue } from '../wdl/values.ts';
import type { OutgoingCall } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Frame } from './frame.ts';
import type { Limits } from './limits.ts';
import type { Branch, WorkflowModel } from './model.ts';
import type { ActionError } from './outcome.ts';
import type { Process } from './scheduler.ts';
import type { SecureParts } from './secure.ts';
import type { Variable } from './variables.ts';

/** What `workflow()` tells, and the ids of the run. */
export interface WorkflowInfo {
  readonly name: string;
  readonly id: string;
  readonly location: string;
  readonly tags: JsonObject;
  readonly runName: string;
}

/** What the caller of a Request trigger gets. */
export interface WorkflowResponse {
  readonly status: number;
  readonly headers: JsonObject;
  readonly body?: WdlValue;
  /** Milliseconds from the start of the run. */
  readonly afterMs: number;
}

/** A call as it was made, and how it was answered. */
export interface CallRecord extends OutgoingCall {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly status?: number;
  /** Where there was no answer. */
  readonly failure?: string;
}

/** Everything of one run that changes while it runs. */
export interface RunState {
  readonly model: WorkflowModel;
  readonly parameters: ReadonlyMap<string, WdlValue>;
  readonly workflow: WorkflowInfo;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: Limits;
  readonly secure: ReadonlyMap<string, SecureParts>;
  readonly startTime: number;
  /** Runs a list of actions; containers reach it through here. */
  readonly runBranch: (run: RunState, frame: Frame, branch: Branch) => Process<void>;
  readonly root: Frame;
  readonly variables: Map<string, Variable>;
  /** Action that set a variable last, by variable. */
  readonly lastWriters: Map<string, { readonly id: string; readonly type: string }>;
  readonly calls: CallRecord[];
  readonly warnings: Set<string>;
  /** `trigger()`. */
  trigger: WdlObject;
  triggerType: string;
  /** Whether the trigger splits its items: its caller is answered before any run starts. */
  readonly isSplit: boolean;
  response: WorkflowResponse | undefined;
  readonly onResponse: ((response: WorkflowResponse) => void) | undefined;
  termination: { readonly status: 'Succeeded' | 'Failed' | 'Cancelled'; readonly error?: ActionError } | undefined;
  nextTrackingId: number;
}
