import { apiVersions } from '../../domain/api-versions.ts';
import { commentMarker } from '../../rules/comment.ts';
import { call, type Expr, type Input, type Members, parameter, type Text, text } from '../../wdl/build.ts';
import { noRetry, patientRetry, type Step, type StepOptions } from '../step.ts';
import { http } from '../steps/http.ts';
import type { Derived } from '../workflow.ts';

/*
 * Calls to Azure Resource Manager with the playbook's managed identity, for what the Sentinel connector lacks: lists of
 * incidents, alerts, entities and comments, and comments with a given id.
 */

/** Address of Resource Manager in this cloud, without trailing slash. */
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
  /** Left out: the version that all others use. */
  readonly version?: string;
  /** Whether a failed call is retried. Default: true. */
  readonly repeat?: boolean;
}

/** Calls Microsoft.SecurityInsights on a resource. */
export function resourceManagerCall(name: string, options: ResourceManagerOptions): Step {
  const { resource, queries, version = apiVersions.sentinel, repeat = true, ...rest } = options;
  return http(name, {
    ...rest,
    uri: text`${resourceManager}${resource}`,
    queries: { 'api-version': version, ...queries },
    retry: repeat ? patientRetry : noRetry,
    managedIdentityFor: resourceManager,
  });
}

/** Text from others for a comment, which is HTML. */
export const withoutMarkup = (value: Expr): Expr => call('replace', value, '<', '&lt;');

/** Writes a comment with a given id and our prefix; repeating it has no effect. */
export function putComment(
  name: string,
  options: StepOptions & {
    readonly incidentArmId: Expr | Text;
    readonly commentId: Expr | Text;
    readonly message: Text;
    /** Whether a failed call is retried. Default: true. */
    readonly repeat?: boolean;
  },
): Step {
  const { incidentArmId, commentId, message, ...rest } = options;
  return resourceManagerCall(name, {
    ...rest,
    method: 'PUT',
    resource: text`${incidentArmId}/comments/${commentId}`,
    body: { properties: { message: text`${commentMarker}${message}` } },
  });
}
