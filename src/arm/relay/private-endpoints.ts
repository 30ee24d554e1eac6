import { apiVersions } from '../../domain/api-versions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { relayTags } from './tags.ts';

/*
 * Private endpoints of the storage and, if it is not public, of the app. The key vault keeps its public endpoint: on Flex
 * Consumption, references to it are not resolved through a network (Azure Functions, Flex Consumption plan, considerations).
 */

interface Target {
  /** Sub-resource, as Private Link calls it. */
  readonly group: string;
  readonly of: string;
  readonly condition: string;
  /** ARM expression of the private DNS zone's name. */
  readonly zone: string;
}

const ofStorage = (group: string): Target => ({
  group,
  of: "variables('StorageId')",
  condition: "variables('IsPrivate')",
  zone: `concat('privatelink.${group}.', environment().suffixes.storage)`,
});

const targets: readonly Target[] = [
  ...['blob', 'queue', 'table'].map(ofStorage),
  {
    group: 'sites',
    of: "variables('SiteId')",
    condition: "and(variables('IsPrivate'), not(parameters('PublicAccess')))",
    zone: `replace(reference(variables('SiteId'), '${apiVersions.sites}').defaultHostName, concat(toLower(parameters('AppName')), '.'), 'privatelink.')`,
  },
];

export const privateEndpoints: readonly JsonObject[] = targets.flatMap((target) => [endpoint(target), zones(target)]);

function nameOf({ group }: Target): string {
  return `parameters('AppName'), '-${group}'`;
}

function endpoint(target: Target): JsonObject {
  const { group, of, condition } = target;
  return {
    type: 'Microsoft.Network/privateEndpoints',
    apiVersion: apiVersions.networks,
    name: `[concat(${nameOf(target)})]`,
    condition: `[${condition}]`,
    location: "[parameters('Location')]",
    tags: relayTags,
    properties: {
      subnet: { id: "[parameters('PrivateEndpointSubnetId')]" },
      privateLinkServiceConnections: [
        { name: group, properties: { privateLinkServiceId: `[${of}]`, groupIds: [group] } },
      ],
    },
    dependsOn: [`[${of}]`],
  };
}

function zones(target: Target): JsonObject {
  const { group, condition, zone } = target;
  return {
    type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    apiVersion: apiVersions.networks,
    name: `[concat(${nameOf(target)}, '/default')]`,
    condition: `[and(${condition}, not(empty(parameters('DnsZonesGroupId'))))]`,
    properties: {
      privateDnsZoneConfigs: [
        {
          name: group,
          properties: {
            privateDnsZoneId: `[concat(parameters('DnsZonesGroupId'), '/providers/Microsoft.Network/privateDnsZones/', ${zone})]`,
          },
        },
      ],
    },
    dependsOn: [`[resourceId('Microsoft.Network/privateEndpoints', concat(${nameOf(target)}))]`],
  };
}
