import { loadConfig } from '../../config/load.ts';
import { ConfigError } from '../../config/problem.ts';
import { classifications, splitClassification } from '../../domain/classification.ts';
import type { UserError } from '../../domain/errors.ts';
import { type Severity, severities, severityRank } from '../../domain/severity.ts';
import { plural } from '../../domain/text.ts';
import { generateIncident, makerOf } from '../incidents.ts';
import { timeOfDay } from '../page/markup.ts';
import { entraUser, nameOf, portalActor, signl4User } from '../scenario/story-world.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { authorOf } from '../sentinel/setting.ts';
import { alertStatus, type S4Alert } from '../signl4/resources.ts';
import { S4Error } from '../signl4/s4-error.ts';
import { type DemoSession, speeds } from './session.ts';
import { story, storyIncident } from './story.ts';
import { setTrouble, troubles } from './troubles.ts';

/** What a button of the page does. The text it gives is read out to the person. */
export type PageAction = (session: DemoSession, form: FormData) => Promise<string>;

/** Something that cannot be done now, in words for the person. Nothing has changed then. */
export class Refusal extends Error {
  /** What is wrong with a config, line by line. */
  readonly problems: readonly UserError[];

  constructor(message: string, problems: readonly UserError[] = []) {
    super(message);
    this.problems = problems;
  }
}

const MINUTE = 60_000;

/** Something that can be taken back; `titleOf` names it. */
function step(titleOf: string | ((form: FormData) => string), play: PageAction): PageAction {
  return (session, form) =>
    session.step(typeof titleOf === 'string' ? titleOf : titleOf(form), () => play(session, form));
}

/** Address below /do/ to what happens. */
export const actions: Readonly<Record<string, PageAction>> = {
  story: step((form) => `Start incident ${storyPlace(form) + 1}`, tell),
  'new-incident': step('Another incident', newIncident),
  'take-incident': step('Take it', (session) => onIncident(session, 'takes', take)),
  'raise-severity': step('Raise severity', (session) => onIncident(session, 'raises', raise)),
  'close-incident': step('Close incident', (session, form) =>
    onIncident(session, 'closes', (...about) => close(...about, text(form, 'classification'))),
  ),
  'comment-incident': step('Comment', (session, form) =>
    onIncident(session, 'comments on', (...about) => comment(...about, text(form, 'comment'))),
  ),
  acknowledge: step('Acknowledge', (session, form) =>
    onAlert(session, form, 'Acknowledged', (store, id, user, note) => store.acknowledge(id, user, note)),
  ),
  close: step('Close', (session, form) =>
    onAlert(session, form, 'Closed', (store, id, user, note) => store.close(id, user, note)),
  ),
  annotate: step('Add note', (session, form) => {
    if (text(form, 'note') === '') throw new Refusal('Type a note first.');
    return onAlert(session, form, 'Note added', (store, id, user, note) => store.annotate(id, note, user));
  }),
  escalate: step('Hand on', (session, form) =>
    onAlert(session, form, 'Handed on to IT Operations', (store, id, user) =>
      store.escalateToTeam(id, session.environment.world.accounts.otherTeam, user),
    ),
  ),
  'undo-acknowledge': step('Undo acknowledgement', (session, form) =>
    onAlert(session, form, 'Open again', (store, id, user) => store.undoAcknowledge(id, user)),
  ),
  'undo-close': step('Reopen', (session, form) =>
    onAlert(session, form, 'Open again', (store, id, user) => store.undoClose(id, user)),
  ),
  'let-it-time-out': (session) => session.pass('Let it time out', () => letItTimeOut(session)),
  'choose-incident': (session, form) => session.look(() => chooseIncident(session, text(form, 'incident'))),
  'choose-alert': (session, form) =>
    session.look(() => {
      session.choice.alert = text(form, 'alert');
      return '';
    }),
  'choose-person': (session, form) =>
    session.look(() => {
      session.choice.person = text(form, 'person') === 'second' ? 'second' : 'onCall';
      return `The phone of ${nameOf(session.environment.world, session.choice.person)}.`;
    }),
  skip: (session, form) => {
    const minutes = Math.min(Math.max(Number(text(form, 'minutes')) || 1, 1), 24 * 60);
    return session.pass(`+${minutes} min`, async () => {
      await session.skip(minutes * MINUTE);
      return `${plural(minutes, 'minute')} later.`;
    });
  },
  rewind: async (session, form) => {
    const minutes = Math.max(Number(text(form, 'minutes')) || 5, 1);
    await session.backTo(session.now - minutes * MINUTE);
    return `Back at ${timeOfDay(session.now)}. What happened later has not happened.`;
  },
  back: async (session) => {
    const title = await session.back();
    if (title === undefined) throw new Refusal('Nothing has been done yet.');
    return `Back at ${timeOfDay(session.now)}, before “${title}”.`;
  },
  speed: (session, form) =>
    session.look(() => {
      session.speed = speeds.find((speed) => String(speed) === text(form, 'speed')) ?? speeds[0];
      return session.speed === 1 ? 'Time goes at its own pace.' : `Time goes ${session.speed} times as fast.`;
    }),
  configure: step('Deploy', async (session, form) => {
    const wanted = configIn(form);
    try {
      await session.configure(wanted, loadConfig(wanted, 'signl4.yaml'));
    } catch (error) {
      if (error instanceof ConfigError) throw new Refusal(problemsText(error.problems), error.problems);
      throw error;
    }
    return 'Deployed. The next incident follows the new config.';
  }),
  trouble: step(
    (form) => `${form.get('on') === null ? 'Fix' : 'Break'}: ${troubleIn(form)?.title}`,
    async (session, form) => {
      const trouble = troubleIn(form);
      if (!trouble) throw new Refusal('There is no such trouble.');
      const isOn = form.get('on') !== null;
      if (session.faults.has(trouble.name) === isOn)
        throw new Refusal(isOn ? 'It is broken already.' : 'It works already.');
      await setTrouble(session, trouble, isOn);
      return isOn ? `Broken: ${trouble.title}.` : `Fixed: ${trouble.title}.`;
    },
  ),
  restart: async (session) => {
    await session.restart();
    return 'A new night, with the config it started with.';
  },
};

