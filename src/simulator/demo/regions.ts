import { severities } from '../../domain/severity.ts';
import { cut } from '../../domain/text.ts';
import { incidentCard, severityMark, statusKinds } from '../page/incident-card.ts';
import { html, type Markup, pill, timeOfDay } from '../page/markup.ts';
import { alertScreen } from '../page/phone.ts';
import { requestSummary, runSummary } from '../page/run-list.ts';
import { nameOf } from '../scenario/story-world.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { alertStatus, type S4Alert } from '../signl4/resources.ts';
import type { DemoSession } from './session.ts';
import { story } from './story.ts';

/** Parts of the page that change while it is open: id of the element to what stands in it. */
export const regions: Readonly<Record<string, (session: DemoSession) => Markup>> = {
  clock,
  ...Object.fromEntries(
    story.map((_, place) => [`story-${place}`, (session: DemoSession) => storyCard(session, place)]),
  ),
  incidents,
  'phone-screen': phoneScreen,
  timeline,
  runs,
  requests,
  settings,
};

const NEWEST = { incidents: 6, alerts: 5, entries: 60, runs: 15, requests: 40 };
/** Of an entry that repeats a long note: the whole note is on the incident and on the phone. */
const MOST_OF_ENTRY = 240;
const days = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });

function clock({ now }: DemoSession): Markup {
  return html`${days.format(now)} <time>${timeOfDay(now)}</time> <span class="soft">UTC</span>`;
}

/** One incident of the story: what it is, and the button that lets it happen or shows it. The first that has not happened is the one to press. */
function storyCard(session: DemoSession, place: number): Markup {
  const { title, severity, summary, advice } = story[place] as (typeof story)[number];
  const name = session.told.get(place);
  const incident = session.environment.world.sentinel.store.incidents.get(name ?? '');
  const status = incident?.properties.status;
  const next = story.findIndex((_, other) => !session.told.has(other));
  const shown = session.incident();
  const isShown = incident !== undefined && shown === incident;
  const isBusy = shown !== undefined && shown.properties.status !== 'Closed';
  const isNext = place === next && !isBusy;
  const about = isNext ? summary : isShown && isBusy ? advice : undefined;
  return html`<div class="story-inside">
    <p class="story-state">${severityMark(severity)} <strong>${title}</strong> ${status ? pill(status, statusKinds[status]) : html`<span class="soft">${severity}</span>`}</p>
    ${
      status
        ? html`<form method="post" action="/do/choose-incident?area=story-${place}"><button id="story-button-${place}" name="incident" value="${name}" aria-pressed="${String(isShown)}" aria-label="Show incident ${place + 1}">Show</button></form>`
        : html`<form method="post" action="/do/story?area=story-${place}"><button id="story-button-${place}" name="incident" value="${place}" class="${isNext ? 'primary' : ''}" aria-label="Start incident ${place + 1}">Start</button></form>`
    }
    ${about ? html`<p class="${isNext ? 'soft' : 'advice'}">${about}</p>` : ''}
  </div>`;
}

/** What the controls of the page show, for the script to put into them: they change by other hands, too. */
function settings({ configText, speed, choice, faults, lastStep }: DemoSession): Markup {
  const state = {
    config: configText,
    speed,
    person: choice.person,
    troubles: [...faults.keys()],
    step: lastStep?.title,
  };
  return html`<pre id="state">${JSON.stringify(state)}</pre>`;
}

function incidents(session: DemoSession): Markup {
  const all = [...session.environment.world.sentinel.store.incidents.values()];
  const shown = session.incident();
  if (!shown) return firstSteps;
  return html`${
    all.length > 1
      ? chooser(
          'incident',
          all
            .slice(-NEWEST.incidents)
            .reverse()
            .map(({ name, number, properties }) => ({
              id: name,
              isShown: name === shown.name,
              mark: severityMark(properties.severity),
              title: `${number} ${properties.title}`,
            })),
        )
      : ''
  }
  <div class="incident-state" data-can="${possibleInSentinel(session, shown)}">${incidentCard(shown)}</div>`;
}

