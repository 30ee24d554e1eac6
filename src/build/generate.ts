import { playbooks } from '../../playbooks/index.ts';
import { automationRules } from '../arm/automation-rules.ts';
import type { Release } from '../arm/release.ts';
import { type Config, defaultConfig } from '../config/config.ts';
import { assembleSolution } from '../solution/signl4.ts';
import type { Assets } from './assets.ts';
import { below, type Files, jsonFile, manifest, merge } from './output.ts';
import { type PlaybookFiles, playbookFiles } from './playbook-files.ts';

export interface BuildInput {
  readonly config: Config;
  /** Recorded in the manifest. */
  readonly configHash: string;
  /** Newest first; the first one is built. */
  readonly releases: readonly [Release, ...Release[]];
  readonly assets: Assets;
}

export interface BuildOutput {
  readonly files: Files;
  /** What the person should know: which part of a filter ended up where. */
  readonly notes: readonly string[];
}

/** Everything that `build` writes. A function of its input: equal config and release give equal bytes. */
export function generate(input: BuildInput): BuildOutput {
  const { config, configHash, releases, assets } = input;
  const [release] = releases;
  const connector = assets.connector();
  const own = environment(config, input);
  const targets = config.targets.map((target) => ({ target, ...environment(target.config, input) }));
  // The published solution is everybody's: nothing of one config belongs into it.
  const generic = config === defaultConfig ? own : environment(defaultConfig, input);
  const solution = assembleSolution({
    releases,
    connector: pick(connector, ['azuredeploy.json', 'readme.md']),
    playbooks: generic.published.map(({ playbook, files }) => ({ folder: playbook.name, files })),
    text: assets.text,
  });
  const files = merge(
    below('connector', connector),
    own.files,
    ...targets.map(({ target, files }) => below(`targets/${target.name}`, files)),
    below('solution', solution),
  );
  return {
    files: merge(files, new Map([['manifest.json', manifest(files, release.version, configHash)]])),
    notes:
      targets.length === 0
        ? own.notes
        : targets.flatMap(({ target, notes }) => notes.map((note) => `${target.name}: ${note}`)),
  };
}

/** What is deployed for one workspace. */
function environment(
  config: Config,
  { releases, assets }: BuildInput,
): BuildOutput & { readonly published: readonly PlaybookFiles[] } {
  const published = playbooks.map((playbook) => playbookFiles(playbook, config, releases[0], assets));
  const rules = automationRules(config);
  return {
    published,
    files: merge(
      ...published.map(({ playbook, files }) => below(`playbooks/${playbook.name}`, files)),
      new Map([['automation-rules/azuredeploy.json', jsonFile(rules.template)]]),
    ),
    notes: filterNote(rules.split),
  };
}

function filterNote({ expressed, left }: ReturnType<typeof automationRules>['split']): readonly string[] {
  if (expressed.length + left.length === 0) return [];
  const list = (tests: readonly string[]) => (tests.length > 0 ? tests.join(', ') : 'nothing');
  return [`filter: the automation rule tests ${list(expressed)}; the playbook alone tests ${list(left)}`];
}

function pick(files: Files, names: readonly string[]): Files {
  return new Map([...files].filter(([name]) => names.includes(name)));
}
