import type { Severity } from '../../domain/severity.ts';
import { plainText } from '../../rules/html-text.ts';
import type { StoredIncident } from '../sentinel/resources.ts';
import { html, longText, type Markup, pill, timeOfDay } from './markup.ts';

export const statusKinds = { New: 'accent', Active: 'warn', Closed: 'good' } as const;

/** An incident as the portal shows it: severity, state, owner, tags, alerts, entities, comments. */
export function incidentCard(incident: StoredIncident): Markup {
  const { properties, number } = incident;
  const { title, severity, status, owner, labels, description } = properties;
  return html`<article class="incident" data-incident="${incident.name}" data-status="${status}">
    <header>
      ${severityMark(severity)}
      <div>
        <h3 dir="auto">${title}</h3>
        <p class="soft">Incident ${number} · ${severity} · ${incident.provider} · ${timeOfDay(incident.created)}</p>
      </div>
    </header>
    <dl class="facts">
      <div><dt>Status</dt><dd>${pill(status, statusKinds[status])}</dd></div>
      <div><dt>Owner</dt><dd>${owner.assignedTo ?? 'Unassigned'}</dd></div>
      <div><dt>Tags</dt><dd>${labels.length > 0 ? labels.map(({ labelName }) => html`<span class="tag" dir="auto">${labelName}</span>`) : 'None'}</dd></div>
      <div><dt>Tactics</dt><dd>${incident.tactics.join(', ') || 'None'}</dd></div>
      ${properties.classification ? html`<div><dt>Classification</dt><dd>${classification(incident)}</dd></div>` : ''}
    </dl>
    ${description ? html`<p dir="auto" class="description">${description}</p>` : ''}
    ${alertList(incident)}
    ${entityList(incident)}
    ${commentList(incident)}
  </article>`;
}

/** The coloured bar of the portal, with the word for those who do not see the colour. */
export function severityMark(severity: Severity): Markup {
  return html`<span class="severity ${severity.toLowerCase()}"><span class="visually-hidden">${severity}</span></span>`;
}

function classification({
  properties: { classification: name, classificationReason, classificationComment },
}: StoredIncident): Markup {
  const pair = classificationReason ? `${name} - ${classificationReason}` : name;
  return html`${pair}${classificationComment ? html`<br /><span class="soft" dir="auto">${classificationComment}</span>` : ''}`;
}

const SHOWN_ALERTS = 8;

function alertList({ alerts }: StoredIncident): Markup {
  if (alerts.length === 0) return html``;
  const more = alerts.length - SHOWN_ALERTS;
  return html`<h4>Alerts (${alerts.length})</h4>
    <ul class="plain">
      ${alerts
        .slice(0, SHOWN_ALERTS)
        .map(
          ({ properties }) =>
            html`<li>${severityMark(properties.severity)} <span dir="auto">${properties.alertDisplayName}</span> <span class="soft">${properties.productName}</span></li>`,
        )}
      ${more > 0 ? html`<li class="soft">and ${more} more</li>` : ''}
    </ul>`;
}

function entityList({ entities }: StoredIncident): Markup {
  if (entities.length === 0) return html``;
  return html`<h4>Entities (${entities.length})</h4>
    <ul class="chips">
      ${entities.map(({ kind, properties }) => html`<li><span class="soft">${kind}</span> <span dir="auto">${String(properties['friendlyName'])}</span></li>`)}
    </ul>`;
}

function commentList({ comments }: StoredIncident): Markup {
  if (comments.length === 0) return html``;
  return html`<h4>Comments (${comments.length})</h4>
    <ol class="comments">
      ${comments.map(
        ({ name, properties: { author, message, createdTimeUtc } }) => html`<li>
          <p class="soft">${author.name} · ${timeOfDay(Date.parse(createdTimeUtc))}</p>
          ${longText(`comment-${name}`, plainText(message))}
        </li>`,
      )}
    </ol>`;
}
