import { INSTALLED } from '../domain/command-line.ts';
import { publishedRepository } from '../domain/repository.ts';
import type {
  CallbackMapping,
  CloseChoice,
  FriendlyNames,
  IncidentFilter,
  KqlChoice,
  MessageChoice,
  SyncChoice,
} from '../rules/choices.ts';
import {
  defaultCallback,
  defaultClose,
  defaultFilter,
  defaultFriendlyNames,
  defaultKql,
  defaultMessage,
  defaultSync,
} from '../rules/choices.ts';
import { hasResponses, type RespondChoice } from '../rules/respond.ts';

import type { Patches } from './patches.ts';

/** The Log Analytics workspace that Sentinel runs on. */
export interface Workspace {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** GUID of the workspace ("Workspace ID" in the portal): part of every external id, and the workspace that queries run in. */
  readonly workspaceId: string;
}

/** A relay that `deploy` creates in Azure Functions, beside the playbooks. Ids are ARM ids; empty means none. */
export interface RelayInAzure {
  /** Name of the function app; empty: `deploy` creates no relay. */
  readonly app: string;
  /** Redundancy of the relay's storage account. */
  readonly redundancy: Redundancy;
  /** Whether the relay is reachable from the internet, from where SIGNL4 calls it. */
  readonly publicAccess: boolean;
  /** Subnet for outgoing calls, delegated to Microsoft.App/environments. */
  readonly subnetId: string;
  /** Subnet for private endpoints; if set, the storage is only reachable through them. */
  readonly privateEndpointSubnetId: string;
  /** Resource group with the private DNS zones `privatelink.…` for the endpoints. */
  readonly dnsZonesGroupId: string;
  /** Log Analytics workspace for the relay's own log. */
  readonly logWorkspaceId: string;
  /** Whether the relay finds and sends incidents itself, in addition to the playbooks. */
  readonly sweep: boolean;
  /** Whether the relay itself reports changes in Sentinel to SIGNL4. */
  readonly sync: boolean;
  /** Whether it looks owners up in Entra. */
  readonly readUsers: boolean;
}

export const ruleStates = ['keep', 'on', 'off'] as const;
export const redundancies = ['local', 'zone', 'geo', 'geo-zone'] as const;
export type Redundancy = (typeof redundancies)[number];

/**
 * Content of a `signl4.yaml` with defaults filled in. Contains no secrets: those are deployment parameters or environment
 * variables.
 */
export interface Config {
  /** Shown on the alert; empty: looked up in `friendlyNames.companies`. */
  readonly company: string;
  /** Undefined: generic playbooks that ask for the workspace when they are deployed. */
  readonly workspace: Workspace | undefined;
  readonly filter: IncidentFilter;
  readonly message: MessageChoice;
  /** Tag that marks an incident as forwarded, 1 to 100 characters. */
  readonly tag: string;
  readonly kql: KqlChoice;
  readonly friendlyNames: FriendlyNames;
  readonly callback: CallbackMapping;
  readonly close: CloseChoice;
  /** SIGNL4 mail address to the user principal name or object id of the owner in Entra. */
  readonly owners: Readonly<Record<string, string>>;
  readonly sync: SyncChoice;
  readonly sweep: {
    /** Minutes between two sweeps, 5 to 1440. */
    readonly everyMinutes: number;
    /** How far back a sweep looks, in hours, 1 to 720; windows must overlap. */
    readonly lookBackHours: number;
  };
  readonly relay: {
    /** `https://…`; empty: the playbooks build the event themselves. */
    readonly url: string;
    /** How many seconds a playbook waits for the relay before it continues without it, 1 to 100. */
    readonly timeoutSeconds: number;
    readonly azure: RelayInAzure;
  };
  /** What the person on call may start from the phone. */
  readonly respond: RespondChoice;
  /** Where the playbooks are deployed, and settings that `deploy` leaves as they are in Azure unless they are set here. */
  readonly deployment: {
    /** Tenant of the playbooks, a GUID; empty: the workspace's. Another one is that of a service provider. */
    readonly tenantId: string;
    /** Subscription of the playbooks, a GUID; empty: the workspace's. */
    readonly subscriptionId: string;
    /** Resource group of the playbooks; empty: the workspace's. */
    readonly resourceGroup: string;
    /** Names of playbooks to deploy disabled. Others keep their state. */
    readonly disabled: readonly string[];
    /** Address ranges that may call the playbooks that SIGNL4 calls. Empty: unchanged in Azure, unrestricted for new ones. */
    readonly allowedCallers: readonly string[];
    /**
     * Order of the automation rule for new incidents, 1 to 998; the others follow. 0: unchanged in Sentinel, 900 for a new rule.
     */
    readonly ruleOrder: number;
    /** Whether the automation rules are enabled; `keep`: unchanged in Sentinel, enabled for new ones. */
    readonly rules: (typeof ruleStates)[number];
    /** Expiration of the rules, ISO 8601 in UTC. Empty: unchanged in Sentinel, never for new ones. */
    readonly rulesEnd: string;
  };
  /** How people start the command line, for use in the guides: `npm run -s cli --`. */
  readonly commandLine: string;
  /** Repository on GitHub that the deploy buttons take templates from: owner, name and branch. */
  readonly repository: string;
  /** Microsoft Graph security API as a second source, read by the relay or, without one, by playbooks. */
  readonly graph: {
    readonly enabled: boolean;
    /** Minutes between two polls, 1 to 60. */
    readonly everyMinutes: number;
    /** Whether queries of its alerts run in Defender's advanced hunting instead of the workspace. */
    readonly hunting: boolean;
  };
  /** Service providers: one folder of output per target. */
  readonly targets: readonly Target[];
  /** Edits made in the designer, from the folder `patches` beside the file. Default: none. */
  readonly patches?: Patches;
}

