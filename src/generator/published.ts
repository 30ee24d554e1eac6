import { CUSTOM_CONNECTOR } from '../arm/playbook.ts';
import { releaseNotes } from '../arm/release.ts';
import { defaultConfig } from '../config/config.ts';
import { generateConnector } from '../connector/generate.ts';
import type { ConnectorSpec } from '../connector/spec.ts';
import { publishedRepository } from '../domain/repository.ts';
import { monitoringOf } from '../monitoring/monitoring.ts';
import { ruleYaml } from '../monitoring/rule-yaml.ts';
import { assembleSolution } from '../solution/signl4.ts';
import type { Assets } from './assets.ts';
import { environment, playbookNames } from './environment.ts';
import { below, type Files, merge } from './output.ts';
import { deployButtons } from './readme.ts';
import { releases } from './releases.ts';

/** Pictures of the workbook, drawn by tools/workbook-picture.ts. */
const PREVIEWS = ['SIGNL4OnCallBlack.png', 'SIGNL4OnCallWhite.png'];

/**
 * The connector and the Content Hub solution. They are the same for everyone: nothing from a config gets into published files,
 * and a release can contain them.
 */
export function publishedFiles(spec: ConnectorSpec, text: Assets['text'], bytes: (path: string) => Uint8Array): Files {
  const connector = connectorFiles(spec);
  const { playbooks } = environment(defaultConfig, releases[0], text);
  const { workbook, rules } = monitoringOf(defaultConfig, playbookNames(playbooks));
  const solution = assembleSolution({
    releases,
    connector: new Map([...connector].filter(([name]) => name === 'azuredeploy.json' || name === 'readme.md')),
    playbooks: playbooks.map(({ playbook, files }) => ({ folder: playbook.name, files })),
    workbook,
    analyticsRules: new Map(rules.map((rule) => [rule.name, ruleYaml(rule, releases[0].version)])),
    previews: new Map(PREVIEWS.map((name) => [name, bytes(`templates/contenthub/${name}`)])),
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
