import type { Context } from 'hono';
import type { Clock } from '../clock.ts';
import type { Directory, Principal } from '../entra/directory.ts';
import type { Tokens } from '../entra/tokens.ts';
import type { Ids } from '../ids.ts';
import type { Answer } from '../logs/answers.ts';
import { GraphError } from './graph-error.ts';
import type { GraphStore } from './store.ts';

export interface GraphSetting {
  readonly store: GraphStore;
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What queries find: the same as in the workspace. */
  readonly answers: readonly Answer[];
}

export type GraphEnv = { Variables: { caller: Principal; roles: readonly string[] } };

/** Throws 403 where the token carries none of the permissions. */
export function needRole(context: Context<GraphEnv>, allowed: readonly string[]): void {
  if (context.get('roles').some((role) => allowed.includes(role))) return;
  if (context.req.path.includes('/security/')) {
    const lists = `API required roles: ${allowed.join(',')}, application roles: ${context.get('roles').join(',')}.`;
    throw new GraphError(403, 'Forbidden', `Missing application roles. ${lists}`);
  }
  throw new GraphError(
    403,
    'Authorization_RequestDenied',
    `Insufficient privileges to complete the operation. Needs one of: ${allowed.join(', ')}`,
  );
}
