import type { Config } from '../../config/config.ts';
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
/** A Saturday night. */
const BEGINNING = Date.parse('2026-01-10T02:10:00Z');

/** What the person in front of the page looks at. */
interface Choice {
  incident?: string;
  alert?: string;
  /** Whose phone it is. */
  person: 'onCall' | 'second';
}

/** Something that somebody did: enough to do it again. */
interface Step {
  /** Milliseconds since 1970, in the simulated world. */
  readonly at: number;
  /** What the page calls it: `Acknowledge`. */
  readonly title: string;
  /** What was looked at, for the step is about that. */
  readonly choice: Choice;
  /** Does it again; undefined where only time went by. */
  readonly play: (() => Promise<string>) | undefined;
}

/** What belongs to one playing of the night. */
interface Night {
  readonly environment: Environment;
  readonly clock: VirtualClock;
  readonly timeline: Timeline;
  /** Incidents of the story that have happened: place in the story to the name of the incident. */
  readonly told: Map<number, string>;
  /** Faults in force by their name on the page; each ends its fault. */
  readonly faults: Map<string, () => void>;
}

/**
 * An environment that plays live: time goes on by itself, everything else happens on request, one thing after the other.
 * The same steps at the same times give the same world, down to every id. So a step is taken back by playing the ones before it again.
 */
export class DemoSession {
  #night: Night;
  #steps: Step[] = [];
  readonly #startText: string;
  /** Presses of buttons: one at a time. */
  #presses: Promise<unknown> = Promise.resolve();
  /** Movements of the clock: one at a time. */
  #moves: Promise<unknown> = Promise.resolve();
  #ticker: NodeJS.Timeout | undefined;
  /** A press is at work: time waits for it, and nobody is told of what is half done. */
  #isHeld = false;
  #isDirty = false;
  readonly #listeners = new Set<() => void>();
  choice: Choice = { person: 'onCall' };
  speed: number = speeds[0];
  configText: string;

  /** Throws ConfigError for a config that is wrong. */
  constructor(configText: string) {
    this.#startText = configText;
    this.configText = configText;
    this.#night = this.#open();
  }

  get environment(): Environment {
    return this.#night.environment;
  }

  get timeline(): Timeline {
    return this.#night.timeline;
  }

  get told(): Map<number, string> {
    return this.#night.told;
  }

  get faults(): Map<string, () => void> {
    return this.#night.faults;
  }

  get now(): number {
    return this.#night.clock.now();
  }

  /** What `back` takes back; undefined at the start of the night. */
  get lastStep(): Pick<Step, 'at' | 'title'> | undefined {
    return this.#steps.at(-1);
  }