/** One customer of a service provider: a name (also the folder), a workspace, and what differs from the common part. */
export interface Target {
  readonly name: string;
  /** The common part with the target's own values merged in; has no targets of its own. */
  readonly config: Config;
}

export const defaultConfig: Config = {
  company: '',
  workspace: undefined,
  filter: defaultFilter,
  message: defaultMessage,
  tag: 'SIGNL4',
  kql: defaultKql,
  friendlyNames: defaultFriendlyNames,
  callback: defaultCallback,
  close: defaultClose,
  owners: {},
  sync: defaultSync,
  sweep: { everyMinutes: 15, lookBackHours: 48 },
  relay: {
    url: '',
    timeoutSeconds: 25,
    azure: {
      ...{ app: '', redundancy: 'zone', publicAccess: true },
      ...{ subnetId: '', privateEndpointSubnetId: '', dnsZonesGroupId: '', logWorkspaceId: '' },
      ...{ sweep: false, sync: false, readUsers: false },
    },
  },
  respond: { playbooks: {}, perHour: 5, protected: [] },
  deployment: {
    ...{ tenantId: '', subscriptionId: '', resourceGroup: '' },
    ...{ disabled: [], allowedCallers: [], ruleOrder: 0, rules: 'keep', rulesEnd: '' },
  },
  graph: { enabled: false, everyMinutes: 1, hunting: false },
  commandLine: INSTALLED,
  repository: publishedRepository,
  targets: [],
};

/** Whether a playbook reacts to notes from the phone. If there is a relay, that does. */
export function respondsWithoutRelay({ respond, relay }: Pick<Config, 'respond' | 'relay'>): boolean {
  return hasResponses(respond) && relay.url === '';
}

/** Whether the playbooks are in another tenant than the workspace, that of a service provider. */
export function playbooksAreForeign({ deployment, workspace }: Pick<Config, 'deployment' | 'workspace'>): boolean {
  const tenantId = workspace?.tenantId;
  return deployment.tenantId !== '' && deployment.tenantId.toLowerCase() !== tenantId?.toLowerCase();
}

/**
 * Tenant of a response playbook (an ARM id) in the subscription of the workspace; undefined for others, which are in the
 * playbooks' tenant.
 */
export function tenantOfResponse({ workspace }: Pick<Config, 'workspace'>, playbook: string): string | undefined {
  const isThere = playbook.split('/')[2]?.toLowerCase() === workspace?.subscriptionId.toLowerCase();
  return isThere ? workspace?.tenantId : undefined;
}

/** Whether playbooks read incidents from Microsoft Graph. If there is a relay, that does. */
export function asksGraphWithoutRelay({ graph, relay }: Pick<Config, 'graph' | 'relay'>): boolean {
  return graph.enabled && relay.url === '';
}
