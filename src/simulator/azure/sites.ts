import { loadConfig } from '../../config/load.ts';
import { UserError } from '../../domain/errors.ts';
import { type JsonObject, memberAt, textOf } from '../../domain/json.ts';
import { relayDataRoles } from '../../domain/roles.ts';
import { openRelayStore, type RelayInEnvironment, startRelay } from '../environment/relay-in-environment.ts';
import { ArmError } from '../sentinel/arm-error.ts';
import { effectOf } from './roles.ts';
import { type ArmApp, GROUP } from './routes.ts';
import { type AzureSetting, lower, type StoredResource, type StoredSite } from './state.ts';

/** Function apps on Flex Consumption (Microsoft.Web/sites, 2024-04-01): settings, references to secrets, and the relay in them. */

/** Makes what lies beside the resource, and lets the world find the app by its name. */
export function openSite({ state, world }: AzureSetting, id: string): void {
  const key = lower(id);
  if (state.sites.has(key)) return;
  state.sites.set(key, { settings: {}, references: {}, deployments: [], store: openRelayStore(world) });
}

/** A PUT replaces all settings; the app starts again. */
export function putSettings(setting: AzureSetting, id: string, settings: JsonObject): void {
  const site = setting.state.sites.get(lower(id));
  if (!site) throw new ArmError(404, 'ResourceNotFound', `The site '${id.split('/').at(-1)}' was not found.`);
  site.settings = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, textOf(value) ?? '']));
  refresh(setting, id);
}

const REFERENCE = /^@Microsoft\.KeyVault\(VaultName=([^;]+);SecretName=([^)]+)\)$/;

/** Resolves the references anew, and starts the app again. */
function refresh(setting: AzureSetting, id: string): void {
  const site = setting.state.sites.get(lower(id));
  if (!site) return;
  const references = Object.entries(site.settings).flatMap(([name, value]) => {
    const [, vault = '', secret = ''] = REFERENCE.exec(value) ?? [];
    return vault === '' ? [] : [[name, { value, ...resolve(setting, id, vault, secret) }] as const];
  });
  site.references = Object.fromEntries(references);
  restart(setting, id);
}

/** The value of a reference, or why there is none; the app then gets the reference itself. */
function resolve(
  setting: AzureSetting,
  id: string,
  vault: string,
  secret: string,
): { readonly status: string; readonly value?: string } {
  const { state } = setting;
  const found = [...state.resources.entries()].find(
    ([key, { type, name }]) =>
      !key.startsWith('deleted:') && lower(type) === 'microsoft.keyvault/vaults' && lower(name) === lower(vault),
  )?.[1];
  if (!found) return { status: 'VaultNotFound' };
  const principalId = state.resources.get(lower(id))?.identity?.principalId ?? '';
  const effect = effectOf(setting, principalId, relayDataRoles.secretsUser, found.id);
  if (effect === undefined || effect < 0) return { status: 'AccessToKeyVaultDenied' };
  const value = textOf(memberAt(state.vaults.get(lower(vault))?.get(lower(secret)), 'value'));
  return value === undefined ? { status: 'SecretNotFound' } : { status: 'Resolved', value };
}

/** Starts the newest package with the present settings. If it does not start, the app does not answer. */
export function restart(setting: AzureSetting, id: string): void {
  const { state, world } = setting;
  const site = state.sites.get(lower(id));
  const identity = world.entra.directory.find(state.resources.get(lower(id))?.identity?.principalId ?? '');
  if (!site || !identity) return;
  site.relay = undefined;
  const files = site.deployments.findLast(({ status }) => status === 4)?.files;
  const config = files?.['signl4.yaml'];
  if (!config || !files['relay.mjs'] || !files['host.json'] || !files['package.json']) return;
  const resolved = Object.entries(site.references).map(([name, { value }]) => [name, value] as const);
  try {
    const choices = {
      env: { ...site.settings, ...Object.fromEntries(resolved) },
      ...{ identity, report: () => {} },
    };
    const choice = loadConfig(new TextDecoder().decode(config), 'signl4.yaml');
    site.relay = startRelay(world, choice, site.store, choices);
    repeat(setting, site, site.relay, choice.sweep.everyMinutes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

const MINUTE = 60_000;

/** Its timers, as long as it is this one that runs. */
function repeat(
  { world: { clock } }: AzureSetting,
  site: StoredSite,
  relay: RelayInEnvironment,
  sweepMinutes: number,
): void {
  const every = (minutes: number, job: () => Promise<void>) =>
    clock.after(minutes * MINUTE, async () => {
      if (site.relay !== relay) return;
      every(minutes, job);
      await job();
    });
  if (relay.settings.timers.sync) every(1, relay.sync);
  if (relay.settings.timers.sweep) every(sweepMinutes, relay.sweep);
  if (relay.settings.timers.sweep) every(1, relay.retrieve);
}

/** The app whose address, or whose deployment service's address, a host is. */
export function siteAt({ state }: AzureSetting, host: string): { site: StoredResource; isScm: boolean } | undefined {
  for (const site of state.resources.values()) {
    if (lower(site.type) !== 'microsoft.web/sites') continue;
    const name = lower(site.name);
    if (host === `${name}.azurewebsites.net`) return { site, isScm: false };
    if (host === `${name}-a1b2.scm.westeurope-01.azurewebsites.net`) return { site, isScm: true };
  }
  return undefined;
}

export function addSiteRoutes(app: ArmApp, setting: AzureSetting): void {
  const root = `${GROUP}/providers/microsoft.web/sites/:name/config`;
  const at = (path: string) => {
    const id = path.split('/').slice(0, 9).join('/');
    const site = setting.state.sites.get(id);
    if (!site) throw new ArmError(404, 'ResourceNotFound', `The site '${id.split('/').at(-1)}' was not found.`);
    return { id, site };
  };
  const references = ({ references: all }: StoredSite) =>
    Response.json({
      value: Object.entries(all).map(([name, { status }]) => ({ name, properties: { reference: name, status } })),
    });
  app.post(`${root}/appsettings/list`, ({ req }) =>
    Response.json({ name: 'appsettings', properties: at(req.path).site.settings }),
  );
  app.get(`${root}/configreferences/appsettings`, ({ req }) => references(at(req.path).site));
  app.post(`${root}/configreferences/appsettings/refresh`, ({ req }) => {
    const { id, site } = at(req.path);
    refresh(setting, id);
    return references(site);
  });
}
