/** The playbooks, in the order of the gallery. */
export const playbookNames = [
  'SIGNL4-Send-Incident',
  'SIGNL4-Sync-Incident',
  'SIGNL4-Callback',
  'SIGNL4-Sweep',
  'SIGNL4-Send-Alert',
  'SIGNL4-Page-Entity',
  'SIGNL4-Who-Is-On-Call',
] as const;
