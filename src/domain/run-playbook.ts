/** Version of `incidents/{id}/runPlaybook` and `entities/{id}/runPlaybook`, which are in previews only (Microsoft.SecurityInsights). */
export const RUN_PLAYBOOK_API_VERSION = '2025-07-01-preview';

/** Version of Microsoft.Logic/workflows/runs. */
export const WORKFLOW_RUNS_API_VERSION = '2019-05-01';
