import { makeProductAlert, makeScheduledAlert } from '../alerts.ts';
import { type Maker, makeEntity } from '../entities.ts';
import type { Principal } from '../entra/directory.ts';
import { makerOf } from '../incidents.ts';
import { ownerFrom } from '../sentinel/incident-body.ts';
import { type NewIncident, nobody } from '../sentinel/new-incident.ts';
import type { Actor, AlertResource, Author, EntityResource, Owner } from '../sentinel/resources.ts';
import { actorOf, authorOf } from '../sentinel/setting.ts';
import type { User } from '../signl4/resources.ts';
import type { World } from '../world.ts';
import type { AlertInStory, IncidentInStory, Machine, OwnerInStory, Person } from './scenario.ts';

/** The Entra user behind a person of the story; undefined for those whom the tenant does not know. */
export function entraUser({ accounts }: World, person: Person): Principal | undefined {
  return {
    onCall: accounts.onCall,
    second: accounts.second,
    analyst: accounts.analyst,
    stranger: undefined,
    manager: undefined,
  }[person];
}

/** The SIGNL4 user behind a person of the story; undefined for those who are not in SIGNL4. */
export function signl4User({ accounts }: World, person: Person): User | undefined {
  return {
    onCall: accounts.onCallUser,
    second: accounts.secondUser,
    stranger: accounts.stranger,
    manager: accounts.manager,
    analyst: undefined,
  }[person];
}

export function nameOf(world: World, person: Person): string {
  return signl4User(world, person)?.displayname ?? entraUser(world, person)?.displayName ?? person;
}

/** Who is written into the incident when this person changes it in the portal. */
export function portalActor(world: World, person: Person) {
  const user = entraUser(world, person) ?? world.accounts.analyst;
  return { actor: actorOf(user, { sourceOf: () => 'User' }), user };
}

const machineActors: Readonly<Record<Machine, Actor>> = {
  rule: { name: 'Assign to tier 1', source: 'Automation rule' },
  grouping: { name: 'Alert grouping', source: 'Alert grouping' },
  playbook: { name: 'Enrich-Incident', source: 'Playbook' },
  application: { name: 'ITSM connector', source: 'Application' },
  defender: { name: 'Microsoft 365 Defender', source: 'Microsoft 365 Defender' },
};

/** Who changes an incident, and as whom they would comment. */
export function changerOf(world: World, by: Person | Machine): { actor: Actor; author: Author } {
  const actor = by in machineActors ? machineActors[by as Machine] : undefined;
  if (actor) return { actor, author: { objectId: null, email: null, userPrincipalName: null, name: actor.name } };
  const person = portalActor(world, by as Person);
  return { actor: person.actor, author: authorOf(person.user) };
}

/** An owner as the service writes it. */
export function ownerOf(world: World, owner: OwnerInStory): Owner {
  const principal = owner === 'group' ? world.accounts.group : owner === 'nobody' ? undefined : entraUser(world, owner);
  return principal ? ownerFrom(principal) : nobody;
}

export function incidentOf(world: World, story: IncidentInStory): NewIncident {
  const maker = makerOf(world);
  const { name: _, copyOf: __, alerts = [], entities = {}, tags, ...rest } = story;
  return {
    ...rest,
    ...(tags && { labels: tags }),
    alerts: alertsOf(maker, alerts, story),
    entities: entitiesOf(maker, entities),
  };
}

export function entitiesOf(maker: Maker, entities: NonNullable<IncidentInStory['entities']>): EntityResource[] {
  return Object.entries(entities).flatMap(([kind, names]) => names.map((name) => entityOf(maker, kind, name)));
}

export function alertsOf(
  maker: Maker,
  alerts: readonly AlertInStory[],
  about: { title?: string; severity?: AlertInStory['severity'] },
): AlertResource[] {
  return alerts.flatMap((alert) =>
    Array.from({ length: alert.repeat ?? 1 }, (_, index) => {
      const {
        repeat,
        product,
        query,
        title = about.title ?? 'Alert',
        severity = about.severity ?? 'Medium',
        ...rest
      } = alert;
      const common = { ...rest, severity, title: repeat ? `${title} (${index + 1} of ${repeat})` : title };
      return query === undefined
        ? makeProductAlert(maker, { ...common, product: product ?? 'Azure Sentinel' })
        : makeScheduledAlert(maker, { ...common, query });
    }),
  );
}

/** Where a kind of entity keeps the name that people read. */
const nameProperties: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  Account: (name) => {
    const [accountName = name, upnSuffix] = name.split('@');
    return { accountName, ...(upnSuffix && { upnSuffix }) };
  },
  Host: (hostName) => ({ hostName }),
  Ip: (address) => ({ address }),
  Url: (url) => ({ url }),
  FileHash: (hashValue) => ({ hashValue, algorithm: 'SHA256' }),
  File: (fileName) => ({ fileName }),
  Process: (commandLine) => ({ commandLine }),
  DnsResolution: (domainName) => ({ domainName }),
};

function entityOf(maker: Maker, kind: string, name: string): EntityResource {
  return makeEntity(maker, kind, name, nameProperties[kind]?.(name) ?? {});
}
