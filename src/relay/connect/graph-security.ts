import { createRestClient, itemsOf, type RestOptions, resourceOf } from '../../azure/rest.ts';
import { isJsonObject, type JsonObject, member, textOf } from '../../domain/json.ts';
import type { GraphSecurityPort } from '../ports.ts';

const ROOT = '/v1.0/security/incidents';
/** The service refuses more. */
const PAGE_SIZE = '50';
const SERVICE = 'Microsoft Graph';
/** Without it, members that came after `unknownFutureValue` are kept back: Defender for Cloud, Sentinel, `awaitingAction`. */
const headers = { prefer: 'include-unknown-enum-members' };

/**
 * Incidents of Defender XDR and Defender for Cloud (Microsoft Graph security API, v1.0). Needs the application permission
 * SecurityIncident.ReadWrite.All, and nothing else for the alerts in them.
 */
export function createGraphSecurity(options: Omit<RestOptions, 'service'>): GraphSecurityPort {
  const rest = createRestClient({ service: SERVICE, ...options });
  // Who lists comes again every minute, or as late as Graph asks: nobody waits inside a call.
  const once = createRestClient({ service: SERVICE, ...options, maxRetries: 0 });
  const at = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;

  async function* list(query: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<JsonObject> {
    for await (const item of once.list({ method: 'GET', path: ROOT, query, headers, signal })) {
      if (isJsonObject(item)) yield item;
    }
  }

  /** The incident as it is, where its alerts cannot be had. */
  async function withAlerts(incident: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const id = textOf(member(incident, 'id')) ?? '';
    try {
      const { body } = await rest.send({ method: 'GET', path: `${at(id)}/alerts`, headers, signal });
      return { ...incident, alerts: itemsOf(SERVICE, body, 'value') };
    } catch {
      return incident;
    }
  }

  return {
    async incident(id, signal) {
      const request = { method: 'GET', path: at(id), headers, signal } as const;
      try {
        const { body } = await rest.send({ ...request, query: { $expand: 'alerts' } });
        return resourceOf(SERVICE, body, 'id');
      } catch (error) {
        if (!isServerError(error)) throw error;
        const { body } = await rest.send(request);
        return withAlerts(resourceOf(SERVICE, body, 'id'), signal);
      }
    },
    async *incidents(since, signal) {
      const query = { $filter: `lastUpdateDateTime ge ${since}`, $top: PAGE_SIZE };
      try {
        yield* list({ ...query, $expand: 'alerts' }, signal);
      } catch (error) {
        if (!isServerError(error)) throw error;
        // Large tenants get 500 for some pages with their alerts, for good: one after the other may work.
        for await (const incident of list(query, signal)) yield withAlerts(incident, signal);
      }
    },
    async patchIncident(id, change, signal) {
      const answer = await rest.send({ method: 'PATCH', path: at(id), body: change, headers, signal });
      resourceOf(SERVICE, answer.body, 'id');
    },
    async addComment(id, message, signal) {
      const body = { '@odata.type': 'microsoft.graph.security.alertComment', comment: message };
      await rest.send({ method: 'POST', path: `${at(id)}/comments`, body, headers, signal });
    },
  };
}

function isServerError(error: unknown): boolean {
  return Number(member(error, 'statusCode') ?? 0) >= 500;
}
