import { Hono } from 'hono';
import { stringify } from 'yaml';
import { isJsonObject, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { severities } from '../../domain/severity.ts';
import { type Handler, readJson, type ServiceName } from '../http.ts';
import { generateIncident, makerOf } from '../incidents.ts';
import { DURATION_PATTERN, durationOf } from '../scenario/duration.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import type { S4Alert } from '../signl4/resources.ts';
import { S4Error } from '../signl4/s4-error.ts';
import type { World } from '../world.ts';
import type { Azure } from './azure.ts';
import type { Lags } from './state.ts';
import { putWorkflow } from './workflows.ts';

/**
 * `/sandbox`: what a person does in the portal of Sentinel and on the phone, and what goes wrong in Azure. Errors are 400 with
 * `{ error }`.
 */
export function createControl(azure: Azure): Handler {
  const { world, state } = azure;
  const app = new Hono();
  app.get('/sandbox', () => Response.json(overview(azure)));
  app.get('/sandbox/signl4.yaml', () => new Response(stringify({ workspace: world.workspace })));
  app.post('/sandbox/incidents', async ({ req }) =>
    Response.json(newIncident(world, await bodyOf(req.raw)), { status: 201 }),
  );
  app.post('/sandbox/alerts/:id/:act', async ({ req }) => {
    const { id, act } = req.param();
    return Response.json(onAlert(world, id, act, textOf(member(await bodyOf(req.raw), 'note')) ?? ''));
  });
  app.post('/sandbox/playbooks/:name/parameters', async ({ req }) =>
    Response.json(editParameters(azure, req.param('name'), await bodyOf(req.raw))),
  );
  app.put('/sandbox/lags', async ({ req }) => {
    setLags(azure, await bodyOf(req.raw));
    return Response.json(state.lags);
  });
  app.put('/sandbox/troubles', async ({ req }) => {
    setTroubles(azure, await bodyOf(req.raw));
    return Response.json(troublesView(azure));
  });
  app.post('/sandbox/faults', async ({ req }) =>
    Response.json(addFault(world, await bodyOf(req.raw)), { status: 201 }),
  );
  app.delete('/sandbox/faults', () => {
    world.faults.clear();
    return new Response(null, { status: 204 });
  });
  app.get('/sandbox/requests', ({ req }) => Response.json(requests(world, req.query('service'))));
  app.notFound(() =>
    Response.json({ error: 'no such address; GET /sandbox shows the state of everything' }, { status: 404 }),
  );
  app.onError((error) => {
    if (error instanceof Misuse || error instanceof S4Error || error instanceof ArmError)
      return Response.json({ error: error.message }, { status: 400 });
    throw error;
  });
  return async (request) => app.fetch(request);
}

/** What the person who asks can fix. */
class Misuse extends Error {}

async function bodyOf(request: Request): Promise<JsonObject> {
  const text = await request.clone().text();
  const body = text === '' ? {} : await readJson(request);
  if (!isJsonObject(body)) throw new Misuse('the body must be a JSON object');
  return body;
}

const LATEST = 40;

function overview({ world, state }: Azure) {
  const { incidents } = world.sentinel.store;
  const { alerts } = world.signl4.store;
  return {
    incidents: [...incidents.values()].map(({ number, properties, comments }) => ({
      number,
      title: properties.title,
      severity: properties.severity,
      status: properties.status,
      owner: properties.owner.userPrincipalName,
      labels: properties.labels.map(({ labelName }) => labelName),
      comments: [...comments.values()].map((comment) => textOf(member(comment.properties, 'message')) ?? ''),
    })),
    alerts: [...alerts.values()].map(({ id, title, status }) => ({ id, title, status })),
    runs: [...state.workflows.values()].flatMap(({ name, runs }) =>
      runs
        .slice(0, LATEST)
        .map(({ status, startTime, error }) => ({ playbook: name, status, startTime, ...(error && { error }) })),
    ),
  };
}

function newIncident(world: World, wanted: object) {
  const severity = severities.find((each) => each === textOf(member(wanted, 'severity')));
  if (member(wanted, 'severity') !== undefined && !severity)
    throw new Misuse(`severity must be one of ${severities.join(', ')}`);
  const random = world.ids.random(`incident ${world.ids.next('sandbox incident')}`);
  const { incident, answers } = generateIncident(makerOf(world), random);
  world.logs.answers.unshift(...answers);
  const title = textOf(member(wanted, 'title'));
  const { name, number, properties } = world.sentinel.store.createIncident({
    ...incident,
    ...{ status: 'New', labels: [] },
    ...(title !== undefined && { title }),
    severity: severity ?? 'High',
  });
  return { name, number, title: properties.title, severity: properties.severity };
}

const acts: Readonly<Record<string, (world: World, alert: S4Alert, note: string) => void>> = {
  acknowledge: ({ signl4, accounts }, { id }, note) =>
    void signl4.store.acknowledge(id, accounts.onCallUser, note || undefined),
  close: ({ signl4, accounts }, { id }, note) => void signl4.store.close(id, accounts.onCallUser, note || undefined),
  annotate: ({ signl4, accounts }, { id }, note) => void signl4.store.annotate(id, note, accounts.onCallUser),
  reopen: ({ signl4, accounts }, { id }) => void signl4.store.undoClose(id, accounts.onCallUser),
};

function onAlert(world: World, id: string, act: string, note: string) {
  const all = [...world.signl4.store.alerts.values()];
  const alert = id === 'latest' ? all.at(-1) : all.find((each) => each.id === id);
  if (!alert && id === 'latest') throw new Misuse('there is no alert yet: after an incident it takes some seconds');
  if (!alert) throw new Misuse(`there is no alert ${id}; GET /sandbox lists them`);
  const work = acts[act];
  if (!work) throw new Misuse(`"${act}" must be one of ${Object.keys(acts).join(', ')}`);
  work(world, alert, note);
  const { title, status } = world.signl4.store.alerts.get(alert.id) ?? alert;
  return { id: alert.id, title, status };
}

/** Defaults of parameters, changed and saved in the designer: what else was deployed stays. */
function editParameters(azure: Azure, wanted: string, defaults: JsonObject) {
  const workflow = [...azure.state.workflows.values()].find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (!workflow) throw new Misuse(`there is no playbook ${wanted}: deploy brings it`);
  const { id, location, tags, principalId, state, definition, parameters, accessControl } = workflow;
  const declared = { ...(member(definition, 'parameters') as JsonObject) };
  for (const [name, defaultValue] of Object.entries(defaults)) {
    const declaration = declared[name];
    if (!isJsonObject(declaration))
      throw new Misuse(`there is no parameter "${name}"; there are: ${Object.keys(declared).join(', ')}`);
    declared[name] = { ...declaration, defaultValue };
  }
  putWorkflow(azure, id, {
    ...{ location, tags },
    ...(principalId !== undefined && { identity: { type: 'SystemAssigned' } }),
    properties: {
      ...{ state, definition: { ...definition, parameters: declared } },
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }])),
      ...(accessControl && { accessControl }),
    },
  });
  return { playbook: workflow.name, ...defaults };
}

