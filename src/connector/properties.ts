import type { Connection } from './spec.ts';

/** `apiProperties.json`: what the platform wants to know beside the definition (schema: paconn-apiProperties). */
export function apiProperties(connection: Connection): object {
  const { connectionParameters, iconBrandColor, capabilities, publisher, stackOwner } = connection;
  return { properties: { connectionParameters, iconBrandColor, capabilities, publisher, stackOwner } };
}

/**
 * `settings.json` of the paconn command line: which file is what. Environment and connector are the user's own; paconn asks
 * for them.
 */
export const paconnSettings = {
  apiDefinition: 'apiDefinition.swagger.json',
  apiProperties: 'apiProperties.json',
  icon: 'icon.png',
  powerAppsApiVersion: '2016-11-01',
  powerAppsUrl: 'https://api.powerapps.com',
} as const;
