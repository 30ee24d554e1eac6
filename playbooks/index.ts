import type { Playbook } from '../src/workflow/playbook.ts';
import { callback } from './SIGNL4-Callback/playbook.ts';
import { sendIncident } from './SIGNL4-Send-Incident/playbook.ts';

/** Every playbook of the product, in the order of the gallery. */
export const playbooks: readonly Playbook[] = [sendIncident, callback];
