import { type Context, Hono } from 'hono';
import { atMostEvery } from './at-most-every.ts';
import { intake } from './callback/intake.ts';
import { startBudget } from './deadline.ts';
import { type AuthSettings, doorkeeper } from './edge/auth.ts';
import { readJsonBody, readText } from './edge/body.ts';
import { correlationOf } from './edge/correlation.ts';
import { HttpError } from './edge/errors.ts';
import { rateLimit } from './edge/rate-limit.ts';
import { correlated, respond, respondJson } from './edge/respond.ts';
import { enrichIncident } from './enrich/enrich.ts';
import { forwardIncident } from './forward/forward.ts';
import { type IncidentRequest, incidentRequest } from './incident-request.ts';
import { describeError, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import type { Site } from './site.ts';
import type { RelayStore } from './store/store.ts';
import { UpstreamError } from './upstream.ts';

export interface AppSettings {
  readonly sites: readonly Site[];
  readonly store: RelayStore;
  readonly auth: AuthSettings;
  /** Time for one request to enrich or forward, in milliseconds. */
  readonly budgetMs: number;
  /** Requests per minute of one caller; SIGNL4's webhook has ten times as many. */
  readonly requestsPerMinute: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly version: string;
  /** Network address of whoever sent the request, for the limit on failed sign-ins; undefined where the host cannot tell. */
  readonly addressOf: (context: Context) => string | undefined;
  /** A notification became durable. */
  readonly onAccepted: () => void;
  /** Whether new requests are welcome: not while the relay shuts down. */
  readonly isOpen: () => boolean;
}

/** Largest trigger bodies: 150 alerts with their queries and 500 entities each. */
const MAX_INCIDENT_BYTES = 8 * 1024 * 1024;
const MAX_NOTIFICATION_BYTES = 256 * 1024;
/** Anybody may ask whether the relay is ready; the store is not written each time. */
const READY_MS = 5_000;
/** Failed sign-ins of one address per minute. */
const FAILURES_PER_MINUTE = 30;

/** The relay as a function from Request to Response; the hosts put it on Node's server or into Azure Functions. */
export function createApp(settings: AppSettings): Hono {
  const { sites, store, log, metrics, now } = settings;
  const door = doorkeeper(settings.auth);
  const apiLimit = rateLimit(settings.requestsPerMinute, now);
  const webhookLimit = rateLimit(settings.requestsPerMinute * 10, now);
  const failureLimit = rateLimit(FAILURES_PER_MINUTE, now);
  const app = new Hono();

  app.use(async (context, next) => {
    const started = performance.now();
    await next();
    const { method, routePath } = context.req;
    metrics.request(routePath, method, context.res.status, (performance.now() - started) / 1000);
  });

  async function signedIn(context: Context, caller: () => string | Promise<string>): Promise<string> {
    try {
      return await caller();
    } catch (error) {
      const wait = failureLimit.take(settings.addressOf(context) ?? 'unknown');
      if (wait > 0) throw tooMany(wait);
      throw error;
    }
  }

  async function readRequest(context: Context): Promise<IncidentRequest> {
    const caller = await signedIn(context, () => door.apiCaller(context.req));
    const wait = apiLimit.take(caller);
    if (wait > 0) throw tooMany(wait);
    if (!settings.isOpen()) throw new HttpError(503, 'closing', 'the relay is shutting down', { 'retry-after': '5' });
    return incidentRequest(await readJsonBody(context.req, MAX_INCIDENT_BYTES), sites);
  }

  app.post('/api/incidents/enrich', async (context) => {
    const { site, incidentId, given } = await readRequest(context);
    const started = performance.now();
    const budget = startBudget(settings.budgetMs, context.req.raw.signal);
    const { subject: _, ...answer } = await enrichIncident(site, incidentId, given, budget);
    metrics.enriched(answer.warnings.length > 0 ? 'partial' : 'whole', (performance.now() - started) / 1000);
    for (const { error } of answer.queries) metrics.query(error ? 'failed' : 'rows');
    const incident = answer.event['X-S4-ExternalID'];
    log.info({ correlation: correlationOf(context.req), incident, warnings: answer.warnings.length }, 'enriched');
    return respondJson(answer, 200, correlated(context.req));
  });

  app.post('/api/incidents/forward', async (context) => {
    const { site, incidentId, given } = await readRequest(context);
    // Not tied to the caller's connection: who hangs up still wants somebody paged.
    const budget = startBudget(settings.budgetMs);
    const answer = await forwardIncident(site, incidentId, given, store.forwards, budget);
    metrics.forwarded(answer.status);
    log.info({ correlation: correlationOf(context.req), incident: incidentId, status: answer.status }, 'forward');
    return respondJson(answer, 200, correlated(context.req));
  });

  app.post('/api/signl4/events', async (context) => {
    await signedIn(context, () => door.signl4Caller(context.req));
    const wait = webhookLimit.take('signl4');
    if (wait > 0) throw tooMany(wait);
    const answer = await intake(await readText(context.req, MAX_NOTIFICATION_BYTES), sites, store.inbox);
    metrics.notification(answer.status);
    log.debug(answer, 'notification');
    if (answer.status === 'rejected') throw new HttpError(400, 'no-notification', answer.reason);
    if (answer.status === 'ignored') return respondJson(answer);
    if (answer.status === 'accepted') settings.onAccepted();
    return respondJson(answer, 202);
  });

  app.get('/health/live', () => respondJson({ status: 'live' }));
  const checkStore = atMostEvery(READY_MS, () => store.check(), now);
  app.get('/health/ready', async () => {
    if (!settings.isOpen()) throw new HttpError(503, 'closing', 'the relay is shutting down');
    try {
      await checkStore();
    } catch (error) {
      log.error(describeError(error), 'the store cannot be written');
      throw new HttpError(503, 'store', 'the relay cannot write its store');
    }
    return respondJson({ status: 'ready' });
  });
  app.get('/metrics', async (context) => {
    await signedIn(context, () => door.apiCaller(context.req));
    return respond(await metrics.text(), 200, { 'content-type': metrics.contentType });
  });
  app.get('/openapi.json', async (context) => {
    await signedIn(context, () => door.apiCaller(context.req));
    return respondJson(openApiDocument(settings.version));
  });

  app.notFound((context) => refuse(context, new HttpError(404, 'not-found', 'there is no such route')));
  app.onError((error, context) => {
    const answer = answerFor(error);
    if (!(error instanceof HttpError)) {
      log.error(
        { correlation: correlationOf(context.req), route: context.req.routePath, ...describeError(error) },
        'failed',
      );
    }
    return refuse(context, answer);
  });
  return app;
}

function refuse(context: Context, { status, code, message, headers }: HttpError): Response {
  return respondJson({ error: { code, message } }, status, { ...correlated(context.req), ...headers });
}

function tooMany(seconds: number): HttpError {
  return new HttpError(429, 'too-many-requests', 'too many requests', { 'retry-after': String(seconds) });
}

/** Failures of other services are told as such; everything else is ours and says nothing. */
function answerFor(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (!(error instanceof UpstreamError)) return new HttpError(500, 'internal', 'the relay failed; its log says why');
  if (error.kind === 'missing' && error.service === 'Sentinel')
    return new HttpError(404, 'incident-not-found', `${error.message}.`);
  return new HttpError(error.kind === 'late' ? 504 : 502, `upstream-${error.kind}`, `${error.message}.`);
}
