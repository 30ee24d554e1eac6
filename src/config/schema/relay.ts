import { type Config, type RelayInAzure, redundancies, defaultConfig as standard } from '../config.ts';
import { choice, flag, type SchemaNode, section, text, whole } from './node.ts';

const inAzure = standard.relay.azure;
const GROUP = '/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/rg-network';
const SUBNETS = `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-soc/subnets`;

/** The ARM id of something, or nothing. */
function armId(description: string, what: string, ending: string, example: string): SchemaNode {
  return text(description, '', example, {
    pattern: `^$|^/subscriptions/[^/]+/resourceGroups/[^/]+${ending}$`,
    patternErrorMessage: `is not a resource id of ${what} (portal: its page, JSON View)`,
  });
}

const subnetEnding = '/providers/Microsoft.Network/virtualNetworks/[^/]+/subnets/[^/]+';

const azure = section<RelayInAzure>('A relay that deploy brings to Azure Functions, beside the playbooks.', {
  app: text(
    'Name of its function app, unique in the world. With it, and without url, its address is https://<app>.azurewebsites.net.',
    inAzure.app,
    'signl4-relay-contoso',
    {
      pattern: '^$|^[A-Za-z0-9][A-Za-z0-9-]{0,53}[A-Za-z0-9]$',
      patternErrorMessage: 'is not a name of a function app (2 to 55 letters, digits or "-"; no "-" at either end)',
    },
  ),
  redundancy: choice(
    'Copies of what the relay must not forget. Not every region has zones; local is the cheapest.',
    redundancies,
    inAzure.redundancy,
  ),
  publicAccess: flag(
    'Reachable from the internet, where SIGNL4 calls it from. Off only behind a gateway of yours, whose address is then url.',
    inAzure.publicAccess,
  ),
  subnetId: armId(
    'Subnet for outgoing calls: delegated to Microsoft.App/environments, used by nothing else, no "_" in its name.',
    'a subnet',
    subnetEnding,
    `${SUBNETS}/relay`,
  ),
  privateEndpointSubnetId: armId(
    'Subnet of private endpoints: with it nothing but these reaches the storage of the relay. Needs subnetId.',
    'a subnet',
    subnetEnding,
    `${SUBNETS}/private-endpoints`,
  ),
  dnsZonesGroupId: armId(
    'Resource group with the private DNS zones of the endpoints. Empty: a policy of yours enters them.',
    'a resource group',
    '',
    GROUP,
  ),
  logWorkspaceId: armId(
    "Log Analytics workspace for the relay's own log. Empty: none is kept.",
    'a Log Analytics workspace',
    '/providers/Microsoft.OperationalInsights/workspaces/[^/]+',
    `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/law-operations`,
  ),
  sweep: flag('Finds and sends incidents itself, beside the playbooks; always with graph.enabled.', inAzure.sweep),
  sync: flag('Tells SIGNL4 itself what changes in Sentinel; always with graph.enabled.', inAzure.sync),
  readUsers: flag(
    'Looks owners up in Entra; setup then grants its identity User.Read.All of Microsoft Graph.',
    inAzure.readUsers,
  ),
});

export const relay = section<Config['relay']>(
  'The relay: linked alerts in full, entities and search results in the alert.',
  {
    url: text(
      'Address of the relay. Empty: that of azure.app; without one the playbooks build the alert themselves.',
      standard.relay.url,
      'https://signl4-relay.contoso.com',
      {
        pattern:
          '^$|^https://[^\\s@?#/]+(/[^\\s@?#]*)?$|^http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?(/[^\\s@?#]*)?$',
        patternErrorMessage: 'is not an https:// address without user, query and fragment',
      },
    ),
    timeoutSeconds: whole(
      'Seconds that a playbook waits for the relay before it goes on alone.',
      standard.relay.timeoutSeconds,
      1,
      100,
    ),
    azure,
  },
);
