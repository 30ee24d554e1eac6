import { RestError } from '@azure/core-rest-pipeline';
import { isJsonObject, type Json, listOf, member, textOf } from '../domain/json.ts';
import type { LogsClient } from './logs.ts';
import { createRestClient, itemsOf, type RestOptions } from './rest.ts';

const SERVICE = 'Advanced hunting';
const QUARTER_MS = 15 * 60_000;

export interface HuntingOptions extends Omit<RestOptions, 'service' | 'maxRetries'> {
  /** Milliseconds since 1970. Left out: the computer's clock. */
  readonly now?: () => number;
}

/**
 * KQL on the tables of Microsoft Defender (`security/runHuntingQuery`, Graph v1.0), with the interface of a Log Analytics client.
 * Requires the application permission ThreatHunting.Read.All. Limits of the service, shared by all applications and people of the
 * tenant: at least 45 calls a minute, 3 minutes and 100,000 rows per call, 30 days back, and a quota of CPU time. Calls are
 * therefore not retried, and after a 429 none is made until the next quarter of an hour, when that quota is renewed.
 */
export function createHuntingClient({ now = Date.now, ...options }: HuntingOptions): LogsClient {
  const rest = createRestClient({ service: SERVICE, ...options, maxRetries: 0 });
  let blockedUntil = 0;
  return {
    async query(query, { range, timeoutSeconds }, signal) {
      if (now() < blockedUntil) throw exhausted();
      const timespan = range && { Timespan: `${isoOf(range.start)}/${isoOf(range.end)}` };
      try {
        const { body } = await rest.send({
          method: 'POST',
          path: '/v1.0/security/runHuntingQuery',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: { Query: query, ...timespan },
          timeoutMs: timeoutSeconds * 1000,
          signal,
        });
        return { ...tableOf(body), partialError: undefined };
      } catch (error) {
        if (error instanceof RestError && error.statusCode === 429) {
          blockedUntil = (Math.floor(now() / QUARTER_MS) + 1) * QUARTER_MS;
        }
        throw error;
      }
    },
  };
}

function exhausted(): RestError {
  const message = `${SERVICE}: the tenant's share is used up until the next quarter of an hour`;
  return new RestError(message, { code: 'TooManyRequests', statusCode: 429 });
}

function isoOf(time: string): string {
  return new Date(time).toISOString();
}

/** The schema names the columns; keys of the row objects may differ in case. */
function tableOf(body: Json) {
  const columns = itemsOf(SERVICE, body, 'schema').map((column) => ({
    name: textOf(member(column, 'name')) ?? '',
    type: (textOf(member(column, 'type')) ?? 'string').toLowerCase(),
  }));
  const rows = listOf(member(body, 'results'))
    .filter(isJsonObject)
    .map((row) => columns.map(({ name }) => member(row, name)));
  return { columns, rows };
}
