import { randomUUID } from 'node:crypto';
import { classifications } from '../../domain/classification.ts';
import { severities } from '../../domain/severity.ts';
import { plotTitles } from '../incidents.ts';
import { html, type Markup } from '../page/markup.ts';
import { nameOf } from '../scenario/story-world.ts';
import type { ConfigProblem } from './press.ts';
import { regions } from './regions.ts';
import { type DemoSession, speeds } from './session.ts';
import { story } from './story.ts';
import { troubles } from './troubles.ts';

/** What the page says about the last press, and where: beside the form that it came from. */
export interface Told {
  readonly area: string;
  readonly message: string;
  readonly ok: boolean;
  /** A config that was not deployed, as it was typed. */
  readonly wrong?: { readonly config: string; readonly problems: readonly ConfigProblem[] };
}

/** The whole page as it stands now. It works without a script; with one it stays up to date by itself. */
export async function demoPage(session: DemoSession, told: Told): Promise<Markup> {
  const page = new Page(session, told);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>SIGNL4 for Microsoft Sentinel: demo</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page.css" />
        <link rel="stylesheet" href="/demo.css" />
        <script type="module" src="/demo.js"></script>
      </head>
      <body class="demo">
        <a class="skip-link" href="#story">To the incidents</a>
        ${page.head()}
        <main>
          <div class="stage">${page.story()} ${page.sentinel()} ${page.phone()}</div>
          <h2 class="part">Behind the scenes</h2>
          <div class="behind">
            <div class="stack">
              <section class="card" aria-labelledby="timeline-title">
                <h3 id="timeline-title">What happened</h3>
                ${page.region('timeline', 'scrolling')}
              </section>
              <section class="card" aria-labelledby="runs-title">
                <h3 id="runs-title">Runs of playbooks</h3>
                ${page.region('runs', 'scrolling')}
              </section>
              <details class="card fold">
                <summary><h3 id="requests-title">Requests</h3> <span class="soft">what was sent and answered</span></summary>
                ${page.region('requests', 'scrolling')}
              </details>
            </div>
            <div class="stack">${page.config()} ${page.troubles()}</div>
          </div>
        </main>
        ${page.region('settings', 'hidden')}
      </body>
    </html>`;
}

/** The parts of one page. All its forms carry the same `once`: sent twice, they do something once. */
class Page {
  readonly #session: DemoSession;
  readonly #told: Told;
  readonly #once = randomUUID();

  constructor(session: DemoSession, told: Told) {
    this.#session = session;
    this.#told = told;
  }

  head(): Markup {
    const { speed } = this.#session;
    return html`<header class="page-head">
      <div class="title">
        <h1>SIGNL4 for Microsoft Sentinel</h1>
        <span class="tag">Demo</span>
        <button type="button" id="theme" class="with-script quiet">Dark</button>
      </div>
      <p class="lead">See a night on call: security incidents from Microsoft Sentinel reach the phone of the person on call, and what that person does there shows in Sentinel. Everything is simulated on this computer; nothing leaves it.</p>
      <div class="time" role="group" aria-label="Time in the simulated world" data-area="time" id="time">
        <p class="clock" id="clock">${regions['clock']?.(this.#session)}</p>
        ${this.#form('rewind', 'time', html`<button name="minutes" value="5" data-needs="past">−5 min</button>`, 'buttons')}
        ${this.#form('skip', 'time', html`${[1, 5, 15].map((minutes) => html`<button name="minutes" value="${minutes}">+${minutes} min</button>`)}`, 'buttons')}
        ${this.#form(
          'speed',
          'time',
          html`<label>Pace <select name="speed">${speeds.map((one) => html`<option value="${one}" ${one === speed ? 'selected' : ''}>${one}×</option>`)}</select></label>
            <button class="without-script">Set</button>`,
          'autosend',
        )}
        ${this.#form('back', 'time', html`<button data-needs="step">Undo last step</button>`)}
        ${this.#form('restart', 'time', html`<button>Start over</button>`)}
        ${this.#feedback('time')}
      </div>
    </header>`;
  }

  story(): Markup {
    return html`<section id="story" class="card" aria-labelledby="story-title" tabindex="-1">
      <h2 id="story-title" class="where">Three incidents of one night</h2>
      <ol class="story-cards">
        ${story.map(
          (_, place) => html`<li class="story-card" data-area="story-${place}" id="card-${place}">
            ${this.region(`story-${place}`)} ${this.#feedback(`story-${place}`)}
          </li>`,
        )}
      </ol>
      <details class="fold others" data-area="others" id="others" ${this.#told.area === 'others' ? 'open' : ''}>
        <summary>Other incidents <span class="soft">in other languages, with odd names and long lists</span></summary>
        ${this.#form(
          'new-incident',
          'others',
          html`<label><span class="visually-hidden">Kind of incident</span>
              <select name="plot"><option value="">Any kind</option>${plotTitles.map((title, index) => html`<option value="${index}">${title}</option>`)}</select></label>
            <label><span class="visually-hidden">Severity</span>
              <select name="severity"><option value="">Its own severity</option>${severities.map((name) => html`<option>${name}</option>`)}</select></label>
            <button>Let it happen</button>`,
          'row',
        )}
        ${this.#feedback('others')}
      </details>
    </section>`;
  }

  sentinel(): Markup {
    const { environment } = this.#session;
    return html`<section id="sentinel" class="card" aria-labelledby="sentinel-title" data-area="sentinel" tabindex="-1">
      <h2 id="sentinel-title" class="where">Microsoft Sentinel</h2>
      ${this.region('incidents')}
      <div class="analyst" aria-label="What the analyst does" role="group">
        <p class="soft">As ${nameOf(environment.world, 'analyst')}, the analyst</p>
        ${this.#form('take-incident', 'sentinel', html`<button data-needs="incident" data-action="take">Take it</button>`)}
        ${this.#form('raise-severity', 'sentinel', html`<button data-needs="incident" data-action="raise">Raise severity</button>`)}
        ${this.#form(
          'comment-incident',
          'sentinel',
          html`<label><span class="visually-hidden">Comment in Sentinel</span><input name="comment" dir="auto" placeholder="Comment" autocomplete="off" enterkeyhint="send" /></label>
            <button data-needs="incident" data-action="comment">Comment</button>`,
          'row',
        )}
        ${this.#form(
          'close-incident',
          'sentinel',
          html`<label><span class="visually-hidden">Classification</span><select name="classification">${classifications.map((name) => html`<option>${name}</option>`)}</select></label>
            <button data-needs="incident" data-action="close">Close incident</button>`,
          'row',
        )}
      </div>
      ${this.#feedback('sentinel')}
    </section>`;
  }

  phone(): Markup {
    const { environment, choice } = this.#session;
    const people = ['onCall', 'second'] as const;
    return html`<section class="phone" id="phone" aria-labelledby="phone-title" data-area="phone" tabindex="-1">
      <div class="phone-head">
        <h2 id="phone-title">SIGNL4</h2>
        ${this.#form(
          'choose-person',
          'phone',
          html`<label><span class="visually-hidden">Whose phone</span>
              <select name="person">${people.map((person) => html`<option value="${person}" ${person === choice.person ? 'selected' : ''}>${nameOf(environment.world, person)}</option>`)}</select></label>
            <button class="without-script">Show</button>`,
          'autosend',
        )}
      </div>
      <div id="phone-screen" class="region phone-screen" tabindex="0" role="group" aria-label="Screen of the phone">${regions['phone-screen']?.(this.#session)}</div>
      <div class="phone-foot">
        ${this.#feedback('phone')}
        ${this.#form(
          'annotate',
          'phone',
          html`<label><span class="visually-hidden">Note</span><input name="note" dir="auto" placeholder="Note: #tp, #fp the scanner, #run isolate" autocomplete="off" enterkeyhint="send" /></label>
            <button class="visually-hidden" tabindex="-1" aria-hidden="true" data-action="annotate">Add note</button>
            <button formaction="/do/acknowledge?area=phone" data-action="acknowledge">Acknowledge</button>
            <button formaction="/do/undo-acknowledge?area=phone" data-action="undo-acknowledge" class="undo">Undo</button>
            <button formaction="/do/close?area=phone" data-action="close">Close</button>
            <button formaction="/do/undo-close?area=phone" data-action="undo-close" class="undo">Reopen</button>
            <button data-action="annotate">Add note</button>
            <button formaction="/do/escalate?area=phone" data-action="escalate">Hand on</button>
            <button formaction="/do/let-it-time-out?area=phone" data-action="let-it-time-out">Let it time out</button>`,
          'phone-actions',
          'phone-actions',
        )}
      </div>
    </section>`;
  }

  config(): Markup {
    const { wrong } = this.#told;
    const text = wrong?.config ?? this.#session.configText;
    return html`<section class="card" id="config-part" aria-labelledby="config-title" data-area="config">
      <h3 id="config-title">Configuration</h3>
      ${this.#form(
        'configure',
        'config',
        html`<label for="config" class="soft">signl4.yaml: change the filter or the message, deploy, and start another incident. Ctrl+Enter deploys.</label>
          <div class="editor">
            <div class="lines" aria-hidden="true" id="config-lines"></div>
            <textarea id="config" name="config" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" rows="16" aria-describedby="config-problems">${text}</textarea>
            <ol class="problems" id="config-problems">
              ${(wrong?.problems ?? []).map(({ line, message }) => html`<li><strong>Line ${line}</strong> ${message}</li>`)}
            </ol>
          </div>
          <button>Deploy</button>`,
      )}
      ${this.#feedback('config')}
    </section>`;
  }

  troubles(): Markup {
    const { faults } = this.#session;
    return html`<section class="card" id="troubles" aria-labelledby="troubles-title">
      <h3 id="troubles-title">Break something</h3>
      <ul class="plain troubles">
        ${troubles.map(
          ({ name, title, explanation }) => html`<li data-area="trouble-${name}" id="trouble-${name}">
            ${this.#form(
              'trouble',
              `trouble-${name}`,
              html`<input type="hidden" name="name" value="${name}" />
                <label><input type="checkbox" name="on" data-trouble="${name}" ${faults.has(name) ? 'checked' : ''} aria-describedby="about-${name}" /> ${title}</label>
                <button class="without-script">Set</button>`,
              'autosend',
            )}
            <p class="soft" id="about-${name}">${explanation}</p>
            ${this.#feedback(`trouble-${name}`)}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  region(id: string, kind: 'plain' | 'scrolling' | 'hidden' = 'plain'): Markup {
    const attributes = kind === 'scrolling' ? html`tabindex="0" role="group" aria-labelledby="${id}-title"` : '';
    const hidden = kind === 'hidden' ? 'hidden' : '';
    return html`<div id="${id}" class="region ${kind}" ${attributes} ${hidden}>${regions[id]?.(this.#session)}</div>`;
  }

  #form(action: string, area: string, inside: Markup, kind = '', id?: string): Markup {
    return html`<form method="post" action="/do/${action}?area=${area}" class="${kind}" ${id ? html`id="${id}"` : ''}>
      <input type="hidden" name="once" value="${this.#once}" />${inside}
    </form>`;
  }

  /** Where the answer to a press in this area is said; screen readers hear it, too. */
  #feedback(area: string): Markup {
    const { message, ok, area: place } = this.#told;
    const isHere = place === area;
    return html`<p class="feedback ${isHere && !ok ? 'trouble' : ''}" role="status">${isHere ? message : ''}</p>`;
  }
}
