import { isGuid } from './uuid.ts';

/** Which incident a SIGNL4 alert stands for. Travels as `X-S4-ExternalID` and comes back in every notification. */
export type ExternalId =
  | { readonly source: 'sentinel'; readonly workspaceId: string; readonly incident: string }
  | { readonly source: 'graph'; readonly tenantId: string; readonly incident: string };

/** `sentinel:<workspace GUID>:<incident GUID>` or `graph:<tenant GUID>:<incident number>`: no subscription or resource group leaves the tenant. */
export function formatExternalId(id: ExternalId): string {
  const scope = id.source === 'sentinel' ? id.workspaceId : id.tenantId;
  return `${id.source}:${scope.toLowerCase()}:${id.incident.toLowerCase()}`;
}

/** Undefined for ids that are not ours: other senders share the SIGNL4 team. */
export function parseExternalId(text: unknown): ExternalId | undefined {
  if (typeof text !== 'string') return undefined;
  const [source, scope = '', incident = '', ...rest] = text.trim().toLowerCase().split(':');
  if (rest.length > 0 || !isGuid(scope)) return undefined;
  if (source === 'sentinel' && isGuid(incident)) return { source, workspaceId: scope, incident };
  if (source === 'graph' && /^[0-9]{1,20}$/.test(incident)) return { source, tenantId: scope, incident };
  return undefined;
}