  /** Lets time go on. */
  start(): void {
    this.#ticker = setInterval(() => {
      if (!this.#isHeld) void this.#move(() => this.#night.clock.advance(TICK_MS * this.speed));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    await this.settled();
    await this.#night.environment.close();
  }

  /** When nothing is half done. */
  async settled(): Promise<void> {
    await this.#presses;
    await this.#moves;
  }

  /** Does something and remembers it, so that it can be taken back. What throws is not remembered, and must have changed nothing. */
  step(title: string, play: () => Promise<string>): Promise<string> {
    return this.#remembered(title, play, play);
  }

  /** The same for what only lets time go by. */
  pass(title: string, play: () => Promise<string>): Promise<string> {
    return this.#remembered(title, play, undefined);
  }

  /** Changes what is looked at, which needs no taking back. */
  look(work: () => string): Promise<string> {
    return this.#press(async () => work());
  }

  /** To the moment before the last step; its title. Undefined where there is none. */
  back(): Promise<string | undefined> {
    return this.#press(async () => {
      const last = this.#steps.at(-1);
      if (last) await this.#playAgain(this.#steps.slice(0, -1), last.at, last.choice);
      return last?.title;
    });
  }

  /** To a moment that was: what was done later was not done. */
  backTo(instant: number): Promise<void> {
    return this.#press(async () => {
      const kept = this.#steps.filter(({ at }) => at < instant);
      const choice = this.#steps[kept.length]?.choice ?? this.choice;
      await this.#playAgain(kept, Math.max(instant, BEGINNING), choice);
    });
  }

  /** A new night, with everything as it was at the start. */
  restart(): Promise<void> {
    return this.#press(async () => {
      await this.#playAgain([], BEGINNING, { person: 'onCall' });
      this.speed = speeds[0];
    });
  }

  /** Does something as soon as what is under way has ended, and lets its consequences happen. */
  act<T>(work: (environment: Environment) => T | Promise<T>): Promise<T> {
    return this.#move(async () => {
      const { clock, environment } = this.#night;
      const result = await clock.track(async () => work(environment));
      await clock.runDue();
      this.#isDirty = true;
      return result;
    });
  }

  /** Moves time on at once. */
  skip(ms: number): Promise<void> {
    return this.#move(async () => {
      await this.#night.clock.advance(ms);
      this.#isDirty = true;
    });
  }

  /** Deploys another config. */
  async configure(text: string, config: Config): Promise<void> {
    await this.act((environment) => environment.reconfigure(config));
    this.configText = text;
    this.timeline.add('person', 'deploys another config');
  }

  /** Says that there is something new to show. */
  touch(): void {
    this.#isDirty = true;
    this.#tell();
  }

  /** Calls `listener` when there is something new to show; the result stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The incident that is looked at: the chosen one, else the newest. */
  incident(): StoredIncident | undefined {
    const { incidents } = this.environment.world.sentinel.store;
    return incidents.get(this.choice.incident ?? '') ?? [...incidents.values()].at(-1);
  }

  /** The alert on the phone: the chosen one, else the newest. */
  alert(): S4Alert | undefined {
    const { alerts } = this.environment.world.signl4.store;
    return alerts.get(this.choice.alert ?? '') ?? [...alerts.values()].at(-1);
  }

  #remembered(title: string, play: () => Promise<string>, again: Step['play']): Promise<string> {
    return this.#press(async () => {
      const step = { at: this.now, title, choice: { ...this.choice }, play: again };
      const said = await play();
      this.#steps.push(step);
      return said;
    });
  }

  /** Another night with the first of the steps, up to a moment. Where that fails, everything is as before. */
  async #playAgain(steps: readonly Step[], until: number, choice: Choice): Promise<void> {
    const [night, configText] = [this.#night, this.configText];
    try {
      this.configText = this.#startText;
      this.#night = this.#open();
      for (const { at, choice: seen, play } of steps) {
        await this.skip(Math.max(0, at - this.now));
        this.choice = { ...seen };
        await play?.();
      }
      await this.skip(Math.max(0, until - this.now));
    } catch (error) {
      this.configText = configText;
      this.#night = night;
      throw error;
    }
    this.choice = { ...choice };
    this.#steps = [...steps];
    await night.environment.close();
  }

  #open(): Night {
    const clock = new VirtualClock(BEGINNING);
    const world = createWorld({ clock, seed: 'demo', names: { analyst: 'Aoi Tanaka', manager: 'Kim Boyd' } });
    const config = loadConfig(this.#startText, 'signl4.yaml');
    const environment = new Environment({ world, config, hasRelay: true, callbacks: 'relay', sweeps: true });
    const timeline = new Timeline(environment);
    const markDirty = () => {
      this.#isDirty = true;
    };
    timeline.onEntry(markDirty);
    environment.history.onChange(markDirty);
    world.log.onEnd(markDirty);
    return { environment, clock, timeline, told: new Map(), faults: new Map() };
  }

  /** One press after the other, without any time going by. */
  #press<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#presses.then(async () => {
      this.#isHeld = true;
      try {
        await this.#moves;
        return await work();
      } finally {
        this.#isHeld = false;
        this.touch();
      }
    });
    this.#presses = turn.catch(() => {});
    return turn;
  }

  /** Everything in turn: the clock must not be moved while it moves. */
  #move<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#moves.then(work);
    this.#moves = turn.catch(() => {});
    return turn.finally(() => this.#tell());
  }

  #tell(): void {
    if (!this.#isDirty || this.#isHeld) return;
    this.#isDirty = false;
    for (const listener of this.#listeners) listener();
  }
}
