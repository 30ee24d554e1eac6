import type { Playbook } from '../src/workflow/playbook.ts';
import { callback } from './SIGNL4-Callback/playbook.ts';
import { pageEntity } from './SIGNL4-Page-Entity/playbook.ts';
import { sendAlert } from './SIGNL4-Send-Alert/playbook.ts';
import { sendIncident } from './SIGNL4-Send-Incident/playbook.ts';
import { sweep } from './SIGNL4-Sweep/playbook.ts';
import { syncIncident } from './SIGNL4-Sync-Incident/playbook.ts';
import { whoIsOnCall } from './SIGNL4-Who-Is-On-Call/playbook.ts';

/** Every playbook of the product, in the order of the gallery. */
export const playbooks: readonly Playbook[] = [
  sendIncident,
  syncIncident,
  callback,
  sweep,
  sendAlert,
  pageEntity,
  whoIsOnCall,
];
