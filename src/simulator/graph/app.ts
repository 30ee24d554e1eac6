import { type Context, Hono } from 'hono';
import type { Principal } from '../entra/directory.ts';
import type { Handler } from '../http.ts';
import { GraphError } from './graph-error.ts';
import { addHuntingRoute } from './hunting-route.ts';
import { collection } from './query.ts';
import { addSecurityRoutes } from './security-routes.ts';
import { type GraphEnv, type GraphSetting, needRole } from './setting.ts';

/** graph.microsoft.com/v1.0: users, security incidents and alerts, advanced hunting. Permissions are the `roles` of the token. */
export function createGraphApp(setting: GraphSetting): Handler {
  const app = new Hono<GraphEnv>();
  app.use('*', async (context, next) => {
    const authentication = await setting.tokens.authenticate(context.req.raw, ['https://graph.microsoft.com']);
    if ('problem' in authentication) {
      const text =
        authentication.problem === 'missing'
          ? 'Access token is empty.'
          : `Access token is not valid (${authentication.problem}).`;
      throw new GraphError(401, 'InvalidAuthenticationToken', text);
    }
    const { roles } = authentication.claims;
    context.set('caller', authentication.principal);
    context.set('roles', Array.isArray(roles) ? roles.map(String) : []);
    await next();
  });
  app.get('/v1.0/users', (context) => listUsers(context, setting));
  app.get('/v1.0/users/:key', (context) => {
    needRole(context, ['User.Read.All', 'User.ReadBasic.All', 'Directory.Read.All']);
    const key = context.req.param('key');
    const user = setting.directory.findUser(key);
    const isKey =
      user && [user.objectId, user.userPrincipalName].some((name) => name?.toLowerCase() === key.toLowerCase());
    if (!user || !isKey)
      throw new GraphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
      );
    return Response.json({ '@odata.context': '$metadata#users/$entity', ...userView(user) });
  });
  addSecurityRoutes(app, setting);
  addHuntingRoute(app, setting);
  app.notFound(({ req }) =>
    new GraphError(404, 'ResourceNotFound', `Resource not found for the segment '${req.path}'.`).toResponse(setting),
  );
  app.onError((error) => {
    if (error instanceof GraphError) return error.toResponse(setting);
    throw error;
  });
  return async (request) => app.fetch(request);
}

function listUsers(context: Context<GraphEnv>, { directory }: GraphSetting): Response {
  needRole(context, ['User.Read.All', 'User.ReadBasic.All', 'Directory.Read.All']);
  const users = [...directory.principals.values()].filter(({ kind }) => kind === 'User').map(userView);
  return collection(users, new URL(context.req.url), { usual: 100, most: 999 });
}

function userView({ objectId, displayName, mail, userPrincipalName }: Principal) {
  return { id: objectId, displayName, mail: mail ?? null, userPrincipalName: userPrincipalName ?? null };
}
