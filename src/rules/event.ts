import { formatExternalId } from '../domain/external-id.ts';
import { effectiveSeverity } from '../domain/severity.ts';
import type { Signl4AlertEvent } from '../domain/signl4-event.ts';
import { cut } from '../domain/text.ts';
import { alertLimits, fallbackTexts, gapReplacements } from './alert-limits.ts';
import type { MessageChoice } from './choices.ts';
import { fieldValues, type MessageScope, type MessageSubject, placeholderText } from './message-fields.ts';
import type { NameTables } from './product-names.ts';
import { fillTemplate } from './template.ts';

/**
 * The event for SIGNL4 as the relay sends it: title, text, parameters with a value in the order of the config, and reserved
 * members. Texts are cut to `alertLimits`.
 */
export function renderEvent(
  subject: MessageSubject,
  choice: MessageChoice,
  names: NameTables,
  scope: MessageScope,
): Signl4AlertEvent {
  const { incident } = subject;
  const values = fieldValues(subject, names, scope, choice);
  const fill = (template: string) =>
    fillTemplate(template, (placeholder) => placeholderText(placeholder, values, choice));
  const parameters = Object.entries(choice.parameters).map(([name, template]) => [name, fill(template)] as const);
  const category = fill(choice.category);
  const severity = effectiveSeverity(incident.severity);
  const scenario = severity && choice.scenarios[severity];
  return {
    Title: cut(tidy(fill(choice.title)), alertLimits.title) || fallbackTexts.Title,
    Message: cut(tidy(fill(choice.text)), alertLimits.text) || fallbackTexts.Message,
    ...filled(parameters, alertLimits.parameter),
    'X-S4-ExternalID': formatExternalId({
      source: 'sentinel',
      workspaceId: scope.workspaceId,
      incident: incident.id,
    }),
    'X-S4-Status': 'new',
    'X-S4-SourceSystem': 'MicrosoftSentinel',
    ...filled([['X-S4-Service', category]], alertLimits.parameter),
    ...(scenario && { 'X-S4-AlertingScenario': scenario }),
  };
}

/** Only members with a value. */
function filled(members: readonly (readonly [string, string])[], limit: number): Record<string, string> {
  return Object.fromEntries(
    members.flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, cut(tidy(value), limit)]])),
  );
}

function tidy(text: string): string {
  return gapReplacements.reduce((rest, [from, to]) => rest.replaceAll(from, to), text).trim();
}
