import { ConfigError } from '../../config/problem.ts';
import { classifications, splitClassification } from '../../domain/classification.ts';
import { formatWhere, type UserError } from '../../domain/errors.ts';
import { type Severity, severities, severityRank } from '../../domain/severity.ts';
import { generateIncident, makerOf } from '../incidents.ts';
import { entraUser, nameOf, portalActor, signl4User } from '../scenario/story-world.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { authorOf } from '../sentinel/setting.ts';
import { S4Error } from '../signl4/s4-error.ts';
import type { Theatre } from './theatre.ts';
import { speeds } from './theatre.ts';
import { setTrouble, troubles } from './troubles.ts';

/** What a button of the page does. The text it gives is read out to the person. */
export type PageAction = (theatre: Theatre, form: FormData) => Promise<string>;

/** Something that cannot be done now, in words for the person. */
export class Refusal extends Error {}

const MINUTE = 60_000;

/** Address below /do/ to what happens. */
export const actions: Readonly<Record<string, PageAction>> = {
  'new-incident': newIncident,
  'take-incident': (theatre) => onIncident(theatre, 'takes', (incident) => changeIncident(theatre, incident, 'take')),
  'raise-severity': (theatre) =>
    onIncident(theatre, 'raises', (incident) => changeIncident(theatre, incident, 'raise')),
  'close-incident': (theatre, form) =>
    onIncident(theatre, 'closes', (incident) => closeIncident(theatre, incident, text(form, 'classification'))),
  'comment-incident': (theatre, form) =>
    onIncident(theatre, 'comments on', (incident) => comment(theatre, incident, text(form, 'comment'))),
  acknowledge: (theatre, form) =>
    onAlert(theatre, form, 'acknowledged', (store, id, user, note) => store.acknowledge(id, user, note)),
  close: (theatre, form) => onAlert(theatre, form, 'closed', (store, id, user, note) => store.close(id, user, note)),
  annotate: (theatre, form) => {
    if (text(form, 'note') === '') throw new Refusal('Type a note first.');
    return onAlert(theatre, form, 'annotated', (store, id, user, note) => store.annotate(id, note, user));
  },
  escalate: (theatre, form) =>
    onAlert(theatre, form, 'handed on', (store, id, user) =>
      store.escalateToTeam(id, theatre.stage.world.cast.otherTeam, user),
    ),
  'undo-acknowledge': (theatre, form) =>
    onAlert(theatre, form, 'open again', (store, id, user) => store.undoAcknowledge(id, user)),
  'undo-close': (theatre, form) => onAlert(theatre, form, 'open again', (store, id, user) => store.undoClose(id, user)),
  'let-it-time-out': letItTimeOut,
  'choose-incident': async (theatre, form) => choose(theatre, 'incident', text(form, 'incident')),
  'choose-alert': async (theatre, form) => choose(theatre, 'alert', text(form, 'alert')),
  'choose-person': async (theatre, form) => {
    theatre.choice.person = text(form, 'person') === 'second' ? 'second' : 'onCall';
    await theatre.act(() => {});
    return `This is the phone of ${nameOf(theatre.stage.world, theatre.choice.person)}.`;
  },
  skip: async (theatre, form) => {
    const minutes = Math.min(Math.max(Number(text(form, 'minutes')) || 1, 1), 24 * 60);
    await theatre.skip(minutes * MINUTE);
    return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} later.`;
  },
  speed: async (theatre, form) => {
    theatre.speed = speeds.find((speed) => String(speed) === text(form, 'speed')) ?? speeds[0];
    return theatre.speed === 1 ? 'Time goes at its own pace.' : `Time goes ${theatre.speed} times as fast.`;
  },
  configure: async (theatre, form) => {
    try {
      await theatre.configure(String(form.get('config') ?? '').replaceAll('\r\n', '\n'));
    } catch (error) {
      if (error instanceof ConfigError) throw new Refusal(error.problems.map(problemText).join('\n'));
      throw error;
    }
    return 'Deployed. The next alert follows the new config.';
  },
  trouble: async (theatre, form) => {
    const trouble = troubles.find(({ name }) => name === text(form, 'name'));
    if (!trouble) throw new Refusal('There is no such trouble.');
    const isOn = form.get('on') !== null;
    await setTrouble(theatre, trouble, isOn);
    return isOn ? `Broken: ${trouble.title}.` : `Mended: ${trouble.title}.`;
  },
  restart: async (theatre) => {
    await theatre.restart();
    return 'A new night begins.';
  },
};

async function newIncident(theatre: Theatre, form: FormData): Promise<string> {
  const plot = text(form, 'plot');
  const severity = severities.find((name) => name === text(form, 'severity'));
  const incident = await theatre.act(({ world }) => {
    const random = world.ids.random(`incident ${world.ids.next('demo incident')}`);
    // An empty choice is any attack, and not the first one, which Number('') would make of it.
    const made = generateIncident(makerOf(world), random, plot === '' ? undefined : Number(plot));
    world.logs.answers.push(...made.answers);
    // The tag of what was sent before would keep it from being sent.
    const labels = (made.incident.labels ?? []).filter((label) => label !== theatre.stage.config.tag);
    const changes = { status: 'New' as const, labels, ...(severity && { severity }) };
    return world.sentinel.store.createIncident({ ...made.incident, ...changes });
  });
  choose(theatre, 'incident', incident.name);
  delete theatre.choice.alert;
  // Sentinel takes about a second until its automation rule runs.
  await theatre.skip(1_500);
  return `Incident ${incident.number} came in.`;
}

async function onIncident(theatre: Theatre, verb: string, work: (incident: StoredIncident) => void): Promise<string> {
  const incident = theatre.incident();
  if (!incident) throw new Refusal('There is no incident yet.');
  const { world } = theatre.stage;
  await theatre.act(() => {
    theatre.timeline.add('person', `${nameOf(world, 'analyst')} ${verb} incident ${incident.number} in Sentinel`);
    work(incident);
  });
  return `Incident ${incident.number} was changed in Sentinel.`;
}

function changeIncident(
  { stage: { world } }: Theatre,
  { name, properties }: StoredIncident,
  what: 'take' | 'raise',
): void {
  const { actor, user } = portalActor(world, 'analyst');
  const { objectId, mail = null, userPrincipalName = null, displayName } = user;
  const owner = { objectId, email: mail, userPrincipalName, assignedTo: displayName, ownerType: 'User' as const };
  const worse: Severity | undefined = severities[severityRank(properties.severity) - 1];
  if (what === 'take') world.sentinel.store.update(name, { status: 'Active', owner }, actor);
  else if (worse) world.sentinel.store.update(name, { severity: worse }, actor);
  else throw new Refusal('It is High already.');
}

function closeIncident({ stage: { world } }: Theatre, { name }: StoredIncident, chosen: string): void {
  const { actor } = portalActor(world, 'analyst');
  const pair = classifications.find((candidate) => candidate === chosen) ?? 'Undetermined';
  const { classification, classificationReason } = splitClassification(pair);
  world.sentinel.store.update(
    name,
    {
      status: 'Closed',
      classification: classification as 'Undetermined',
      ...(classificationReason && { classificationReason }),
    },
    actor,
  );
}

function comment({ stage: { world } }: Theatre, { name }: StoredIncident, message: string): void {
  if (message === '') throw new Refusal('Type a comment first.');
  const { actor } = portalActor(world, 'analyst');
  const user = entraUser(world, 'analyst') ?? world.cast.analyst;
  world.sentinel.store.putComment(name, { message }, authorOf(user), actor);
}

type AlertWork = (
  store: Theatre['stage']['world']['signl4']['store'],
  id: string,
  user: ReturnType<typeof signl4User>,
  note: string,
) => unknown;

async function onAlert(theatre: Theatre, form: FormData, done: string, work: AlertWork): Promise<string> {
  const alert = theatre.alert();
  if (!alert) throw new Refusal('There is no alert on the phone yet.');
  const { world } = theatre.stage;
  try {
    await theatre.act(() =>
      work(world.signl4.store, alert.id, signl4User(world, theatre.choice.person), text(form, 'note')),
    );
  } catch (error) {
    if (error instanceof S4Error) throw new Refusal(`SIGNL4 refuses: ${error.message}`);
    throw error;
  }
  // SIGNL4's notification takes half a second.
  await theatre.skip(1_000);
  return `The alert is ${done}.`;
}

/** Goes on until the next thing that happens when nobody answers. */
async function letItTimeOut(theatre: Theatre): Promise<string> {
  const alert = theatre.alert();
  if (!alert) throw new Refusal('There is no alert on the phone yet.');
  if (alert.status !== 1) throw new Refusal('The alert does not wait for anybody.');
  const team = theatre.stage.world.signl4.store.team(alert.teamId);
  const deadlines = [team.escalateAfterMinutes, team.noResponseAfterMinutes].map(
    (minutes) => alert.created + minutes * MINUTE,
  );
  const next = deadlines.find((deadline) => deadline > theatre.now) ?? theatre.now;
  await theatre.skip(next - theatre.now + 2_000);
  return alert.status === 1 ? 'Nobody answered: the alert is escalated.' : 'Nobody answered at all.';
}

function choose({ choice }: Theatre, what: 'incident' | 'alert', name: string): string {
  choice[what] = name;
  return '';
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function problemText({ message, where, remedy }: UserError): string {
  return [`${formatWhere(where)}: ${message}`, remedy].filter(Boolean).join('. ');
}
