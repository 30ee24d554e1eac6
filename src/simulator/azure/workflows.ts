import { isJsonObject, type Json, type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { checkWorkflow } from '../../engine/check/check-workflow.ts';
import { isoTime } from '../clock.ts';
import { readJson } from '../http.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { type ArmApp, GROUP, pathAsWritten } from './routes.ts';
import { type AzureSetting, lower, partsOf, type StoredRun, type StoredWorkflow, tenantOf } from './state.ts';

/** Microsoft.Logic/workflows (Consumption), 2019-05-01; the designer saves with 2016-10-01. */

const NEWEST_VERSION = 8_586_677_515_911_718_341n;

/** What a PUT of a workflow carries. */
export interface WorkflowBody {
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: JsonObject;
  readonly properties: JsonObject;
}

/** Stores a workflow as the body says: what is left out is gone. @throws ArmError as the service refuses a definition */
export function putWorkflow(setting: AzureSetting, id: string, body: WorkflowBody): StoredWorkflow {
  const { state, world } = setting;
  const { properties } = body;
  const definition = isJsonObject(properties['definition']) ? properties['definition'] : {};
  const parameters = valuesOf(properties['parameters']);
  refuseBrokenDefinition(definition, parameters);
  const before = state.workflows.get(lower(id));
  const now = isoTime(world.clock.now());
  const version = (NEWEST_VERSION - BigInt(world.ids.next('workflow version'))).toString().padStart(20, '0');
  const hasIdentity = /SystemAssigned/i.test(textOf(body.identity?.['type']) ?? '');
  const workflow: StoredWorkflow = {
    id: before?.id ?? id,
    name: before?.name ?? partsOf(id).name,
    location: body.location ?? 'westeurope',
    tags: body.tags ?? {},
    state: textOf(properties['state']) === 'Disabled' ? 'Disabled' : 'Enabled',
    principalId: hasIdentity ? (before?.principalId ?? newIdentity(setting, id)) : undefined,
    definition,
    parameters,
    accessControl: isJsonObject(properties['accessControl']) ? properties['accessControl'] : undefined,
    createdTime: before?.createdTime ?? now,
    changedTime: now,
    version,
    versions: [{ version, changedTime: now, definition, parameters }, ...(before?.versions ?? [])],
    runs: before?.runs ?? [],
    address: before?.address ?? world.ids.guid('workflow address').replaceAll('-', ''),
    accessKey: before?.accessKey ?? world.ids.guid('workflow access key'),
  };
  state.workflows.set(lower(id), workflow);
  return workflow;
}

/** The identity is new each time a workflow of this name is made. */
function newIdentity({ state, world }: AzureSetting, id: string): string {
  const objectId = world.ids.guid('playbook identity');
  world.entra.directory.add({
    ...{ objectId, appId: world.ids.guid('playbook application') },
    kind: 'ManagedIdentity',
    displayName: partsOf(id).name,
    isPlaybook: true,
  });
  state.bornAt.set(objectId, world.clock.now());
  return objectId;
}

function refuseBrokenDefinition(definition: JsonObject, given: JsonObject): void {
  const refuse = (message: string) =>
    new ArmError(400, 'InvalidTemplate', `The template validation failed: '${message}'`);
  const [problem] = checkWorkflow(definition as never);
  if (problem) throw refuse(`${problem.message} (${problem.pointer})`);
  for (const [name, declaration] of Object.entries(Object(definition['parameters']) as JsonObject))
    if (memberAt(declaration, 'defaultValue') === undefined && given[name] === undefined)
      throw refuse(`The value for the workflow parameter '${name}' is not provided.`);
}

function valuesOf(parameters: Json | undefined): JsonObject {
  if (!isJsonObject(parameters)) return {};
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]) => {
      const value = isJsonObject(parameter) ? (parameter['value'] as Json | undefined) : undefined;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** As a GET shows it: with what the service adds, and without the values of secure parameters. */
export function workflowView(workflow: StoredWorkflow, tenantId: string): JsonObject {
  const { id, name, location, tags, principalId } = workflow;
  return {
    ...{ id, name, type: 'Microsoft.Logic/workflows', location },
    tags,
    ...(principalId !== undefined && { identity: { type: 'SystemAssigned', principalId, tenantId } }),
    properties: propertiesView(workflow, workflow),
  };
}

function propertiesView(
  workflow: StoredWorkflow,
  {
    definition,
    parameters,
    version,
    changedTime,
  }: Pick<StoredWorkflow, 'definition' | 'parameters' | 'version' | 'changedTime'>,
): JsonObject {
  const { createdTime, accessControl } = workflow;
  return {
    ...{ provisioningState: 'Succeeded', createdTime, changedTime, state: workflow.state, version },
    accessEndpoint: `https://prod-07.westeurope.logic.azure.com:443/workflows/${workflow.address}`,
    ...(accessControl && { accessControl }),
    definition,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => {
        const type = textOf(memberAt(definition, 'parameters', key, 'type')) ?? '';
        return [key, /^secure/i.test(type) ? { type } : { value }] as const;
      }),
    ),
    endpointsConfiguration: { workflow: { outgoingIpAddresses: [], accessEndpointIpAddresses: [] } },
  };
}

/** The host that starts workflows in the simulated world. */
export const TRIGGER_HOST = 'prod-07.westeurope.logic.azure.com';

function callbackUrl({ address, accessKey }: StoredWorkflow, trigger: string, base: string): JsonObject {
  const path = `/workflows/${address}/triggers/${trigger}/paths/invoke`;
  const queries = { 'api-version': '2016-10-01', sp: `/triggers/${trigger}/run`, sv: '1.0', sig: accessKey };
  return {
    value: `${base}${path}?${new URLSearchParams(queries)}`,
    method: 'POST',
    basePath: `${base}${path}`,
    queries,
  };
}

