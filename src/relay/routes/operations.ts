import type { Hono } from 'hono';
import type { AppSettings } from '../app-settings.ts';
import { atMostEvery } from '../at-most-every.ts';
import type { Identity } from '../connect/identity-check.ts';
import { HttpError } from '../edge/errors.ts';
import type { RequestGuard } from '../edge/request-guard.ts';
import { respond, respondJson } from '../edge/respond.ts';
import { describeError } from '../log.ts';
import { openApiDocument } from '../openapi.ts';

/** Readiness is public, so its checks of store and Entra are cached. */
const READY_MS = 5_000;
const IDENTITY_MS = 15_000;

/** For operators: health, metrics, and the description of the API. */
export function addOperationRoutes(app: Hono, settings: AppSettings, guard: RequestGuard): void {
  const { store, log, metrics, identity } = settings;
  const checkStore = atMostEvery(READY_MS, () => store.check());
  const checkIdentity = atMostEvery(IDENTITY_MS, async (): Promise<Identity> => {
    const found = await (identity?.check() ?? { state: 'known' as const });
    // Once per check, not per request.
    if (found.state === 'lost') tellIdentity(found.error);
    return found;
  });

  function tellIdentity(error: unknown): void {
    log.error({ ...describeError(error), remedy: identity?.remedy }, 'the relay has no identity in Azure');
  }

  app.get('/health/live', () => respondJson({ status: 'live' }));
  app.get('/health/ready', async () => {
    if (!settings.isOpen()) throw new HttpError(503, 'closing', 'the relay is shutting down');
    await checkStore().catch((error: unknown) => {
      log.error(describeError(error), 'the store cannot be written');
      throw new HttpError(503, 'store', 'the relay cannot write its store; its log says why');
    });
    const { state } = await checkIdentity().catch((error: unknown) => {
      tellIdentity(error);
      throw new HttpError(503, 'identity', `the relay gets no token for Azure. ${identity?.remedy}`);
    });
    return respondJson({ status: 'ready', ...(state === 'lost' && { without: ['identity'] }) });
  });
  app.get('/metrics', async (context) => {
    await guard.metrics(context);
    return respond(await metrics.text(), 200, { 'content-type': metrics.contentType });
  });
  app.get('/openapi.json', async (context) => {
    await guard.api(context);
    return respondJson(openApiDocument(settings.version));
  });
}
