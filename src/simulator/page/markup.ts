import { html } from 'hono/html';
import { cut } from '../../domain/text.ts';

export { html };

/** HTML with everything that was put in escaped. */
export type Markup = ReturnType<typeof html>;

/** Longer JSON is cut: 150 alerts with their queries are more than anybody reads. */
const MOST_CHARACTERS = 20_000;

/** A value as JSON in a scrolling box. */
export function jsonBox(value: unknown): Markup {
  const text = JSON.stringify(value, undefined, 2) ?? 'nothing';
  return html`<pre class="json" tabindex="0">${cut(text, MOST_CHARACTERS, '\n… cut')}</pre>`;
}

/** `08:04:30` of a point in time, UTC. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** A coloured word; `kind` chooses the colour, the word says the same. */
export function pill(word: string, kind: 'good' | 'bad' | 'warn' | 'plain' | 'accent' = 'plain'): Markup {
  return html`<span class="pill ${kind}">${word}</span>`;
}

/** What is shown of a long text before somebody asks for more. */
const SHORT = { characters: 320, lines: 6 };

/** A text of people: as it is where it is short, else its beginning, and the rest folded behind "More". `id` is the fold's. */
export function longText(id: string, text: string): Markup {
  const lines = text.split('\n').slice(0, SHORT.lines).join('\n');
  const start = cut(lines, SHORT.characters, '');
  if (start === text) return html`<p dir="auto">${text}</p>`;
  const whole = html`<p dir="auto">${text}</p>`;
  return html`<details class="long" id="${id}">
    <summary><span class="start" dir="auto">${start}…</span> <span class="more">More</span><span class="less">Less</span></summary>
    ${whole}
  </details>`;
}
