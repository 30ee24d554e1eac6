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

/** Contents of `workflow()`, and the ids of the run. */
export interface WorkflowInfo {
  readonly name: string;
  readonly id: string;
  readonly location: string;
  readonly tags: JsonObject;
  readonly runName: string;
}

/** Response to the caller of a Request trigger. */
export interface WorkflowResponse {
  readonly status: number;
  readonly headers: JsonObject;
  readonly body?: WdlValue;
  /** Milliseconds from the start of the run. */
  readonly afterMs: number;
}

/** A call with its response. */
export interface CallRecord extends OutgoingCall {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly status?: number;
  /** Set if there was no response. */
  readonly failure?: string;
}

/** All mutable state of a run. */
export interface RunState {
  readonly model: WorkflowModel;
  readonly parameters: ReadonlyMap<string, WdlValue>;
  readonly workflow: WorkflowInfo;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: Limits;
  readonly secure: ReadonlyMap<string, SecureParts>;
  readonly startTime: number;
  /** Runs a list of actions; containers call it through here. */
  readonly runBranch: (run: RunState, frame: Frame, branch: Branch) => Process<void>;
  readonly root: Frame;
  readonly variables: Map<string, Variable>;
  /** Last action that set each variable. */
  readonly lastWriters: Map<string, { readonly id: string; readonly type: string }>;
  readonly calls: CallRecord[];
  readonly warnings: Set<string>;
  /** `trigger()`. */
  trigger: WdlObject;
  triggerType: string;
  /** Whether the trigger splits its items; its caller is then answered before any run starts. */
  readonly isSplit: boolean;
  response: WorkflowResponse | undefined;
  readonly onResponse: ((response: WorkflowResponse) => void) | undefined;
  termination: { readonly status: 'Succeeded' | 'Failed' | 'Cancelled'; readonly error?: ActionError } | undefined;
  nextTrackingId: number;
}
