import { VirtualClock } from '../clock.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { Stage } from '../stage/stage.ts';
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
  readonly stage: Stage;
  readonly incidents: ReadonlyMap<string, StoredIncident>;
}

/** Plays a story from its beginning to its end. The same story always goes the same way. */
export async function play(scenario: Scenario): Promise<Played> {
  const clock = new VirtualClock();
  const { seed, hidesSources } = scenario.stage;
  const world = createWorld({ clock, seed, ...(hidesSources && { sourceOf: () => 'User' as const }) });
  prepare(world, scenario);
  const { config } = scenario;
  const { relay: hasRelay, callbacks, sweeps, relayTimers, connectorLatencyMs } = scenario.stage;
  const stage = new Stage({ world, config, hasRelay, callbacks, sweeps, relayTimers, connectorLatencyMs });
  try {
    return await playOn(scenario, stage, clock);
  } finally {
    await stage.close();
  }
}

async function playOn(scenario: Scenario, stage: Stage, clock: VirtualClock): Promise<Played> {
  const startedAt = clock.now();
  const timeline = new Timeline(stage);
  const incidents = new Map<string, StoredIncident>();
  const scene: Scene = { stage, timeline, incidents, graphIncidents: new Map() };
  for (const step of scenario.steps) {
    await clock.advance(startedAt + step.at - clock.now());
    await clock.track(async () => act(scene, step));
  }
  await clock.advance(startedAt + scenario.until - clock.now());
  const inbox = (await stage.relay?.store.inbox.counts()) ?? { pending: 0, dead: 0 };
  const findings = scenario.expect.flatMap((expectation) => lookAt({ ...scene, inbox }, expectation));
  return {
    scenario,
    ok: findings.every(({ ok }) => ok),
    findings,
    timeline: timeline.entries.toSorted((a, b) => a.at - b.at),
    startedAt,
    stage,
    incidents,
  };
}

const MINUTE = 60_000;

/** Sets the world up as the story wants it. */
function prepare(world: World, { stage, answers }: Scenario): void {
  const { automation } = world.sentinel;
  automation.settings = { ...automation.settings, style: stage.triggers, mergeMs: stage.mergeUpdatesMs };
  Object.assign(world.signl4.outbound.settings, stage.notifications);
  const { team } = world.cast;
  const { escalateAfterMs, noResponseAfterMs, scenario } = stage.team;
  if (escalateAfterMs !== undefined) team.escalateAfterMinutes = escalateAfterMs / MINUTE;
  if (noResponseAfterMs !== undefined) team.noResponseAfterMinutes = noResponseAfterMs / MINUTE;
  team.scenario = scenario;
  world.logs.answers.push(...answers);
}
