import { apiVersions } from '../domain/api-versions.ts';
import { UserError } from '../domain/errors.ts';
import { isJsonObject, type Json, type JsonObject, listOf, member, memberAt, textOf } from '../domain/json.ts';
import type { ArmOptions } from './arm-client.ts';
import { type ArmReason, reasonsOf, reasonText, refusalReasons, remedyOf } from './arm-error.ts';
import { createRestClient } from './rest.ts';
import { type GroupScope, groupPath } from './scope.ts';

/*
 * Template deployments to a resource group (Microsoft.Resources/deployments). Plain REST, because @azure/arm-resources does not
 * include them since version 6.
 */

const POLL_MS = 3000;

export interface TemplateDeployment {
  /** Deployments of one name replace each other in the group's history. */
  readonly name: string;
  readonly template: JsonObject;
  /** Parameter values by name. */
  readonly parameters: JsonObject;
  /** Parameters whose values Resource Manager reads from a key vault, so that this process never has them. */
  readonly vaultSecrets?: Readonly<Record<string, VaultSecretId>>;
}

/** A secret of a key vault that is enabled for template deployment. */
export interface VaultSecretId {
  /** ARM id. */
  readonly vaultId: string;
  readonly secretName: string;
}

/** A property of a resource that would change; items of arrays are named by index. */
export interface PropertyChange {
  /** `properties.definition.actions.Comment.inputs.method` */
  readonly path: string;
  /** Create, Delete, Modify, Array; Azure may add others. */
  readonly change: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** What a deployment would do to one resource. */
export interface ResourceChange {
  readonly resourceId: string;
  /** Create, Modify, NoChange, Delete, Ignore, Deploy, Unsupported; Azure may add others. */
  readonly change: string;
  readonly unsupportedReason?: string;
  /** Without changes that have no effect. */
  readonly properties: readonly PropertyChange[];
}

export interface WhatIfResult {
  readonly changes: readonly ResourceChange[];
  readonly diagnostics: readonly { readonly level: string; readonly code: string; readonly message: string }[];
}

export interface DeploymentClient {
  /** Values of secrets are masked. @throws UserError with the reason if Azure would refuse the deployment */
  whatIf(deployment: TemplateDeployment): Promise<WhatIfResult>;
  /**
   * Deploys incrementally and waits until it has finished; returns the outputs. @throws UserError with the innermost reasons if
   * it fails
   */
  deploy(deployment: TemplateDeployment): Promise<JsonObject>;
}

export interface DeploymentOptions extends ArmOptions, GroupScope {
  /** Waits between two polls. Default: a timer. */
  readonly wait?: (ms: number) => Promise<void>;
}

export function createDeploymentClient({
  subscriptionId,
  resourceGroup,
  wait = sleep,
  ...arm
}: DeploymentOptions): DeploymentClient {
  const rest = createRestClient({ service: 'Azure Resource Manager', ...arm });
  const query = { 'api-version': apiVersions.deployments };
  const path = (name: string) =>
    `${groupPath({ subscriptionId, resourceGroup })}/providers/Microsoft.Resources/deployments/${encodeURIComponent(name)}`;
  const where = (name: string) => ({ name, resourceGroup });

  /** The first request may be refused before the deployment is in the history. */
  async function begin(deployment: TemplateDeployment, method: 'PUT' | 'POST', step: string, properties: JsonObject) {
    try {
      return await rest.send({ method, path: `${path(deployment.name)}${step}`, query, body: { properties } });
    } catch (error) {
      const reasons = refusalReasons(error);
      throw reasons.length > 0 ? refused(reasons, where(deployment.name), error) : error;
    }
  }

  /** Resources that failed; the error of the deployment itself does not always name them. */
  async function failedResources(name: string): Promise<readonly string[]> {
    try {
      const operations = await rest.all({ method: 'GET', path: `${path(name)}/operations`, query });
      return operations
        .filter((each) => textOf(memberAt(each, 'properties', 'provisioningState')) === 'Failed')
        .flatMap((each) => textOf(memberAt(each, 'properties', 'targetResource', 'resourceName')) ?? []);
    } catch {
      return [];
    }
  }

  return {
    async whatIf(deployment) {
      const properties = { ...requestProperties(deployment), whatIfSettings: { resultFormat: 'FullResourcePayloads' } };
      let answer = await begin(deployment, 'POST', '/whatIf', properties);
      const location = answer.header('location');
      while (answer.status === 202 && location !== undefined) {
        await wait(secondsOf(answer.header('retry-after')));
        answer = await rest.send({ method: 'GET', path: location });
      }
      const error = memberAt(answer.body, 'error');
      if (isJsonObject(error)) throw failed(reasonsOf(error), where(deployment.name), []);
      return readWhatIf(answer.body, secretsOf(deployment));
    },
    async deploy(deployment) {
      let answer = await begin(deployment, 'PUT', '', requestProperties(deployment));
      while (!ended.has(stateOf(answer.body))) {
        await wait(secondsOf(answer.header('retry-after')));
        answer = await rest.send({ method: 'GET', path: path(deployment.name), query });
      }
      if (stateOf(answer.body) !== 'Succeeded') {
        const error = memberAt(answer.body, 'properties', 'error') ?? { message: stateOf(answer.body) };
        throw failed(reasonsOf(error), where(deployment.name), await failedResources(deployment.name));
      }
      const outputs = memberAt(answer.body, 'properties', 'outputs');
      return isJsonObject(outputs) ? (outputs as JsonObject) : {};
    },
  };
}

const ended: ReadonlySet<string> = new Set(['Succeeded', 'Failed', 'Canceled']);

function stateOf(body: Json): string {
  return textOf(memberAt(body, 'properties', 'provisioningState')) ?? '';
}

function requestProperties({ template, parameters, vaultSecrets = {} }: TemplateDeployment): JsonObject {
  const values = Object.entries(parameters).map(([name, value]) => [name, { value }] as const);
  const references = Object.entries(vaultSecrets).map(
    ([name, { vaultId, secretName }]) => [name, { reference: { keyVault: { id: vaultId }, secretName } }] as const,
  );
  return { mode: 'Incremental', template, parameters: Object.fromEntries([...values, ...references]) };
}

interface Place {
  readonly name: string;
  readonly resourceGroup: string;
}

function failed(
  reasons: readonly ArmReason[],
  { name, resourceGroup }: Place,
  resources: readonly string[],
): UserError {
  const text = reasons.map(reasonText).join('; ');
  const unnamed = [...new Set(resources)].filter((resource) => !text.includes(resource));
  const at = unnamed.length > 0 ? ` (${unnamed.join(', ')})` : '';
  return new UserError('azure.deployment', `the deployment ${name} in ${resourceGroup} fails: ${text}${at}`, {
    remedy: remedyOf(reasons) ?? 'Correct what Azure names and deploy again: what is in place already stays as it is.',
  });
}

/** Refused before it started, so the portal's list of deployments does not include it. */
function refused(reasons: readonly ArmReason[], { name, resourceGroup }: Place, cause: unknown): UserError {
  const text = reasons.map(reasonText).join('; ');
  return new UserError('azure.deployment', `Azure refuses the deployment ${name} in ${resourceGroup}: ${text}`, {
    remedy: remedyOf(reasons) ?? 'Correct what Azure names and deploy again. Nothing was changed.',
    cause,
  });
}

/** Values that must not be shown: of secure parameters, and where workflows and connections store them. */
interface Secrets {
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

function secretsOf({ template, parameters }: TemplateDeployment): Secrets {
  const declared = isJsonObject(template['parameters']) ? template['parameters'] : {};
  const names = Object.keys(declared).filter((name) => /^secure/i.test(textOf(memberAt(declared, name, 'type')) ?? ''));
  const values = names.flatMap((name) => textsIn(parameters[name])).filter((value) => value !== '');
  return { names: new Set(names), values: new Set(values) };
}

/** All strings in a secure object are secret. */
function textsIn(value: Json | undefined): readonly string[] {
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [textOf(value) ?? ''];
}

const HIDDEN = '(hidden)';
const secretPlace =
  /(^|\.)(parameterValues|customParameterValues)(\.|$)|secret|password|api_?key|accesskey|connectionstring/i;

function shown(value: unknown, path: string, secrets: Secrets): Json {
  const isSecret = [...secrets.names].some((name) => path.split('.').includes(name)) || secretPlace.test(path);
  if (typeof value === 'string') {
    return isSecret || secrets.values.has(value) || /[?&]sig=/.test(value) ? HIDDEN : value;
  }
  if (Array.isArray(value)) return value.map((item) => shown(item, path, secrets));
  if (!isJsonObject(value)) return (value ?? null) as Json;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, shown(item, `${path}.${name}`, secrets)]),
  );
}

