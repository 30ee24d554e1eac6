import type { StoredIncident } from '../sentinel/resources.ts';
import { alertStatus } from '../signl4/resources.ts';
import { alertsRaised, type Scene, serviceRule } from './act.ts';
import { spokenDuration } from './duration.ts';
import type { Count, Expectation, Texts } from './scenario.ts';
import { nameOf, ownerOf, signl4User } from './story-world.ts';

/** An expectation and whether it is met. */
export interface Finding {
  readonly ok: boolean;
  /** The expectation in words. */
  readonly text: string;
  /** What was found instead. */
  readonly found?: string;
  /** Line of the scenario file. */
  readonly line: number;
}

type Check = Omit<Finding, 'line'>;

/** The scene at the end of the story. */
export type FinalScene = Scene & { readonly inbox: { readonly pending: number; readonly dead: number } };

/** Checks an expectation at the end of a story; each of its members is a separate finding. */
export function lookAt(scene: FinalScene, expectation: Expectation): readonly Finding[] {
  return checksOf(scene, expectation).map((check) => ({ ...check, line: expectation.line }));
}

function checksOf(scene: FinalScene, expectation: Expectation): readonly Check[] {
  switch (expectation.subject) {
    case 'incident':
      return incidentChecks(scene, expectation.of);
    case 'graphIncident':
      return graphChecks(scene, expectation.of);
    case 'signl4':
      return alertChecks(scene, expectation.of);
    case 'playbook':
      return playbookChecks(scene, expectation.of);
    case 'requests':
      return requestChecks(scene, expectation.of);
    case 'relay':
      return relayChecks(scene, expectation.of);
    case 'quietFor':
      return [quietCheck(scene, expectation.of)];
  }
}

type Of<S extends Expectation['subject']> = Extract<Expectation, { subject: S }>['of'];

function incidentChecks({ environment, incidents }: Scene, of: Of<'incident'>): readonly Check[] {
  const incident = incidents.get(of.name);
  if (!incident) return [{ ok: false, text: `there is an incident ${of.name}` }];
  const { world } = environment;
  const { properties, comments } = incident;
  const about = `incident ${of.name}`;
  const tags = properties.labels.map(({ labelName }) => labelName);
  const messages = comments.map((comment) => comment.properties.message);
  return [
    ...equal(`status of ${about}`, of.status, properties.status),
    ...equal(`severity of ${about}`, of.severity, properties.severity),
    ...equal(`classification of ${about}`, of.classification, classificationOf(incident)),
    ...says(`classification comment of ${about}`, of.classificationComment, [properties.classificationComment ?? '']),
    ...(of.owner ? [ownerCheck(about, of.owner)] : []),
    ...(of.hasTags ?? []).map((tag) => check(tags.includes(tag), `${about} has the tag ${tag}`, tags.join(', '))),
    ...(of.lacksTags ?? []).map((tag) =>
      check(!tags.includes(tag), `${about} does not have the tag ${tag}`, tags.join(', ')),
    ),
    ...counted(`comments of ${about}`, of.comments, comments.length),
    ...says(`comments of ${about}`, of.commentsSay, messages),
    ...saysNot(`comments of ${about}`, of.commentsDoNotSay, messages),
  ];

  function ownerCheck(subject: string, person: NonNullable<Of<'incident'>['owner']>): Check {
    const wanted = ownerOf(world, person).objectId;
    const name = person === 'nobody' || person === 'group' ? person : nameOf(world, person);
    return check(
      properties.owner.objectId === wanted,
      `owner of ${subject} is ${name}`,
      properties.owner.assignedTo ?? 'nobody',
    );
  }
}

function classificationOf({
  properties: { classification, classificationReason },
}: StoredIncident): string | undefined {
  return classificationReason ? `${classification} - ${classificationReason}` : classification;
}

function graphChecks({ graphIncidents }: Scene, of: Of<'graphIncident'>): readonly Check[] {
  const incident = graphIncidents.get(of.name);
  if (!incident) return [{ ok: false, text: `there is an incident ${of.name} in Defender` }];
  const about = `Defender's incident ${of.name}`;
  return [
    ...equal(`status of ${about}`, of.status, incident.status),
    ...equal(`classification of ${about}`, of.classification, incident.classification ?? undefined),
    ...equal(`owner of ${about}`, of.assignedTo, incident.assignedTo ?? undefined),
    ...(of.hasTags ?? []).map((tag) =>
      check(incident.customTags.includes(tag), `${about} has the tag ${tag}`, incident.customTags.join(', ')),
    ),
    ...says(
      `comments of ${about}`,
      of.commentsSay,
      incident.comments.map(({ comment }) => comment),
    ),
  ];
}

const statusNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(alertStatus).map(([name, code]) => [code, name]),
);

