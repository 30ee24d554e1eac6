import type { Hono } from 'hono';
import type { AppSettings } from '../app-settings.ts';
import { intake } from '../callback/intake.ts';
import { readText } from '../edge/body.ts';
import { HttpError } from '../edge/errors.ts';
import type { RequestGuard } from '../edge/request-guard.ts';
import { respondJson } from '../edge/respond.ts';
import { describeError } from '../log.ts';
import { isStoreTrouble } from '../store/store-error.ts';

const MAX_BYTES = 256 * 1024;
/** A lock is released within seconds; SIGNL4 sends again. */
const RETRY_AFTER_S = '5';

/** `POST /api/signl4/events`. Accepts notifications even while the relay shuts down, because stored ones are safe. */
export function addWebhookRoute(app: Hono, settings: AppSettings, guard: RequestGuard): void {
  const { workspaces, store, log, metrics } = settings;
  app.post('/api/signl4/events', async (context) => {
    guard.webhook(context);
    const body = await readText(context.req, MAX_BYTES);
    const answer = await intake(body, workspaces, store.inbox).catch((error: unknown) => {
      if (!isStoreTrouble(error)) throw error;
      log.error(describeError(error), 'a notification could not be stored');
      throw new HttpError(503, 'store', 'the relay cannot store it now', { 'retry-after': RETRY_AFTER_S });
    });
    metrics.notification(answer.status);
    log.debug(answer, 'notification');
    if (answer.status === 'rejected') throw new HttpError(400, 'no-notification', answer.reason);
    if (answer.status === 'ignored') return respondJson(answer);
    if (answer.status === 'accepted') settings.onAccepted();
    return respondJson(answer, 202);
  });
}