/** `triggers` is where the addresses of workflows lead, without a slash at the end. */
export function addWorkflowRoutes(app: ArmApp, setting: AzureSetting, triggers: string): void {
  const { state } = setting;
  const root = `${GROUP}/providers/microsoft.logic/workflows`;
  const find = (path: string): StoredWorkflow => {
    const id = path.split('/').slice(0, 9).join('/');
    const workflow = state.workflows.get(id);
    if (workflow) return workflow;
    const { name, resourceGroup } = partsOf(id);
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The Resource 'Microsoft.Logic/workflows/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  };

  const view = (workflow: StoredWorkflow) => workflowView(workflow, tenantOf(state, workflow.id));
  app.get(root, ({ req }) =>
    Response.json({
      value: [...state.workflows.values()].filter(({ id }) => lower(id).startsWith(`${req.path}/`)).map(view),
    }),
  );
  app.get(`${root}/:name`, ({ req }) => Response.json(view(find(req.path))));
  app.put(`${root}/:name`, async ({ req }) => {
    const body = (await readJson(req.raw)) as WorkflowBody;
    const isNew = !state.workflows.has(req.path);
    const saved = putWorkflow(setting, pathAsWritten(req.url), body);
    return Response.json(view(saved), { status: isNew ? 201 : 200 });
  });
  app.delete(`${root}/:name`, ({ req }) => {
    const had = state.workflows.delete(req.path);
    return new Response(null, { status: had ? 200 : 204 });
  });
  for (const [action, wanted] of [
    ['enable', 'Enabled'],
    ['disable', 'Disabled'],
  ] as const)
    app.post(`${root}/:name/${action}`, ({ req }) => {
      find(req.path).state = wanted;
      return new Response(null, { status: 200 });
    });
  app.get(`${root}/:name/versions`, ({ req }) => {
    const workflow = find(req.path);
    return Response.json({ value: workflow.versions.map((each) => versionView(workflow, each)) });
  });
  app.get(`${root}/:name/versions/:version`, ({ req }) => {
    const workflow = find(req.path);
    const found = workflow.versions.find(({ version }) => version === req.param('version'));
    if (!found)
      throw new ArmError(
        404,
        'WorkflowVersionNotFound',
        `The workflow '${workflow.name}' version '${req.param('version')}' could not be found.`,
      );
    return Response.json(versionView(workflow, found));
  });
  app.post(`${root}/:name/triggers/:trigger/listcallbackurl`, ({ req }) => {
    const workflow = find(req.path);
    const trigger = Object.keys(Object(workflow.definition['triggers'])).find(
      (each) => lower(each) === req.param('trigger'),
    );
    if (trigger === undefined)
      throw new ArmError(
        404,
        'WorkflowTriggerNotFound',
        `The workflow '${workflow.name}' trigger '${req.param('trigger')}' could not be found.`,
      );
    return Response.json(callbackUrl(workflow, trigger, triggers));
  });
  addRunRoutes(app, root, find);
}

function versionView(workflow: StoredWorkflow, version: StoredWorkflow['versions'][number]): JsonObject {
  const { id, name, location, tags } = workflow;
  return {
    ...{ id: `${id}/versions/${version.version}`, name: version.version, type: 'Microsoft.Logic/workflows/versions' },
    ...{ location, tags, workflow: name },
    properties: propertiesView(workflow, version),
  };
}

/** Run history, newest first; `$filter` by status and start, `$top`, and one run with its actions. */
function addRunRoutes(app: ArmApp, root: string, find: (path: string) => StoredWorkflow): void {
  const runOf = (path: string, name: string | undefined) => {
    const workflow = find(path);
    const run = workflow.runs.find((each) => lower(each.name) === name);
    if (!run)
      throw new ArmError(
        404,
        'WorkflowRunNotFound',
        `The workflow '${workflow.name}' run '${name}' could not be found.`,
      );
    return { workflow, run };
  };
  app.get(`${root}/:name/runs`, ({ req }) => {
    const workflow = find(req.path);
    const filter = req.query('$filter') ?? '';
    const status = /status eq '(\w+)'/i.exec(filter)?.[1];
    const since = /startTime ge '?([\dT:.Z-]+)'?/i.exec(filter)?.[1];
    const fitting = workflow.runs.filter(
      (run) =>
        (status === undefined || lower(run.status) === lower(status)) &&
        (since === undefined || Date.parse(run.startTime) >= Date.parse(since)),
    );
    const top = Number(req.query('$top') ?? 30);
    return Response.json({ value: fitting.slice(0, top).map((run) => runView(workflow, run)) });
  });
  app.get(`${root}/:name/runs/:run`, ({ req }) => {
    const { workflow, run } = runOf(req.path, req.param('run'));
    return Response.json(runView(workflow, run));
  });
  app.get(`${root}/:name/runs/:run/actions`, ({ req }) => {
    const { run } = runOf(req.path, req.param('run'));
    return Response.json({ value: run.actions ?? [] });
  });
}

function runView(workflow: StoredWorkflow, run: StoredRun): JsonObject {
  const { name, status, startTime, endTime, code, error, trigger } = run;
  return {
    ...{ id: `${workflow.id}/runs/${name}`, name, type: 'Microsoft.Logic/workflows/runs' },
    properties: {
      ...{ status, startTime },
      ...(endTime !== undefined && { endTime }),
      ...(code !== undefined && { code }),
      ...(error && { error }),
      ...(trigger && { trigger }),
      workflow: { name: workflow.version, id: `${workflow.id}/versions/${workflow.version}` },
    },
  };
}
