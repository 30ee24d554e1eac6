import { ConfigError } from '../../config/problem.ts';
import { classifications, splitClassification } from '../../domain/classification.ts';
import { formatWhere, type UserError } from '../../domain/errors.ts';
import { type Severity, severities, severityRank } from '../../domain/severity.ts';
import { generateIncident, makerOf } from '../incidents.ts';
import { entraUser, nameOf, portalActor, signl4User } from '../scenario/story-world.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { authorOf } from '../sentinel/setting.ts';
import { S4Error } from '../signl4/s4-error.ts';
import type { DemoSession } from './session.ts';
import { speeds } from './session.ts';
import { setTrouble, troubles } from './troubles.ts';

/** What a button of the page does. The text it gives is read out to the person. */
export type PageAction = (session: DemoSession, form: FormData) => Promise<string>;

/** Something that cannot be done now, in words for the person. */
export class Refusal extends Error {}

const MINUTE = 60_000;

/** Address below /do/ to what happens. */
export const actions: Readonly<Record<string, PageAction>> = {
  'new-incident': newIncident,
  'take-incident': (session) => onIncident(session, 'takes', (incident) => changeIncident(session, incident, 'take')),
  'raise-severity': (session) =>
    onIncident(session, 'raises', (incident) => changeIncident(session, incident, 'raise')),
  'close-incident': (session, form) =>
    onIncident(session, 'closes', (incident) => closeIncident(session, incident, text(form, 'classification'))),
  'comment-incident': (session, form) =>
    onIncident(session, 'comments on', (incident) => comment(session, incident, text(form, 'comment'))),
  acknowledge: (session, form) =>
    onAlert(session, form, 'acknowledged', (store, id, user, note) => store.acknowledge(id, user, note)),
  close: (session, form) => onAlert(session, form, 'closed', (store, id, user, note) => store.close(id, user, note)),
  annotate: (session, form) => {
    if (text(form, 'note') === '') throw new Refusal('Type a note first.');
    return onAlert(session, form, 'annotated', (store, id, user, note) => store.annotate(id, note, user));
  },
  escalate: (session, form) =>
    onAlert(session, form, 'handed on', (store, id, user) =>
      store.escalateToTeam(id, session.environment.world.accounts.otherTeam, user),
    ),
  'undo-acknowledge': (session, form) =>
    onAlert(session, form, 'open again', (store, id, user) => store.undoAcknowledge(id, user)),
  'undo-close': (session, form) => onAlert(session, form, 'open again', (store, id, user) => store.undoClose(id, user)),
  'let-it-time-out': letItTimeOut,
  'choose-incident': async (session, form) => choose(session, 'incident', text(form, 'incident')),
  'choose-alert': async (session, form) => choose(session, 'alert', text(form, 'alert')),
  'choose-person': async (session, form) => {
    session.choice.person = text(form, 'person') === 'second' ? 'second' : 'onCall';
    await session.act(() => {});
    return `This is the phone of ${nameOf(session.environment.world, session.choice.person)}.`;
  },
  skip: async (session, form) => {
    const minutes = Math.min(Math.max(Number(text(form, 'minutes')) || 1, 1), 24 * 60);
    await session.skip(minutes * MINUTE);
    return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} later.`;
  },
  speed: async (session, form) => {
    session.speed = speeds.find((speed) => String(speed) === text(form, 'speed')) ?? speeds[0];
    return session.speed === 1 ? 'Time goes at its own pace.' : `Time goes ${session.speed} times as fast.`;
  },
  configure: async (session, form) => {
    try {
      await session.configure(String(form.get('config') ?? '').replaceAll('\r\n', '\n'));
    } catch (error) {
      if (error instanceof ConfigError) throw new Refusal(error.problems.map(problemText).join('\n'));
      throw error;
    }
    return 'Deployed. The next alert follows the new config.';
  },
  trouble: async (session, form) => {
    const trouble = troubles.find(({ name }) => name === text(form, 'name'));
    if (!trouble) throw new Refusal('There is no such trouble.');
    const isOn = form.get('on') !== null;
    await setTrouble(session, trouble, isOn);
    return isOn ? `Broken: ${trouble.title}.` : `Fixed: ${trouble.title}.`;
  },
  restart: async (session) => {
    await session.restart();
    return 'A new night begins.';
  },
};

async function newIncident(session: DemoSession, form: FormData): Promise<string> {
  const plot = text(form, 'plot');
  const severity = severities.find((name) => name === text(form, 'severity'));
  const incident = await session.act(({ world }) => {
    const random = world.ids.random(`incident ${world.ids.next('demo incident')}`);
    // An empty choice is any attack, and not the first one, which Number('') would make of it.
    const made = generateIncident(makerOf(world), random, plot === '' ? undefined : Number(plot));
    world.logs.answers.push(...made.answers);
    // The tag of what was sent before would keep it from being sent.
    const labels = (made.incident.labels ?? []).filter((label) => label !== session.environment.config.tag);
    const changes = { status: 'New' as const, labels, ...(severity && { severity }) };
    return world.sentinel.store.createIncident({ ...made.incident, ...changes });
  });
  choose(session, 'incident', incident.name);
  delete session.choice.alert;
  // Sentinel takes about a second until its automation rule runs.
  await session.skip(1_500);
  return `Incident ${incident.number} came in.`;
}

async function onIncident(
  session: DemoSession,
  verb: string,
  work: (incident: StoredIncident) => void,
): Promise<string> {
  const incident = session.incident();
  if (!incident) throw new Refusal('There is no incident yet.');
  const { world } = session.environment;
  await session.act(() => {
    session.timeline.add('person', `${nameOf(world, 'analyst')} ${verb} incident ${incident.number} in Sentinel`);
    work(incident);
  });
  return `Incident ${incident.number} was changed in Sentinel.`;
}

function changeIncident(
  { environment: { world } }: DemoSession,
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

function closeIncident({ environment: { world } }: DemoSession, { name }: StoredIncident, chosen: string): void {
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

function comment({ environment: { world } }: DemoSession, { name }: StoredIncident, message: string): void {
  if (message === '') throw new Refusal('Type a comment first.');
  const { actor } = portalActor(world, 'analyst');
  const user = entraUser(world, 'analyst') ?? world.accounts.analyst;
  world.sentinel.store.putComment(name, { message }, authorOf(user), actor);
}

type AlertWork = (
  store: DemoSession['environment']['world']['signl4']['store'],
  id: string,
  user: ReturnType<typeof signl4User>,
  note: string,
) => unknown;

async function onAlert(session: DemoSession, form: FormData, done: string, work: AlertWork): Promise<string> {
  const alert = session.alert();
  if (!alert) throw new Refusal('There is no alert on the phone yet.');
  const { world } = session.environment;
  try {
    await session.act(() =>
      work(world.signl4.store, alert.id, signl4User(world, session.choice.person), text(form, 'note')),
    );
  } catch (error) {
    if (error instanceof S4Error) throw new Refusal(`SIGNL4 refuses: ${error.message}`);
    throw error;
  }
  // SIGNL4's notification takes half a second.
  await session.skip(1_000);
  return `The alert is ${done}.`;
}

/** Goes on until the next thing that happens when nobody answers. */
async function letItTimeOut(session: DemoSession): Promise<string> {
  const alert = session.alert();
  if (!alert) throw new Refusal('There is no alert on the phone yet.');
  if (alert.status !== 1) throw new Refusal('The alert does not wait for anybody.');
  const team = session.environment.world.signl4.store.team(alert.teamId);
  const deadlines = [team.escalateAfterMinutes, team.noResponseAfterMinutes].map(
    (minutes) => alert.created + minutes * MINUTE,
  );
  const next = deadlines.find((deadline) => deadline > session.now) ?? session.now;
  await session.skip(next - session.now + 2_000);
  return alert.status === 1 ? 'Nobody answered: the alert is escalated.' : 'Nobody answered at all.';
}

function choose({ choice }: DemoSession, what: 'incident' | 'alert', name: string): string {
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
