import { machineNames } from '../../src/monitoring/incident-life.ts';
import type { Choices } from '../../src/simulator/month/answers.ts';

/** October 2026 in the simulated workspace, everything chosen. */
export const choices: Choices = {
  TimeRange: 'between (datetime(2026-10-01T00:00:00Z) .. datetime(2026-11-01T00:00:00Z))',
  Severity: "'*'",
  Product: "'*'",
  Team: "'*'",
  Tag: 'SIGNL4',
  TeamPrefix: 'team:',
  Playbooks: 'SIGNL4-Send-Incident,SIGNL4-Callback',
  Machines: machineNames.join(','),
  AnswerMinutes: '30',
  UtcOffset: '0',
};
