import { loadConfig } from '../../config/load.ts';
import { VirtualClock } from '../clock.ts';
import { Environment } from '../environment/environment.ts';
import { Timeline } from '../scenario/timeline.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import type { S4Alert } from '../signl4/resources.ts';
import { createWorld } from '../world.ts';

/** How fast time goes: simulated milliseconds for each real one. */
export const speeds = [1, 10, 60] as const;
const TICK_MS = 200;

/** What the person in front of the page looks at. */
interface Choice {
  incident?: string;
  alert?: string;
  /** Whose phone it is. */
  person: 'onCall' | 'second';
}

/** An environment that plays live: time goes on by itself, everything else happens on request, one thing after the other. */
export class DemoSession {
  #environment: Environment;
  #clock: VirtualClock;
  #timeline: Timeline;
  #queue: Promise<unknown> = Promise.resolve();
  #ticker: NodeJS.Timeout | undefined;
  #isDirty = false;
  readonly #listeners = new Set<() => void>();
  /** Faults in force by their name on the page; each ends its fault. */
  readonly faults = new Map<string, () => void>();
  readonly choice: Choice = { person: 'onCall' };
  speed: number = speeds[0];
  configText: string;

  /** Throws ConfigError for a config that is wrong. */
  constructor(configText: string) {
    this.configText = configText;
    ({ environment: this.#environment, clock: this.#clock, timeline: this.#timeline } = this.#open(configText));
  }

  get environment(): Environment {
    return this.#environment;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Lets time go on. */
  start(): void {
    this.#ticker = setInterval(() => void this.#do(() => this.#clock.advance(TICK_MS * this.speed)), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    await this.#queue;
    await this.#environment.close();
  }

  /** Does something as soon as what is under way has ended, and lets its consequences happen. */
  act<T>(work: (environment: Environment) => T | Promise<T>): Promise<T> {
    return this.#do(async () => {
      const result = await this.#clock.track(async () => work(this.#environment));
      await this.#clock.runDue();
      this.#isDirty = true;
      return result;
    });
  }

  /** Moves time on at once. */
  skip(ms: number): Promise<void> {
    return this.#do(async () => {
      await this.#clock.advance(ms);
      this.#isDirty = true;
    });
  }

  /** Deploys another config. Throws ConfigError, and then nothing has changed. */
  async configure(text: string): Promise<void> {
    const config = loadConfig(text, 'signl4.yaml');
    await this.act((environment) => environment.reconfigure(config));
    this.configText = text;
    this.#timeline.add('person', 'deploys another config');
  }

  /** A new world with the same config. */
  async restart(): Promise<void> {
    await this.#do(async () => {
      await this.#environment.close();
      ({ environment: this.#environment, clock: this.#clock, timeline: this.#timeline } = this.#open(this.configText));
      this.faults.clear();
      delete this.choice.incident;
      delete this.choice.alert;
      this.#isDirty = true;
    });
  }

  /** Calls `listener` when there is something new to show; the result stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The incident that is looked at: the chosen one, else the newest. */
  incident(): StoredIncident | undefined {
    const { incidents } = this.#environment.world.sentinel.store;
    return incidents.get(this.choice.incident ?? '') ?? [...incidents.values()].at(-1);
  }

  /** The alert on the phone: the chosen one, else the newest. */
  alert(): S4Alert | undefined {
    const { alerts } = this.#environment.world.signl4.store;
    return alerts.get(this.choice.alert ?? '') ?? [...alerts.values()].at(-1);
  }

  #open(configText: string): { environment: Environment; clock: VirtualClock; timeline: Timeline } {
    const clock = new VirtualClock();
    const world = createWorld({ clock, seed: 'demo' });
    const config = loadConfig(configText, 'signl4.yaml');
    const environment = new Environment({ world, config, hasRelay: true, callbacks: 'relay', sweeps: true });
    const timeline = new Timeline(environment);
    const markDirty = () => {
      this.#isDirty = true;
    };
    timeline.onEntry(markDirty);
    environment.history.onChange(markDirty);
    world.log.onEnd(markDirty);
    return { environment, clock, timeline };
  }

  /** Everything in turn: the clock must not be moved while it moves. */
  #do<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn.finally(() => this.#tell());
  }

  #tell(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    for (const listener of this.#listeners) listener();
  }
}