function readWhatIf(body: Json, secrets: Secrets): WhatIfResult {
  const text = (value: unknown, name: string) => textOf(member(value, name)) ?? '';
  return {
    changes: listOf(memberAt(body, 'properties', 'changes')).map((change): ResourceChange => {
      const reason = text(change, 'unsupportedReason');
      return {
        resourceId: text(change, 'resourceId'),
        change: text(change, 'changeType') || 'Unsupported',
        ...(reason && { unsupportedReason: reason }),
        properties: readDelta(member(change, 'delta'), '', secrets),
      };
    }),
    diagnostics: listOf(memberAt(body, 'properties', 'diagnostics')).map((each) => ({
      ...{ level: text(each, 'level'), code: text(each, 'code'), message: text(each, 'message') },
    })),
  };
}

/** Flattens the tree of changes to a list of its leaves. */
function readDelta(delta: unknown, above: string, secrets: Secrets): readonly PropertyChange[] {
  return listOf(delta).flatMap((each) => {
    const path = [above, textOf(member(each, 'path'))].filter(Boolean).join('.');
    const change = textOf(member(each, 'propertyChangeType')) ?? 'Modify';
    if (change === 'NoEffect') return [];
    const children = readDelta(member(each, 'children'), path, secrets);
    if (children.length > 0 || listOf(member(each, 'children')).length > 0) return children;
    const [before, after] = [member(each, 'before'), member(each, 'after')];
    return [
      {
        ...{ path, change },
        ...(before !== undefined && before !== null && { before: shown(before, path, secrets) }),
        ...(after !== undefined && after !== null && { after: shown(after, path, secrets) }),
      },
    ];
  });
}

function secondsOf(retryAfter: string | undefined): number {
  return retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Math.min(Number(retryAfter), 60) * 1000 : POLL_MS;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
