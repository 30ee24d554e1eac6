import { createRestClient, type RestOptions, resourceOf } from '../../azure/rest.ts';
import { isJsonObject, type JsonObject, member, textOf } from '../../domain/json.ts';
import { FURTHER_ALERTS, isCut } from '../graph/incident.ts';
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
      if (isJsonObject(item)) yield isCut(item) ? await withAlerts(item, signal) : item;
    }
  }

  /** With all of its alerts; as it is, where they cannot be had. */
  async function withAlerts(incident: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const id = textOf(member(incident, 'id')) ?? '';
    try {
      const alerts = await rest.all({ method: 'GET', path: `${at(id)}/alerts`, headers, signal });
      return { ...incident, alerts, [FURTHER_ALERTS]: null };
    } catch {
      return incident;
    }
  }

  return {
    async incident(id, signal) {
      const request = { method: 'GET', path: at(id), headers, signal } as const;
      try {
        const { body } = await rest.send({ ...request, query: { $expand: 'alerts' } });
        const incident = resourceOf(SERVICE, body, 'id');
        return isCut(incident) ? await withAlerts(incident, signal) : incident;
      } catch (error) {
        if (!mayBeTooMuch(error, signal)) throw error;
        const { body } = await rest.send(request);
        return withAlerts(resourceOf(SERVICE, body, 'id'), signal);
      }
    },
    async *incidents(since, signal) {
      const query = { $filter: `lastUpdateDateTime ge ${since}`, $top: PAGE_SIZE };
      try {
        yield* list({ ...query, $expand: 'alerts' }, signal);
      } catch (error) {
        if (!mayBeTooMuch(error, signal)) throw error;
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

/**
 * Whether less may be answered where this was not: the service failed, or its answer was larger than is read, came too late or was
 * cut. What it refuses, it refuses in pieces, too.
 */
function mayBeTooMuch(error: unknown, signal: AbortSignal): boolean {
  const status = Number(member(error, 'statusCode') ?? 0);
  return !signal.aborted && !(status >= 400 && status < 500);
}
