import { classifications } from '../../domain/classification.ts';
import { severities } from '../../domain/severity.ts';
import { plotTitles } from '../incidents.ts';
import { html, type Markup } from '../page/markup.ts';
import { nameOf } from '../scenario/story-world.ts';
import { regions } from './regions.ts';
import { type DemoSession, speeds } from './session.ts';
import { troubles } from './troubles.ts';

/** The whole page as it stands now. It works without a script; with one it stays up to date by itself. */
export function demoPage(session: DemoSession, message = ''): Markup {
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
        <a class="skip-link" href="#sentinel">To the incident</a>
        ${pageHead()}
        <p id="message" role="status" aria-live="polite">${message}</p>
        <main>
          <div class="stack">
            ${sentinel(session)}
            <section class="card area-timeline" aria-labelledby="timeline-title">
              <h2 id="timeline-title">What happened</h2>
              ${region('timeline', session, 'scrolling')}
            </section>
          </div>
          <div class="phone-place">${phone(session)}</div>
          <div class="stack">
            <section class="card" aria-labelledby="runs-title">
              <h2 id="runs-title">Runs of playbooks</h2>
              ${region('runs', session, 'scrolling')}
            </section>
            <section class="card" aria-labelledby="requests-title">
              <h2 id="requests-title">Requests, with what was sent and answered</h2>
              ${region('requests', session, 'scrolling')}
            </section>
          </div>
          <div class="stack">
            <section class="card" aria-labelledby="config-title">${config(session)}</section>
            <section class="card" aria-labelledby="troubles-title">${troubleForms(session)}</section>
          </div>
        </main>
      </body>
    </html>`;

  function pageHead(): Markup {
    return html`<header class="page-head">
      <h1>SIGNL4 for Microsoft Sentinel</h1>
      <p class="clock" id="clock" aria-label="Time in the simulated world">${regions['clock']?.(session)}</p>
      <div class="tools">
        <form method="post" action="/do/skip" aria-label="Skip time">
          ${[1, 5, 15].map((minutes) => html`<button name="minutes" value="${minutes}">+${minutes} min</button>`)}
        </form>
        <form method="post" action="/do/speed" class="autosend">
          <label>Pace <select name="speed">${speeds.map((speed) => html`<option value="${speed}" ${speed === session.speed ? 'selected' : ''}>${speed}×</option>`)}</select></label>
          <button class="without-script">Set</button>
        </form>
        <form method="post" action="/do/restart"><button>Start over</button></form>
        <button type="button" id="theme" class="with-script">Dark</button>
      </div>
    </header>`;
  }
}

function region(id: string, session: DemoSession, kind = ''): Markup {
  const attributes = kind === 'scrolling' ? html`tabindex="0" role="group" aria-labelledby="${id}-title"` : '';
  return html`<div id="${id}" class="region ${kind}" ${attributes}>${regions[id]?.(session)}</div>`;
}

function sentinel(session: DemoSession): Markup {
  return html`<section id="sentinel" class="card area-sentinel" aria-labelledby="sentinel-title" tabindex="-1">
    <div class="section-head">
      <h2 id="sentinel-title">Microsoft Sentinel</h2>
      <form method="post" action="/do/new-incident" class="row">
        <label><span class="visually-hidden">Kind of attack</span>
          <select name="plot"><option value="">Any attack</option>${plotTitles.map((title, index) => html`<option value="${index}">${title}</option>`)}</select></label>
        <label><span class="visually-hidden">Severity</span>
          <select name="severity"><option value="">Its severity</option>${severities.map((name) => html`<option>${name}</option>`)}</select></label>
        <button class="primary">Let an incident happen</button>
      </form>
    </div>
    ${region('incidents', session)}
    <div class="analyst" aria-label="What the analyst does" role="group">
      <form method="post" action="/do/take-incident"><button>Take it</button></form>
      <form method="post" action="/do/raise-severity"><button>Raise severity</button></form>
      <form method="post" action="/do/comment-incident" class="row">
        <label><span class="visually-hidden">Comment in Sentinel</span><input name="comment" dir="auto" placeholder="Comment" autocomplete="off" /></label>
        <button>Comment</button>
      </form>
      <form method="post" action="/do/close-incident" class="row">
        <label><span class="visually-hidden">Classification</span><select name="classification">${classifications.map((name) => html`<option>${name}</option>`)}</select></label>
        <button>Close incident</button>
      </form>
    </div>
  </section>`;
}

function phone(session: DemoSession): Markup {
  const { world } = session.environment;
  return html`<section class="phone" aria-labelledby="phone-title">
    <div class="phone-head">
      <h2 id="phone-title">SIGNL4</h2>
      <form method="post" action="/do/choose-person" class="autosend">
        <label><span class="visually-hidden">Whose phone</span>
          <select name="person">${(['onCall', 'second'] as const).map((person) => html`<option value="${person}" ${person === session.choice.person ? 'selected' : ''}>${nameOf(world, person)}</option>`)}</select></label>
        <button class="without-script">Show</button>
      </form>
    </div>
    <div id="phone-screen" class="region phone-screen" tabindex="0" role="group" aria-label="Screen of the phone">${regions['phone-screen']?.(session)}</div>
    <form method="post" action="/do/acknowledge" class="phone-actions" id="phone-actions">
      <label><span class="visually-hidden">Note</span><input name="note" dir="auto" placeholder="Note, e.g. #fp the scanner, or #run isolate" autocomplete="off" /></label>
      <button class="primary" data-action="acknowledge">Acknowledge</button>
      <button formaction="/do/close" data-action="close">Close</button>
      <button formaction="/do/annotate" data-action="annotate">Annotate</button>
      <button formaction="/do/escalate" data-action="escalate">Escalate</button>
      <button formaction="/do/let-it-time-out" data-action="let-it-time-out">Let it time out</button>
      <button formaction="/do/undo-acknowledge" data-action="undo-acknowledge" class="undo">Undo</button>
      <button formaction="/do/undo-close" data-action="undo-close" class="undo">Reopen</button>
    </form>
  </section>`;
}

function config({ configText }: DemoSession): Markup {
  return html`<h2 id="config-title">Config</h2>
    <form method="post" action="/do/configure">
      <label for="config" class="soft">signl4.yaml: change the filter or the message, deploy, and see the next alert change</label>
      <textarea id="config" name="config" spellcheck="false" rows="16">${configText}</textarea>
      <button>Deploy</button>
    </form>`;
}

function troubleForms({ faults }: DemoSession): Markup {
  return html`<h2 id="troubles-title">Break something</h2>
    <ul class="plain troubles">
      ${troubles.map(
        ({ name, title, explanation }) => html`<li>
          <form method="post" action="/do/trouble" class="autosend">
            <input type="hidden" name="name" value="${name}" />
            <label><input type="checkbox" name="on" ${faults.has(name) ? 'checked' : ''} aria-describedby="about-${name}" /> ${title}</label>
            <button class="without-script">Set</button>
          </form>
          <p class="soft" id="about-${name}">${explanation}</p>
        </li>`,
      )}
    </ul>`;
}
