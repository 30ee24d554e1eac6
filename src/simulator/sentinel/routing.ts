import type { Hono } from 'hono';
import type { BlankSchema } from 'hono/types';
import type { Principal } from '../entra/directory.ts';
import type { Access } from './access.ts';
import { ArmError } from './arm-error.ts';

export type ArmEnv = { Variables: { caller: Principal } };
/** Where the routes of one workspace are added. */
export type ArmRoutes = Hono<ArmEnv, BlankSchema, string>;

/** Throws 403 in Azure's words where no role allows the action. */
export function authorize(caller: Principal, action: string, access: Access): void {
  const operation = `Microsoft.SecurityInsights/${action}`;
  if (access.allows(caller.objectId, operation)) return;
  const client = caller.appId ?? caller.objectId;
  throw new ArmError(
    403,
    'AuthorizationFailed',
    `The client '${client}' with object id '${caller.objectId}' does not have authorization to perform action '${operation}' over the workspace or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}
