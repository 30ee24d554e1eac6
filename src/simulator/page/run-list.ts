import type { ActionResult, RunResult } from '../../engine/result.ts';
import type { PlaybookRun } from '../environment/run-history.ts';
import type { LoggedRequest } from '../request-log.ts';
import { spokenDuration } from '../scenario/duration.ts';
import { html, jsonBox, type Markup, pill, timeOfDay } from './markup.ts';

const kinds: Readonly<Record<string, 'good' | 'bad' | 'plain'>> = {
  Succeeded: 'good',
  Failed: 'bad',
  TimedOut: 'bad',
  Skipped: 'plain',
  Cancelled: 'plain',
};

/** One run of a playbook with its actions, folded; inputs and outputs fold out further. `scope` keeps ids apart. */
export function runDetails(run: PlaybookRun, scope: string): Markup {
  return html`<details class="run"><summary>${runHead(run)}</summary>${runBody(run, scope)}</details>`;
}

/** The same without its inside, which the page fetches when somebody unfolds it. */
export function runSummary(run: PlaybookRun): Markup {
  const state = run.endedAt === undefined ? 'running' : 'ended';
  return html`<details id="run-${run.order}" class="run" data-inside="/inside/run/${run.order}" data-state="${state}"><summary>${runHead(run)}</summary></details>`;
}

function runHead({ playbook, startedAt, endedAt, result, problem }: PlaybookRun): Markup {
  const state = result?.status ?? (problem ? 'Failed' : 'Running');
  const took = endedAt === undefined || endedAt === startedAt ? '' : spokenDuration(endedAt - startedAt);
  return html`<span class="soft">${timeOfDay(startedAt)}</span> <strong>${playbook}</strong> ${pill(state, kinds[state] ?? 'plain')} <span class="soft">${took}</span>`;
}

/** Trigger and actions of a run. */
export function runBody({ order, result, problem, trigger }: PlaybookRun, scope = 'run'): Markup {
  return html`${problem ? html`<p class="bad-text">${problem}</p>` : ''} ${result?.error ? html`<p class="bad-text">${result.error.message}</p>` : ''}
    <details id="${scope}-${order}-trigger"><summary>Trigger</summary>${jsonBox(trigger ?? null)}</details>
    ${result ? actionList(result, `${scope}-${order}`) : ''}`;
}

function actionList({ actions }: RunResult, scope: string): Markup {
  return html`<ul class="actions">
    ${Object.entries(actions).map(([name, action], index) => html`<li>${actionDetails(name, action, `${scope}-${index}`)}</li>`)}
  </ul>`;
}

function actionDetails(
  name: string,
  { status, type, inputs, outputs, error, iterations, retries }: ActionResult,
  id: string,
): Markup {
  const repeated = iterations === undefined ? '' : `${iterations} times`;
  const retried = retries ? `${retries.length + 1} attempts` : '';
  const head = html`${pill(status, kinds[status] ?? 'plain')} ${name.replaceAll('_', ' ')} <span class="soft">${[type, repeated, retried].filter(Boolean).join(' · ')}</span>`;
  if (status === 'Skipped' || (inputs === undefined && outputs === undefined && !error))
    return html`<p class="action">${head}</p>`;
  return html`<details id="${id}">
    <summary>${head}</summary>
    ${error ? html`<p class="bad-text">${error.message}</p>` : ''}
    ${inputs === undefined ? '' : html`<h5>Inputs</h5>${jsonBox(inputs)}`} ${outputs === undefined ? '' : html`<h5>Outputs</h5>${jsonBox(outputs)}`}
  </details>`;
}

const serviceNames: Readonly<Record<LoggedRequest['service'], string>> = {
  arm: 'Azure',
  sentinel: 'Sentinel',
  connector: 'Sentinel connector',
  logs: 'Log Analytics',
  graph: 'Microsoft Graph',
  entra: 'Entra',
  signl4: 'SIGNL4',
  outside: 'Relay and playbooks',
};

/** A request to a service of the world, folded. Secrets in the address do not show. */
export function requestDetails(request: LoggedRequest): Markup {
  return html`<details class="request"><summary>${requestHead(request)}</summary>${requestBody(request)}</details>`;
}

/** The same without its inside, which the page fetches when somebody unfolds it. */
export function requestSummary(request: LoggedRequest): Markup {
  const { order } = request;
  return html`<details id="request-${order}" class="request" data-inside="/inside/request/${order}"><summary>${requestHead(request)}</summary></details>`;
}

function requestHead({ at, service, method, path, status, failure }: LoggedRequest): Markup {
  const [place = ''] = path.split('?');
  const isBad = status === undefined || status >= 400;
  return html`<span class="soft">${timeOfDay(at)}</span> ${serviceNames[service]} <span class="soft">${method} ${shortened(place)}</span> ${pill(failure ?? String(status ?? '…'), isBad ? 'bad' : 'good')}`;
}

/** What was sent and what was answered. */
export function requestBody({ body, response }: LoggedRequest): Markup {
  if (body === undefined && response === undefined)
    return html`<p class="soft">Neither sent nor answered anything.</p>`;
  return html`${body === undefined ? '' : html`<h5>Request</h5>${jsonBox(body)}`} ${response === undefined ? '' : html`<h5>Answer</h5>${jsonBox(response)}`}`;
}

function shortened(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length > 5 ? `…/${parts.slice(-3).join('/')}` : path.replace(/(webhook|events)\/[^/]+$/, '$1/…');
}
