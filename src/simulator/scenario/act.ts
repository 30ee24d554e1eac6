import { formatExternalId } from '../../domain/external-id.ts';
import { defenderNumber } from '../../domain/incident.ts';
import { type Environment, switched } from '../environment/environment.ts';
import type { FaultRule } from '../faults.ts';
import type { GraphIncident } from '../graph/resources.ts';
import { makerOf } from '../incidents.ts';
import type { Label, StoredIncident, WritableProperties } from '../sentinel/resources.ts';
import { alertTriggerBody, entityTriggerBody, incidentTriggerBody } from '../sentinel/trigger-body.ts';
import { dutyModes, type S4Alert } from '../signl4/resources.ts';
import { spokenDuration } from './duration.ts';
import type { Action, ActOnAlert, BreakInStory, ChangeInStory, DefenderChangeInStory, Verb } from './scenario.ts';
import {
  alertsOf,
  changerOf,
  entitiesOf,
  incidentOf,
  nameOf,
  ownerOf,
  portalActor,
  signl4User,
} from './story-world.ts';
import type { Timeline } from './timeline.ts';

/** What steps work on. */
export interface Scene {
  readonly environment: Environment;
  readonly timeline: Timeline;
  /** Incidents by the name that the story gives them. */
  readonly incidents: Map<string, StoredIncident>;
  readonly graphIncidents: Map<string, GraphIncident>;
}

type Doing = { [V in Verb]: (scene: Scene, given: Extract<Action, { verb: V }>['with']) => void | Promise<void> };

/** Does what a step says. What the life cycle of SIGNL4 forbids becomes a line of the timeline, as a person would see it. */
export function act(scene: Scene, { verb, with: given }: Action): void | Promise<void> {
  return (doing[verb] as (scene: Scene, given: unknown) => void | Promise<void>)(scene, given);
}

const doing: Doing = {
  incident: ({ environment: { world }, incidents, graphIncidents }, story) => {
    const original = story.copyOf === undefined ? undefined : graphIncidents.get(story.copyOf);
    const copied = original && ({ provider: 'Microsoft XDR', providerIncidentId: original.id } as const);
    incidents.set(story.name, world.sentinel.store.createIncident({ ...incidentOf(world, story), ...copied }));
  },
  graphIncident: ({ environment: { world }, graphIncidents, timeline }, { name, title, tags, ...story }) => {
    const incident = world.graph.store.createIncident({
      ...story,
      displayName: title,
      ...(tags && { customTags: tags }),
    });
    graphIncidents.set(name, incident);
    timeline.add('Defender', `incident ${incident.id} "${title}" is created`);
  },
  addAlerts: (scene, { incident, alerts, entities = {} }) => {
    const { world } = scene.environment;
    const { name, properties } = incidentNamed(scene, incident);
    const maker = makerOf(world);
    world.sentinel.store.addAlerts(name, alertsOf(maker, alerts, properties), entitiesOf(maker, entities));
  },
  change,
  defender: changeInDefender,
  acknowledge: (scene, given) =>
    onAlert(scene, given, 'acknowledges', (alert, user) =>
      scene.environment.world.signl4.store.acknowledge(alert.id, user, given.note),
    ),
  close: (scene, given) =>
    onAlert(scene, given, 'closes', (alert, user) =>
      scene.environment.world.signl4.store.close(alert.id, user, given.note),
    ),
  annotate: (scene, given) =>
    onAlert(scene, given, 'annotates', (alert, user) =>
      scene.environment.world.signl4.store.annotate(alert.id, given.note ?? '', user),
    ),
  undoAcknowledge: (scene, given) =>
    onAlert(scene, given, 'takes back the acknowledgement of', (alert, user) =>
      scene.environment.world.signl4.store.undoAcknowledge(alert.id, user),
    ),
  undoClose: (scene, given) =>
    onAlert(scene, given, 'reopens', (alert, user) => scene.environment.world.signl4.store.undoClose(alert.id, user)),
  escalate: (scene, given) =>
    onAlert(scene, given, 'hands on', (alert, user) =>
      scene.environment.world.signl4.store.escalateToTeam(alert.id, scene.environment.world.accounts.otherTeam, user),
    ),
  duty: ({ environment: { world } }, { person, mode }) => {
    const user = signl4User(world, person);
    const modes = { on: dutyModes.primary, off: dutyModes.off, manager: dutyModes.manager };
    if (user) world.signl4.store.setDuty(user, world.accounts.team, modes[mode]);
  },
  break: breakService,
  mend: ({ environment, timeline }) => {
    environment.world.faults.clear();
    timeline.add('fault', 'everything works again');
  },
  automationRules: ({ environment, timeline }, state) => {
    const { rules } = environment.world.sentinel.automation;
    for (const rule of [...rules.values()]) rules.set(rule.name, switched(rule, state === 'on'));
    timeline.add('person', `switches the automation rules ${state}`);
  },
  sweep: async ({ environment }) => {
    await environment.run('SIGNL4-Sweep', undefined);
  },
  run: async (scene, { playbook, ...on }) => {
    scene.timeline.add('person', `runs ${playbook} by hand`);
    await scene.environment.run(playbook, triggerFor(scene, on));
  },
  deny: ({ environment, timeline }, { who }) => {
    const { access } = environment.world.sentinel;
    const ids =
      who === 'relay'
        ? [environment.world.accounts.relay.objectId]
        : environment.playbookIdentities().map(({ objectId }) => objectId);
    for (const id of ids) access.revoke(id);
    timeline.add('fault', `the ${who} lost the role on the workspace`, true);
  },
  config: ({ environment, timeline }, config) => {
    environment.reconfigure(config);
    timeline.add('person', 'deploys another config');
  },
};