function troubleIn(form: FormData) {
  return troubles.find(({ name }) => name === text(form, 'name'));
}

function configIn(form: FormData): string {
  return String(form.get('config') ?? '').replaceAll('\r\n', '\n');
}

function storyPlace(form: FormData): number {
  return Number(text(form, 'incident') || Number.NaN);
}

/** The incident of the story at that place happens, once. */
async function tell(session: DemoSession, form: FormData): Promise<string> {
  const place = storyPlace(form);
  const chosen = story[place];
  if (!chosen) throw new Refusal('The story has no such incident.');
  if (session.told.has(place)) throw new Refusal('It has happened already.');
  const incident = await session.act(({ world }) => {
    const made = storyIncident(world, chosen);
    world.logs.answers.push(...made.answers);
    return world.sentinel.store.createIncident(made.incident);
  });
  session.told.set(place, incident.name);
  return cameIn(session, incident);
}

/** One of the odd incidents happens: any where none is chosen. */
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
  return cameIn(session, incident);
}

async function cameIn(session: DemoSession, incident: StoredIncident): Promise<string> {
  chooseIncident(session, incident.name);
  // Sentinel takes about a second until its automation rule runs.
  await session.skip(1_500);
  const rings = alertOf(session, incident)?.status === alertStatus.open;
  return `Incident ${incident.number} came in${rings ? ': the phone rings.' : '. Nobody was paged.'}`;
}

/** Looks at an incident, and at its alert on the phone. */
function chooseIncident(session: DemoSession, name: string): string {
  session.choice.incident = name;
  const incident = session.environment.world.sentinel.store.incidents.get(name);
  const alert = incident && alertOf(session, incident);
  if (alert) session.choice.alert = alert.id;
  else delete session.choice.alert;
  return '';
}

/** The newest alert about an incident. */
function alertOf({ environment: { world } }: DemoSession, incident: StoredIncident): S4Alert | undefined {
  return [...world.signl4.store.alerts.values()].findLast(({ externalId }) => externalId.endsWith(incident.name));
}

type Plan = (session: DemoSession, incident: StoredIncident) => () => void;

/** What the analyst does in Sentinel. The plan refuses before anything is said or done. */
async function onIncident(session: DemoSession, verb: string, plan: Plan): Promise<string> {
  const incident = session.incident();
  if (!incident) throw new Refusal('There is no incident yet.');
  const { world } = session.environment;
  const change = plan(session, incident);
  await session.act(() => {
    session.timeline.add('person', `${nameOf(world, 'analyst')} ${verb} incident ${incident.number} in Sentinel`);
    change();
  });
  return `${nameOf(world, 'analyst')} ${verb} incident ${incident.number}.`;
}

