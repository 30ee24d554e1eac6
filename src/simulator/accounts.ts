import type { Clock } from './clock.ts';
import type { Directory, Principal } from './entra/directory.ts';
import type { Ids } from './ids.ts';
import type { Access } from './sentinel/access.ts';
import { dutyModes, type Team, type User } from './signl4/resources.ts';
import type { Signl4Store } from './signl4/store.ts';

/** The people and identities that every world starts with. */
export interface Accounts {
  /** Users of Entra that are also people of SIGNL4, with the same mail address. */
  readonly onCall: Principal;
  readonly second: Principal;
  /** An analyst who works in Sentinel and is not in SIGNL4. */
  readonly analyst: Principal;
  /** A group of the tenant with a mail address; incidents may be assigned to it. */
  readonly group: Principal;
  /** In the SIGNL4 team, unknown to the tenant. */
  readonly stranger: User;
  readonly team: Team;
  readonly otherTeam: Team;
  readonly onCallUser: User;
  readonly secondUser: User;
  readonly manager: User;
  /** Identity of the playbooks: Microsoft Sentinel Responder, and Playbook Operator on the playbooks' resource group. */
  readonly playbooks: Principal;
  /** Identity of the relay: Responder, and what Graph needs. */
  readonly relay: Principal;
  /** May do everything in Sentinel: for tests that set things up through the API. */
  readonly contributor: Principal;
}

/** Display names that a world may choose; left out: the usual ones. */
export interface Names {
  readonly analyst?: string;
  readonly manager?: string;
}

const GRAPH = 'https://graph.microsoft.com';
const LONG = 365 * 86_400_000;

export function createAccounts(parts: {
  directory: Directory;
  access: Access;
  signl4: Signl4Store;
  ids: Ids;
  clock: Clock;
  names?: Names;
}): Accounts {
  const { directory, access, signl4, ids, clock, names = {} } = parts;
  const team = signl4.addTeam({ name: 'SOC', secret: 'soc-team-secret' });
  const otherTeam = signl4.addTeam({ name: 'IT Operations', secret: 'it-team-secret' });
  const user = (name: string, displayName: string, mail: string): Principal =>
    directory.add({
      objectId: ids.guid('user'),
      kind: 'User',
      displayName,
      mail,
      userPrincipalName: `${name}@contoso.com`,
    });
  const identity = (displayName: string, appRoles: readonly string[], more: Partial<Principal> = {}): Principal =>
    directory.add({
      ...more,
      objectId: ids.guid('identity'),
      appId: ids.guid('application'),
      kind: 'ManagedIdentity',
      displayName,
      appRoles: { [GRAPH]: appRoles },
      secrets: { [`secret of ${displayName}`]: clock.now() + LONG },
    });
  const person = (username: string, displayname: string, mail: string) =>
    signl4.addUser({ username, displayname, mail }, team);
  const accounts: Accounts = {
    onCall: user('m.lopez', 'María López', 'm.lopez@contoso.com'),
    second: user('j.mueller', 'Jörg Müller', 'joerg.mueller@contoso.com'),
    analyst: user('a.tanaka', names.analyst ?? '田中 葵', 'aoi.tanaka@contoso.com'),
    group: directory.add({
      objectId: '7b1f0a52-6c1e-4d0b-9a55-0c0ffee00001',
      kind: 'Group',
      displayName: 'SOC tier 1',
      mail: 'soc-tier-1@contoso.com',
    }),
    stranger: person('freelancer', 'Sam Rivera', 'sam@rivera.example'),
    team,
    otherTeam,
    onCallUser: person('mlopez', 'María López', 'm.lopez@contoso.com'),
    secondUser: person('jmueller', 'Jörg Müller', 'joerg.mueller@contoso.com'),
    manager: signl4.addUser(
      { username: 'kboss', displayname: names.manager ?? 'Kim Boss', mail: 'kim@contoso.com' },
      team,
      dutyModes.manager,
    ),
    playbooks: identity('SIGNL4 playbooks', [], { isPlaybook: true }),
    relay: identity('SIGNL4 relay', [
      'User.Read.All',
      'SecurityIncident.ReadWrite.All',
      'SecurityAlert.ReadWrite.All',
      'ThreatHunting.Read.All',
    ]),
    contributor: identity('Setup', []),
  };
  access.assign(accounts.analyst.objectId, 'Microsoft Sentinel Responder');
  access.assign(accounts.playbooks.objectId, 'Microsoft Sentinel Responder');
  access.assign(accounts.relay.objectId, 'Microsoft Sentinel Responder');
  access.assign(accounts.contributor.objectId, 'Microsoft Sentinel Contributor');
  for (const { objectId } of [accounts.analyst, accounts.playbooks, accounts.contributor])
    access.assign(objectId, 'Microsoft Sentinel Playbook Operator');
  return accounts;
}
