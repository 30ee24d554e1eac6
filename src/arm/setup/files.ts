import type { Config } from '../../config/config.ts';
import { calledAs } from '../../domain/command-line.ts';
import { fillMarks } from '../../domain/marks.ts';
import { APPLICATION_NAME, customRole, graphPermissions, SECURITY_INSIGHTS_APP_ID } from '../../domain/roles.ts';
import { setupTemplate } from './template.ts';

/**
 * Everything below `setup/`: path to content. `text` reads a file of the repository, `templates/setup/…`. The workspace of the
 * config becomes the default of the scripts.
 */
export function setupFiles(config: Config, text: (path: string) => string): ReadonlyMap<string, string> {
  const { workspace, kql, deployment } = config;
  const place = {
    tenantId: workspace?.tenantId ?? '',
    subscriptionId: workspace?.subscriptionId ?? '',
    resourceGroup: workspace?.resourceGroup ?? '',
    workspaceName: workspace?.name ?? '',
    appName: APPLICATION_NAME,
  };
  const script = (path: string, quote: (value: string) => string, more: Readonly<Record<string, string>>) =>
    fillMarks(
      text(path),
      {
        ...Object.fromEntries(Object.entries(place).map(([name, value]) => [name, quote(value)])),
        ...more,
      },
      'braces',
    );
  return new Map([
    ['azuredeploy.json', `${JSON.stringify(setupTemplate(config), null, 2)}\n`],
    [
      'entra-app.sh',
      script('templates/setup/entra-app.sh', shellQuoted, {
        graphPermissionLines: graphPermissions.map(({ name, id }) => `${name} ${id}`).join('\n'),
      }),
    ],
    [
      'entra-app.ps1',
      script('templates/setup/entra-app.ps1', powershellQuoted, {
        graphPermissionTable: graphPermissions.map(({ name, id }) => `    '${name}' = '${id}'`).join('\n'),
      }),
    ],
    [
      'guide.md',
      calledAs(
        fillMarks(
          text('templates/setup/guide.md'),
          {
            workspaceName: place.workspaceName || PLACEHOLDER.workspace,
            resourceGroup: place.resourceGroup || PLACEHOLDER.workspaceGroup,
            playbookGroup: deployment.resourceGroup || place.resourceGroup || PLACEHOLDER.playbooksGroup,
            workspaceNote: workspace ? ` ("${workspace.resourceGroup}")` : '',
            appNameText: APPLICATION_NAME,
            roleName: customRole.name,
            kqlNote: kql.enabled ? 'on in signl4.yaml' : 'off in signl4.yaml, so the role is not created',
            graphPermissionTable: [
              '| Application permission | Id | For |',
              '| --- | --- | --- |',
              ...graphPermissions.map(({ name, id, says }) => `| ${name} | ${id} | to ${says} |`),
            ].join('\n'),
            securityInsightsAppId: SECURITY_INSIGHTS_APP_ID,
          },
          'braces',
        ),
        config.commandLine,
      ),
    ],
  ]);
}

/**
 * Placeholders in guides for places that the config does not name; docs/index.md lists them. Quoted, because `<` has a meaning in
 * shells.
 */
const PLACEHOLDER = {
  workspace: "'<workspace>'",
  workspaceGroup: "'<workspace-group>'",
  playbooksGroup: "'<playbooks-group>'",
};

/** A string as a literal of POSIX shells. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string as a literal of PowerShell. */
function powershellQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
