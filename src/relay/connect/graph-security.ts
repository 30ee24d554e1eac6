import { createRestClient, type RestOptions, resourceOf } from '../../azure/rest.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';

const ROOT = '/v1.0/security/incidents';
const PAGE_SIZE = '50';
const SERVICE = 'Microsoft Graph';

/**
 * Incidents of Defender XDR and Defender for Cloud (Microsoft Graph security API, v1.0). Needs the application permission
 * SecurityIncident.ReadWrite.All, and SecurityAlert.Read.All for the alerts in them.
 */
export function createGraphSecurity(options: Omit<RestOptions, 'service'>): GraphSecurityPort {
  const rest = createRestClient({ service: SERVICE, ...options });
  const at = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;
  return {
    async incident(id, signal) {
      const { body } = await rest.send({ method: 'GET', path: at(id), query: { $expand: 'alerts' }, signal });
      return resourceOf(SERVICE, body, 'id');
    },
    async *incidents(since, signal) {
      const query = { $expand: 'alerts', $filter: `lastUpdateDateTime ge ${since}`, $top: PAGE_SIZE };
      for await (const item of rest.list({ method: 'GET', path: ROOT, query, signal })) {
        if (isJsonObject(item)) yield item;
      }
    },
    async patchIncident(id, change, signal) {
      const answer = await rest.send({ method: 'PATCH', path: at(id), body: change, signal });
      resourceOf(SERVICE, answer.body, 'id');
    },
    async addComment(id, message, signal) {
      const body = { '@odata.type': 'microsoft.graph.security.alertComment', comment: message };
      await rest.send({ method: 'POST', path: `${at(id)}/comments`, body, signal });
    },
  };
}
