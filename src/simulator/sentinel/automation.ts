import { isJsonObject, type JsonObject, listOf, member, textOf } from '../../domain/json.ts';
import { parseSeverity } from '../../domain/severity.ts';
import { parseIncidentStatus } from '../../domain/status.ts';
import type { Clock } from '../clock.ts';
import type { Directory } from '../entra/directory.ts';
import type { Ids } from '../ids.ts';
import type { AutomationRule, PlaybookTrigger, RuleAction } from './automation-rule.ts';
import { conditionsHold } from './conditions.ts';
import { readClosing, readOwner } from './incident-body.ts';
import type {
  Actor,
  AlertResource,
  EntityResource,
  IncidentChange,
  Label,
  StoredIncident,
  UpdatedField,
  WritableProperties,
} from './resources.ts';
import { type SentinelStore, wireTime } from './store.ts';
import { alertTriggerBody, defaultTriggerStyle, incidentTriggerBody, type TriggerStyle } from './trigger-body.ts';

/** Starts a playbook with a trigger body; resolves when its run has ended, rejects when it could not be started. */
export type RunPlaybook = (resourceId: string, body: unknown) => Promise<unknown>;

export interface AutomationSettings {
  /** From the change to the rule: about a second in the Azure portal, minutes once onboarded to Defender. */
  delayMs: number;
  /** Changes of one incident within this time arrive as one update with the latest values (Defender: 5 to 10 minutes). */
  mergeMs: number;
  style: TriggerStyle;
  /** False where Sentinel's own identity lacks "Microsoft Sentinel Automation Contributor" on the playbooks' resource group. */
  mayRunPlaybooks: boolean;
}

export const defaultAutomationSettings: AutomationSettings = {
  delayMs: 1_000,
  mergeMs: 0,
  style: defaultTriggerStyle,
  mayRunPlaybooks: true,
};

/** What the table SentinelHealth would hold. */
export interface AutomationRun {
  readonly at: number;
  readonly rule: string;
  readonly incident?: string;
  readonly playbook?: string;
  status: 'Running' | 'Success' | 'Failure';
  reason?: string;
}

/** A playbook step is waited for this long, then the next step goes on. */
const PLAYBOOK_WAIT_MS = 120_000;

/** Runs automation rules when incidents and alerts come and change, one rule after the other in their order. */
export class Automation {
  readonly rules = new Map<string, AutomationRule>();
  readonly runs: AutomationRun[] = [];
  settings: AutomationSettings = { ...defaultAutomationSettings };
  runPlaybook: RunPlaybook = async (resourceId) => {
    throw new Error(`The workflow '${resourceId}' could not be found`);
  };
  /** Throws for a rule that Sentinel refuses to store. */
  checkRule: (rule: AutomationRule['properties']) => void = () => {};
  /** What keeps `runPlaybook` from starting a playbook, in words; undefined: nothing. */
  problemOf: (resourceId: string, trigger: PlaybookTrigger) => string | undefined = () => undefined;
  /** Runs of a playbook as Logic Apps lists them, newest first; undefined: there is no such playbook. */
  runsOf: (resourceId: string, since: number) => readonly JsonObject[] | undefined = () => undefined;
  /** The tenant that a playbook lies in. */
  tenantOf: (resourceId: string) => string = () => this.#store.workspace.tenantId;
  readonly #store: SentinelStore;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #directory: Directory;
  /** Updates that still wait for others to join them, by incident. */
  readonly #merging = new Map<string, { change: IncidentChange }>();
  /** Events of an incident that wait for the one being handled. */
  readonly #queues = new Map<string, IncidentChange[]>();
  readonly #unmatchedListeners = new Set<(incident: StoredIncident) => void>();

  constructor(store: SentinelStore, clock: Clock, ids: Ids, directory: Directory) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
    this.#directory = directory;
    store.onChange((change) => this.#schedule(change));
  }

  /** Calls `listener` with every new incident that no rule is about. */
  onUnmatched(listener: (incident: StoredIncident) => void): void {
    this.#unmatchedListeners.add(listener);
  }

