import { type Context, Hono } from 'hono';
import { isCredentialError } from '../azure/credential.ts';
import type { AppSettings } from './app-settings.ts';
import { correlationOf } from './edge/correlation.ts';
import { HttpError } from './edge/errors.ts';
import { createRequestGuard } from './edge/request-guard.ts';
import { correlated, respondJson } from './edge/respond.ts';
import { describeError } from './log.ts';
import { addDeadLetterRoutes } from './routes/dead-letters.ts';
import { addIncidentRoutes } from './routes/incidents.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addWebhookRoute } from './routes/webhook.ts';
import { UpstreamError } from './upstream.ts';

/** The relay as a function from Request to Response; hosts run it on Node's server or in Azure Functions. */
export function createApp(settings: AppSettings): Hono {
  const { log, metrics } = settings;
  const guard = createRequestGuard(settings);
  const app = new Hono();
  app.use(async (context, next) => {
    const started = performance.now();
    await next();
    const { method, routePath } = context.req;
    metrics.request(routePath, method, context.res.status, (performance.now() - started) / 1000);
  });
  addIncidentRoutes(app, settings, guard);
  addWebhookRoute(app, settings, guard);
  addDeadLetterRoutes(app, settings, guard);
  addOperationRoutes(app, settings, guard);
  app.notFound((context) => refuse(context, notServed(app, context)));
  app.onError((error, context) => {
    if (!(error instanceof HttpError)) {
      const { routePath: route } = context.req;
      log.error({ correlation: correlationOf(context.req), route, ...describeError(error) }, 'failed');
    }
    return refuse(context, answerFor(error));
  });
  return app;
}

function refuse(context: Context, { status, code, message, headers }: HttpError): Response {
  return respondJson({ error: { code, message } }, status, { ...correlated(context.req), ...headers });
}

function notServed({ routes }: Hono, { req }: Context): HttpError {
  const methods = routes
    .filter(({ path, method }) => path === req.path && method !== 'ALL')
    .map(({ method }) => method);
  if (methods.length === 0) return new HttpError(404, 'not-found', 'there is no such route');
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new HttpError(405, 'method-not-allowed', `this route takes ${allow}`, { allow });
}

/** Failures of other services are passed on to the caller; any other error is our own, and its message stays in the log. */
function answerFor(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (!(error instanceof UpstreamError)) return new HttpError(500, 'internal', 'the relay failed; its log says why');
  const { kind, service, remedy } = error;
  // The caller may be the operator, who may not see the log: a permanent failure includes its remedy.
  const isLasting = kind === 'denied' || (kind === 'unavailable' && isCredentialError(error.cause));
  const message = isLasting && remedy !== undefined ? `${error.message}. ${remedy.replace(/\.$/, '')}` : error.message;
  if (kind === 'missing' && service === 'Sentinel') return new HttpError(404, 'incident-not-found', `${message}.`);
  return new HttpError(kind === 'late' ? 504 : 502, `upstream-${kind}`, `${message}.`);
}
