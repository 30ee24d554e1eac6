import type { Answer } from '../logs/answers.ts';
import type { Automation } from '../sentinel/automation.ts';

/** The table SentinelHealth as queries about automation sum it up: runs, failures, and three reasons. */
export function healthTable(automation: Automation): Answer {
  return {
    when: /^\s*SentinelHealth\b/,
    table: () => {
      const ended = automation.runs.filter(({ status }) => status !== 'Running');
      const failed = ended.filter(({ status }) => status === 'Failure');
      const reasons = [...new Set(failed.map(({ reason = '' }) => reason))].slice(0, 3);
      return {
        columns: [
          { name: 'Runs', type: 'long' },
          { name: 'Failed', type: 'long' },
          { name: 'Reasons', type: 'dynamic' },
        ],
        rows: [[ended.length, failed.length, JSON.stringify(reasons)]],
      };
    },
  };
}
