import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../../domain/alert.ts';
import type { Entity } from '../../domain/entity.ts';
import type { Incident } from '../../domain/incident.ts';
import type { Signl4AlertEvent } from '../../domain/signl4-event.ts';
import { defaultMessage, type MessageChoice } from '../../rules/choices.ts';
import { renderEvent } from '../../rules/event.ts';
import type { AlertRows } from '../kql/alert-rows.ts';
import type { ServedWorkspace } from '../served-workspace.ts';
import { renderPage } from './page.ts';
import { rowsParameters, rowsText } from './rows-text.ts';

/**
 * The event for SIGNL4. Texts of the config (`message.text`, `message.parameters`) are used as they are; the relay's page
 * replaces the default ones, which only playbooks use.
 */
export function pageEvent(
  subject: {
    readonly incident: Incident;
    readonly alerts: readonly Alert[];
    readonly entities: readonly Entity[];
    readonly queries: readonly AlertRows[];
  },
  { config: { message, company }, names, workspace }: Pick<ServedWorkspace, 'config' | 'names' | 'workspace'>,
): Signl4AlertEvent {
  const writesText = message.text === defaultMessage.text;
  const writesParameters = isDeepStrictEqual(message.parameters, defaultMessage.parameters);
  const choice: MessageChoice = {
    ...message,
    ...(writesParameters && { parameters: { Company: '{{company}}' } }),
  };
  const queries = writesText ? '' : rowsText(subject.queries);
  const { Title, Message, ...rest } = renderEvent({ ...subject, queries }, choice, names, {
    workspaceId: workspace.workspaceId,
    workspaceName: workspace.name,
    tenantId: workspace.tenantId,
    company,
  });
  const page = renderPage({ ...subject, title: Title }, names);
  return {
    Title,
    Message: writesText ? page.text || Message : Message,
    ...(writesParameters ? page.parameters : {}),
    ...rest,
    ...(writesText ? {} : rowsParameters(subject.queries)),
  };
}
