import { raw } from 'hono/html';
import type { Played } from '../scenario/play.ts';
import type { S4Alert } from '../signl4/resources.ts';
import { incidentCard } from './incident-card.ts';
import { html, type Markup } from './markup.ts';
import { alertScreen } from './phone.ts';
import { findingId, reportSummary } from './report-summary.ts';
import { requestDetails, runDetails } from './run-list.ts';
import { timelineLanes } from './timeline-lanes.ts';

/** The product's list of features, by row. */
const featureNames: Readonly<Record<number, string>> = {
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
  13: 'Response playbooks from the phone',
};

/**
 * One HTML file without anything outside: a summary, then for each story what was to be true, what happened, and how it ended.
 * `writtenAt`: milliseconds since 1970.
 */
export async function reportHtml(stories: readonly Played[], css: string, writtenAt: number): Promise<string> {
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
          ${reportSummary(stories, writtenAt)} ${stories.map((played, index) => story(played, index, stories.length > 1))}
        </main>
      </body>
    </html>`;
  return `${String(page).trimStart()}\n`;
}

function story(played: Played, index: number, isOneOfMany: boolean): Markup {
  const { scenario, findings, timeline, startedAt, environment, incidents } = played;
  const { store } = environment.world.signl4;
  const alerts: readonly S4Alert[] = [...store.alerts.values()];
  const features = html`<p class="shows">${scenario.shows.map((row) => html`<span class="tag">${featureNames[row] ?? row}</span>`)}</p>`;
  const part = (title: string) =>
    isOneOfMany ? html`<h3 class="part">${title}</h3>` : html`<h2 class="part">${title}</h2>`;
  const head = isOneOfMany
    ? html`<header class="story-head">
        <h2 id="title-${index}" dir="auto">${scenario.title}</h2>
        <p dir="auto">${scenario.story}</p>
        ${features}
      </header>`
    : features;
  return html`<section class="story" id="story-${index}" aria-labelledby="${isOneOfMany ? `title-${index}` : 'report-title'}">
    ${head}
    ${part('What was expected')}
    <ul class="findings">
      ${findings.map(
        (finding, place) => html`<li id="${findingId(index, place)}" class="${finding.ok ? 'holds' : 'fails'}">
          <span aria-hidden="true">${finding.ok ? '✓' : '✗'}</span> <span class="visually-hidden">${finding.ok ? 'Holds:' : 'Fails:'}</span>
          <span dir="auto">${finding.text}</span> ${finding.ok ? '' : html`<span class="found" dir="auto">found: ${finding.found} (line ${finding.line})</span>`}
        </li>`,
      )}
    </ul>
    ${part('What happened')}
    ${timelineLanes(timeline, startedAt)}
    ${part('How it ended')}
    <div class="ends">
      ${[...incidents.values()].map((incident) => html`<div class="card">${incidentCard(incident)}</div>`)}
      ${alerts.map((alert) => html`<div class="card phone-screen">${alertScreen(alert, store)}</div>`)}
    </div>
    ${part('Runs of playbooks')}
    ${environment.history.runs.length > 0 ? environment.history.runs.map((run) => runDetails(run, `story-${index}-run`)) : html`<p class="soft">None.</p>`}
    <details class="requests">
      <summary>All ${environment.world.log.entries.length} calls</summary>
      ${environment.world.log.entries.map(requestDetails)}
    </details>
  </section>`;
}
