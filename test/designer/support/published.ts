import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playbooks } from '../../../playbooks/index.ts';
import { playbookTemplate } from '../../../src/arm/playbook.ts';
import { workflowFromTemplate } from '../../../src/arm-expressions/workflow-resource.ts';
import { type Config, defaultConfig } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { loadConnectorSpec } from '../../../src/connector/load.ts';
import type { Definition } from '../../../src/connector/swagger.ts';
import { connectorFiles } from '../../../src/generator/published.ts';
import { releases } from '../../../src/generator/releases.ts';
import type { JsonObject } from '../../../src/wdl/types.ts';
import { azuresentinel } from './sentinel.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The definitions of the connectors by their key in `$connections`; ours is the generated one. */
export function connectors(): Readonly<Record<string, Definition>> {
  const spec = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
  const swagger = connectorFiles(spec).get('apiDefinition.swagger.json');
  return { azuresentinel, signl4: JSON.parse(String(swagger)) as Definition };
}

/** The built-in configuration and every example, each target on its own. */
export function configurations(): readonly { readonly title: string; readonly config: Config }[] {
  const examples = readdirSync(`${root}examples`)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => {
      const config = loadConfig(readFileSync(`${root}examples/${file}`, 'utf8'), file);
      const targets = config.targets.map((target) => ({ title: `${file}, ${target.name}`, config: target.config }));
      return targets.length > 0 ? targets : [{ title: file, config }];
    });
  return [{ title: 'the defaults', config: defaultConfig }, ...examples];
}

/** What a deployment must name. */
const deployed = {
  TeamSecret: { value: 'team-secret' },
  WorkspaceName: { value: 'soc-workspace' },
} as const;

/** Every playbook of a configuration as a deployment creates it. */
export function deployedPlaybooks(
  config: Config,
): readonly { readonly name: string; readonly definition: JsonObject }[] {
  return playbooks.map((playbook) => {
    const template = playbookTemplate(playbook, playbook.build(config), { release: releases[0] });
    const given = Object.entries(deployed).filter(([name]) => name in template.parameters);
    const text: JsonObject = JSON.parse(JSON.stringify(template));
    return {
      name: playbook.name,
      definition: workflowFromTemplate(text, { parameters: Object.fromEntries(given) }).definition,
    };
  });
}
