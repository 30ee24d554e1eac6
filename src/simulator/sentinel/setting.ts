import type { Clock } from '../clock.ts';
import type { Directory, Principal } from '../entra/directory.ts';
import type { Tokens } from '../entra/tokens.ts';
import type { Ids } from '../ids.ts';
import type { Access } from './access.ts';
import type { AlertRule } from './alert-rule.ts';
import type { Automation } from './automation.ts';
import type { Actor, Author, UpdateSource } from './resources.ts';
import type { SentinelStore } from './store.ts';

/** What the routes of Azure Resource Manager work on. */
export interface SentinelSetting {
  readonly store: SentinelStore;
  readonly automation: Automation;
  readonly alertRules: Map<string, AlertRule>;
  readonly access: Access;
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How Sentinel names the origin of a change by this caller; not documented, hence changeable. */
  readonly sourceOf: (caller: Principal) => UpdateSource;
}

export function actorOf(caller: Principal, { sourceOf }: Pick<SentinelSetting, 'sourceOf'>): Actor {
  return { name: caller.displayName, source: sourceOf(caller), objectId: caller.objectId };
}

export function authorOf({ objectId, mail, userPrincipalName, displayName }: Principal): Author {
  return { objectId, email: mail ?? null, userPrincipalName: userPrincipalName ?? null, name: displayName };
}
