import type { Hono } from 'hono';
import type { AppSettings } from '../app.ts';
import { intake } from '../callback/intake.ts';
import { readText } from '../edge/body.ts';
import type { Entrance } from '../edge/entrance.ts';
import { HttpError } from '../edge/errors.ts';
import { respondJson } from '../edge/respond.ts';

const MAX_BYTES = 256 * 1024;

/** `POST /api/signl4/events`: open until the very end, for a notification that is on disk is safe also while the relay stops. */
export function addWebhookRoute(app: Hono, settings: AppSettings, entrance: Entrance): void {
  const { sites, store, log, metrics } = settings;
  app.post('/api/signl4/events', async (context) => {
    await entrance.webhook(context);
    const answer = await intake(await readText(context.req, MAX_BYTES), sites, store.inbox);
    metrics.notification(answer.status);
    log.debug(answer, 'notification');
    if (answer.status === 'rejected') throw new HttpError(400, 'no-notification', answer.reason);
    if (answer.status === 'ignored') return respondJson(answer);
    if (answer.status === 'accepted') settings.onAccepted();
    return respondJson(answer, 202);
  });
}
