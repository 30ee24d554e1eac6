import { VirtualClock } from '../../src/simulator/clock.ts';
import type { Principal } from '../../src/simulator/entra/directory.ts';
import { createWorld, type World, type WorldOptions } from '../../src/simulator/world.ts';

/** A world on a virtual clock, and a client of its Azure Resource Manager. */
export function armWorld(options: Omit<WorldOptions, 'clock'> = {}) {
  const clock = new VirtualClock('2026-01-10T08:00:00Z');
  const world = createWorld({ ...options, clock });
  const { subscriptionId, resourceGroup, name } = world.workspace;
  const base = `https://management.azure.com/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}/providers/Microsoft.SecurityInsights`;

  /** Calls `path` below Microsoft.SecurityInsights, or a whole address, as somebody; the API version is added to a path. */
  async function arm(
    method: string,
    path: string,
    body?: unknown,
    options: { as?: Principal; headers?: Record<string, string> } = {},
  ) {
    const token = await world.entra.token(options.as ?? world.accounts.contributor, 'https://management.azure.com');
    const url = path.startsWith('https:')
      ? path
      : `${base}/${path}${path.includes('?') ? '&' : '?'}api-version=2025-09-01`;
    const response = await world.fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...options.headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: await jsonOf(response) };
  }
  return { clock, world, base, arm };
}

/** The body as a test reads it: any member may be asked for. */
export async function jsonOf(response: Response): Promise<Json> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Json;
}

// biome-ignore lint/suspicious/noExplicitAny: tests walk through answers whose shape they check.
export type Json = any;

/** Calls the SIGNL4 API of a world. */
export function signl4Client(world: World) {
  return async (method: string, path: string, body?: unknown) => {
    const response = await world.fetch(`https://connect.signl4.com/api/v2/${path}`, {
      method,
      headers: { 'x-s4-api-key': world.signl4.apiKey, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: await jsonOf(response) };
  };
}
