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
  /** The workspace's own GUID ("Workspace ID" in the portal): part of every external id, and where queries run. */
  readonly workspaceId: string;
}

/** A relay that `deploy` brings to Azure Functions, beside the playbooks. Ids are ARM ids; empty ones stand for none. */
export interface RelayInAzure {
  /** Name of the function app; empty: `deploy` brings no relay. */
  readonly app: string;
  /** Copies that Azure keeps of what the relay must not forget. */
  readonly redundancy: Redundancy;
  /** Whether it can be reached from the internet, where SIGNL4 calls it from. */
  readonly publicAccess: boolean;
  /** Subnet for outgoing calls, delegated to Microsoft.App/environments. */
  readonly subnetId: string;
  /** Subnet of private endpoints: with it nothing but these reaches the storage. */
  readonly privateEndpointSubnetId: string;
  /** Resource group of the private DNS zones `privatelink.…` that the endpoints are entered into. */
  readonly dnsZonesGroupId: string;
  /** Log Analytics workspace for the relay's own log. */
  readonly logWorkspaceId: string;
  /** Whether it finds and sends incidents itself, beside the playbooks. */
  readonly sweep: boolean;
  /** Whether it tells SIGNL4 itself what changed in Sentinel. */
  readonly sync: boolean;
  /** Whether it looks owners up in Entra. */
  readonly readUsers: boolean;
}

export const ruleStates = ['keep', 'on', 'off'] as const;
export const redundancies = ['local', 'zone', 'geo', 'geo-zone'] as const;
export type Redundancy = (typeof redundancies)[number];

/** Everything a `signl4.yaml` says, defaults filled in. Holds no secret: those are deployment parameters or environment variables. */
export interface Config {
  /** Shown on the alert; empty: `friendlyNames.companies` decides. */
  readonly company: string;
  /** Undefined: generic playbooks, whose workspace is a deployment parameter. */
  readonly workspace: Workspace | undefined;
  readonly filter: IncidentFilter;
  readonly message: MessageChoice;
  /** Tag that marks an incident as forwarded, 1 to 100 characters. */
  readonly tag: string;
  readonly kql: KqlChoice;
  readonly friendlyNames: FriendlyNames;
  readonly callback: CallbackMapping;
  readonly close: CloseChoice;
  /** SIGNL4 mail address to the Entra user principal name or object id that becomes the owner. */
  readonly owners: Readonly<Record<string, string>>;
  readonly sync: SyncChoice;
  readonly sweep: {
    /** Minutes between two sweeps, 5 to 1440. */
    readonly everyMinutes: number;
    /** How far back a sweep looks, in hours, 1 to 720; windows overlap on purpose. */
    readonly lookBackHours: number;
  };
  readonly relay: {
    /** `https://…`; empty: the playbooks build the event themselves. */
    readonly url: string;
    /** Seconds a playbook waits for the relay before it goes on alone, 1 to 100. */
    readonly timeoutSeconds: number;
    readonly azure: RelayInAzure;
  };
  /** What the person on call may start from the phone. */
  readonly respond: RespondChoice;
  /** Where the playbooks go, and what `deploy` leaves as Azure has it unless it is chosen here. */
  readonly deployment: {
    /** Tenant of the playbooks, a GUID; empty: the workspace's. Another one is a service provider's own. */
    readonly tenantId: string;
    /** Subscription of the playbooks, a GUID; empty: the workspace's. */
    readonly subscriptionId: string;
    /** Resource group of the playbooks; empty: the workspace's. */
    readonly resourceGroup: string;
    /** Names of playbooks that are deployed switched off. Others keep the state that they have. */
    readonly disabled: readonly string[];
    /** Address ranges that may call the playbooks which SIGNL4 calls. Empty: as Azure has it, everybody where one is new. */
    readonly allowedCallers: readonly string[];
    /** Order of the automation rule for new incidents, 1 to 998; the others follow. 0: as Sentinel has it, 900 for a new one. */
    readonly ruleOrder: number;
    /** Whether the automation rules are switched on; `keep`: as Sentinel has it, on for new ones. */
    readonly rules: (typeof ruleStates)[number];
    /** When they end, ISO 8601 in UTC. Empty: as Sentinel has it, never for new ones. */
    readonly rulesEnd: string;
  };
  /** How people start the command line, as the guides say it: `npm run -s cli --`. */
  readonly commandLine: string;
  /** Where the deploy buttons of the guides find the templates: owner, name and branch of a repository on GitHub. */
  readonly repository: string;
  /** Microsoft Graph security API as a second source, asked by the relay, or without one by playbooks. */
  readonly graph: {
    readonly enabled: boolean;
    /** Minutes between two looks at what changed, 1 to 60. */
    readonly everyMinutes: number;
    /** Queries of its alerts run in Defender's advanced hunting instead of the workspace. */
    readonly hunting: boolean;
  };
  /** Service providers: one folder of output per target. */
  readonly targets: readonly Target[];
  /** What people changed in the designer, from the folder `patches` beside the file; left out: nothing. */
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

/** Whether a playbook hears what people start from the phone. Where a relay is, it does. */
export function respondsWithoutRelay({ respond, relay }: Pick<Config, 'respond' | 'relay'>): boolean {
  return hasResponses(respond) && relay.url === '';
}

/** Whether the playbooks are in another tenant than the workspace: a service provider's. */
export function playbooksAreForeign({ deployment, workspace }: Pick<Config, 'deployment' | 'workspace'>): boolean {
  const tenantId = workspace?.tenantId;
  return deployment.tenantId !== '' && deployment.tenantId.toLowerCase() !== tenantId?.toLowerCase();
}

/** The tenant of a response playbook (an ARM id) that lies in the subscription of the workspace; others are the playbooks'. */
export function tenantOfResponse({ workspace }: Pick<Config, 'workspace'>, playbook: string): string | undefined {
  const isThere = playbook.split('/')[2]?.toLowerCase() === workspace?.subscriptionId.toLowerCase();
  return isThere ? workspace?.tenantId : undefined;
}

/** Whether playbooks ask Microsoft Graph for incidents. Where a relay is, it does. */
export function asksGraphWithoutRelay({ graph, relay }: Pick<Config, 'graph' | 'relay'>): boolean {
  return graph.enabled && relay.url === '';
}
