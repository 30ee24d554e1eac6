import { member, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import type { ApiRoutes } from './alert-routes.ts';
import type { Webhook } from './resources.ts';
import { S4Error } from './s4-error.ts';
import type { Signl4Setting } from './setting.ts';
import { webhookInfo } from './views.ts';

/** Outbound webhooks. Creating one answers its id as a bare text, without a Location. */
export function addWebhookRoutes(api: ApiRoutes, { store, ids }: Signl4Setting): void {
  const find = (id: string): Webhook => {
    const webhook = store.webhooks.find((candidate) => candidate.id === id);
    if (!webhook) throw new S4Error(404, 'Webhook with specified id was not found.', id);
    return webhook;
  };
  api.get('/webhooks', ({ req }) => {
    const teamId = req.query('teamId');
    const found = store.webhooks.filter((webhook) => teamId === undefined || webhook.teamId === teamId);
    if (found.length === 0) throw new S4Error(404, 'The subscription does not have any outbound webhooks.');
    return Response.json(found.map((webhook) => webhookInfo(store, webhook)));
  });
  api.post('/webhooks', async ({ req }) => {
    const webhook = { id: ids.guid('s4 webhook'), ...readWebhook(await readJson(req.raw)) };
    if (webhook.teamId) store.team(webhook.teamId);
    store.webhooks.push(webhook);
    return Response.json(webhook.id, { status: 201 });
  });
  api.get('/webhooks/:id', ({ req }) => Response.json(webhookInfo(store, find(req.param('id')))));
  api.put('/webhooks/:id', async ({ req }) => {
    const webhook = Object.assign(find(req.param('id')), readWebhook(await readJson(req.raw)));
    return Response.json(webhookInfo(store, webhook));
  });
  api.delete('/webhooks/:id', ({ req }) => {
    const webhook = find(req.param('id'));
    store.webhooks.splice(store.webhooks.indexOf(webhook), 1);
    return Response.json(webhookInfo(store, webhook));
  });
  for (const [path, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    api.post(`/webhooks/:id/${path}`, ({ req }) =>
      Response.json(webhookInfo(store, Object.assign(find(req.param('id') ?? ''), { enabled }))),
    );
}

/** `externalAddress` is the older name of `extUrl`. Throws 400. */
function readWebhook(body: unknown): Omit<Webhook, 'id'> {
  const name = textOf(member(body, 'name'));
  const url = textOf(member(body, 'extUrl')) ?? textOf(member(body, 'externalAddress')) ?? '';
  if (!name || !URL.canParse(url))
    throw new S4Error(
      400,
      'Either the webhook object or a necessary property was invalid or empty.',
      name ? 'extUrl' : 'name',
    );
  const enabled = member(body, 'enabled') !== false;
  const [teamId, description] = [textOf(member(body, 'teamId')) ?? '', textOf(member(body, 'description')) ?? ''];
  return { name, url, teamId, enabled, description };
}