function refuseClosed({ number, properties }: StoredIncident): void {
  if (properties.status === 'Closed') throw new Refusal(`Incident ${number} is closed.`);
}

function take({ environment: { world } }: DemoSession, incident: StoredIncident): () => void {
  refuseClosed(incident);
  const { actor, user } = portalActor(world, 'analyst');
  const { objectId, mail = null, userPrincipalName = null, displayName } = user;
  const { status, owner: current } = incident.properties;
  if (status === 'Active' && current.objectId === objectId) throw new Refusal(`${displayName} has it already.`);
  const owner = { objectId, email: mail, userPrincipalName, assignedTo: displayName, ownerType: 'User' as const };
  return () => world.sentinel.store.update(incident.name, { status: 'Active', owner }, actor);
}

function raise({ environment: { world } }: DemoSession, incident: StoredIncident): () => void {
  refuseClosed(incident);
  const worse: Severity | undefined = severities[severityRank(incident.properties.severity) - 1];
  if (!worse) throw new Refusal('It is High already.');
  return () => world.sentinel.store.update(incident.name, { severity: worse }, portalActor(world, 'analyst').actor);
}

function close({ environment: { world } }: DemoSession, incident: StoredIncident, chosen: string): () => void {
  refuseClosed(incident);
  const pair = classifications.find((candidate) => candidate === chosen) ?? 'Undetermined';
  const { classification, classificationReason } = splitClassification(pair);
  const change = {
    status: 'Closed' as const,
    classification: classification as 'Undetermined',
    ...(classificationReason && { classificationReason }),
  };
  return () => world.sentinel.store.update(incident.name, change, portalActor(world, 'analyst').actor);
}

function comment({ environment: { world } }: DemoSession, { name }: StoredIncident, message: string): () => void {
  if (message === '') throw new Refusal('Type a comment first.');
  const { actor } = portalActor(world, 'analyst');
  const user = entraUser(world, 'analyst') ?? world.accounts.analyst;
  return () => world.sentinel.store.putComment(name, { message }, authorOf(user), actor);
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
  const before = shownInSentinel(session, alert);
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
  const after = shownInSentinel(session, alert);
  return `${done}. ${after === before ? 'Sentinel shows no change yet.' : `In Sentinel: ${after}.`}`;
}

/** What the portal shows of the incident behind an alert. */
function shownInSentinel({ environment: { world } }: DemoSession, { externalId }: S4Alert): string {
  const incident = [...world.sentinel.store.incidents.values()].find(({ name }) => externalId.endsWith(name));
  if (!incident) return 'no incident';
  const { status, owner } = incident.properties;
  return [status, owner.assignedTo ?? 'unassigned', plural(incident.comments.length, 'comment')].join(', ');
}

/** Goes on until the next thing that happens when nobody answers. */
async function letItTimeOut(session: DemoSession): Promise<string> {
  const alert = session.alert();
  if (!alert) throw new Refusal('There is no alert on the phone yet.');
  if (alert.status !== alertStatus.open) throw new Refusal('The alert does not wait for anybody.');
  const team = session.environment.world.signl4.store.team(alert.teamId);
  const deadlines = [team.escalateAfterMinutes, team.noResponseAfterMinutes].map(
    (minutes) => alert.created + minutes * MINUTE,
  );
  const next = deadlines.find((deadline) => deadline > session.now);
  if (next === undefined) throw new Refusal('The alert has no deadline left.');
  await session.skip(next - session.now + 2_000);
  const minutes = Math.round((next - alert.created) / MINUTE);
  return alert.status === alertStatus.open
    ? `Nobody answered for ${minutes} minutes: the alert is escalated.`
    : `Nobody answered for ${minutes} minutes: no response.`;
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function problemsText(problems: readonly UserError[]): string {
  const lines = [...new Set(problems.map(({ where }) => where.line))];
  const what = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const places = lines.length > 10 ? [...lines.slice(0, 10), '…'] : lines;
  return `Not deployed: ${what}, in ${lines.length === 1 ? 'line' : 'lines'} ${places.join(', ')}.`;
}
