import { createRestClient, type RestOptions } from '../../azure/rest.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';

const ROOT = '/v1.0/security/incidents';
const PAGE_SIZE = '50';

/**
 * Incidents of Defender XDR and Defender for Cloud (Microsoft Graph security API, v1.0). Needs the application permission
 * SecurityIncident.ReadWrite.All, and SecurityAlert.Read.All for the alerts in them.
 */
export function createGraphSecurity(options: Omit<RestOptions, 'service'>): GraphSecurityPort {
  const rest = createRestClient({ service: 'Microsoft Graph', ...options });
  const at = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;
  return {
    async incident(id, signal) {
      return objectOf((await rest.send({ method: 'GET', path: at(id), query: { $expand: 'alerts' }, signal })).body);
    },
    async *incidents(since, signal) {
      const query = { $expand: 'alerts', $filter: `lastUpdateDateTime ge ${since}`, $top: PAGE_SIZE };
      for await (const item of rest.list({ method: 'GET', path: ROOT, query, signal })) {
        if (isJsonObject(item)) yield item;
      }
    },
    async patchIncident(id, change, signal) {
      await rest.send({ method: 'PATCH', path: at(id), body: change, signal });
    },
    async addComment(id, message, signal) {
      const body = { '@odata.type': 'microsoft.graph.security.alertComment', comment: message };
      await rest.send({ method: 'POST', path: `${at(id)}/comments`, body, signal });
    },
  };
}

function objectOf(body: Json) {
  return isJsonObject(body) ? body : {};
}
