import { APPLICATION_NAME, graphPermissions } from '../../domain/roles.ts';
import type { DoctorContext } from './context.ts';
import { type Check, failure, ok, rights, warning } from './finding.ts';

/** Incidents of Defender need the relay, and an application that may read and change them. */
export const graphCheck: Check<DoctorContext> = {
  id: 'graph',
  right: rights.directory,
  async run({ live, directory }) {
    const { graph, relay } = live.config;
    if (!graph.enabled) return [ok('Microsoft Graph is no source')];
    if (relay.url === '')
      return [
        failure(
          'graph.enabled is on and there is no relay: nothing asks Microsoft Graph for incidents',
          'Deploy the relay and write its address into relay.url, or switch graph.enabled off.',
        ),
      ];
    const application = await directory.application(APPLICATION_NAME);
    if (!application)
      return [
        warning(
          `nobody can see from here whether the relay may ask Microsoft Graph: there is no application "${APPLICATION_NAME}", and its own identity is not known`,
          `Portal: Entra, Enterprise applications, the relay's identity, Permissions: ${graphPermissions.map(({ name }) => name).join(' and ')}.`,
        ),
      ];
    const principal = await directory.servicePrincipal(application.appId);
    const held = principal === undefined ? [] : await directory.permissions(principal);
    const missing = graphPermissions.filter(({ id }) => !held.some(({ appRoleId }) => appRoleId === id));
    if (missing.length === 0)
      return [ok(`"${APPLICATION_NAME}" may ${graphPermissions.map(({ says }) => says).join(' and ')}`)];
    return missing.map(({ name, says }) =>
      failure(
        `"${APPLICATION_NAME}" may not ${says}: it lacks the permission ${name} of Microsoft Graph`,
        'Run "signl4-sentinel setup apply --app" as an administrator. Portal: Entra, App registrations, API permissions, Grant admin consent.',
      ),
    );
  },
};
