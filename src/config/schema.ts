import { type Config, ruleStates, defaultConfig as standard, type Workspace } from './config.ts';
import { filter, friendlyNames, kql, message } from './schema/forward.ts';
import { choice, flag, list, ownText, type SchemaNode, section, text, whole } from './schema/node.ts';
import { groupOrEmpty, groupRule, guidOrEmpty, guidRule, word } from './schema/patterns.ts';
import { relay } from './schema/relay.ts';
import { callback, close, owners, respond, sync } from './schema/respond.ts';

const workspace = section<Workspace>(
  'The Log Analytics workspace that Microsoft Sentinel runs on. Leave it out to get generic playbooks that ask for the workspace when they are deployed.',
  {
    tenantId: ownText(
      'GUID of the Entra tenant. Portal: Microsoft Entra ID, Overview, Tenant ID.',
      '2f0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
      guidRule,
    ),
    subscriptionId: ownText(
      'GUID of the Azure subscription that holds the workspace.',
      'd0cfe6b2-9ac0-4464-9919-dccaee2e48c0',
      guidRule,
    ),
    resourceGroup: ownText('Name of the resource group that holds the workspace.', 'rg-soc', groupRule),
    name: ownText('Name of the workspace.', 'law-soc', {
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$',
      patternErrorMessage: 'is not a name of a workspace (4 to 63 letters, digits or "-"; no "-" at either end)',
    }),
    workspaceId: ownText(
      'The workspace\'s own GUID. Portal: Log Analytics workspace, Overview, "Workspace ID".',
      'c8c99641-985d-4e4e-8e91-fb3466cd0e5b',
      guidRule,
    ),
  },
);

const sweep = section<Config['sweep']>('Finds incidents that were not forwarded, so that nothing is lost.', {
  everyMinutes: whole('Minutes between two sweeps.', standard.sweep.everyMinutes, 5, 1440),
  lookBackHours: whole('Hours that a sweep looks back.', standard.sweep.lookBackHours, 1, 720),
});

const graph = section<Config['graph']>(
  'Microsoft Graph security API as a second source of incidents: Defender XDR, Defender for Cloud. Asked by the relay, or without one by playbooks.',
  {
    enabled: flag('Fetch incidents from Microsoft Graph too.', standard.graph.enabled),
    everyMinutes: whole('Minutes between two looks at what changed.', standard.graph.everyMinutes, 1, 60),
    hunting: flag(
      'Run the queries of its alerts in advanced hunting. Needs the permission ThreatHunting.Read.All.',
      standard.graph.hunting,
    ),
  },
);

const deployment = section<Config['deployment']>(
  'Where the playbooks go, and what deploy leaves as Azure has it unless it is chosen here.',
  {
    tenantId: text(
      "Tenant of the playbooks. Empty: the workspace's. Another one is a service provider's own, with the workspace delegated to it (Azure Lighthouse).",
      standard.deployment.tenantId,
      '5c0a4a9c-53c3-4a55-8a77-5d3c8e1b6a10',
      guidOrEmpty,
    ),
    subscriptionId: text(
      "Subscription of the playbooks. Empty: the workspace's.",
      standard.deployment.subscriptionId,
      'f1cfe6b2-9ac0-4464-9919-dccaee2e48c0',
      guidOrEmpty,
    ),
    resourceGroup: text(
      "Resource group of the playbooks. Empty: the workspace's.",
      standard.deployment.resourceGroup,
      'rg-signl4',
      groupOrEmpty,
    ),
    disabled: list('Playbooks that are deployed switched off; others keep the state that they have.', [], word, [
      'SIGNL4-Sweep',
    ]),
    allowedCallers: list(
      'Address ranges that may call the playbooks which SIGNL4 calls (SIGNL4-Callback, SIGNL4-Defender-Callback, SIGNL4-Respond). Empty: as Azure has it; where one is new, everybody who knows its address.',
      [],
      {
        type: 'string',
        pattern: '^[0-9A-Fa-f:.]+(/[0-9]{1,3}|-[0-9A-Fa-f:.]+)?$',
        patternErrorMessage: 'is not an address, a range (203.0.113.0/24) or two addresses (203.0.113.1-203.0.113.9)',
      },
      ['203.0.113.10/32'],
    ),
    ruleOrder: whole(
      'Order of the automation rule for new incidents; the other rules follow. 0: as Sentinel has it, 900 for a new one.',
      standard.deployment.ruleOrder,
      0,
      998,
    ),
    rules: choice(
      'Whether the automation rules are switched on; keep: as Sentinel has it, on for new ones.',
      ruleStates,
      standard.deployment.rules,
    ),
    rulesEnd: text(
      'When the automation rules end. Empty: as Sentinel has it, never for new ones.',
      standard.deployment.rulesEnd,
      '2027-12-31T00:00:00Z',
      {
        pattern: '^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$',
        patternErrorMessage: 'is not a time in UTC',
      },
    ),
  },
);

/** Choices for the whole file or for a single target. */
const choices: Readonly<Record<Exclude<keyof Config, 'targets' | 'patches'>, SchemaNode>> = {
  company: text('Company shown on the alert. Empty: friendlyNames.companies decides.', standard.company, 'Contoso', {
    maxLength: 200,
  }),
  workspace,
  filter,
  message,
  tag: text('Tag that marks an incident as forwarded.', standard.tag, 'SIGNL4', {
    pattern: '^\\S(.{0,98}\\S)?$',
    patternErrorMessage: 'is not a tag (1 to 100 characters, no space at either end)',
  }),
  kql,
  friendlyNames,
  callback,
  close,
  owners,
  sync,
  sweep,
  relay,
  respond,
  deployment,
  commandLine: text(
    'How you start the command line, as the guides that build writes say it.',
    standard.commandLine,
    'npm run -s cli --',
    {
      pattern: '^[^\\s`]([^`\\r\\n]{0,198}[^\\s`])?$',
      patternErrorMessage: 'is not a command line (one line, 1 to 200 characters, no backtick)',
    },
  ),
  repository: text(
    'Where the deploy buttons of the guides find the templates, below Solutions/SIGNL4: owner, name and branch of a repository on GitHub.',
    standard.repository,
    'contoso/Azure-Sentinel/signl4',
    {
      pattern: '^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}/[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$',
      patternErrorMessage: 'is not a repository (owner/name/branch)',
    },
  ),
  graph,
};

/** A valid folder name on every system; `targets` also checks that no two targets share a folder. */
const targetName: SchemaNode = {
  type: 'string',
  description: 'Name of the target and of its folder below the output folder.',
  examples: ['contoso'],
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$',
  patternErrorMessage:
    'is not a safe name of a folder (1 to 64 letters, digits, ".", "_" or "-"; starts with a letter or digit, does not end in ".")',
};

/** The JSON Schema of `signl4.yaml`, published as `signl4.schema.json`. */
export const configSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'signl4.yaml',
  type: ['object', 'null'],
  description: 'Configuration of SIGNL4 for Microsoft Sentinel.',
  properties: {
    ...choices,
    targets: {
      type: 'array',
      description:
        'For service providers: one entry for each workspace, with what differs from the rest of this file. Sections merge, lists replace.',
      default: [],
      examples: [[{ name: 'contoso', company: 'Contoso' }]],
      maxItems: 1000,
      items: {
        type: 'object',
        description: 'One workspace: a name, and any choice of this file that differs.',
        required: ['name'],
        properties: {
          name: targetName,
          ...Object.fromEntries(Object.keys(choices).map((key) => [key, { $ref: `#/properties/${key}` }])),
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} satisfies SchemaNode & { $schema: string; title: string };
