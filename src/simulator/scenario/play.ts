import { VirtualClock } from '../clock.ts';
import { Environment } from '../environment/environment.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { createWorld, type World } from '../world.ts';
import { act, type Scene } from './act.ts';
import { type Finding, lookAt } from './expect.ts';
import type { Scenario } from './scenario.ts';
import { Timeline, type TimelineEntry } from './timeline.ts';

/** A story that was played. */
export interface Played {
  readonly scenario: Scenario;
  /** Everything that was to be true is. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly timeline: readonly TimelineEntry[];
  readonly startedAt: number;
  readonly environment: Environment;
  readonly incidents: ReadonlyMap<string, StoredIncident>;
}

/** Plays a story from its beginning to its end. The same story always goes the same way. */
export async function play(scenario: Scenario): Promise<Played> {
  const clock = new VirtualClock();
  const { seed, hidesSources } = scenario.environment;
  const world = createWorld({ clock, seed, ...(hidesSources && { sourceOf: () => 'User' as const }) });
  prepare(world, scenario);
  const { config } = scenario;
  const { relay: hasRelay, callbacks, sweeps, relayTimers, connectorLatencyMs } = scenario.environment;
  const environment = new Environment({ world, config, hasRelay, callbacks, sweeps, relayTimers, connectorLatencyMs });
  try {
    return await playOn(scenario, environment, clock);
  } finally {
    await environment.close();
  }
}

async function playOn(scenario: Scenario, environment: Environment, clock: VirtualClock): Promise<Played> {
  const startedAt = clock.now();
  const timeline = new Timeline(environment);
  const incidents = new Map<string, StoredIncident>();
  const scene: Scene = { environment, timeline, incidents, graphIncidents: new Map() };
  for (const step of scenario.steps) {
    await clock.advance(startedAt + step.at - clock.now());
    await clock.track(async () => act(scene, step));
  }
  await clock.advance(startedAt + scenario.until - clock.now());
  const inbox = (await environment.relay?.store.inbox.counts()) ?? { pending: 0, dead: 0 };
  const findings = scenario.expect.flatMap((expectation) => lookAt({ ...scene, inbox }, expectation));
  return {
    scenario,
    ok: findings.every(({ ok }) => ok),
    findings,
    timeline: timeline.entries.toSorted((a, b) => a.at - b.at),
    startedAt,
    environment,
    incidents,
  };
}

const MINUTE = 60_000;

/** Sets the world up as the story wants it. */
function prepare(world: World, { environment, answers }: Scenario): void {
  const { automation } = world.sentinel;
  automation.settings = { ...automation.settings, style: environment.triggers, mergeMs: environment.mergeUpdatesMs };
  Object.assign(world.signl4.outbound.settings, environment.notifications);
  const { team } = world.accounts;
  const { escalateAfterMs, noResponseAfterMs, scenario } = environment.team;
  if (escalateAfterMs !== undefined) team.escalateAfterMinutes = escalateAfterMs / MINUTE;
  if (noResponseAfterMs !== undefined) team.noResponseAfterMinutes = noResponseAfterMs / MINUTE;
  team.scenario = scenario;
  world.logs.answers.push(...answers);
}
