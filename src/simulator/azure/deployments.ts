import { type Deployment, offlineDeployment } from '../../arm-expressions/scope.ts';
import type { ArmValue } from '../../arm-expressions/value.ts';
import { isJsonObject, type Json, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import { ArmError, type ErrorDetail } from '../sentinel/arm-error.ts';
import { checkTags, putResource, refuseForTrouble, viewOf } from './resources.ts';
import { type ArmApp, GROUP, pathAsWritten, waiting } from './routes.ts';
import { type AzureSetting, groupIdOf, lower, partsOf, type StoredDeployment, tenantOf } from './state.ts';
import { type EvaluatedResource, runTemplate } from './template.ts';
import { whatIf } from './what-if.ts';

/** Microsoft.Resources/deployments, 2024-03-01: template deployments to one resource group. */

interface DeploymentBody {
  readonly template: JsonObject;
  readonly parameters: JsonObject;
}

async function bodyOf(request: Request, setting: AzureSetting): Promise<DeploymentBody> {
  const properties = memberAt(await readJson(request), 'properties');
  const template = memberAt(properties, 'template');
  if (!isJsonObject(template))
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid: there is no template.');
  const wrapped = Object.entries(Object(memberAt(properties, 'parameters')) as JsonObject);
  const parameters = Object.fromEntries(
    wrapped.map(([name, each]) => [
      name,
      isJsonObject(memberAt(each, 'reference'))
        ? secretFor(name, memberAt(each, 'reference'), setting)
        : ((memberAt(each, 'value') ?? null) as Json),
    ]),
  );
  return { template, parameters };
}

/** The value of a parameter that refers to a secret: the vault must allow it to template deployments. */
function secretFor(parameter: string, reference: unknown, { state }: AzureSetting): string {
  const id = textOf(memberAt(reference, 'keyVault', 'id')) ?? '';
  const vault = state.resources.get(lower(id));
  if (!vault)
    throw new ArmError(400, 'KeyVaultParameterReferenceNotFound', `The specified KeyVault '${id}' could not be found.`);
  const name = textOf(memberAt(reference, 'secretName')) ?? '';
  const value = textOf(memberAt(state.vaults.get(lower(vault.name))?.get(lower(name)), 'value'));
  if (vault.properties['enabledForTemplateDeployment'] !== true || value === undefined)
    throw new ArmError(
      400,
      'KeyVaultParameterReferenceSecretRetrieveFailed',
      `The secret of KeyVault parameter '${parameter}' cannot be retrieved: ${value === undefined ? `SecretNotFound '${name}'` : 'the vault is not enabled for template deployment'}.`,
    );
  return value;
}

export function addDeploymentRoutes(app: ArmApp, setting: AzureSetting): void {
  const { state, world } = setting;
  const path = `${GROUP}/providers/microsoft.resources/deployments/:name`;
  const placeOf = (url: string): Deployment => {
    const { subscriptionId, resourceGroup } = partsOf(pathAsWritten(url));
    return {
      ...offlineDeployment,
      ...{ subscriptionId, resourceGroup, tenantId: tenantOf(state, pathAsWritten(url)) },
      location: state.groups.get(lower(groupIdOf(pathAsWritten(url)))) ?? 'westeurope',
      deploymentName: nameIn(url),
      time: world.clock.now(),
    };
  };
  const find = (url: string) =>
    state.deployments.findLast(
      ({ name, group }) => lower(name) === lower(nameIn(url)) && group === lower(groupIdOf(pathAsWritten(url))),
    );
  const found = (url: string) => {
    const deployment = find(url);
    if (!deployment) throw new ArmError(404, 'DeploymentNotFound', `Deployment '${nameIn(url)}' could not be found.`);
    return deployment;
  };

  app.post(`${path}/whatif`, async ({ req }) => {
    const body = await bodyOf(req.raw, setting);
    const id = world.ids.guid('operation');
    state.operations.set(id, { polls: 0, answer: whatIfAnswer(setting, body, placeOf(req.url)) });
    const location = new URL(req.url);
    location.pathname = `/subscriptions/${partsOf(pathAsWritten(req.url)).subscriptionId}/operationresults/${id}`;
    return new Response(null, { status: 202, headers: { location: location.href, ...waiting(state) } });
  });
  app.get('/subscriptions/:s/operationresults/:id', ({ req }) => {
    const operation = state.operations.get(req.param('id'));
    if (!operation) throw new ArmError(404, 'NotFound', 'The operation has expired.');
    if (operation.polls++ === 0)
      return new Response(null, { status: 202, headers: { location: req.url, ...waiting(state) } });
    return Response.json(operation.answer);
  });
  app.put(path, async ({ req }) => {
    const body = await bodyOf(req.raw, setting);
    const place = placeOf(req.url);
    const before = find(req.url);
    if (nameIn(req.url).length > 64)
      throw new ArmError(
        400,
        'DeploymentNameLengthLimitExceeded',
        `The deployment name '${nameIn(req.url)}' exceeds the maximum of 64 characters.`,
      );
    if (before && isUnderWay(before))
      throw new ArmError(
        409,
        'DeploymentActive',
        `Unable to edit or replace deployment '${before.name}': previous deployment from '1/10/2026 8:00:00 AM' is still active (expiration time is '1/17/2026 8:00:00 AM'). Please see https://aka.ms/arm-deploy for usage details.`,
      );
    preflight(setting, body, place);
    const deployment: StoredDeployment = {
      ...{ name: nameIn(req.url), group: lower(groupIdOf(pathAsWritten(req.url))), ...body },
      ...{ state: 'Accepted', operations: [] },
    };
    state.deployments.push(deployment);
    world.clock.after(0, () => takePlace(setting, deployment, place));
    return Response.json(deploymentView(req.url, deployment), {
      status: before ? 200 : 201,
      headers: { 'azure-asyncoperation': operationUrl(req.url), ...waiting(state) },
    });
  });
  app.get(path, ({ req }) => Response.json(deploymentView(req.url, found(req.url)), { headers: waiting(state) }));
  app.get(`${path}/operations`, ({ req }) => Response.json({ value: found(req.url).operations }));
  app.get(`${path}/operationstatuses/:id`, ({ req }) => {
    const { state: status, error } = found(req.url);
    return Response.json({ status, ...(error && { error }) }, { headers: waiting(state) });
  });
  app.post(`${path}/cancel`, ({ req }) => {
    const deployment = found(req.url);
    if (!isUnderWay(deployment))
      throw new ArmError(
        409,
        'DeploymentCannotBeCancelled',
        `The deployment '${deployment.name}' cannot be cancelled because it is not active.`,
      );
    deployment.state = 'Canceled';
    return new Response(null, { status: 204 });
  });
}

/** As it was written: routes are matched in lower case. */
function nameIn(url: string): string {
  return /deployments\/([^/?]+)/i.exec(pathAsWritten(url))?.[1] ?? '';
}

function isUnderWay({ state }: StoredDeployment): boolean {
  return state === 'Accepted' || state === 'Running';
}

function operationUrl(url: string): string {
  const address = new URL(url);
  address.pathname += '/operationStatuses/08584000000000000000';
  return address.href;
}

function deploymentView(url: string, { name, state, error, outputs }: StoredDeployment): JsonObject {
  return {
    ...{ id: pathAsWritten(url), name, type: 'Microsoft.Resources/deployments' },
    properties: {
      ...{ mode: 'Incremental', provisioningState: state },
      ...(error && { error }),
      ...(outputs && { outputs }),
    },
  };
}

/** Refusals before anything takes place: the template, and what the subscription does not allow. They leave no history. */
function preflight(setting: AzureSetting, { template, parameters }: DeploymentBody, place: Deployment): void {
  const planned: EvaluatedResource[] = [];
  runTemplate({ template, parameters, place, visit: (resource) => planned.push(resource) });
  for (const resource of planned) {
    checkTags(resource.body['tags']);
    try {
      refuseForTrouble(setting, resource);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      // Locks and missing registrations are told as they are; what a preflight of the provider finds is wrapped.
      if (error.status === 409 && error.more.target === undefined) throw error;
      throw new ArmError(
        400,
        'InvalidTemplateDeployment',
        'The template deployment failed because of policy violation or failed preflight checks. Please see details for more information.',
      ).with({ details: [error.toDetail()] });
    }
  }
}

function whatIfAnswer(setting: AzureSetting, { template, parameters }: DeploymentBody, place: Deployment): JsonObject {
  const { deploymentError } = setting.state.troubles;
  if (deploymentError) return { status: 'Failed', error: deploymentError };
  try {
    return { status: 'Succeeded', properties: whatIf(setting, { template, parameters, place }) };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return { status: 'Failed', error: error.toDetail() as unknown as JsonObject };
  }
}

/** Makes what the template says, in its order; what is made before something fails stays. */
function takePlace(setting: AzureSetting, deployment: StoredDeployment, place: Deployment): void {
  if (deployment.state === 'Canceled') return;
  deployment.state = 'Running';
  const { template, parameters } = deployment;
  const { deploymentError } = setting.state.troubles;
  if (deploymentError) {
    fail(deployment, deploymentError);
    return;
  }
  let current: EvaluatedResource | undefined;
  try {
    deployment.outputs = runTemplate({
      ...{ template, parameters, place },
      azure: answersOf(setting),
      visit: (resource) => {
        current = resource;
        putResource(setting, resource);
        deployment.operations.push(operationOf(resource, 'Succeeded', 'OK'));
      },
    });
    deployment.state = 'Succeeded';
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    const detail = error.toDetail();
    if (current) deployment.operations.push(operationOf(current, 'Failed', error.code, detail));
    fail(deployment, {
      ...{ code: 'DeploymentFailed', target: deployment.name },
      message:
        'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
      details: [asProvidersSay(detail)],
    });
  }
}

/** Providers put their whole answer into a string. */
function asProvidersSay(detail: ErrorDetail): JsonObject {
  return { code: detail.code, message: JSON.stringify({ error: detail }, null, 2) };
}

function fail(deployment: StoredDeployment, error: JsonObject): void {
  deployment.state = 'Failed';
  deployment.error = error;
}

function operationOf(
  { id, type, name }: EvaluatedResource,
  state: string,
  code: string,
  error?: ErrorDetail,
): JsonObject {
  return {
    properties: {
      ...{ provisioningState: state, statusCode: code },
      ...(error && { statusMessage: { status: 'Failed', error: error as unknown as JsonObject } }),
      targetResource: { id, resourceType: type, resourceName: name },
    },
  };
}

function answersOf(setting: AzureSetting) {
  const find = (id: string) => {
    const found = viewOf(setting, id);
    const { name, resourceGroup } = partsOf(id);
    if (!found)
      throw new ArmError(
        404,
        'ResourceNotFound',
        `The Resource '${id.split('/providers/').at(-1) ?? name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
    return found;
  };
  return {
    reference: (id: string, isFull: boolean): ArmValue =>
      isFull ? find(id) : ((find(id)['properties'] ?? {}) as ArmValue),
    list: (operation: string, id: string): ArmValue => {
      find(id.replace(/\/triggers\/.*$/, ''));
      return { value: `simulated ${operation}` };
    },
  };
}
