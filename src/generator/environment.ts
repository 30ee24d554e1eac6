import { playbooksOf } from '../../playbooks/index.ts';
import { automationRules } from '../arm/automation-rules.ts';
import { playbookDiagnostics, workspaceMonitoring } from '../arm/monitoring.ts';
import { relayFiles } from '../arm/relay.ts';
import type { Release } from '../arm/release.ts';
import { setupFiles } from '../arm/setup/files.ts';
import { asksGraphWithoutRelay, type Config } from '../config/config.ts';
import { formatPlace } from '../config/patches.ts';
import { formatWhere } from '../domain/errors.ts';
import { monitoringOf } from '../monitoring/monitoring.ts';
import { defaultMessage } from '../rules/choices.ts';
import { testsByPlace } from '../rules/filter-targets.ts';
import { leftToRelay } from '../workflow/parts/message.ts';
import type { Assets } from './assets.ts';
import { below, type Files, jsonFile, merge } from './output.ts';
import { type PlaybookFiles, playbookFiles } from './playbook-files.ts';

/** Everything deployed for one workspace. */
export interface Environment {
  readonly playbooks: readonly PlaybookFiles[];
  readonly files: Files;
  /** Notes for the user: which part of a filter is tested where. */
  readonly notes: readonly string[];
}

export function environment(config: Config, release: Release, text: Assets['text']): Environment {
  const published = playbooksOf(config).map((playbook) => playbookFiles(playbook, config, release, text));
  return {
    playbooks: published,
    files: merge(
      ...published.map(({ playbook, files }) => below(`playbooks/${playbook.name}`, files)),
      new Map([['automation-rules/azuredeploy.json', jsonFile(automationRules(config))]]),
      below('monitoring', monitoringFiles(config, published)),
      below('setup', setupFiles(config, text)),
      below('relay', relayFiles(config, release.version, text)),
    ),
    notes: [...filterNote(config), ...defenderNote(config), ...relayNote(config), ...published.flatMap(patchNotes)],
  };
}

export function playbookNames(playbooks: readonly PlaybookFiles[]): readonly string[] {
  return playbooks.map(({ playbook }) => playbook.name);
}

/** Workbook and rules with the choices of the config, and the settings that they read from. */
function monitoringFiles(config: Config, playbooks: readonly PlaybookFiles[]): Files {
  const names = playbookNames(playbooks);
  const monitoring = monitoringOf(config, names);
  return new Map([
    ['SIGNL4OnCall.json', jsonFile(monitoring.workbook)],
    ['workspace/azuredeploy.json', jsonFile(workspaceMonitoring(config, monitoring))],
    ['playbooks/azuredeploy.json', jsonFile(playbookDiagnostics(config, names))],
  ]);
}

/** Patches that are no longer needed because the generated playbook has the same change. */
function patchNotes({ superfluous }: PlaybookFiles): readonly string[] {
  return superfluous.map(
    ({ edit, where }) => `${formatWhere(where)}: the playbook has ${formatPlace(edit.at)} so already; delete the entry`,
  );
}

function filterNote({ filter }: Config): readonly string[] {
  const { rule, playbook } = testsByPlace(filter);
  if (rule.length + playbook.length === 0) return [];
  const list = (tests: readonly string[]) => (tests.length > 0 ? tests.join(', ') : 'nothing');
  return [`filter: the automation rule tests ${list(rule)}; the playbook alone tests ${list(playbook)}`];
}

/** Parts of a filter that do not apply to incidents of Defender without a relay. */
function defenderNote(config: Config): readonly string[] {
  if (!asksGraphWithoutRelay(config)) return [];
  const { rule, playbook } = testsByPlace(config.filter);
  const others = [...rule, ...playbook].filter((test) => test !== 'Status' && test !== 'Severity');
  if (others.length === 0) return [];
  return [
    `filter: for incidents of Defender ${others.join(', ')} needs the relay; SIGNL4-Defender-Incidents leaves it out`,
  ];
}

/** The guides already explain what the built-in message leaves to the relay. */
function relayNote(config: Config): readonly string[] {
  if (JSON.stringify(config.message) === JSON.stringify(defaultMessage)) return [];
  const fields = leftToRelay(config).filter((field) => field !== 'queries.list');
  if (fields.length === 0) return [];
  return [`message: only the relay fills ${fields.join(', ')}; the playbooks leave them out`];
}
