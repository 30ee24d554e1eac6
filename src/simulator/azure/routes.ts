import type { Hono } from 'hono';
import type { AzureState } from './state.ts';

/** `:s` is the subscription, `:g` the resource group. Paths are matched in lower case. */
export const GROUP = '/subscriptions/:s/resourcegroups/:g';

export type ArmApp = Hono;

/** The path as the client wrote it, decoded. */
export function pathAsWritten(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/\/+$/, '').replace(/^\/+/, '/');
}

/** `Retry-After` where answers carry it. */
export function waiting({ retryAfter }: AzureState): Record<string, string> {
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
}