/** What the buttons of the analyst can do with this incident now. */
function possibleInSentinel({ environment: { world } }: DemoSession, { properties }: StoredIncident): string {
  if (properties.status === 'Closed') return 'comment';
  const isTaken = properties.status === 'Active' && properties.owner.objectId === world.accounts.analyst.objectId;
  const can = { take: !isTaken, raise: properties.severity !== severities[0], comment: true, close: true };
  return Object.entries(can)
    .flatMap(([name, is]) => (is ? [name] : []))
    .join(' ');
}

const firstSteps = html`<div class="empty-state">
  <p><strong>A quiet night so far.</strong></p>
  <p>Start the first incident: a playbook sends it to SIGNL4, and the phone rings.</p>
</div>`;

function phoneScreen(session: DemoSession): Markup {
  const { world } = session.environment;
  const all = [...world.signl4.store.alerts.values()];
  const shown = session.alert();
  const owner = nameOf(world, session.choice.person);
  if (!shown) return html`<div class="empty-state"><p><strong>No alert.</strong></p><p>${owner} is on duty.</p></div>`;
  return html`<div class="screen-state" data-can="${possible(shown)}" data-ringing="${String(shown.status === alertStatus.open)}">
    ${
      all.length > 1
        ? chooser(
            'alert',
            all
              .slice(-NEWEST.alerts)
              .reverse()
              .map((alert) => ({ id: alert.id, isShown: alert === shown, mark: dot(alert), title: alert.title })),
          )
        : ''
    }
    ${alertScreen(shown, world.signl4.store)}
  </div>`;
}

/** What the buttons of the phone can do with this alert now. */
function possible({ status }: S4Alert): string {
  const can: Readonly<Record<number, string>> = {
    [alertStatus.open]: 'acknowledge close annotate escalate let-it-time-out',
    [alertStatus.acknowledged]: 'close annotate escalate undo-acknowledge',
    [alertStatus.closed]: 'annotate undo-close',
    [alertStatus.noResponse]: 'acknowledge close annotate escalate',
  };
  return can[status] ?? '';
}

function dot({ status }: S4Alert): Markup {
  return pill(
    status === alertStatus.closed ? 'Closed' : status === alertStatus.acknowledged ? 'Taken' : 'Open',
    status === alertStatus.closed ? 'good' : status === alertStatus.acknowledged ? 'warn' : 'bad',
  );
}

interface Item {
  readonly id: string;
  readonly isShown: boolean;
  readonly mark: Markup;
  readonly title: string;
}

/** A list to choose from; each item is a button of a form, so it works without a script. */
function chooser(what: 'incident' | 'alert', items: readonly Item[]): Markup {
  return html`<form method="post" action="/do/choose-${what}?area=${what === 'alert' ? 'phone' : 'sentinel'}" class="chooser" aria-label="Choose the ${what}">
    ${items.map(
      ({ id, isShown, mark, title }) =>
        html`<button id="choose-${id}" name="${what}" value="${id}" aria-pressed="${String(isShown)}">${mark} <span dir="auto">${title}</span></button>`,
    )}
  </form>`;
}

function timeline({ timeline: { entries } }: DemoSession): Markup {
  if (entries.length === 0) return html`<p class="empty-state">Nothing has happened yet.</p>`;
  return html`<ol class="plain newest-first">
    ${entries
      .slice(-NEWEST.entries)
      .toReversed()
      .map(
        ({ at, actor, text, isTrouble }) =>
          html`<li class="${isTrouble ? 'bad-text' : ''}"><span class="soft">${timeOfDay(at)}</span> <span class="actor">${actor}</span> <span dir="auto">${cut(text, MOST_OF_ENTRY, ' …')}</span></li>`,
      )}
  </ol>`;
}

function runs({ environment: { history } }: DemoSession): Markup {
  if (history.runs.length === 0) return html`<p class="empty-state">No playbook has run yet.</p>`;
  return html`${history.runs.slice(-NEWEST.runs).toReversed().map(runSummary)}`;
}

function requests({ environment: { world } }: DemoSession): Markup {
  if (world.log.entries.length === 0) return html`<p class="empty-state">No request yet.</p>`;
  return html`${world.log.entries.slice(-NEWEST.requests).toReversed().map(requestSummary)}`;
}
