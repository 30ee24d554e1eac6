import type { TokenCredential } from '@azure/core-auth';
import { Command } from 'commander';
import { playbooksOf } from '../../playbooks/index.ts';
import { ConfigError, errorObject } from '../config/problem.ts';
import { formatWhere, UserError } from '../domain/errors.ts';
import { plural } from '../domain/text.ts';
import type { Playbook } from '../workflow/playbook.ts';
import { connectionsCheck, secretCheck, workspaceCheck } from './doctor/azure-checks.ts';
import { clockCheck } from './doctor/clock-check.ts';
import { type DoctorClients, type DoctorContext, doctorClients, type FoundPlaybook } from './doctor/context.ts';
import { defenderPortalCheck } from './doctor/defender-portal-check.ts';
import { type Check, type Finding, failure, findingOfError, ok } from './doctor/finding.ts';
import { graphCheck } from './doctor/graph-check.ts';
import { healthCheck } from './doctor/health-check.ts';
import { type Pace, pageFindings, usualPace } from './doctor/page.ts';
import { permissionsCheck } from './doctor/permission-check.ts';
import { playbooksCheck } from './doctor/playbook-checks.ts';
import { relayCheck } from './doctor/relay-check.ts';
import { respondCheck } from './doctor/respond-check.ts';
import { automationRulesCheck } from './doctor/rules-check.ts';
import { runPlaybookCheck } from './doctor/run-playbook-check.ts';
import { signl4Check, webhookCheck } from './doctor/signl4-checks.ts';
import { rhythmCheck, tagsCheck, waitingCheck } from './doctor/waiting-checks.ts';
import type { Io } from './io.ts';
import { unwantedPlaybooks } from './leftovers.ts';
import { addLiveOptions, type Live, type LiveOptions, withLive } from './live.ts';
import { notSignedIn } from './live-error.ts';
import { forEachTarget } from './targets.ts';

interface DoctorOptions extends LiveOptions {
  readonly allTargets?: true;
  readonly from?: string;
  readonly page?: true;
  readonly json?: true;
}

type Named = Finding & { readonly check: string };

/** In the order in which an incident passes them. */
const checks: readonly Check<DoctorContext>[] = [
  workspaceCheck,
  playbooksCheck,
  connectionsCheck,
  permissionsCheck,
  runPlaybookCheck,
  respondCheck,
  automationRulesCheck,
  defenderPortalCheck,
  tagsCheck,
  rhythmCheck,
  waitingCheck,
  healthCheck,
  relayCheck,
  graphCheck,
  clockCheck,
  signl4Check,
  webhookCheck,
  secretCheck,
];

/**
 * `doctor`: asks the live system whether everything is in place. Changes nothing; with `--page` it makes a test incident and
 * closes it again. `credential` and `pace` are for tests.
 */
export function doctorCommand(io: Io, credential?: TokenCredential, pace: Pace = usualPace): Command {
  return addLiveOptions(new Command('doctor').description('check what is deployed, with a remedy for each finding'))
    .option('--page', 'send a real test page, marked as a test, and follow it to the acknowledgement and back')
    .option('--json', 'print { ok, findings: [{ check, status, message, remedy }] }')
    .option('--all-targets', 'all targets of the configuration, one after the other')
    .option('--from <target>', 'with --all-targets: begin with this one')
    .action(async (options: DoctorOptions) => {
      const of = (target: string | undefined, own: Io) =>
        doctor(own, { ...options, ...(target && { target }) }, credential, pace);
      try {
        await (options.allTargets ? forEachTarget(io, options, of) : of(options.target, io));
      } catch (error) {
        if (!options.json || !(error instanceof UserError) || error.code.startsWith('usage.')) throw error;
        io.print(JSON.stringify({ ok: false, findings: configFindings(error), ...errorObject(error) }, null, 2));
        io.setExitCode(1);
      }
    });
}

/** One workspace. */
async function doctor(
  io: Io,
  options: DoctorOptions,
  credential: TokenCredential | undefined,
  pace: Pace,
): Promise<void> {
  await withLive(io, options, credential, async (live, told) => {
    const note = (text: string) => {
      if (told.isTerminal && !options.json) told.note(text);
    };
    note('Asking Azure and SIGNL4 …');
    tell(told, options, await examine(live, options.page && ((context) => pageFindings(context, pace, note))));
  });
}

function tell(io: Io, { json }: DoctorOptions, findings: readonly Named[]): void {
  const isFine = !findings.some(({ status }) => status === 'failure');
  io.print(json ? JSON.stringify({ ok: isFine, findings }, null, 2) : report(findings));
  if (!isFine) io.setExitCode(1);
}

/** Findings for a configuration that is too broken to check anything else, for scripts that read JSON. */
function configFindings(error: UserError): readonly Named[] {
  const problems = error instanceof ConfigError ? error.problems : [error];
  return problems.map(({ message, where, remedy = 'Correct the configuration.' }) => {
    const place = formatWhere(where);
    return { check: 'configuration', ...failure(place === '' ? message : `${place}: ${message}`, remedy) };
  });
}

type Examination = (context: DoctorContext) => Promise<readonly Finding[]>;

/**
 * All findings. Without a token nothing else can be checked. `page` runs last, so that the findings above explain its failures.
 */
async function examine(live: Live, page: Examination | undefined): Promise<readonly Named[]> {
  const signIn = await signInFinding(live);
  if (signIn.status === 'failure') return [signIn];
  const clients = doctorClients(live);
  const find = (wanted: readonly Playbook[]) => Promise.all(wanted.map((playbook) => findPlaybook(playbook, clients)));
  const [found, unwanted] = await Promise.all([find(playbooksOf(live.config)), find(unwantedPlaybooks(live.config))]);
  const context = { ...clients, playbooks: found, unwanted, fetch: globalThis.fetch, now: Date.now };
  const findings = await Promise.all(checks.map((check) => findingsOf(check, context)));
  const trip = page ? (await page(context)).map((finding) => ({ check: 'page', ...finding })) : [];
  return [signIn, ...findings.flat(), ...trip];
}

async function findPlaybook(playbook: Playbook, { workflows }: DoctorClients): Promise<FoundPlaybook> {
  try {
    return { playbook, deployed: await workflows.find(playbook.name) };
  } catch (problem) {
    return { playbook, deployed: undefined, problem };
  }
}

async function signInFinding({ arm, signedInTo }: Live): Promise<Named> {
  const check = 'sign-in';
  try {
    await arm.credential.getToken(arm.scope ?? `${arm.endpoint}/.default`);
    return { check, ...ok(`signed in to the tenant ${signedInTo}`) };
  } catch (error) {
    return { check, ...findingOfError(notSignedIn(error, signedInTo), signedInTo) };
  }
}

async function findingsOf(check: Check<DoctorContext>, context: DoctorContext): Promise<readonly Named[]> {
  try {
    return (await check.run(context)).map((finding) => ({ check: check.id, ...finding }));
  } catch (error) {
    return [{ check: check.id, ...findingOfError(error, context.live.signedInTo, check.right) }];
  }
}

function report(findings: readonly Named[]): string {
  const lines = findings.flatMap(({ check, status, message, remedy }) => [
    `${status.padEnd(8)} ${check.padEnd(17)} ${message}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(26)} ${remedy}`]),
  ]);
  const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
  const summary = [plural(count('failure'), 'failure'), plural(count('warning'), 'warning'), `${count('ok')} ok`];
  return [...lines, '', summary.join(', ')].join('\n');
}
