import { html } from 'hono/html';

export { html };

/** HTML with everything that was put in escaped. */
export type Markup = ReturnType<typeof html>;

/** A value as JSON in a scrolling box. */
export function jsonBox(value: unknown): Markup {
  return html`<pre class="json" tabindex="0">${JSON.stringify(value, undefined, 2) ?? 'nothing'}</pre>`;
}

/** `08:04:30` of a point in time, UTC. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** A coloured word; `kind` chooses the colour, the word says the same. */
export function pill(word: string, kind: 'good' | 'bad' | 'warn' | 'plain' | 'accent' = 'plain'): Markup {
  return html`<span class="pill ${kind}">${word}</span>`;
}
