import { incidentCard, severityMark } from '../page/incident-card.ts';
import { html, type Markup, pill, timeOfDay } from '../page/markup.ts';
import { alertScreen } from '../page/phone.ts';
import { requestSummary, runSummary } from '../page/run-list.ts';
import { nameOf } from '../scenario/story-world.ts';
import { alertStatus, type S4Alert } from '../signl4/resources.ts';
import type { DemoSession } from './session.ts';

/** Parts of the page that change while it is open: id of the element to what stands in it. */
export const regions: Readonly<Record<string, (session: DemoSession) => Markup>> = {
  clock,
  incidents,
  'phone-screen': phoneScreen,
  timeline,
  runs,
  requests,
};

const NEWEST = { incidents: 6, alerts: 5, entries: 60, runs: 15, requests: 40 };
const days = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });

function clock({ now }: DemoSession): Markup {
  return html`${days.format(now)} <time>${timeOfDay(now)}</time>`;
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
  ${incidentCard(shown)}`;
}

const firstSteps = html`<div class="empty-state">
  <p>A quiet night so far.</p>
  <ol>
    <li>Let an incident happen: a playbook sends it, the phone rings.</li>
    <li>Acknowledge it on the phone with a note: the incident becomes active, with an owner and a comment.</li>
    <li>Close it with a hashtag, #fp or #tp: the incident closes with that classification.</li>
  </ol>
</div>`;

function phoneScreen(session: DemoSession): Markup {
  const { world } = session.environment;
  const all = [...world.signl4.store.alerts.values()];
  const shown = session.alert();
  const owner = nameOf(world, session.choice.person);
  if (!shown) return html`<p class="empty-state">No alert. ${owner} is on duty.</p>`;
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
  return html`<form method="post" action="/do/choose-${what}" class="chooser" aria-label="Choose the ${what}">
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
          html`<li class="${isTrouble ? 'bad-text' : ''}"><span class="soft">${timeOfDay(at)}</span> <span class="actor">${actor}</span> <span dir="auto">${text}</span></li>`,
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
