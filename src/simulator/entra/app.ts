import { Hono } from 'hono';
import type { Clock } from '../clock.ts';
import type { Handler } from '../http.ts';
import type { Directory, Principal } from './directory.ts';
import type { Tokens } from './tokens.ts';

/** The managed identity of the machine that asks, and the secret of `IDENTITY_HEADER`. */
export interface ManagedIdentitySettings {
  /** Object id of the identity; undefined: the machine has none. */
  principalId: string | undefined;
  identityHeader: string;
}

export interface EntraSetting {
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly managedIdentity: ManagedIdentitySettings;
}

const HOUR = 3_599;
const DAY = 86_399;

/**
 * login.microsoftonline.com (token endpoint for client credentials, discovery, keys), the endpoint of App Service and
 * Functions for managed identities (`IDENTITY_ENDPOINT`) and the one of virtual machines (169.254.169.254).
 */
export function createEntraApp(setting: EntraSetting): Handler {
  const app = new Hono();
  const { tokens } = setting;
  app.get('/common/discovery/instance', ({ req }) => Response.json(instanceDiscovery(new URL(req.url).host)));
  app.get('/:tenant/v2.0/.well-known/openid-configuration', ({ req }) => {
    const origin = new URL(req.url).origin;
    return isOurs(req.param('tenant'), tokens)
      ? Response.json(openIdConfiguration(origin, tokens))
      : unknownTenant(req.param('tenant'));
  });
  app.get('/:tenant/discovery/v2.0/keys', async () => Response.json(await tokens.keys()));
  app.post('/:tenant/oauth2/v2.0/token', ({ req }) => clientCredentials(req.raw, req.param('tenant'), 2, setting));
  app.post('/:tenant/oauth2/token', ({ req }) => clientCredentials(req.raw, req.param('tenant'), 1, setting));
  app.get('/msi/token', ({ req }) => appServiceToken(req.raw, setting));
  app.get('/metadata/identity/oauth2/token', ({ req }) => machineToken(req.raw, setting));
  app.notFound(() => Response.json({ error: 'not_found', error_description: 'no such endpoint' }, { status: 404 }));
  return async (request) => app.fetch(request);
}

function isOurs(tenant: string, { tenantId }: Tokens): boolean {
  return tenant.toLowerCase() === tenantId.toLowerCase();
}

function instanceDiscovery(host: string) {
  const metadata = [{ preferred_network: host, preferred_cache: host, aliases: [host] }];
  return {
    tenant_discovery_endpoint: `https://${host}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata,
  };
}

function openIdConfiguration(origin: string, tokens: Tokens) {
  return {
    token_endpoint: `${origin}/${tokens.tenantId}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tokens.tenantId}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: tokens.issuer(2),
    authorization_endpoint: `${origin}/${tokens.tenantId}/oauth2/v2.0/authorize`,
    tenant_region_scope: 'EU',
  };
}

/** OAuth 2.0 client credentials; errors as Entra words them, with their AADSTS number. */
async function clientCredentials(
  request: Request,
  tenant: string,
  version: 1 | 2,
  setting: EntraSetting,
): Promise<Response> {
  const { directory, tokens, clock } = setting;
  if (!isOurs(tenant, tokens)) return unknownTenant(tenant);
  const form = new URLSearchParams(await request.text());
  const [id, secret] = clientOf(request, form);
  if (form.get('grant_type') !== 'client_credentials')
    return refused(
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`,
    );
  const principal = directory.findApp(id);
  if (!principal)
    return refused(
      'unauthorized_client',
      700016,
      `Application with identifier '${id}' was not found in the directory.`,
    );
  const expires = principal.secrets?.[secret];
  if (expires === undefined) return refused('invalid_client', 7000215, 'Invalid client secret provided.', 401);
  if (expires <= clock.now())
    return refused('invalid_client', 7000222, `The provided client secret keys for app '${id}' are expired.`, 401);
  const wanted = version === 2 ? form.get('scope') : form.get('resource');
  const isDefaultScope = version === 1 || wanted?.endsWith('/.default');
  const resource = directory.findResource((wanted ?? '').replace(/\/\.default$/, ''));
  if (!isDefaultScope)
    return refused(
      'invalid_scope',
      1002012,
      `The provided value for scope ${wanted ?? ''} is not valid: it needs /.default.`,
    );
  if (!resource)
    return refused('invalid_resource', 500011, `The resource principal named ${wanted ?? ''} was not found.`);
  const token = await tokens.issue({ principal, resource });
  return Response.json({ token_type: 'Bearer', expires_in: HOUR, ext_expires_in: HOUR, access_token: token });
}

function clientOf(request: Request, form: URLSearchParams): readonly [id: string, secret: string] {
  const basic = /^Basic (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const [id = '', secret = ''] = basic
    ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
    : [];
  return [form.get('client_id') ?? id, form.get('client_secret') ?? secret];
}

/** `IDENTITY_ENDPOINT` of App Service, Functions and Container Apps, api-version 2019-08-01. */
async function appServiceToken(request: Request, setting: EntraSetting): Promise<Response> {
  const { searchParams } = new URL(request.url);
  if (request.headers.get('x-identity-header') !== setting.managedIdentity.identityHeader)
    return Response.json({ statusCode: 401, message: 'The X-IDENTITY-HEADER is missing or wrong' }, { status: 401 });
  if (searchParams.get('api-version') !== '2019-08-01')
    return Response.json({ statusCode: 400, message: 'api-version must be 2019-08-01' }, { status: 400 });
  return managedIdentityToken(searchParams, setting);
}

/** Instance metadata service of virtual machines, api-version 2018-02-01. */
async function machineToken(request: Request, setting: EntraSetting): Promise<Response> {
  if (request.headers.get('metadata') !== 'true')
    return Response.json(
      { error: 'invalid_request', error_description: 'Required metadata header not specified' },
      { status: 400 },
    );
  return managedIdentityToken(new URL(request.url).searchParams, setting);
}

async function managedIdentityToken(query: URLSearchParams, setting: EntraSetting): Promise<Response> {
  const { directory, tokens, clock } = setting;
  const resource = directory.findResource((query.get('resource') ?? '').replace(/\/\.default$/, ''));
  const principal = identityOf(query.get('client_id'), setting);
  if (!principal)
    return Response.json({ error: 'invalid_request', error_description: 'Identity not found' }, { status: 400 });
  if (!resource)
    return Response.json(
      { error: 'invalid_resource', error_description: 'AADSTS500011: unknown resource' },
      { status: 400 },
    );
  const token = await tokens.issue({ principal, resource, lifetime: DAY });
  return Response.json({
    access_token: token,
    client_id: principal.appId,
    expires_in: String(DAY),
    expires_on: String(Math.floor(clock.now() / 1_000) + DAY),
    resource: query.get('resource'),
    token_type: 'Bearer',
  });
}

function identityOf(clientId: string | null, { directory, managedIdentity }: EntraSetting): Principal | undefined {
  if (clientId !== null) return directory.findApp(clientId);
  return managedIdentity.principalId === undefined ? undefined : directory.find(managedIdentity.principalId);
}

function unknownTenant(tenant: string): Response {
  return refused('invalid_request', 90002, `Tenant '${tenant}' not found.`);
}

function refused(error: string, number: number, text: string, status = 400): Response {
  const description = `AADSTS${number}: ${text}`;
  return Response.json({ error, error_description: description, error_codes: [number] }, { status });
}
