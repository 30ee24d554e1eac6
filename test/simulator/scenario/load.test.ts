import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/problem.ts';
import { formatWhere } from '../../../src/domain/errors.ts';
import { loadScenario } from '../../../src/simulator/scenario/load.ts';

const head = 'title: A story\n';
const tail = 'expect:\n  - quietFor: 1m\n';
const incident = '  - incident: { name: one, title: One }\n';

function problemsOf(text: string): string[] {
  try {
    loadScenario(text, 's.yaml');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ where, message, remedy }) => `${formatWhere(where)} ${message}${remedy ? ` | ${remedy}` : ''}`,
    );
  }
  return [];
}

describe('a scenario file', () => {
  it('with very many problems shows the first 200 and counts the rest', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: 1\n`).join('');
    const problems = problemsOf(`${head}steps:\n${incident}${tail}${keys}`);
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)).toContain('there are 800 more problems than these');
  });

  it('becomes a story: times add up, defaults fill in, lines are kept', () => {
    const scenario = loadScenario(
      `${head}story: >\n  Words.\nshows: [1]\nconfig: { tag: paged }\nsteps:\n${incident}  - after: 90s\n    acknowledge: { incident: one }\n  - at: 1h30m\n    break: { service: relay, fault: status, status: 429, retryAfter: 7, for: 2m }\n${tail}`,
      's.yaml',
    );
    expect(scenario).toMatchObject({
      title: 'A story',
      story: 'Words.',
      shows: [1],
      config: { tag: 'paged', sweep: { everyMinutes: 15 } },
      until: 5_400_000 + 600_000,
    });
    expect(scenario.environment).toMatchObject({ relay: true, callbacks: 'relay', sweeps: false });
    expect(scenario.steps).toMatchObject([
      { verb: 'incident', at: 0, line: 7 },
      { verb: 'acknowledge', at: 90_000, line: 8 },
      {
        verb: 'break',
        at: 5_400_000,
        with: { forMs: 120_000, fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } } },
      },
    ]);
    expect(scenario.expect).toEqual([{ line: 13, subject: 'quietFor', of: 60_000 }]);
  });

  it.each([
    [
      `${head}stpes: []\nsteps:\n${incident}${tail}`,
      's.yaml:2:1 (stpes) there is no key "stpes" at the top level | Did you mean "steps"?',
    ],
    [`steps:\n${incident}${tail}`, 's.yaml:1:1 "title" is missing | Add "title: …" (One line.)'],
    [`${head}steps: []\n${tail}`, 's.yaml:2:8 (steps) the list is empty'],
    [
      `${head}steps:\n  - acknowlege: { incident: one }\n${tail}`,
      's.yaml:3:5 (steps[0].acknowlege) there is no key "acknowlege" in steps[0] | Did you mean "acknowledge"?',
    ],
    [
      `${head}steps:\n${incident}  - acknowledge: { incident: two }\n${tail}`,
      's.yaml:4:30 (steps[1].acknowledge.incident) there is no incident "two" | Known: one.',
    ],
    [
      `${head}steps:\n${incident}  - close: { incident: oen }\n${tail}`,
      's.yaml:4:24 (steps[1].close.incident) there is no incident "oen" | Known: one.',
    ],
    [
      `${head}steps:\n${incident}  - after: 5\n    sweep: now\n${tail}`,
      's.yaml:4:12 (steps[1].after) 5 is not a duration, a number with its unit | For example "90s"',
    ],
    [
      `${head}steps:\n${incident}  - at: 5m\n    sweep: now\n  - at: 3m\n    sweep: now\n${tail}`,
      's.yaml:6:9 (steps[2].at) this happens before the step above it | Put the steps in order.',
    ],
    [
      `${head}steps:\n${incident}    sweep: now\n${tail}`,
      's.yaml:3:5 (steps[0]) this says more than one thing: incident, sweep | Make an entry of each.',
    ],
    [`${head}steps:\n  - after: 1m\n${tail}`, /\(steps\[0\]\) this says nothing that happens \| Add one of incident/],
    [
      `${head}steps:\n  - incident: { name: a, title: b, severity: high }\n${tail}`,
      's.yaml:3:46 (steps[0].incident.severity) must be one of High, Medium, Low, Informational; got "high" | Did you mean High?',
    ],
    [`${head}steps:\n${incident}  - run: { playbook: SIGNL4-Sync }\n${tail}`, /there is no playbook "SIGNL4-Sync"/],
    [
      `${head}until: 1m\nsteps:\n  - at: 5m\n    sweep: now\n${tail}`,
      's.yaml:2:8 (until) the story ends before its last step',
    ],
    [
      `${head}config:\n  filter:\n    severities: [Hihg]\nsteps:\n${incident}${tail}`,
      /^s\.yaml:4:18 \(filter\.severities\[0\]\) .*Hihg/,
    ],
    [
      `${head}steps:\n${incident}  - after: 1m\n    config: { tga: x }\n${tail}`,
      /^s\.yaml:5:15 \(tga\) there is no key "tga"/,
    ],
    [
      `${head}steps:\n${incident}expect:\n  - signl4: { name: one, alerts: -1 }\n`,
      's.yaml:5:34 (expect[0].signl4.alerts) -1 is out of range | Choose a whole number of at least 0.',
    ],
    [
      `${head}steps:\n  - incident: { name: one, title: 007 }\n${tail}`,
      's.yaml:3:35 (steps[0].incident.title) expected a string, got 007 | Put it in quotes: "007"',
    ],
    [
      `${head}steps:\n  - incident: { name: one, title: One, alerts: "1" }\n${tail}`,
      's.yaml:3:48 (steps[0].incident.alerts) expected a list, got "1" | Write a list: [1]',
    ],
    [
      `${head}steps:\n${incident}  - after: [5m]\n    sweep: now\n${tail}`,
      's.yaml:4:12 (steps[1].after) expected a string or a whole number, got a list | For example "90s"',
    ],
    [
      `${head}relay: false\nsteps:\n${incident}${tail}`,
      's.yaml:2:1 (relay) there is no key "relay" at the top level | Did you mean "relay" in "stage"?',
    ],
    [
      `${head}steps:\n${incident}expect:\n  - signl4: { name: one, alerts: "2" }\n`,
      's.yaml:5:34 (expect[0].signl4.alerts) expected a whole number or a section, got "2" | Remove the quotes: 2',
    ],
    ['just words\n', 's.yaml:1:1 expected a section, got "just words" | This is not a story, which'],
    [`${head}steps:\n  - incident: [x\n`, /s\.yaml:\d+:\d+/],
  ])('says what is wrong and where: %#', (text, message) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toMatch(
      typeof message === 'string' ? new RegExp(message.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')) : message,
    );
  });

  it.each([
    [`${head}xyzzy: 1\nsteps:\n${incident}${tail}`, 'scenario.unknown-key'],
    [`steps:\n${incident}${tail}`, 'scenario.missing'],
    [`${head}steps:\n  - incident: { name: a, title: b, severity: high }\n${tail}`, 'scenario.value'],
    [`${head}steps:\n${incident}  - after: 5\n    sweep: now\n${tail}`, 'scenario.duration'],
    [`${head}steps:\n${incident}  - after: soon\n    sweep: now\n${tail}`, 'scenario.duration'],
    [`${head}steps:\n${incident}expect: []\n`, 'scenario.empty'],
    [`${head}steps:\n${incident}expect:\n  - signl4: { name: one, alerts: -1 }\n`, 'scenario.range'],
    [`${head}steps: often\n${tail}`, 'scenario.type'],
  ])('has a code for scripts: %#', (text, code) => {
    expect(() => loadScenario(text, 's.yaml')).toThrow(expect.objectContaining({ code }));
  });
});
