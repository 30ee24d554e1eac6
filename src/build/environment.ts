import { playbooks } from '../../playbooks/index.ts';
import { automationRules } from '../arm/automation-rules.ts';
import { relayFiles } from '../arm/relay.ts';
import type { Release } from '../arm/release.ts';
import { setupFiles } from '../arm/setup/files.ts';
import type { Config } from '../config/config.ts';
import type { Assets } from './assets.ts';
import { below, type Files, jsonFile, merge } from './output.ts';
import { type PlaybookFiles, playbookFiles } from './playbook-files.ts';

/** What is deployed for one workspace. */
export interface Environment {
  readonly playbooks: readonly PlaybookFiles[];
  readonly files: Files;
  /** What the person should know: which part of a filter ended up where. */
  readonly notes: readonly string[];
}

export function environment(config: Config, release: Release, text: Assets['text']): Environment {
  const published = playbooks.map((playbook) => playbookFiles(playbook, config, release, text));
  const rules = automationRules(config);
  return {
    playbooks: published,
    files: merge(
      ...published.map(({ playbook, files }) => below(`playbooks/${playbook.name}`, files)),
      new Map([['automation-rules/azuredeploy.json', jsonFile(rules.template)]]),
      below('setup', setupFiles(config, text)),
      below('relay', relayFiles(config, release.version, text)),
    ),
    notes: filterNote(rules.split),
  };
}

function filterNote({ expressed, left }: ReturnType<typeof automationRules>['split']): readonly string[] {
  if (expressed.length + left.length === 0) return [];
  const list = (tests: readonly string[]) => (tests.length > 0 ? tests.join(', ') : 'nothing');
  return [`filter: the automation rule tests ${list(expressed)}; the playbook alone tests ${list(left)}`];
}
