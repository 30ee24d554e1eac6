import { CUSTOM_CONNECTOR } from '../arm/playbook.ts';
import { releaseNotes } from '../arm/release.ts';
import { defaultConfig } from '../config/config.ts';
import { generateConnector } from '../connector/generate.ts';
import type { ConnectorSpec } from '../connector/spec.ts';
import { publishedRepository } from '../domain/repository.ts';
import { assembleSolution } from '../solution/signl4.ts';
import type { Assets } from './assets.ts';
import { environment } from './environment.ts';
import { below, type Files, merge } from './output.ts';
import { deployButtons } from './readme.ts';
import { releases } from './releases.ts';

/**
 * The connector and the Content Hub solution: the same for everybody, so that nothing of one config gets into what is
 * published, and a release can have them ready.
 */
export function publishedFiles(spec: ConnectorSpec, text: Assets['text']): Files {
  const connector = connectorFiles(spec);
  const solution = assembleSolution({
    releases,
    connector: new Map([...connector].filter(([name]) => name === 'azuredeploy.json' || name === 'readme.md')),
    playbooks: environment(defaultConfig, releases[0], text).playbooks.map(({ playbook, files }) => ({
      folder: playbook.name,
      files,
    })),
    text,
  });
  return merge(below('connector', connector), below('solution', solution));
}

/** The connector alone. */
export function connectorFiles(spec: ConnectorSpec): Files {
  return generateConnector(spec, {
    connectorName: CUSTOM_CONNECTOR,
    lastUpdateTime: releases[0].date,
    releaseNotes: releaseNotes('SIGNL4 custom connector', releases[0]),
    deployButtons: deployButtons(publishedRepository, `Playbooks/CustomConnector/${CUSTOM_CONNECTOR}/azuredeploy.json`),
  });
}
