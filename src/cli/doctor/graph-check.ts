import { playbooksOfDefender } from '../../arm/setup/template.ts';
import type { DirectoryClient } from '../../azure/directory.ts';
import { asksGraphWithoutRelay } from '../../config/config.ts';
import { APPLICATION_NAME, type GraphPermission, graphPermissions, incidentPermission } from '../../domain/roles.ts';
import { relayPermissions } from '../setup/relay-steps.ts';
import { type DoctorContext, deployedAs } from './context.ts';
import { type Check, type Finding, failure, ok, rights, unseen, warning } from './finding.ts';

/**
 * Reading Defender incidents takes a relay or playbooks with permission to read and change them. Names of owners also need a
 * Graph permission.
 */
export const graphCheck: Check<DoctorContext> = {
  id: 'graph',
  right: rights.directory,
  async run(context) {
    const { live } = context;
    const { relay } = live.config;
    const needed = relayPermissions(live);
    if (needed.length === 0) return [ok('Microsoft Graph is not a source')];
    const isPlaybooks = asksGraphWithoutRelay(live.config);
    if (live.foreign.playbooks)
      return [
        unseen(
          'permissions of Microsoft Graph cannot be seen from another tenant (Azure Lighthouse)',
          `Ask the customer: Entra, Enterprise applications, the identity of ${isPlaybooks ? playbooksOfDefender.join(' and of ') : 'the relay'}, Permissions must list ${namesOf(isPlaybooks ? [incidentPermission] : needed)}.`,
        ),
      ];
    if (isPlaybooks) return ofPlaybooks(context);
    return relay.azure.app === '' ? ofApplication(context) : ofRelay(context, needed);
  },
};

const namesOf = (permissions: readonly GraphPermission[]) => permissions.map(({ name }) => name).join(' and ');

/** Without a relay, two playbooks call Graph, each with its own identity. */
async function ofPlaybooks(context: DoctorContext): Promise<readonly Finding[]> {
  const remedy = 'Run "signl4-sentinel setup apply" as a Privileged Role Administrator.';
  const found = playbooksOfDefender.map(async (name) => {
    const deployed = deployedAs(context, name);
    if (deployed) return findings(name, deployed.principalId, [incidentPermission], context.directory, remedy);
    return [
      failure(
        `${name} is not deployed: incidents of Microsoft Defender ${without[name]}`,
        'Run "signl4-sentinel deploy", or switch graph.enabled off.',
      ),
    ];
  });
  return (await Promise.all(found)).flat();
}

/** What does not work without the permission. */
const without: Readonly<Record<(typeof playbooksOfDefender)[number], string>> = {
  'SIGNL4-Defender-Incidents': 'page nobody',
  'SIGNL4-Defender-Callback': 'do not learn what the team does',
};

/** A relay that `deploy` created calls Graph with its own identity. */
async function ofRelay(
  { relay, directory }: DoctorContext,
  needed: readonly GraphPermission[],
): Promise<readonly Finding[]> {
  const principalId = (await relay())?.app.principalId;
  if (principalId === undefined)
    return [failure('the relay is not there, so nothing asks Microsoft Graph', 'Run "signl4-sentinel deploy".')];
  return findings(
    'the relay',
    principalId,
    needed,
    directory,
    'Run "signl4-sentinel setup apply" as an administrator.',
  );
}

/** A relay elsewhere uses the application, or an identity that is not known here. */
async function ofApplication({ directory }: DoctorContext): Promise<readonly Finding[]> {
  const application = await directory.application(APPLICATION_NAME);
  if (!application)
    return [
      warning(
        `nobody can see from here whether the relay may ask Microsoft Graph: there is no application "${APPLICATION_NAME}", and its own identity is not known`,
        `Portal: Entra, Enterprise applications, the relay's identity, Permissions: ${namesOf(graphPermissions)}.`,
      ),
    ];
  const principalId = await directory.servicePrincipal(application.appId);
  const remedy =
    'Run "signl4-sentinel setup apply --app --graph" as an administrator. Portal: Entra, App registrations, API permissions, Grant admin consent.';
  return findings(`"${APPLICATION_NAME}"`, principalId, graphPermissions, directory, remedy);
}

async function findings(
  who: string,
  principalId: string | undefined,
  needed: readonly GraphPermission[],
  directory: DirectoryClient,
  remedy: string,
): Promise<readonly Finding[]> {
  const held = principalId === undefined ? [] : await directory.permissions(principalId);
  const missing = needed.filter(({ id }) => !held.some(({ appRoleId }) => appRoleId === id));
  if (missing.length === 0) return [ok(`${who} may ${needed.map(({ says }) => says).join(' and ')}`)];
  return missing.map(({ name, says }) =>
    failure(`${who} may not ${says}: it lacks the permission ${name} of Microsoft Graph`, remedy),
  );
}
