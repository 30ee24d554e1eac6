import { raw } from 'hono/html';
import { spokenDuration } from '../scenario/duration.ts';
import type { Played } from '../scenario/play.ts';
import type { S4Alert } from '../signl4/resources.ts';
import { incidentCard } from './incident-card.ts';
import { html, type Markup, pill } from './markup.ts';
import { alertScreen } from './phone.ts';
import { requestDetails, runDetails } from './run-list.ts';
import { timelineLanes } from './timeline-lanes.ts';

/** The product's list of features, by row. */
const features: Readonly<Record<number, string>> = {
  1: 'Forward incidents of your choice',
  2: 'Forward the linked alerts',
  3: 'Augment with KQL',
  4: 'Tag forwarded incidents',
  5: 'Assign the owner',
  6: 'Notes on the incident',
  7: 'Friendly names',
  8: 'Close from SIGNL4',
  9: 'Pull by state',
  10: 'From Sentinel to SIGNL4',
  11: 'Microsoft Graph security API',
  12: 'Azure setup as code',
};

/** One HTML file without anything outside: the stories, what was to be true, what happened, and how it ended. */
export async function reportHtml(stories: readonly Played[], css: string): Promise<string> {
  const failed = stories.filter(({ ok }) => !ok).length;
  const title =
    stories.length === 1 ? (stories[0]?.scenario.title ?? 'Report') : `${stories.length} stories, ${failed} failed`;
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${raw(css)}
        </style>
      </head>
      <body class="report">
        <main>
          ${stories.length > 1 ? overview(stories) : ''} ${stories.map(story)}
        </main>
      </body>
    </html>`;
  return `${String(page).trimStart()}\n`;
}

function overview(stories: readonly Played[]): Markup {
  return html`<nav aria-label="Stories">
    <h1>Stories</h1>
    <ul class="plain">
      ${stories.map(({ scenario, ok }, index) => html`<li>${pill(ok ? 'holds' : 'fails', ok ? 'good' : 'bad')} <a href="#story-${index}">${scenario.title}</a></li>`)}
    </ul>
  </nav>`;
}

function story(played: Played, index: number): Markup {
  const { scenario, ok, findings, timeline, startedAt, environment, incidents } = played;
  const { store } = environment.world.signl4;
  const alerts: readonly S4Alert[] = [...store.alerts.values()];
  const failed = findings.filter((finding) => !finding.ok).length;
  const verdict = ok
    ? `All ${findings.length} expectations hold`
    : `${failed} of ${findings.length} expectations do not hold`;
  return html`<section class="story" id="story-${index}" aria-labelledby="title-${index}">
    <header class="story-head">
      <h1 id="title-${index}" dir="auto">${scenario.title}</h1>
      <p dir="auto">${scenario.story}</p>
      <p>${pill(verdict, ok ? 'good' : 'bad')} <span class="soft">after ${spokenDuration(scenario.until)}</span> ${scenario.shows.map((row) => html`<span class="tag">${features[row] ?? row}</span>`)}</p>
    </header>
    <h2>What must be true</h2>
    <ul class="findings">
      ${findings.map(
        (finding) => html`<li class="${finding.ok ? 'holds' : 'fails'}">
          <span aria-hidden="true">${finding.ok ? '✓' : '✗'}</span> <span class="visually-hidden">${finding.ok ? 'Holds:' : 'Fails:'}</span>
          <span dir="auto">${finding.text}</span> ${finding.ok ? '' : html`<span class="found" dir="auto">found: ${finding.found} (line ${finding.line})</span>`}
        </li>`,
      )}
    </ul>
    <h2>What happened</h2>
    ${timelineLanes(timeline, startedAt)}
    <h2>How it ended</h2>
    <div class="ends">
      ${[...incidents.values()].map((incident) => html`<div class="card">${incidentCard(incident)}</div>`)}
      ${alerts.map((alert) => html`<div class="card phone-screen">${alertScreen(alert, store)}</div>`)}
    </div>
    <h2>Runs of playbooks</h2>
    ${environment.history.runs.length > 0 ? environment.history.runs.map((run) => runDetails(run, `story-${index}-run`)) : html`<p class="soft">None.</p>`}
    <details class="requests">
      <summary>All ${environment.world.log.entries.length} requests</summary>
      ${environment.world.log.entries.map(requestDetails)}
    </details>
  </section>`;
}
