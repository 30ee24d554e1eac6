import { LogicManagementClient, type Workflow } from '@azure/arm-logic';
import { isJsonObject, type JsonObject, member } from '../domain/json.ts';
import { type ArmOptions, managementOptions, settle } from './arm-client.ts';

/** A logic app as it is deployed. */
export interface DeployedWorkflow {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly isEnabled: boolean;
  /** Object id of its managed identity; undefined where it has none. */
  readonly principalId: string | undefined;
  readonly definition: JsonObject;
  /** Values given to the definition's parameters; secret ones are not told. */
  readonly parameters: JsonObject;
  /** Whether only certain addresses or tokens may start it. */
  readonly hasCallerRestrictions: boolean;
}

export interface WorkflowRun {
  readonly name: string;
  readonly status: string;
  readonly startTime: string;
  /** Code and message of a failed run. */
  readonly error: string | undefined;
}

/** An action of a run that did not succeed. */
export interface FailedAction {
  readonly name: string;
  /** Code and message, as far as Azure gives them. */
  readonly error: string;
}

export interface WorkflowClient {
  /** Undefined where there is no such workflow. */
  find(name: string): Promise<DeployedWorkflow | undefined>;
  /** The latest runs, newest first. */
  runs(name: string, count: number): Promise<readonly WorkflowRun[]>;
  /** Which action of a run failed first by itself; undefined where none did. */
  firstFailure(name: string, run: string): Promise<FailedAction | undefined>;
  /** The address that starts the workflow. It is a secret. */
  callbackUrl(name: string, trigger: string): Promise<string>;
}

/** Logic apps (Consumption) of one resource group. */
export function createWorkflowClient(
  options: ArmOptions,
  subscriptionId: string,
  resourceGroup: string,
): WorkflowClient {
  const client = settle(
    new LogicManagementClient(options.credential, subscriptionId, managementOptions(options)),
    options,
  );
  return {
    async find(name) {
      try {
        return deployed(await client.workflows.get(resourceGroup, name));
      } catch (error) {
        if (member(error, 'statusCode') === 404) return undefined;
        throw error;
      }
    },
    async runs(name, count) {
      const found: WorkflowRun[] = [];
      for await (const run of client.workflowRuns.list(resourceGroup, name, { top: count })) {
        const { status = '', startTime, error } = run;
        found.push({
          name: run.name ?? '',
          ...{ status, startTime: startTime?.toISOString() ?? '', error: runError(error) },
        });
        if (found.length >= count) break;
      }
      return found;
    },
    async firstFailure(name, run) {
      let first: { readonly at: number; readonly action: FailedAction } | undefined;
      for await (const action of client.workflowRunActions.list(resourceGroup, name, run)) {
        const { status = '', code = '', error, endTime } = action;
        if (!['Failed', 'TimedOut'].includes(status) || consequences.has(code)) continue;
        const at = endTime?.getTime() ?? Number.POSITIVE_INFINITY;
        if (first && first.at <= at) continue;
        first = { at, action: { name: action.name ?? '', error: runError(error) ?? (code || status) } };
      }
      return first?.action;
    },
    async callbackUrl(name, trigger) {
      const { value = '' } = await client.workflowTriggers.listCallbackUrl(resourceGroup, name, trigger);
      return value;
    },
  };
}

/** Codes of actions that failed because another one did. */
const consequences: ReadonlySet<string> = new Set([
  'ActionFailed',
  'ActionDependencyFailed',
  'ActionConditionFailed',
  'ActionSkipped',
  'NotSpecified',
]);

function deployed(workflow: Workflow): DeployedWorkflow {
  const { id = '', name = '', location = '', state, identity, definition, parameters, accessControl } = workflow;
  const callers = accessControl?.triggers;
  return {
    ...{ id, name, location },
    isEnabled: state === 'Enabled',
    principalId: identity?.principalId,
    definition: isJsonObject(definition) ? definition : {},
    parameters: Object.fromEntries(
      Object.entries(parameters ?? {}).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
    ),
    hasCallerRestrictions:
      (callers?.allowedCallerIpAddresses?.length ?? 0) > 0 || callers?.openAuthenticationPolicies !== undefined,
  };
}

function runError(error: unknown): string | undefined {
  const code = member(error, 'code');
  return code === undefined ? undefined : [code, member(error, 'message')].filter(Boolean).join(': ');
}
