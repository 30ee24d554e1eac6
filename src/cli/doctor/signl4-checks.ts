import { createSignl4Client, type Signl4Client } from '../../signl4/client.ts';
import { Signl4Error } from '../../signl4/error.ts';
import {
  allCallbacks,
  callbacksOf,
  type ExpectedWebhook,
  expectedWebhook,
  isExpected,
  isNamed,
} from '../signl4-webhook.ts';
import { type DoctorContext, deployedAs } from './context.ts';
import { type Check, type Finding, failure, ok, rights, skipped, unread, warning } from './finding.ts';

const noKey = skipped('SIGNL4 was not asked: SIGNL4_API_KEY is not set');

/** The team secret is valid, the API key works, and somebody is on duty. */
export const signl4Check: Check<DoctorContext> = {
  id: 'signl4',
  async run({ live }) {
    const signl4 = createSignl4Client(live.signl4);
    const secret = await secretFinding(live.signl4.teamSecret, signl4);
    return [secret.finding, ...(live.signl4.apiKey ? await duties(signl4, secret.teamId) : [noKey])];
  },
};

/** The secret in the deployed playbooks cannot be read, so this tests the one that would be deployed. */
async function secretFinding(
  teamSecret: string | undefined,
  signl4: Signl4Client,
): Promise<{ readonly finding: Finding; readonly teamId?: string }> {
  if (!teamSecret) return { finding: skipped('the team secret was not tried: SIGNL4_TEAM_SECRET is not set') };
  try {
    return {
      finding: ok(
        'SIGNL4 knows the team secret of SIGNL4_TEAM_SECRET; the deployed one cannot be read, "doctor --page" tries it',
      ),
      teamId: await signl4.teamOfSecret(),
    };
  } catch (error) {
    const status = error instanceof Signl4Error ? (error.statusCode ?? 0) : 0;
    if (![400, 401, 403, 404].includes(status)) throw error;
    return {
      finding: failure(
        'SIGNL4 does not know the team secret: a playbook that has it pages nobody',
        'SIGNL4 portal: Teams, the team: the last part of its webhook address. Set SIGNL4_TEAM_SECRET, then run "signl4-sentinel deploy".',
      ),
    };
  }
}

async function duties(signl4: Signl4Client, pagedTeam: string | undefined): Promise<readonly Finding[]> {
  try {
    const [teams, people] = await Promise.all([signl4.teams(), signl4.people()]);
    return teams.map(({ id, name }) => {
      const onDuty = people.filter((person) => person.onDuty.includes(id)).map((person) => person.name);
      if (onDuty.length > 0) return ok(`on duty in the team ${name}: ${onDuty.join(', ')}`);
      const remedy = 'SIGNL4: Duty scheduling, or let somebody punch in.';
      return id === pagedTeam
        ? failure(`nobody is on duty in the team ${name}, which is paged`, remedy)
        : warning(`nobody is on duty in the team ${name}`, remedy);
    });
  } catch (error) {
    if (!(error instanceof Signl4Error) || ![401, 403].includes(error.statusCode ?? 0)) throw error;
    const remedy =
      'SIGNL4 portal: Integrations, API keys. Set SIGNL4_API_KEY to a valid one, then run "signl4-sentinel deploy": the connection has the same.';
    return [failure('SIGNL4 does not accept the API key', remedy)];
  }
}

/** SIGNL4 has a webhook that reports what people do. */
export const webhookCheck: Check<DoctorContext> = {
  id: 'webhook',
  async run(context) {
    const { live } = context;
    if (!live.signl4.apiKey) return [noKey];
    let asked: Promise<Known> | undefined;
    const ask = () => {
      asked ??= askSignl4(live);
      return asked;
    };
    const wanted = callbacksOf(live);
    const found = await Promise.all(wanted.map(({ playbook }) => webhookFinding(context, playbook, ask)));
    const others = allCallbacks(live).filter(({ playbook }) => !wanted.some((one) => one.playbook === playbook));
    const { webhooks } = await ask();
    return [...found, ...others.flatMap(({ webhook }) => ofUnwanted(webhook, webhooks, context))];
  },
};

/** Webhooks that SIGNL4 calls although the configuration does not need them. */
function ofUnwanted(name: string, webhooks: Known['webhooks'], { live }: DoctorContext): readonly Finding[] {
  const calling = webhooks.filter((webhook) => webhook.isEnabled && isNamed(webhook, name, live));
  return calling.map((webhook) =>
    failure(
      `SIGNL4 still calls the webhook "${webhook.name}", and the configuration has no use for it`,
      'Run "signl4-sentinel setup apply", which removes it.',
    ),
  );
}

interface Known {
  readonly webhooks: Awaited<ReturnType<Signl4Client['webhooks']>>;
  /** The team that is paged, if known. */
  readonly teamId: string | undefined;
}

async function askSignl4({ signl4: options }: DoctorContext['live']): Promise<Known> {
  const signl4 = createSignl4Client(options);
  const teamId = options.teamSecret ? await signl4.teamOfSecret().catch(() => undefined) : undefined;
  return { webhooks: await signl4.webhooks(), teamId };
}

async function webhookFinding(context: DoctorContext, playbook: string, ask: () => Promise<Known>): Promise<Finding> {
  const { live, workflows } = context;
  const isThere = deployedAs(context, playbook) !== undefined;
  let expected: ExpectedWebhook | undefined;
  try {
    expected = await expectedWebhook(live, isThere ? workflows : undefined, playbook);
  } catch (error) {
    return unread(`the address of ${playbook}`, error, live.signedInTo, rights.callbackUrl);
  }
  if (expected === undefined) return skipped(`${playbook} is not deployed: there is nothing that SIGNL4 could call`);
  return findingFor(await ask(), expected);
}

/** Addresses contain secrets, so they are compared and never printed. */
function findingFor({ webhooks, teamId }: Known, expected: ExpectedWebhook): Finding {
  const remedy = 'Run "signl4-sentinel setup apply".';
  const portal = 'SIGNL4 portal: Integrations, outbound webhooks';
  const { host } = new URL(expected.url);
  const own = webhooks.filter(({ url }) => isExpected(url, expected));
  const enabled = own.filter(({ isEnabled }) => isEnabled);
  const heard = enabled.filter((webhook) => !webhook.teamId || !teamId || webhook.teamId === teamId);
  if (heard.length > 1)
    return warning(`SIGNL4 calls ${host} ${heard.length} times for each event`, `${portal}: keep one.`);
  const unknown = expected.isWhole ? '' : '; whether with the right secret, "doctor --page" tries';
  if (heard.length === 1) return ok(`SIGNL4 calls ${host} when somebody acts${unknown}`);
  if (enabled.length > 0)
    return failure(`the webhook to ${host} tells of another team than the one that is paged`, `${portal}: its team.`);
  if (own.length > 0) return failure(`the webhook to ${host} is switched off in SIGNL4`, `${portal}.`);
  const outdated = webhooks.some(({ url }) => URL.parse(url)?.pathname === new URL(expected.url).pathname);
  return outdated
    ? failure(`the webhook to ${host} has an old secret: its calls are refused`, remedy)
    : failure(`SIGNL4 does not call ${host}: nothing comes back to Sentinel`, remedy);
}
