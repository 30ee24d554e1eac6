import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { createRestClient } from './rest.ts';
import { groupPath } from './scope.ts';

/*
 * Template deployments to one resource group (Microsoft.Resources/deployments). Plain REST: @azure/arm-resources has given
 * them away since version 6.
 */

const API_VERSION = '2024-03-01';
const POLL_MS = 3000;

export interface TemplateDeployment {
  /** Deployments of one name replace each other in the group's history. */
  readonly name: string;
  readonly template: JsonObject;
  /** Parameter values by name. */
  readonly parameters: JsonObject;
}

/** What a deployment would do to one resource. */
export interface ResourceChange {
  readonly resourceId: string;
  readonly change: 'Create' | 'Modify' | 'NoChange' | 'Delete' | 'Ignore' | 'Deploy' | 'Unsupported';
  /** Properties that would change, `properties.definition.actions`. */
  readonly properties: readonly string[];
}

export interface DeploymentClient {
  /** @throws UserError with the reason where Azure would refuse the deployment. */
  whatIf(deployment: TemplateDeployment): Promise<readonly ResourceChange[]>;
  /** Deploys incrementally and waits for the end. @throws UserError with the innermost reasons where it fails. */
  deploy(deployment: TemplateDeployment): Promise<void>;
}

export interface DeploymentOptions extends ArmOptions {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Waits between two questions; left out: a timer. */
  readonly wait?: (ms: number) => Promise<void>;
}

export function createDeploymentClient({
  subscriptionId,
  resourceGroup,
  wait = sleep,
  ...arm
}: DeploymentOptions): DeploymentClient {
  const rest = createRestClient({ service: 'Azure Resource Manager', ...arm });
  const query = { 'api-version': API_VERSION };
  const path = (name: string) =>
    `${groupPath({ subscriptionId, resourceGroup })}/providers/Microsoft.Resources/deployments/${encodeURIComponent(name)}`;

  return {
    async whatIf(deployment) {
      const body = {
        properties: { ...requestProperties(deployment), whatIfSettings: { resultFormat: 'FullResourcePayloads' } },
      };
      let answer = await rest.send({ method: 'POST', path: `${path(deployment.name)}/whatIf`, query, body });
      const location = answer.header('location');
      while (answer.status === 202 && location !== undefined) {
        await wait(secondsOf(answer.header('retry-after')));
        answer = await rest.send({ method: 'GET', path: location });
      }
      failOn(memberAt(answer.body, 'error'), deployment.name);
      return listOf(memberAt(answer.body, 'properties', 'changes')).map(readChange);
    },
    async deploy(deployment) {
      const body = { properties: requestProperties(deployment) };
      let answer = await rest.send({ method: 'PUT', path: path(deployment.name), query, body });
      while (!ended.has(stateOf(answer.body))) {
        await wait(secondsOf(answer.header('retry-after')));
        answer = await rest.send({ method: 'GET', path: path(deployment.name), query });
      }
      if (stateOf(answer.body) !== 'Succeeded')
        failOn(memberAt(answer.body, 'properties', 'error') ?? { message: stateOf(answer.body) }, deployment.name);
    },
  };
}

const ended: ReadonlySet<string> = new Set(['Succeeded', 'Failed', 'Canceled']);

function stateOf(body: Json): string {
  return textOf(memberAt(body, 'properties', 'provisioningState')) ?? '';
}

function requestProperties({ template, parameters }: TemplateDeployment): JsonObject {
  const values = Object.entries(parameters).map(([name, value]) => [name, { value }] as const);
  return { mode: 'Incremental', template, parameters: Object.fromEntries(values) };
}

function readChange(value: unknown): ResourceChange {
  return {
    resourceId: textOf(member(value, 'resourceId')) ?? '',
    change: (textOf(member(value, 'changeType')) ?? 'Unsupported') as ResourceChange['change'],
    properties: listOf(member(value, 'delta')).flatMap((delta) => textOf(member(delta, 'path')) ?? []),
  };
}

/** Azure nests the reason in `details`, sometimes once more as a JSON text; only the innermost says something. */
function failOn(error: unknown, name: string): void {
  if (!isJsonObject(error)) return;
  const reasons = [...new Set(innermost(error))];
  throw new UserError('azure.deployment', `the deployment ${name} fails: ${reasons.join('; ')}`, {
    remedy: 'Mend what Azure names and deploy again: what is in place already stays as it is.',
  });
}

function innermost(error: unknown): readonly string[] {
  const details = listOf(member(error, 'details'));
  if (details.length > 0) return details.flatMap(innermost);
  const message = textOf(member(error, 'message')) ?? '';
  const nested = parsed(message);
  if (isJsonObject(nested)) return innermost(member(nested, 'error') ?? nested);
  return [[textOf(member(error, 'code')), message].filter(Boolean).join(': ')];
}

function parsed(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function secondsOf(retryAfter: string | undefined): number {
  return retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Math.min(Number(retryAfter), 60) * 1000 : POLL_MS;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
