import { type Clock, isoTime } from '../clock.ts';
import type { Handler } from '../http.ts';
import type { Ids } from '../ids.ts';
import type { Signl4Happening, Webhook } from './resources.ts';
import type { Signl4Store } from './store.ts';
import { time } from './views.ts';

export interface OutboundSettings {
  /** Spelling of keys, which varies between products: `username` or `userName`. */
  casing: 'documented' | 'camel';
  /** From the happening to the first attempt. */
  delayMs: number;
  /** Waits before each further attempt. SIGNL4 documents no policy: this is the world's own. */
  retryDelaysMs: readonly number[];
  /** An attempt without an answer fails after this time. */
  timeoutMs: number;
  /** 2: every notification arrives twice, with the same id. */
  copies: 1 | 2;
}

export const defaultOutboundSettings: OutboundSettings = {
  casing: 'documented',
  delayMs: 500,
  retryDelaysMs: [10_000, 60_000, 300_000, 900_000],
  timeoutMs: 30_000,
  copies: 1,
};

/** One notification on its way to one webhook. */
export interface Delivery {
  readonly webhookId: string;
  readonly notification: { readonly id: string; readonly eventType: number };
  readonly attempts: { readonly at: number; readonly status?: number; readonly error?: string }[];
  state: 'waiting' | 'delivered' | 'given up';
}

/** Tells webhooks what happens: at least once, with retries, under one id per notification. */
export class Outbound {
  readonly deliveries: Delivery[] = [];
  settings: OutboundSettings = { ...defaultOutboundSettings };
  readonly #store: Signl4Store;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #send: Handler;

  /** `send`: how the world reaches the outside. */
  constructor(store: Signl4Store, clock: Clock, ids: Ids, send: Handler) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
    this.#send = send;
    store.onHappening((happening) => this.#notify(happening));
  }

  /** The body of eventType 1, which SIGNL4's portal sends to try a webhook. */
  sendTest(webhook: Webhook): void {
    this.#start(webhook, { eventType: 1, at: this.#clock.now(), teamId: webhook.teamId });
  }

  #notify(happening: Signl4Happening): void {
    for (const webhook of this.#store.webhooks)
      if (webhook.enabled && (webhook.teamId === '' || webhook.teamId === happening.teamId))
        this.#start(webhook, happening);
  }

  #start(webhook: Webhook, happening: Signl4Happening): void {
    const notification = this.#notificationOf(happening);
    for (let copy = 0; copy < this.settings.copies; copy++) {
      const delivery: Delivery = { webhookId: webhook.id, notification, attempts: [], state: 'waiting' };
      this.deliveries.push(delivery);
      this.#clock.after(this.settings.delayMs, () => this.#attempt(webhook, delivery));
    }
  }

  async #attempt(webhook: Webhook, delivery: Delivery): Promise<void> {
    const outcome = await this.#post(webhook.url, delivery.notification);
    delivery.attempts.push({ at: this.#clock.now(), ...outcome });
    if (outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300) {
      delivery.state = 'delivered';
      return;
    }
    const wait = this.settings.retryDelaysMs[delivery.attempts.length - 1];
    if (wait === undefined) delivery.state = 'given up';
    else this.#clock.after(wait, () => this.#attempt(webhook, delivery));
  }

  async #post(url: string, notification: unknown): Promise<{ status?: number; error?: string }> {
    const stop = new AbortController();
    const cancel = this.#clock.after(this.settings.timeoutMs, () => stop.abort(new Error('timed out')));
    try {
      const response = await this.#send(
        new Request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(notification),
          signal: stop.signal,
        }),
      );
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    } finally {
      cancel();
    }
  }

  #notificationOf(happening: Signl4Happening) {
    const { user, alert, annotation, eventType, teamId } = happening;
    const team = this.#store.teams.find(({ id }) => id === teamId);
    const category = team?.categories.find(({ name }) => name === alert?.category);
    const body = {
      eventType,
      eventRaisedUtc: isoTime(happening.at).replace('Z', '0000Z'),
      subscription: { id: this.#store.subscriptionId },
      team: team && { teamname: team.name, id: team.id },
      user: user && { username: user.username, displayname: user.displayname, mailaddress: user.mail, id: user.id },
      alert: alert && {
        statusCode: happening.statusCode ?? alert.status,
        eventId: alert.eventId,
        externalEventId: alert.externalId,
        shortId: alert.shortId,
        title: alert.title,
        text: alert.text,
        acknowledgedUserIds: happening.acknowledgedUserIds ?? [],
        acknowledgedAt: time(alert.acknowledgedAt),
        closedAt: time(alert.closedAt),
        closedBy: alert.closedBy ?? null,
        category: category ?? null,
        eventSeverity: alert.severity,
        id: alert.id,
      },
      annotation: annotation ? { message: annotation.text, id: annotation.id } : null,
      id: this.#ids.guid('s4 notification'),
    };
    return this.settings.casing === 'documented' ? body : renamed(body);
  }
}

const camelNames: Readonly<Record<string, string>> = {
  username: 'userName',
  displayname: 'displayName',
  mailaddress: 'mailAddress',
  teamname: 'teamName',
};

/** The same members in the other spelling. */
function renamed<T extends object>(body: T): T {
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelNames[key] ?? key, inner]))
      : value,
  );
  return JSON.parse(text) as T;
}
