import type { Config } from '../config/config.ts';
import { environmentName } from '../config/targets.ts';
import { hasResponses } from '../rules/respond.ts';
import type { RelaySettings } from './settings.ts';

/** Something that the relay cannot do with these settings, although it starts. */
export interface StartWarning {
  /** The setting that is missing. */
  readonly setting: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * What the relay will not do, logged once at the start, one line each. Missing settings without which nothing works prevent the
 * start (see `readSettings`); whether it has an identity only shows in Azure (see `identityCheck`).
 */
export function startWarnings(config: Config, settings: RelaySettings): readonly StartWarning[] {
  return [...withoutTeam(config, settings), ...withoutApiKey(config, settings)];
}

const TEAM = 'SIGNL4_TEAM_SECRET';

function withoutTeam({ targets }: Config, { teamSecrets }: RelaySettings): readonly StartWarning[] {
  if (teamSecrets[''] !== undefined) return [];
  const remedy = (name: string) =>
    `Set ${name} (SIGNL4 portal: Teams, the last part of the team's webhook address), unless only playbooks page.`;
  const cannot = (setting: string, whose: string): StartWarning => ({
    setting,
    message: `without ${setting} the relay pages nobody itself${whose}: /api/incidents/forward and the sweep fail`,
    remedy: remedy(setting),
  });
  if (targets.length === 0) return [cannot(TEAM, '')];
  return targets
    .map(({ name }) => ({ name, ending: environmentName(name) }))
    .filter(({ ending }) => teamSecrets[ending] === undefined)
    .map(({ name, ending }) => cannot(`${TEAM}_${ending}`, ` for the target ${name}`));
}

function withoutApiKey(config: Config, { signl4ApiKey, timers }: RelaySettings): readonly StartWarning[] {
  if (signl4ApiKey !== '') return [];
  const all = [config, ...config.targets.map((target) => target.config)];
  const lost = [
    ...(all.some(({ respond }) => hasResponses(respond))
      ? ['nobody can start a response: SIGNL4 cannot be asked who may']
      : []),
    ...(timers.sync ? ['comments of Sentinel do not reach SIGNL4'] : []),
    'a page whose answer was lost cannot be looked for, and may be sent twice',
  ];
  return [
    {
      setting: 'SIGNL4_API_KEY',
      message: `without SIGNL4_API_KEY ${lost.join('; ')}`,
      remedy: 'Set SIGNL4_API_KEY (SIGNL4 portal: Integrations, API keys).',
    },
  ];
}