/** `{ "role": "60s", "directory": "30s", … }` @throws Error that names what is wrong */
export function setLags({ state }: Azure, wanted: object): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(state.lags, name))
      throw new Misuse(`there is no lag "${name}"; there are: ${Object.keys(state.lags).join(', ')}`);
    if (!new RegExp(DURATION_PATTERN).test(String(value)))
      throw new Misuse(`the lag "${name}" must be a duration such as 30s or 5m, not "${String(value)}"`);
    state.lags[name as keyof Lags] = durationOf(value);
  }
}

const troubleNames = ['lockedScope', 'policy', 'quota', 'takenNames', 'forbidden', 'hasSentinel', 'unregistered'];

/** Each switch alone; null takes a trouble away. @throws Error that names what is wrong */
export function setTroubles({ state }: Azure, wanted: object): void {
  const { troubles } = state;
  const pattern = (value: unknown) => {
    try {
      return new RegExp(textOf(value) ?? '', 'i');
    } catch {
      throw new Misuse(`"${String(value)}" is not a regular expression`);
    }
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (!troubleNames.includes(name))
      throw new Misuse(`there is no trouble "${name}"; there are: ${troubleNames.join(', ')}`);
    if (name === 'lockedScope') troubles.lockedScope = textOf(value);
    if (name === 'policy') troubles.policy = textOf(value);
    if (name === 'quota') troubles.quota = value === null ? undefined : pattern(value);
    if (name === 'hasSentinel') state.hasSentinel = value !== false;
    if (name === 'unregistered') state.providers.set(String(value).toLowerCase(), 'NotRegistered');
    if (name === 'takenNames') {
      troubles.takenNames.clear();
      for (const each of listOf(value)) troubles.takenNames.add(String(each).toLowerCase());
    }
    if (name === 'forbidden') troubles.forbidden.splice(0, troubles.forbidden.length, ...listOf(value).map(pattern));
  }
}

function troublesView({ state }: Azure) {
  const { lockedScope = null, policy = null, quota, takenNames, forbidden } = state.troubles;
  return {
    ...{ lockedScope, policy, hasSentinel: state.hasSentinel, takenNames: [...takenNames] },
    quota: quota?.source ?? null,
    forbidden: forbidden.map(({ source }) => source),
  };
}

const serviceNames: readonly ServiceName[] = [
  'arm',
  'sentinel',
  'connector',
  'logs',
  'graph',
  'entra',
  'signl4',
  'outside',
];

/** `{ service, method?, path?, status, code?, message?, times?, skip? }`: answers of a service that it does not give itself. */
function addFault(world: World, wanted: object) {
  const service = serviceNames.find((each) => each === member(wanted, 'service'));
  if (!service) throw new Misuse(`service must be one of ${serviceNames.join(', ')}`);
  const status = Number(textOf(member(wanted, 'status')) ?? Number.NaN);
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new Misuse('status must be a number from 200 to 599');
  const text = (name: string) => textOf(member(wanted, name));
  const count = (name: string) => (text(name) === undefined ? {} : { [name]: Number(text(name)) });
  const [method, path] = [text('method'), text('path')];
  const body = {
    error: { code: text('code') ?? String(status), message: text('message') ?? 'switched on in the sandbox' },
  };
  world.faults.add({
    service,
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(path !== undefined && { path }),
    ...{ ...count('times'), ...count('skip') },
    fault: { kind: 'status', status, body },
  });
  return { service, status, method: method ?? 'any', path: path ?? '*' };
}

function requests({ log }: World, service: string | undefined) {
  return log.entries
    .filter((each) => service === undefined || each.service === service)
    .slice(-100)
    .map(({ service: name, method, path, status }) => ({
      service: name,
      method,
      path: path.replace(/(sig|secret)=[^&]+/gi, '$1=***'),
      status,
    }));
}
