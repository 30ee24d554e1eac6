import type { Config } from '../src/config/config.ts';
import type { Playbook } from '../src/workflow/playbook.ts';
import { callback } from './SIGNL4-Callback/playbook.ts';
import { defenderCallback } from './SIGNL4-Defender-Callback/playbook.ts';
import { defenderIncidents } from './SIGNL4-Defender-Incidents/playbook.ts';
import { pageEntity } from './SIGNL4-Page-Entity/playbook.ts';
import { respondFromPhone } from './SIGNL4-Respond/playbook.ts';
import { sendAlert } from './SIGNL4-Send-Alert/playbook.ts';
import { sendIncident } from './SIGNL4-Send-Incident/playbook.ts';
import { sweep } from './SIGNL4-Sweep/playbook.ts';
import { syncIncident } from './SIGNL4-Sync-Incident/playbook.ts';
import { whoIsOnCall } from './SIGNL4-Who-Is-On-Call/playbook.ts';

/** Every playbook of the product, in the order of the gallery; then those that some configurations alone have a use for. */
export const playbooks: readonly Playbook[] = [
  sendIncident,
  syncIncident,
  callback,
  sweep,
  sendAlert,
  pageEntity,
  whoIsOnCall,
  defenderIncidents,
  defenderCallback,
  respondFromPhone,
];

/** Those that a configuration has a use for. */
export function playbooksOf(config: Config): readonly Playbook[] {
  return playbooks.filter(({ isWanted }) => isWanted?.(config) ?? true);
}
