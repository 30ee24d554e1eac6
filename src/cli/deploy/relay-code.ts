import { type Zippable, zipSync } from 'fflate';
import { relayFiles } from '../../arm/relay.ts';
import { createFunctionAppClient, type FunctionApp, type FunctionAppClient } from '../../azure/function-app.ts';
import { UserError } from '../../domain/errors.ts';
import { member, memberAt, textOf } from '../../domain/json.ts';
import type { Assets } from '../../generator/assets.ts';
import type { Io } from '../io.ts';
import type { Live } from '../live.ts';
import { version } from '../version.ts';

/** Uploads the relay's code to the function app and waits until the relay answers. */

/** Azure documents "up to 10 minutes" for a new role to take effect. */
const LONGEST_MS = 10 * 60_000;
/** The pause between two attempts grows from the first to the second of these. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 16_000;

/** What the Functions host loads. */
const packaged = ['host.json', 'package.json', 'signl4.yaml'] as const;

/**
 * The zip package; equal content gives equal bytes. Entries need Unix permissions: without them the host cannot read the files
 * and does not say so.
 */
async function packageOf({ config }: Live, assets: Assets): Promise<Uint8Array> {
  const files = relayFiles(config, version, assets.text);
  const text = new TextEncoder();
  const contents = packaged.map((name) => [name, text.encode(files.get(name) ?? '')] as const);
  const attributes = { os: 3, attrs: 0o100644 << 16, mtime: new Date(1980, 0, 1, 12) } as const;
  const entries = [...contents, ['relay.mjs', await assets.relay()] as const];
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, attributes]])) as Zippable);
}

/** Reports what is taking long. */
type Say = (text: string) => void;

/** @throws UserError where the package is refused, the secrets cannot be read, or the relay does not start */
export async function deployRelayCode(
  live: Live,
  app: FunctionApp,
  { assets, io, say }: { readonly assets: Assets; readonly io: Io; readonly say: Say },
): Promise<void> {
  const apps = createFunctionAppClient(live.arm, live.group);
  const scm = live.site(app.scmHost);
  const zip = await packageOf(live, assets);
  say('Sending the code of the relay …');
  const id = await until(io, say, 'Waiting until the relay may write its storage', () => send(apps, scm, zip));
  await until(io, say, 'Waiting until the code is in place', async () => {
    const { state, text } = await apps.published(scm, id);
    if (state === 'failed') throw refused(`the deployment service could not take the code: ${text}`);
    return state === 'stored' ? true : undefined;
  });
  await until(io, say, 'Waiting until the relay may read its secrets', () => readSecrets(apps, app));
  if (live.config.relay.azure.publicAccess) await waitUntilReady(live, app, io, say);
}

/** Repeats `work` until it returns a value. @throws what `work` throws; UserError after ten minutes */
async function until<T>(io: Io, say: Say, what: string, work: () => Promise<T | undefined>): Promise<T> {
  const start = io.clock.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await work();
    if (answer !== undefined) return answer;
    const waited = io.clock.now() - start;
    if (waited >= LONGEST_MS)
      throw new UserError('deploy.relay', `${what}: ten minutes were not enough`, {
        remedy: 'Run "signl4-sentinel deploy" again in some minutes; "doctor" tells which roles the relay lacks.',
      });
    say(waited === 0 ? `${what}; that takes up to 10 minutes.` : `  … ${Math.round(waited / 1000)} s`);
    await io.clock.sleep(pause);
  }
}

/** Undefined while a new role on the storage account or a changed access restriction has not taken effect yet. */
async function send(apps: FunctionAppClient, scm: string, zip: Uint8Array): Promise<string | undefined> {
  try {
    return await apps.publish(scm, zip);
  } catch (error) {
    const status = Number(textOf(member(error, 'statusCode')));
    const body = textOf(memberAt(error, 'response', 'bodyAsText')) ?? '';
    if (status === 400 && /InaccessibleStorage|BlobUpload/i.test(body) && /\b403\b/.test(body)) return undefined;
    if (status === 401)
      throw refused('the deployment service of the relay does not take the sign-in', 'Sign in again: az login.');
    if (status === 403)
      throw refused(
        'the deployment service of the relay lets nobody in from here',
        'You need Website Contributor or Contributor on the function app. Where the app is not public, run this inside its network.',
      );
    if (status === 400) throw refused(`the deployment service refuses the code: ${body.slice(0, 500)}`);
    throw error;
  }
}

function refused(message: string, remedy = 'Portal: the function app, Deployment Center, Logs.'): UserError {
  return new UserError('deploy.relay', message, { remedy });
}

/** True once every secret is resolved; undefined while the role on the key vault has not taken effect yet. */
async function readSecrets(apps: FunctionAppClient, { name }: FunctionApp): Promise<true | undefined> {
  await apps.refreshReferences(name);
  const open = (await apps.references(name)).filter(({ status }) => status !== 'Resolved');
  const wrong = open.filter(({ status }) => !/Denied|Initialized|TimedOut|Unauthorized|Other/i.test(status));
  if (wrong.length > 0)
    throw refused(
      `the relay cannot read ${wrong.map(({ setting, status }) => `${setting} (${status})`).join(', ')}`,
      'Run "signl4-sentinel deploy" again; where that does not help, look at the key vault of the relay.',
    );
  return open.length === 0 ? true : undefined;
}

const READY_MS = 5 * 60_000;

async function waitUntilReady(live: Live, app: FunctionApp, io: Io, say: Say): Promise<void> {
  const address = live.site(app.host);
  const start = io.clock.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await readiness(address);
    if (answer === 'ready') return;
    const waited = io.clock.now() - start;
    if (waited >= READY_MS)
      throw new UserError('deploy.relay', `the relay at ${app.host} is not ready: ${answer}`, {
        remedy: 'Portal: the function app, Log stream says why. Run "signl4-sentinel deploy" again when it is fixed.',
      });
    if (waited === 0) say('Waiting until the relay is ready …');
    await io.clock.sleep(pause);
  }
}

/** `ready`, or the reason that the relay gives instead. */
async function readiness(address: string): Promise<string> {
  try {
    const { status } = await fetch(`${address}/health/ready`, {
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
    });
    return status === 200 ? 'ready' : `HTTP ${status}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}