function incidentNamed({ incidents }: Scene, name: string): StoredIncident {
  const incident = incidents.get(name);
  if (!incident) throw new Error(`the story has no incident ${name}`);
  return incident;
}

/** The SIGNL4 alerts that an incident raised, in Defender or in Sentinel, oldest first; those of its copies are its own. */
export function alertsRaised(scene: Scene, incidentName: string): readonly S4Alert[] {
  const { world } = scene.environment;
  const { tenantId, workspaceId } = world.workspace;
  const own = scene.graphIncidents.get(incidentName) ?? incidentNamed(scene, incidentName);
  const number = 'provider' in own ? defenderNumber({ ...own, providerId: own.providerIncidentId }) : own.id;
  const incidents = [...scene.incidents.values()].filter(
    (one) =>
      one === own || (number !== undefined && one.provider === 'Microsoft XDR' && one.providerIncidentId === number),
  );
  const ids = [
    ...(number === undefined ? [] : [formatExternalId({ source: 'graph', tenantId, incident: number })]),
    ...incidents.map(({ name }) => formatExternalId({ source: 'sentinel', workspaceId, incident: name })),
  ];
  return ids.flatMap((id) => world.signl4.store.alertsOf(id)).toSorted((a, b) => a.created - b.created);
}

function onAlert(
  scene: Scene,
  given: ActOnAlert,
  words: string,
  work: (alert: S4Alert, user: ReturnType<typeof signl4User>) => unknown,
): void {
  const { timeline, environment } = scene;
  const alerts = alertsRaised(scene, given.incident);
  const alert = given.alert === undefined ? alerts.at(-1) : alerts[given.alert - 1];
  const person = given.by ?? 'onCall';
  const note = given.note ? `: ${given.note}` : '';
  if (!alert) {
    timeline.add('person', `${nameOf(environment.world, person)} finds no alert`, true);
    return;
  }
  timeline.add('person', `${nameOf(environment.world, person)} ${words} alert ${alert.shortId}${note}`);
  try {
    work(alert, signl4User(environment.world, person));
  } catch (error) {
    timeline.add('SIGNL4', `refuses: ${error instanceof Error ? error.message : String(error)}`, true);
  }
}

function change(scene: Scene, { incident: name, by = 'analyst', comment, ...changes }: ChangeInStory): void {
  const { world } = scene.environment;
  const { store } = world.sentinel;
  const incident = incidentNamed(scene, name);
  const { actor, author } = changerOf(world, by);
  const [classification, classificationReason] = changes.classification?.split(' - ') ?? ['Undetermined'];
  const properties: Partial<WritableProperties> = {
    ...(changes.status && { status: changes.status }),
    ...(changes.severity && { severity: changes.severity }),
    ...(changes.status === 'Closed' && {
      classification: classification as NonNullable<WritableProperties['classification']>,
      ...(classificationReason && { classificationReason }),
    }),
    ...(changes.owner && { owner: ownerOf(world, changes.owner) }),
    labels: labelsAfter(incident.properties.labels, changes),
  };
  store.update(incident.name, properties, actor);
  if (comment !== undefined) store.putComment(incident.name, { message: comment }, author, actor);
}

