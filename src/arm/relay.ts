import { stringify } from 'yaml';
import type { Config } from '../config/config.ts';
import { calledAs } from '../domain/command-line.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { fillMarks } from '../domain/marks.ts';
import { relayTemplate } from './relay/template.ts';

/** Templates that `build` copies as they are. */
const copied = ['Dockerfile', '.dockerignore', 'compose.yaml'] as const;

/**
 * Everything below `relay/` but the bundled `relay.mjs`: path to content. `text` reads a file of the repository,
 * `templates/relay/…`.
 */
export function relayFiles(
  config: Config,
  version: string,
  text: (path: string) => string,
): ReadonlyMap<string, string> {
  const template = (name: string) => text(`templates/relay/${name}`);
  return new Map([
    ['azuredeploy.json', json(relayTemplate(config) as unknown as Json)],
    ['host.json', json(hostJson)],
    ['package.json', json(packageJson(version))],
    ['signl4.yaml', configText(config)],
    ['readme.md', calledAs(fillMarks(template('readme.md'), guideValues(config), 'braces'), config.commandLine)],
    ...copied.map((name): [string, string] => [name, template(name)]),
  ]);
}

/** A service provider's targets may be in different tenants, and only the provider knows which one has the application. */
function guideValues({ workspace }: Config): Readonly<Record<string, string>> {
  return {
    tenantId: workspace?.tenantId ?? '<tenant-id>',
    workspaceNote: workspace ? '' : `\n${noWorkspace}\n`,
  };
}

const noWorkspace =
  '**Before you deploy:** `signl4.yaml` names no workspace yet. Add `workspace` with tenantId, subscriptionId, resourceGroup, name and workspaceId.';

/** Settings of the Functions host. Messages are plain text rather than base64; a failed one is retried after half a minute. */
const hostJson: JsonObject = {
  version: '2.0',
  extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.*, 5.0.0)' },
  extensions: {
    http: { routePrefix: '' },
    queues: {
      messageEncoding: 'none',
      batchSize: 8,
      newBatchThreshold: 4,
      visibilityTimeout: '00:00:30',
      maxDequeueCount: 100,
    },
  },
  functionTimeout: '00:05:00',
  logging: { applicationInsights: { samplingSettings: { isEnabled: true, excludedTypes: 'Exception' } } },
};

const packageJson = (version: string): JsonObject => ({
  name: 'signl4-relay',
  version,
  private: true,
  type: 'module',
  main: 'relay.mjs',
});

/** The whole configuration with defaults, so that it does not change when a later version has other defaults. */
function configText(config: Config): string {
  const { targets, ...common } = config;
  const listed = targets.map(({ name, config: { targets: _, ...own } }) => ({ name, ...own }));
  return stringify({ ...common, ...(listed.length > 0 && { targets: listed }) }, { lineWidth: 0 });
}

function json(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
