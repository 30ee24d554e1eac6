import { spokenDuration } from '../scenario/duration.ts';
import type { Finding } from '../scenario/expect.ts';
import type { Played } from '../scenario/play.ts';
import { html, type Markup, pill, timeOfDay } from './markup.ts';

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** What a report opens with: how it went, what was played, when, how much, and the first thing that is not as it should be. */
export function reportSummary(stories: readonly Played[], writtenAt: number): Markup {
  const [only, ...others] = stories;
  const findings = stories.flatMap((story) => story.findings);
  const failed = stories.filter(({ ok }) => !ok).length;
  const holding = findings.filter(({ ok }) => ok).length;
  const title = only && others.length === 0 ? only.scenario.title : `${stories.length} stories`;
  const verdict = failed === 0 ? 'Passed' : 'Failed';
  const told =
    failed === 0
      ? `All ${findings.length} expectations hold`
      : `${findings.length - holding} of ${findings.length} expectations ${findings.length - holding === 1 ? 'does' : 'do'} not hold`;
  const facts: Readonly<Record<string, string>> = {
    ...(others.length > 0 && {
      Stories: failed === 0 ? `${stories.length}, all passed` : `${stories.length}, ${failed} failed`,
    }),
    Expectations: `${holding} of ${findings.length} hold`,
    'Simulated time': simulatedTime(stories),
    Incidents: String(sum(stories, ({ environment }) => environment.world.sentinel.store.incidents.size)),
    'Pages to phones': String(sum(stories, pages)),
    'Runs of playbooks': String(sum(stories, ({ environment }) => environment.history.runs.length)),
    Calls: String(sum(stories, calls)),
    Written: `${dates.format(writtenAt)}, ${timeOfDay(writtenAt).slice(0, 5)} UTC`,
  };
  return html`<header class="summary">
    <h1 id="report-title" dir="auto">${title}</h1>
    ${only && others.length === 0 ? html`<p class="told" dir="auto">${only.scenario.story}</p>` : ''}
    <p class="verdict ${failed === 0 ? 'good' : 'bad'}"><strong>${verdict}.</strong> ${told}.</p>
    <dl class="facts">
      ${Object.entries(facts).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    ${firstFailure(stories)} ${others.length > 0 ? storyTable(stories) : ''}
  </header>`;
}

/** Link target of what the finding at that place says. */
export const findingId = (story: number, finding: number) => `story-${story}-finding-${finding}`;

function simulatedTime(stories: readonly Played[]): string {
  const [only, ...others] = stories;
  const length = spokenDuration(sum(stories, ({ scenario }) => scenario.until));
  if (!only || others.length > 0) return `${length} in all`;
  const { startedAt, scenario } = only;
  const ends = startedAt + scenario.until;
  const isOneDay = dates.format(startedAt) === dates.format(ends);
  return `${length}: ${dates.format(startedAt)}, ${timeOfDay(startedAt).slice(0, 5)} to ${isOneDay ? '' : `${dates.format(ends)}, `}${timeOfDay(ends).slice(0, 5)} UTC`;
}

function firstFailure(stories: readonly Played[]): Markup {
  const index = stories.findIndex(({ ok }) => !ok);
  const story = stories[index];
  if (!story) return html``;
  const place = story.findings.findIndex(({ ok }) => !ok);
  const finding = story.findings[place] as Finding;
  const trouble = story.timeline.find(({ isTrouble }) => isTrouble);
  return html`<section class="first-failure" aria-labelledby="first-failure">
    <h2 id="first-failure">First failure</h2>
    <p dir="auto">${stories.length > 1 ? html`${story.scenario.title}: ` : ''}<a href="#${findingId(index, place)}">${finding.text}</a> (line ${finding.line})</p>
    <p dir="auto"><strong>Found:</strong> ${finding.found ?? 'it is not so'}</p>
    ${trouble ? html`<p dir="auto"><strong>First trouble in the story:</strong> after ${spokenDuration(trouble.at - story.startedAt)}, ${trouble.actor}: ${trouble.text}</p>` : ''}
  </section>`;
}

function storyTable(stories: readonly Played[]): Markup {
  return html`<table class="stories">
    <caption class="visually-hidden">The stories</caption>
    <thead>
      <tr><th scope="col">Result</th><th scope="col">Story</th><th scope="col">Hold</th><th scope="col">Pages</th><th scope="col">Calls</th></tr>
    </thead>
    <tbody>
      ${stories.map((story, index) => {
        const { scenario, ok, findings } = story;
        const failure = findings.find((finding) => !finding.ok);
        return html`<tr>
          <td>${pill(ok ? 'passed' : 'failed', ok ? 'good' : 'bad')}</td>
          <td><a href="#story-${index}" dir="auto">${scenario.title}</a>${failure ? html`<br /><span class="soft" dir="auto">${failure.text}; found: ${failure.found}</span>` : ''}</td>
          <td>${findings.filter((finding) => finding.ok).length}/${findings.length}</td>
          <td>${pages(story)}</td>
          <td>${calls(story)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

const pages = ({ environment }: Played) => environment.world.signl4.store.alerts.size;
const calls = ({ environment }: Played) => environment.world.log.entries.length;
const sum = (stories: readonly Played[], of: (story: Played) => number) =>
  stories.reduce((total, story) => total + of(story), 0);
