import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicyName,
  type HttpClient,
  type PipelinePolicy,
  RestError,
  redirectPolicyName,
} from '@azure/core-rest-pipeline';
import { LogsQueryClient, LogsQueryResultStatus, type LogsTable } from '@azure/monitor-query-logs';
import { checkedEndpoint, isLoopback } from '../domain/endpoint.ts';
import { localTokenPolicy } from './local-token.ts';

export interface LogsOptions {
  /** `https://api.loganalytics.azure.com`; plain http only for this machine. */
  readonly endpoint: string;
  /** Audience of the token, `https://api.loganalytics.io`. */
  readonly audience: string;
  readonly credential: TokenCredential;
  /** GUID of the workspace. */
  readonly workspaceId: string;
  readonly httpClient?: HttpClient;
  /** Retries after 408, 429, 5xx and broken connections. Default: 3. */
  readonly maxRetries?: number;
}

/** Rows of one query. Dates are ISO 8601, `dynamic` values are parsed. */
interface LogsAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Why the result may be incomplete (`PartialError`, HTTP 200). */
  readonly partialError: string | undefined;
}

export interface LogsClient {
  /**
   * Runs KQL on the workspace. `range` (ISO 8601) further restricts the query; without it, all retained rows count. The service
   * aborts after `timeoutSeconds`, 1 to 600.
   * @throws RestError, also for responses without a table; AbortError if the signal aborts
   */
  query(
    query: string,
    options: {
      readonly range?: { readonly start: string; readonly end: string } | undefined;
      readonly timeoutSeconds: number;
    },
    signal?: AbortSignal,
  ): Promise<LogsAnswer>;
}

/** Longer than any retention (12 years): the API requires a range, and this one excludes nothing. */
const WHOLE_RETENTION = 'P4400D';

export function createLogsClient(options: LogsOptions): LogsClient {
  const endpoint = checkedEndpoint(options.endpoint);
  const scope = `${options.audience}/.default`;
  const isLocal = isLoopback(new URL(endpoint).hostname);
  const client = new LogsQueryClient(options.credential, {
    endpoint: `${endpoint}/v1`,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: options.maxRetries ?? 3 },
    allowInsecureConnection: isLocal,
    ...(options.httpClient ? { httpClient: options.httpClient } : {}),
  });
  client.pipeline.removePolicy({ name: redirectPolicyName });
  client.pipeline.addPolicy(signalPolicy);
  if (isLocal) {
    client.pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
    client.pipeline.addPolicy(localTokenPolicy(options.credential, scope), { afterPhase: 'Retry' });
  }
  return {
    async query(query, { range, timeoutSeconds }, signal) {
      const timespan = range
        ? { startTime: new Date(range.start), endTime: new Date(range.end) }
        : { duration: WHOLE_RETENTION };
      const answer = await signals
        .run(signal, () =>
          client.queryWorkspace(options.workspaceId, query, timespan, { serverTimeoutInSeconds: timeoutSeconds }),
        )
        .catch(asUnexpected);
      return answer.status === LogsQueryResultStatus.Success
        ? { ...rowsOf(answer.tables), partialError: undefined }
        : { ...rowsOf(answer.partialTables), partialError: answer.partialError.message ?? answer.partialError.code };
    },
  };
}

/** @azure/monitor-query-logs 1.0.0 ignores its `abortSignal`, so the signal is passed to the request this way. */
const signals = new AsyncLocalStorage<AbortSignal | undefined>();
const signalPolicy: PipelinePolicy = {
  name: 'signalPolicy',
  sendRequest(request, next) {
    const signal = signals.getStore();
    if (signal) request.abortSignal = signal;
    return next(request);
  },
};

/** The library assumes that a response has tables and fails with a TypeError if not. */
function asUnexpected(error: unknown): never {
  if (!(error instanceof TypeError)) throw error;
  throw unexpected();
}

function unexpected(): RestError {
  return new RestError('Log Analytics: the answer is not a table', { code: RestError.PARSE_ERROR });
}

function rowsOf(tables: readonly LogsTable[]): Pick<LogsAnswer, 'columns' | 'rows'> {
  const table = tables.find(({ name }) => name === 'PrimaryResult') ?? tables[0];
  if (!table) throw unexpected();
  return {
    columns: (table.columnDescriptors ?? []).map(({ name = '', type = 'string' }) => ({ name, type })),
    rows: (table.rows ?? []).map((row) => row.map((cell) => (cell instanceof Date ? isoOf(cell) : cell))),
  };
}

function isoOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
