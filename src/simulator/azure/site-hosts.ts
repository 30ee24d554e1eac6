import { unzipSync } from 'fflate';
import { textOf } from '../../domain/json.ts';
import { relayDataRoles } from '../../domain/roles.ts';
import type { Handler } from '../http.ts';
import { effectOf } from './roles.ts';
import { restart, siteAt } from './sites.ts';
import { type AzureSetting, type CodeDeployment, lower, type StoredResource } from './state.ts';

/**
 * The two hosts of a function app: its own, where the relay answers, and that of its deployment service ("One Deploy":
 * `POST /api/publish`, then `GET /api/deployments/{id}`).
 */
export function createSiteHosts(setting: AzureSetting): Handler {
  return async (request) => {
    const { hostname, pathname } = new URL(request.url);
    const found = siteAt(setting, hostname.toLowerCase());
    if (!found)
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }),
      });
    if (found.site.properties['publicNetworkAccess'] === 'Disabled')
      return new Response('Ip Forbidden', { status: 403 });
    if (!found.isScm) return answerOfApp(setting, found.site, request);
    return publish(setting, found.site, request, pathname);
  };
}

async function answerOfApp({ state }: AzureSetting, { id }: StoredResource, request: Request): Promise<Response> {
  const relay = state.sites.get(lower(id))?.relay;
  return relay ? relay.fetch(request) : new Response('Function host is not running.', { status: 503 });
}

/** The deployment service accepts tokens for Resource Manager, and requires a role on the app. */
const AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net'];
/** Settings that Flex Consumption does not build with. */
const buildSettings = ['SCM_DO_BUILD_DURING_DEPLOYMENT', 'ENABLE_ORYX_BUILD'];

async function publish(
  setting: AzureSetting,
  { id }: StoredResource,
  request: Request,
  path: string,
): Promise<Response> {
  const { state, world } = setting;
  const site = state.sites.get(lower(id));
  const caller = await world.entra.tokens.authenticate(request, AUDIENCES);
  if (!site || 'problem' in caller) return new Response(null, { status: 401 });
  if (state.troubles.forbidden.some((each) => each.test(lower(`${id}/publish`))))
    return new Response(null, { status: 403 });
  const wanted = /^\/api\/deployments\/([^/]+)$/i.exec(path)?.[1];
  if (request.method === 'GET' && wanted !== undefined) return statusOf(setting, id, wanted);
  if (request.method !== 'POST' || !/^\/api\/publish$/i.test(path)) return new Response(null, { status: 404 });
  if (!/^application\/zip\b/i.test(request.headers.get('content-type') ?? ''))
    return new Response(null, { status: 415 });
  const refused = storageProblem(setting, id);
  if (refused !== undefined) return Response.json({ Message: refused }, { status: 400 });
  const bytes = new Uint8Array(await request.arrayBuffer());
  const isRemote = /^true$/i.test(new URL(request.url).searchParams.get('RemoteBuild') ?? '');
  const hasBuildSetting = buildSettings.some((name) => site.settings[name] !== undefined);
  const deployment: CodeDeployment = {
    id: world.ids.guid('code deployment'),
    status: 2,
    text: hasBuildSetting || isRemote ? 'Failed: the build settings are not supported on Flex Consumption.' : '',
    files: packageOf(bytes),
  };
  site.deployments.push(deployment);
  return Response.json(deployment.id, { status: 202 });
}

/** The service stores the package as the app's identity. */
function storageProblem(setting: AzureSetting, id: string): string | undefined {
  const { state } = setting;
  const app = state.resources.get(lower(id));
  const container =
    /https:\/\/([^.]+)\.blob\./.exec(JSON.stringify(app?.properties['functionAppConfig'] ?? ''))?.[1] ?? '';
  const account = [...state.resources.values()].find(
    ({ type, name }) => lower(type) === 'microsoft.storage/storageaccounts' && lower(name) === container,
  );
  const failed = (reason: string) =>
    `InaccessibleStorageException: Failed to access storage account for deployment: BlobUploadFailedException: Failed to upload blob to storage account: ${reason}`;
  if (!account) return failed(`Name or service not known (${container}.blob.core.windows.net:443)`);
  const isClosed = textOf(account.properties['publicNetworkAccess']) === 'Disabled';
  const effect = effectOf(setting, app?.identity?.principalId ?? '', relayDataRoles.blobOwner, account.id);
  const isIn = effect !== undefined && effect >= 0;
  if (isIn && (!isClosed || typeof app?.properties['virtualNetworkSubnetId'] === 'string')) return undefined;
  return failed(
    'Response status code does not indicate success: 403 (This request is not authorized to perform this operation.).',
  );
}

/** The host cannot read files without Unix permissions: it then finds no functions and reports no error. */
function packageOf(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return hasUnixRights(bytes) ? unzipSync(bytes) : {};
  } catch {
    return {};
  }
}

const CENTRAL_HEADER = 0x02014b50;

function hasUnixRights(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 46 <= bytes.length; at++) {
    if (view.getUint32(at, true) !== CENTRAL_HEADER) continue;
    const isUnix = bytes[at + 5] === 3;
    return isUnix && (view.getUint32(at + 38, true) >>> 16) % 0o1000 >= 0o400;
  }
  return false;
}

/** The first poll reports that it is in progress; 4 means that the package is stored, not that the app starts. */
function statusOf(setting: AzureSetting, id: string, wanted: string): Response {
  const deployment = setting.state.sites.get(lower(id))?.deployments.find((each) => each.id === wanted);
  if (!deployment) return new Response(null, { status: 404 });
  const { status, text } = deployment;
  if (status === 2) {
    deployment.status = text === '' ? 4 : 3;
    if (deployment.status === 4) restart(setting, id);
    return Response.json({ id: wanted, status, complete: false, status_text: 'Deploying' }, { status: 202 });
  }
  return Response.json({ id: wanted, status, complete: true, status_text: text });
}
