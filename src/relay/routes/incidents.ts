import type { Context, Hono } from 'hono';
import type { AppSettings } from '../app-settings.ts';
import { startBudget } from '../deadline.ts';
import { readJsonBody } from '../edge/body.ts';
import { correlationOf } from '../edge/correlation.ts';
import { HttpError } from '../edge/errors.ts';
import type { RequestGuard } from '../edge/request-guard.ts';
import { correlated, respondJson } from '../edge/respond.ts';
import { enrichIncident } from '../enrich/enrich.ts';
import { externalIdOf } from '../external-id.ts';
import { forwardIncident } from '../forward/forward.ts';
import { type IncidentRequest, incidentRequest } from '../incident-request.ts';

/** Largest trigger bodies: 150 alerts with their queries and 500 entities each. */
const MAX_BYTES = 8 * 1024 * 1024;

/** `POST /api/incidents/enrich` and `/forward`. */
export function addIncidentRoutes(app: Hono, settings: AppSettings, guard: RequestGuard): void {
  const { workspaces, store, log, metrics } = settings;

  async function readRequest(context: Context): Promise<IncidentRequest> {
    await guard.api(context);
    if (!settings.isOpen()) throw new HttpError(503, 'closing', 'the relay is shutting down', { 'retry-after': '5' });
    return incidentRequest(await readJsonBody(context.req, MAX_BYTES), workspaces);
  }

  app.post('/api/incidents/enrich', async (context) => {
    const { served, incidentId, given } = await readRequest(context);
    const started = performance.now();
    const budget = startBudget(settings.budgetMs, context.req.raw.signal);
    const { subject: _, ...answer } = await enrichIncident(served, incidentId, given, budget);
    metrics.enriched(answer.warnings.length > 0 ? 'partial' : 'whole', (performance.now() - started) / 1000);
    for (const { error } of answer.queries) metrics.query(error ? 'failed' : 'rows');
    const incident = answer.event['X-S4-ExternalID'];
    log.info({ correlation: correlationOf(context.req), incident, warnings: answer.warnings.length }, 'enriched');
    return respondJson(answer, 200, correlated(context.req));
  });

  app.post('/api/incidents/forward', async (context) => {
    const { served, incidentId, given } = await readRequest(context);
    // Not aborted when the caller disconnects: the page must still go out.
    const budget = startBudget(settings.budgetMs);
    const answer = await forwardIncident(served, incidentId, given, store.forwards, budget);
    metrics.forwarded(answer.status);
    const incident = externalIdOf(served, given ?? { id: incidentId, provider: '', providerId: '' });
    log.info({ correlation: correlationOf(context.req), incident, status: answer.status }, 'forward');
    return respondJson(answer, 200, correlated(context.req));
  });
}