function changeInDefender(scene: Scene, { incident: name, by = 'analyst', ...changes }: DefenderChangeInStory): void {
  const { environment, graphIncidents, timeline } = scene;
  const { store } = environment.world.graph;
  const { owner, comment, mergeInto, ...members } = changes;
  const incident = defenderIncident(graphIncidents, name);
  const { id } = incident;
  const { actor, author } = changerOf(environment.world, by);
  const who = author.userPrincipalName ?? actor.name;
  const assigned = owner && ownerOf(environment.world, owner);
  const assignedTo = assigned && { assignedTo: assigned.userPrincipalName ?? assigned.assignedTo };
  const what = Object.entries({ ...members, ...assignedTo }).map(
    ([member, value]) => `${member}: ${value ?? 'nobody'}`,
  );
  if (what.length > 0) store.change(id, { ...members, ...assignedTo }, who);
  if (comment !== undefined) store.comment(incident, comment, who);
  if (mergeInto !== undefined) store.merge(id, defenderIncident(graphIncidents, mergeInto).id);
  const told = [
    ...what,
    ...(comment === undefined ? [] : ['a comment']),
    ...(mergeInto ? [`merged into ${mergeInto}`] : []),
  ];
  timeline.add('Defender', `incident ${id}: ${told.join(', ')} (${who})`);
}

function defenderIncident(incidents: Scene['graphIncidents'], name: string): GraphIncident {
  const incident = incidents.get(name);
  if (!incident) throw new Error(`the story has no incident ${name} in Defender`);
  return incident;
}

function labelsAfter(
  labels: readonly Label[],
  { addTags = [], removeTags = [] }: Pick<ChangeInStory, 'addTags' | 'removeTags'>,
): Label[] {
  const kept = labels.filter(({ labelName }) => !removeTags.includes(labelName));
  const added = addTags.filter((tag) => !kept.some(({ labelName }) => labelName === tag));
  return [...kept, ...added.map((labelName): Label => ({ labelName, labelType: 'User' }))];
}

/** Names of services in stories that the world knows by another name. */
const outsiders: Readonly<Record<string, Pick<FaultRule, 'service' | 'path'>>> = {
  relay: { service: 'outside', path: '/api/*' },
  callback: { service: 'outside', path: '/workflows/*' },
};

/** The rule of the world behind a service of a story. */
export function serviceRule(service: BreakInStory['service']): Pick<FaultRule, 'service' | 'path'> {
  return outsiders[service] ?? { service: service as NonNullable<FaultRule['service']> };
}

function breakService({ environment, timeline }: Scene, { service, forMs, ...fault }: BreakInStory): void {
  const endFault = environment.world.faults.add({ ...serviceRule(service), ...fault });
  const kind = fault.fault.kind === 'status' ? `answers ${fault.fault.status}` : fault.fault.kind;
  const long = forMs === undefined ? '' : ` for ${spokenDuration(forMs)}`;
  timeline.add('fault', `${service}: ${kind}${fault.times ? `, ${fault.times} times` : ''}${long}`, true);
  if (forMs === undefined) return;
  environment.world.clock.after(forMs, () => {
    endFault();
    timeline.add('fault', `${service} works again`);
  });
}

function triggerFor(scene: Scene, on: { incident?: string; entity?: number; alert?: number }): unknown {
  const { store } = scene.environment.world.sentinel;
  if (on.incident === undefined) return undefined;
  const incident = incidentNamed(scene, on.incident);
  const entity = on.entity === undefined ? undefined : incident.entities[on.entity - 1];
  const alert = on.alert === undefined ? undefined : incident.alerts[on.alert - 1];
  if (entity) return entityTriggerBody(store, entity, incident);
  if (alert) return alertTriggerBody(store, alert, incident.entities);
  const { actor: by } = portalActor(scene.environment.world, 'analyst');
  const change = {
    event: 'Create',
    incident,
    by,
    updatedFields: [],
    added: { alerts: [], comments: [], labels: [], tactics: [] },
  } as const;
  return incidentTriggerBody(
    store,
    change,
    scene.environment.world.ids.guid('trigger event'),
    scene.environment.world.sentinel.automation.settings.style,
  );
}
