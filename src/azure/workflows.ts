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

interface WorkflowRun {
  readonly status: string;
  readonly startTime: string;
  /** Code and message of a failed run. */
  readonly error: string | undefined;
}

export interface WorkflowClient {
  /** Undefined where there is no such workflow. */
  find(name: string): Promise<DeployedWorkflow | undefined>;
  /** The latest runs, newest first. */
  runs(name: string, count: number): Promise<readonly WorkflowRun[]>;
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
      for await (const { status = '', startTime, error } of client.workflowRuns.list(resourceGroup, name, {
        top: count,
      })) {
        found.push({ status, startTime: startTime?.toISOString() ?? '', error: runError(error) });
        if (found.length >= count) break;
      }
      return found;
    },
    async callbackUrl(name, trigger) {
      const { value = '' } = await client.workflowTriggers.listCallbackUrl(resourceGroup, name, trigger);
      return value;
    },
  };
}

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