function alertChecks(scene: Scene, of: Of<'signl4'>): readonly Check[] {
  const { world } = scene.environment;
  const alerts = alertsRaised(scene, of.name);
  const about = `the SIGNL4 alert of ${of.name}`;
  const number = counted(`SIGNL4 alerts of ${of.name}`, of.alerts, alerts.length);
  const alert = alerts.at(-1);
  if (!alert) {
    const isMissed = Object.keys(of).some((key) => key !== 'name' && key !== 'alerts');
    return isMissed ? [...number, { ok: false, text: `there is a SIGNL4 alert of ${of.name}`, found: 'none' }] : number;
  }
  const names = (ids: readonly string[]) => ids.map((id) => world.signl4.store.user(id).displayname);
  const acknowledged = names(alert.acknowledgedBy);
  // A person reads both on one screen.
  const shown = [alert.text, ...alert.annotations.map(({ text }) => text)];
  const called = names(alert.notified.map(({ userId }) => userId));
  const personCheck = (people: readonly string[], found: readonly string[], words: string) =>
    people.map((person) => check(found.includes(person), `${person} ${words}`, found.join(', ') || 'nobody'));
  const named = (people: Of<'signl4'>['called'] = []) =>
    people.map((person) => signl4User(world, person)?.displayname ?? person);
  return [
    ...number,
    ...equal(`status of ${about}`, of.status, statusNames[alert.status]),
    ...says(`title of ${about}`, of.title, [alert.title]),
    ...says(`text of ${about}`, of.text, shown),
    ...saysNot(`text of ${about}`, of.textLacks, shown),
    ...Object.entries(of.parameters ?? {}).flatMap(([name, value]) =>
      says(`parameter ${name} of ${about}`, value, [
        alert.parameters.find((parameter) => parameter.name === name)?.value ?? '',
      ]),
    ),
    ...personCheck(named(of.acknowledgedBy), acknowledged, 'acknowledged'),
    ...personCheck(named(of.called), called, 'was called'),
    ...says(
      `annotations of ${about}`,
      of.annotationsSay,
      alert.annotations.map(({ text }) => text),
    ),
  ];
}

function playbookChecks({ environment }: Scene, of: Of<'playbook'>): readonly Check[] {
  const runs = environment.history.runs.filter(({ playbook }) => playbook === of.name);
  const states = runs.map(({ result, problem }) => result?.status ?? problem ?? 'running');
  const last = runs.at(-1)?.result?.actions ?? {};
  return [
    ...counted(`runs of ${of.name}`, of.runs, runs.length),
    ...(of.status
      ? [
          check(
            states.length > 0 && states.every((state) => state === of.status),
            `every run of ${of.name} is ${of.status}`,
            states.join(', ') || 'no run',
          ),
        ]
      : []),
    ...Object.entries(of.actions ?? {}).map(([name, status]) => {
      const action = last[name] ?? last[name.replaceAll(' ', '_')];
      return check(
        action?.status === status,
        `action "${name}" of ${of.name} is ${status}`,
        action?.status ?? 'not there',
      );
    }),
  ];
}

function requestChecks({ environment }: Scene, of: Of<'requests'>): readonly Check[] {
  const { service, path: own } = serviceRule(of.service);
  const path = of.path ?? own;
  const found = environment.world.log
    .find({ ...(service && { service }), ...(of.method && { method: of.method }), ...(path && { path }) })
    .filter(({ status }) => of.status === undefined || status === of.status);
  const what = [of.method, of.path, of.status].filter((part) => part !== undefined).join(' ');
  return counted(`requests to ${of.service} ${what}`.trim(), of.count, found.length);
}

function relayChecks({ environment, inbox }: FinalScene, of: Of<'relay'>): readonly Check[] {
  const outcomes = environment.relayReports.map(({ outcome }) => outcome);
  const number = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  return [
    ...counted('notifications that the relay applied', of.applied, number('applied')),
    ...counted('attempts of the relay that failed', of.retried, number('retry')),
    ...counted('notifications that the relay gave up', of.dead, inbox.dead),
    ...counted('notifications that wait in the relay', of.pending, inbox.pending),
  ];
}

function quietCheck({ environment: { world } }: Scene, ms: number): Check {
  const last = world.log.entries.at(-1);
  const silence = world.clock.now() - (last?.at ?? 0);
  return check(
    silence >= ms,
    `nothing has happened for ${spokenDuration(ms)}`,
    `${last?.method} ${last?.path.split('?')[0]} ${spokenDuration(silence)} ago`,
  );
}

function check(ok: boolean, text: string, found: string): Check {
  return ok ? { ok, text } : { ok, text, found };
}

function equal(what: string, wanted: string | undefined, found: string | undefined): readonly Check[] {
  return wanted === undefined ? [] : [check(wanted === found, `${what} is ${wanted}`, found ?? 'nothing')];
}

function counted(what: string, wanted: Count | undefined, found: number): readonly Check[] {
  if (wanted === undefined) return [];
  if (typeof wanted === 'number') return [check(found === wanted, `${what}: ${wanted}`, String(found))];
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = wanted;
  const words = [
    wanted.atLeast !== undefined && `at least ${atLeast}`,
    wanted.atMost !== undefined && `at most ${atMost}`,
  ]
    .filter(Boolean)
    .join(', ');
  return [check(found >= atLeast && found <= atMost, `${what}: ${words}`, String(found))];
}

function says(what: string, wanted: Texts | undefined, found: readonly string[]): readonly Check[] {
  return textsOf(wanted).map((text) =>
    check(
      found.some((one) => one.includes(text)),
      `${what} says "${text}"`,
      found.join(' | ') || 'nothing',
    ),
  );
}

function saysNot(what: string, wanted: Texts | undefined, found: readonly string[]): readonly Check[] {
  return textsOf(wanted).map((text) =>
    check(!found.some((one) => one.includes(text)), `${what} does not say "${text}"`, found.join(' | ')),
  );
}

function textsOf(texts: Texts | undefined): readonly string[] {
  return texts === undefined ? [] : [texts].flat();
}