  /** What an analytics rule does that raises alerts without incidents: alert rules run with the alert's body. */
  raiseAlert(alert: AlertResource, entities: readonly EntityResource[]): void {
    this.#clock.after(this.settings.delayMs, async () => {
      for (const rule of this.#rulesFor('Alerts', 'Created'))
        for (const action of inOrder(rule.properties.actions))
          if (action.actionType === 'RunPlaybook')
            await this.#play(
              rule.properties.displayName,
              playbookOf(action),
              alertTriggerBody(this.#store, alert, entities),
            );
    });
  }

  /** A playbook that somebody starts by hand. */
  async start(resourceId: string, body: unknown, rule = 'Manual run'): Promise<void> {
    await this.#play(rule, resourceId, body);
  }

  #schedule(change: IncidentChange): void {
    const { name } = change.incident;
    const open = this.#merging.get(name);
    if (open && change.event === 'Update') {
      open.change = mergeChanges(open.change, change);
      return;
    }
    const mergeMs = change.event === 'Update' ? this.settings.mergeMs : 0;
    const entry = { change };
    if (mergeMs > 0) this.#merging.set(name, entry);
    this.#clock.after(mergeMs + this.settings.delayMs, () => {
      if (mergeMs > 0) this.#merging.delete(name);
      return this.#enqueue(entry.change);
    });
  }

  /** Events of one incident are handled one after the other: rules on creation come before rules on update. */
  async #enqueue(change: IncidentChange): Promise<void> {
    const { name } = change.incident;
    const queue = this.#queues.get(name);
    if (queue) {
      queue.push(change);
      return;
    }
    const waiting = [change];
    this.#queues.set(name, waiting);
    for (let next = waiting.shift(); next; next = waiting.shift()) await this.#handle(next);
    this.#queues.delete(name);
  }

  /** Conditions are looked at when the rule's turn comes: earlier rules may have changed the incident. */
  async #handle(change: IncidentChange): Promise<void> {
    const { incident } = change;
    let hasMatched = false;
    for (const rule of this.#rulesFor('Incidents', change.event === 'Create' ? 'Created' : 'Updated')) {
      if (!this.#store.incidents.has(incident.name)) return;
      if (!conditionsHold(rule.properties.triggeringLogic.conditions ?? [], { incident, change })) continue;
      hasMatched = true;
      for (const action of inOrder(rule.properties.actions)) await this.#act(rule, action, change);
    }
    if (hasMatched || change.event !== 'Create') return;
    for (const listener of this.#unmatchedListeners) listener(incident);
  }

  async #act(rule: AutomationRule, action: RuleAction, change: IncidentChange): Promise<void> {
    const { incident } = change;
    if (action.actionType === 'RunPlaybook') {
      const eventId = this.#ids.guid('trigger event');
      const body = incidentTriggerBody(this.#store, change, eventId, this.settings.style);
      await this.#play(rule.properties.displayName, playbookOf(action), body, incident.name);
    } else if (action.actionType === 'ModifyProperties') {
      const by: Actor = { name: rule.properties.displayName, source: 'Automation rule' };
      this.#store.update(incident.name, this.#changes(action.actionConfiguration, incident.properties), by);
    } else {
      const { title, description = '' } = action.actionConfiguration;
      const properties = { title, description, status: 'New', createdTimeUtc: wireTime(this.#clock.now()) };
      this.#store.putChild(incident.name, 'tasks', this.#ids.guid('task'), properties);
    }
  }

  #changes(configuration: unknown, now: WritableProperties): Partial<WritableProperties> {
    const status = parseIncidentStatus(member(configuration, 'status'));
    const severity = parseSeverity(member(configuration, 'severity'));
    const owner = member(configuration, 'owner');
    const names = listOf(member(configuration, 'labels')).flatMap((label) => textOf(member(label, 'labelName')) ?? []);
    const added = names.filter((name) => !now.labels.some(({ labelName }) => labelName === name));
    return {
      ...(severity && { severity }),
      ...(status && { status }),
      ...(status === 'Closed' && readClosing(configuration)),
      ...(isJsonObject(owner) && { owner: readOwner(owner, this.#directory) }),
      labels: [...now.labels, ...added.map((labelName): Label => ({ labelName, labelType: 'User' }))],
    };
  }

  /** Starts a playbook and waits for it, but not longer than Sentinel does. */
  async #play(rule: string, playbook: string, body: unknown, incident?: string): Promise<void> {
    const at = this.#clock.now();
    const run: AutomationRun = { at, rule, ...(incident && { incident }), playbook, status: 'Running' };
    this.runs.push(run);
    if (!this.settings.mayRunPlaybooks) {
      fail(run, 'Microsoft Sentinel is missing permissions to run the playbook');
      return;
    }
    const ended = this.runPlaybook(playbook, body).then(
      () => {
        run.status = 'Success';
      },
      (error: unknown) => fail(run, error instanceof Error ? error.message : String(error)),
    );
    await within(PLAYBOOK_WAIT_MS, ended, this.#clock);
  }

  #rulesFor(on: 'Incidents' | 'Alerts', when: 'Created' | 'Updated'): readonly AutomationRule[] {
    return [...this.rules.values()]
      .filter(({ properties: { triggeringLogic: logic } }) => {
        const expires = Date.parse(logic.expirationTimeUtc ?? '');
        const isOver = expires <= this.#clock.now();
        return logic.isEnabled && !isOver && logic.triggersOn === on && logic.triggersWhen === when;
      })
      .sort((a, b) => a.properties.order - b.properties.order);
  }
}

function playbookOf(action: Extract<RuleAction, { actionType: 'RunPlaybook' }>): string {
  return action.actionConfiguration.logicAppResourceId;
}

function fail(run: AutomationRun, reason: string): void {
  run.status = 'Failure';
  run.reason = reason;
}

/** Resolves when the work has ended, or at the limit while the work goes on. */
async function within(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  let cancel = () => {};
  const limit = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await Promise.race([work, limit]);
  cancel();
}

function inOrder(actions: readonly RuleAction[]): readonly RuleAction[] {
  return actions.toSorted((a, b) => a.order - b.order);
}

function mergeChanges(first: IncidentChange, second: IncidentChange): IncidentChange {
  return {
    ...second,
    before: first.before,
    updatedFields: [...new Set<UpdatedField>([...first.updatedFields, ...second.updatedFields])],
    added: {
      alerts: [...first.added.alerts, ...second.added.alerts],
      comments: [...first.added.comments, ...second.added.comments],
      labels: [...first.added.labels, ...second.added.labels],
      tactics: [...first.added.tactics, ...second.added.tactics],
    },
  };
}
