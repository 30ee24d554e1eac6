import { CUSTOM_CONNECTOR } from '../arm/playbook.ts';
import { releaseNotes } from '../arm/release.ts';
import { generateConnector } from '../connector/generate.ts';
import { loadConnectorSpec } from '../connector/load.ts';
import type { Files } from './output.ts';
import { deployButtons } from './readme.ts';
import { releases } from './releases.ts';

/** Generates the connector from its documents below `root`, the repository's own folder. */
export function connectorFiles(root: string): Files {
  const [release] = releases;
  return generateConnector(loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`), {
    connectorName: CUSTOM_CONNECTOR,
    lastUpdateTime: release.date,
    releaseNotes: releaseNotes('SIGNL4 custom connector', release),
    deployButtons: deployButtons(`Playbooks/CustomConnector/${CUSTOM_CONNECTOR}/azuredeploy.json`),
  });
}
