import type { Hono } from 'hono';
import type { AppSettings } from '../app-settings.ts';
import { atMostEvery } from '../at-most-every.ts';
import { HttpError } from '../edge/errors.ts';
import type { RequestGuard } from '../edge/request-guard.ts';
import { respond, respondJson } from '../edge/respond.ts';
import { describeError } from '../log.ts';
import { openApiDocument } from '../openapi.ts';

/** Anybody may ask whether the relay is ready; the store is not written, and Entra not asked, each time. */
const READY_MS = 5_000;
const IDENTITY_MS = 15_000;

/** What those ask who operate the relay: health, metrics, the description of its API. */
export function addOperationRoutes(app: Hono, settings: AppSettings, guard: RequestGuard): void {
  const { store, log, metrics, checkIdentity = async () => {} } = settings;
  const checks = [
    {
      code: 'store',
      run: atMostEvery(READY_MS, () => store.check()),
      log: 'the store cannot be written',
      message: 'the relay cannot write its store; its log says why',
    },
    {
      code: 'identity',
      run: atMostEvery(IDENTITY_MS, checkIdentity),
      log: 'the relay has no identity in Azure',
      message: 'the relay gets no token for Azure; its log says why',
    },
  ] as const;

  app.get('/health/live', () => respondJson({ status: 'live' }));
  app.get('/health/ready', async () => {
    if (!settings.isOpen()) throw new HttpError(503, 'closing', 'the relay is shutting down');
    for (const check of checks) {
      try {
        await check.run();
      } catch (error) {
        log.error(describeError(error), check.log);
        throw new HttpError(503, check.code, check.message);
      }
    }
    return respondJson({ status: 'ready' });
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
