import { spokenDuration } from '../scenario/duration.ts';
import type { Actor, TimelineEntry } from '../scenario/timeline.ts';
import { html, type Markup } from './markup.ts';

const lanes: readonly { readonly title: string; readonly actors: readonly Actor[] }[] = [
  { title: 'Microsoft', actors: ['Sentinel', 'Defender'] },
  { title: 'Playbooks', actors: ['playbook'] },
  { title: 'Relay', actors: ['relay'] },
  { title: 'SIGNL4', actors: ['SIGNL4'] },
  { title: 'People and troubles', actors: ['person', 'fault'] },
];

/** What happened, one row per event, one column per party; on a narrow screen one column that names the party. */
export function timelineLanes(entries: readonly TimelineEntry[], startedAt: number): Markup {
  return html`<table class="lanes">
    <caption class="visually-hidden">What happened, in order</caption>
    <thead>
      <tr><th scope="col">After</th>${lanes.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr>
    </thead>
    <tbody>
      ${folded(entries).map(
        ({ entry, times }) => html`<tr>
          <th scope="row">${spokenDuration(entry.at - startedAt)}</th>
          ${lanes.map(({ title, actors }) =>
            actors.includes(entry.actor)
              ? html`<td data-lane="${title}"><div class="happening ${entry.isTrouble ? 'trouble' : ''}" dir="auto">${entry.text}${times > 1 ? html` <span class="soft">(${times} times)</span>` : ''}</div></td>`
              : html`<td class="empty"></td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The same line again and again says it once, and how often. */
function folded(entries: readonly TimelineEntry[]): readonly { entry: TimelineEntry; times: number }[] {
  const rows: { entry: TimelineEntry; times: number }[] = [];
  for (const entry of entries) {
    const same = rows.findLast((row) => row.entry.text === entry.text && row.entry.actor === entry.actor);
    if (same && entry.isTrouble) same.times++;
    else rows.push({ entry, times: 1 });
  }
  return rows;
}
