import { type Expr, type Input, type Members, parameter, type Text, text } from '../expression.ts';
import { SENTINEL_API_VERSION } from '../sentinel.ts';
import { patientRetry, type Step, type StepOptions } from '../step.ts';
import { http } from '../steps/http.ts';
import type { Derived } from '../workflow.ts';

/*
 * Calls to the Azure Resource Manager as the playbook's managed identity, for what the Sentinel connector lacks: lists of
 * incidents, alerts, entities and comments, and comments under an id of our own.
 */

/** Where the Resource Manager is in this cloud, without a slash at the end. */
export const derivedResourceManager: Derived = {
  parameters: {
    ResourceManager: {
      description: 'Azure Resource Manager of this cloud; set by the deployment.',
      arm: "[concat('https://', split(environment().resourceManager, '/')[2])]",
    },
  },
  deployment: { parameters: {}, variables: {} },
};

const resourceManager = parameter('ResourceManager');

export interface ResourceManagerOptions extends StepOptions {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** ARM id of the incident or workspace, and what follows it: text`${id}/alerts`. */
  readonly resource: Text;
  readonly queries?: Members;
  readonly body?: Input;
}

/** Calls Microsoft.SecurityInsights on a resource. */
export function resourceManagerCall(name: string, options: ResourceManagerOptions): Step {
  const { resource, queries, ...rest } = options;
  return http(name, {
    ...rest,
    uri: text`${resourceManager}${resource}`,
    queries: { 'api-version': SENTINEL_API_VERSION, ...queries },
    retry: patientRetry,
    managedIdentityFor: resourceManager,
  });
}

/** Writes a comment under an id of ours: repeated, it changes nothing. */
export function putComment(
  name: string,
  options: StepOptions & { readonly incidentArmId: Expr; readonly commentId: Expr; readonly message: Input },
): Step {
  const { incidentArmId, commentId, message, ...rest } = options;
  return resourceManagerCall(name, {
    ...rest,
    method: 'PUT',
    resource: text`${incidentArmId}/comments/${commentId}`,
    body: { properties: { message } },
  });
}
