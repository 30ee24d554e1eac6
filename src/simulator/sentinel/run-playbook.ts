import { isJsonObject, member, textOf } from '../../domain/json.ts';
import type { Principal } from '../entra/directory.ts';
import { readJson } from '../http.ts';
import { ArmError, badRequest } from './arm-error.ts';
import type { PlaybookTrigger } from './automation-rule.ts';
import type { SentinelSetting } from './setting.ts';

const workflowId =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Logic\/workflows\/(?<name>[^/]+)$/i;

/**
 * `POST …/runPlaybook`, whose caller is already allowed the action: 204 without a body, and the playbook starts. What keeps it
 * from starting is 400, also where somebody lacks a right: the caller's on the playbook, or Sentinel's own. Specified in
 * previews only (2025-07-01-preview); stable versions do not know it.
 */
export async function runPlaybook(
  request: Request,
  caller: Principal,
  setting: SentinelSetting,
  start: { readonly trigger: PlaybookTrigger; readonly bodyOf: (given: unknown) => unknown },
): Promise<Response> {
  const version = new URL(request.url).searchParams.get('api-version') ?? '';
  if (!version.endsWith('-preview'))
    throw new ArmError(404, 'NotFound', `The api-version '${version}' has no operation runPlaybook`);
  const given = await readJson(request);
  if (!isJsonObject(given)) throw badRequest('The request body is not a JSON object');
  const playbook = textOf(member(given, 'logicAppsResourceId'));
  const name = workflowId.exec(playbook ?? '')?.groups?.['name'];
  if (!playbook || !name) throw badRequest("Required property 'logicAppsResourceId' is missing or names no workflow");
  const body = start.bodyOf(given);
  const problem = tenantProblem(given, playbook, setting) ?? problemOf(playbook, caller, start.trigger, setting);
  if (problem) throw badRequest(`Could not trigger playbook: ${name}. ${problem}`);
  setting.clock.after(0, () => setting.automation.start(playbook, body));
  return new Response(null, { status: 204 });
}

function tenantProblem(given: unknown, playbook: string, { automation }: SentinelSetting): string | undefined {
  const tenant = textOf(member(given, 'tenantId'));
  const isOurs = tenant === undefined || tenant.toLowerCase() === automation.tenantOf(playbook).toLowerCase();
  return isOurs ? undefined : 'The playbook is in another tenant.';
}

function problemOf(
  playbook: string,
  caller: Principal,
  trigger: PlaybookTrigger,
  { access, automation }: SentinelSetting,
): string | undefined {
  if (!access.allows(caller.objectId, 'Microsoft.Logic/workflows/triggers/listCallbackUrl/action'))
    return 'The caller is missing permissions on the playbook.';
  if (!automation.settings.mayRunPlaybooks) return 'Microsoft Sentinel is missing permissions to run the playbook.';
  return automation.problemOf(playbook, trigger);
}
