import { alertFlags, alertStatus, type S4Alert } from '../signl4/resources.ts';
import type { Signl4Store } from '../signl4/store.ts';
import { html, longText, type Markup, pill, timeOfDay } from './markup.ts';

const states: Readonly<Record<number, readonly [word: string, kind: 'bad' | 'warn' | 'good' | 'plain']>> = {
  [alertStatus.open]: ['Open', 'bad'],
  [alertStatus.acknowledged]: ['Acknowledged', 'warn'],
  [alertStatus.closed]: ['Closed', 'good'],
  [alertStatus.noResponse]: ['No response', 'bad'],
};

/** The screen of a phone with one SIGNL4 alert: what the person on call reads. */
export function alertScreen(alert: S4Alert, store: Signl4Store): Markup {
  const [word, kind] = states[alert.status] ?? ['Unknown', 'plain'];
  const names = (ids: readonly string[]) => ids.map((id) => store.user(id).displayname).join(', ');
  const escalated = (alert.flags & (alertFlags.escalatedToManager | alertFlags.escalatedToTeam)) !== 0;
  return html`<article class="alert" data-alert="${alert.id}" data-status="${word.toLowerCase().replace(' ', '-')}">
    <p class="alert-state">${pill(word, kind)} ${escalated ? pill('Escalated', 'warn') : ''} <span class="soft">${alert.shortId} · ${timeOfDay(alert.created)}</span></p>
    <h3 dir="auto">${alert.title}</h3>
    <p class="alert-text" dir="auto">${alert.text}</p>
    <dl class="parameters">
      ${alert.parameters.filter(({ value }) => value !== '').map(({ name, value }) => html`<div><dt dir="auto">${name}</dt><dd dir="auto">${linked(value)}</dd></div>`)}
    </dl>
    <h4>What happened</h4>
    <ol class="happenings">
      <li class="soft">Called: ${names(alert.notified.map(({ userId }) => userId)) || 'nobody, for nobody is on duty'}</li>
      ${alert.timeline.map(
        ({ at, text, userId }, index) =>
          html`<li><span class="soft">${timeOfDay(at)}${userId ? ` · ${store.user(userId).displayname}` : ''}</span> ${longText(`happening-${alert.id}-${index}`, text)}</li>`,
      )}
    </ol>
  </article>`;
}

function linked(value: string): Markup | string {
  if (!/^https:\/\/\S+$/.test(value)) return value;
  return html`<a href="${value}" rel="noreferrer">${new URL(value).hostname}</a>`;
}
