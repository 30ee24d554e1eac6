import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { atMostEvery } from './at-most-every.ts';
import type { InboxCounts } from './store/store.ts';

/** Metrics for Prometheus. Names follow its conventions: unit as a suffix, `_total` for counters. */
export interface Metrics {
  readonly request: (route: string, method: string, status: number, seconds: number) => void;
  readonly notification: (outcome: string) => void;
  readonly applied: (outcome: string) => void;
  readonly enriched: (outcome: string, seconds: number) => void;
  readonly query: (outcome: 'rows' | 'failed') => void;
  readonly forwarded: (status: string) => void;
  readonly responded: (outcome: string) => void;
  readonly contentType: string;
  /** Text of all metrics. Calls `counts` at most once per {@link COUNTS_MS}. */
  text(): Promise<string>;
}

/** Counting the inbox of Azure Storage reads a whole table, so not on every scrape. */
const COUNTS_MS = 15_000;

/** State of the inbox. `oldestPending`: arrival of the oldest waiting notification, if the store knows. */
type InboxState = InboxCounts & { readonly oldestPending?: number | undefined };

export function createMetrics(counts: () => Promise<InboxState>, now: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'signl4_relay_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'signl4_relay_http_request_duration_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  const notifications = new Counter({
    name: 'signl4_relay_notifications_total',
    help: 'Notifications of SIGNL4 by what became of them on arrival.',
    labelNames: ['outcome'],
    registers,
  });
  const applied = new Counter({
    name: 'signl4_relay_notifications_applied_total',
    help: 'Attempts to apply a notification by their outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const enriched = new Histogram({
    name: 'signl4_relay_enrich_duration_seconds',
    help: 'Time to read an incident and everything about it.',
    labelNames: ['outcome'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  const queries = new Counter({
    name: 'signl4_relay_queries_total',
    help: "The alerts' queries by whether their rows could be shown.",
    labelNames: ['outcome'],
    registers,
  });
  const forwarded = new Counter({
    name: 'signl4_relay_forwards_total',
    help: 'Incidents to forward by what became of them.',
    labelNames: ['status'],
    registers,
  });
  const responses = new Counter({
    name: 'signl4_relay_responses_total',
    help: 'Response playbooks that people asked for by what became of it; `ended`: of those that were followed.',
    labelNames: ['outcome'],
    registers,
  });
  // A scrape must succeed even if the store fails.
  const inbox = atMostEvery(COUNTS_MS, () => counts().catch(() => undefined));
  const gauge = (name: string, help: string, value: (found: InboxState) => number) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const found = await inbox();
        if (found) this.set(value(found));
      },
    });
  gauge('signl4_relay_inbox_pending', 'Notifications that wait to be applied.', ({ pending }) => pending);
  gauge('signl4_relay_dead_letters', 'Notifications given up.', ({ dead }) => dead);
  gauge(
    'signl4_relay_inbox_oldest_pending_seconds',
    'Age of the oldest notification that waits to be applied; 0 where none waits.',
    ({ oldestPending }) => (oldestPending === undefined ? 0 : Math.max(0, now() - oldestPending) / 1000),
  );
  return {
    request(route, method, status, seconds) {
      requests.inc({ route, method, status });
      durations.observe({ route }, seconds);
    },
    notification: (outcome) => notifications.inc({ outcome }),
    applied: (outcome) => applied.inc({ outcome }),
    enriched: (outcome, seconds) => enriched.observe({ outcome }, seconds),
    query: (outcome) => queries.inc({ outcome }),
    forwarded: (status) => forwarded.inc({ status }),
    responded: (outcome) => responses.inc({ outcome }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
