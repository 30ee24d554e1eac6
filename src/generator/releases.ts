import type { Release } from '../arm/release.ts';

/**
 * All published versions, newest first. Generated templates take their date from here instead of the clock. 3.0.1 was the
 * vendor's last solution, with a single one-way playbook.
 */
export const releases = [
  {
    version: '3.1.0',
    date: '2026-11-24T00:00:00Z',
    notes: [
      'Custom connector for the SIGNL4 API.',
      'Playbooks for both directions: incidents, alerts and entities to SIGNL4; acknowledgement, closure and notes back to Microsoft Sentinel.',
      'Workbook "SIGNL4 on-call": how fast incidents reach the person on call, how fast somebody takes them, and where the paging fails.',
      'Two analytics rules that report where the paging failed, and pages that nobody acknowledged.',
    ],
  },
] as const satisfies readonly [Release, ...Release[]];
