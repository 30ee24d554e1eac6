import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/simulator/scenario/load.ts';
import { play } from '../../../src/simulator/scenario/play.ts';

/** A token of Entra lasts an hour, one of a managed identity a day: stories are longer than both. */
const stories: Readonly<Record<string, string>> = {
  'two hours between acknowledgement and closure': `
steps:
  - incident: { name: a, title: Odd sign-in, severity: High, alerts: [{ query: SigninLogs }] }
  - after: 2m
    acknowledge: { incident: a, by: second }
  - after: 130m
    close: { incident: a, by: second, note: "#bp a test" }
expect:
  - incident: { name: a, status: Closed, classification: BenignPositive - SuspiciousButExpected }
`,
  'four days, with notes': `
steps:
  - incident: { name: a, title: Odd sign-in, severity: High, alerts: [{ query: SigninLogs }] }
  - after: 30h
    acknowledge: { incident: a }
  - after: 26h
    annotate: { incident: a, note: still at it }
  - after: 40h
    close: { incident: a, note: "#fp" }
expect:
  - incident: { name: a, status: Closed, owner: onCall, commentsSay: [still at it] }
`,
  'four days without a relay': `
stage: { relay: false }
steps:
  - incident: { name: a, title: Odd sign-in, severity: High, alerts: [{ query: SigninLogs }] }
  - after: 30h
    acknowledge: { incident: a }
  - after: 66h
    close: { incident: a, note: "#fp" }
expect:
  - incident: { name: a, status: Closed }
`,
  'a token that ends while Sentinel is down and the relay tries again': `
steps:
  - incident: { name: a, title: Odd sign-in, severity: High, alerts: [{ query: SigninLogs }] }
  - after: 53m
    break: { service: sentinel, fault: status, status: 503, for: 20m }
  - after: 1m
    acknowledge: { incident: a }
  - after: 2h
    close: { incident: a }
until: 8h
expect:
  - incident: { name: a, status: Closed, owner: onCall }
`,
  'a second incident on the second day': `
stage: { relayTimers: true }
steps:
  - incident: { name: a, title: Odd sign-in, severity: High }
  - after: 25h
    incident: { name: b, title: Malware, severity: High }
  - after: 5m
    acknowledge: { incident: b }
expect:
  - signl4: { name: b, alerts: 1 }
  - incident: { name: b, status: Active }
`,
  'two days of Microsoft Defender': `
config: { graph: { enabled: true } }
stage: { relayTimers: true }
steps:
  - graphIncident: { name: d, title: Malware, severity: high }
  - after: 90m
    acknowledge: { incident: d }
  - after: 26h
    close: { incident: d }
expect:
  - graphIncident: { name: d, status: resolved }
`,
  'a night with its own words': `
config: { filter: { severities: [High, Medium] }, tag: Woken }
steps:
  - incident: { name: vpn, title: Brute force, severity: Medium, alerts: [{ query: SigninLogs }] }
  - incident: { name: noise, title: Noise, severity: Low }
  - after: 25m
    acknowledge: { incident: vpn, by: second, note: looking }
  - after: 70m
    close: { incident: vpn, by: second, note: "#bp" }
until: 4h
expect:
  - signl4: { name: vpn, alerts: 1, status: closed }
  - incident: { name: vpn, status: Closed, hasTags: [Woken] }
  - signl4: { name: noise, alerts: 0 }
`,
  'a night in which nothing happens': `
until: 30h
expect:
  - quietFor: 1h
`,
};

describe('a story that is longer than a token', () => {
  it.each(Object.entries(stories))('of %s ends well', async (title, text) => {
    const played = await play(loadScenario(`title: ${title}\n${text}`, 'story.yaml'));
    expect(played.findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(played.ok).toBe(true);
  });

  it('needs an end where it has no steps', () => {
    const text = 'title: Nothing\nexpect: [{ quietFor: 1h }]\n';
    expect(() => loadScenario(text, 'story.yaml')).toThrow('the story has neither steps nor an end');
    expect(() => loadScenario(`${text}steps: []\n`, 'story.yaml')).toThrow('the list is empty');
  });
});
