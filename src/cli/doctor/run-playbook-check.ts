import { PLAYBOOK_RUNNER } from '../../arm/setup/template.ts';
import { apiVersions } from '../../domain/api-versions.ts';
import type { DoctorContext } from './context.ts';
import { type Check, ok, skipped, warning } from './finding.ts';

/** The sweep has Sentinel run playbooks through an API that exists in preview versions only. */
export const runPlaybookCheck: Check<DoctorContext> = {
  id: 'run-playbook',
  async run({ playbooks, resources }) {
    if (!playbooks.some(({ playbook, deployed }) => playbook.name === PLAYBOOK_RUNNER && deployed))
      return [skipped(`${PLAYBOOK_RUNNER} is not deployed`)];
    const versions = await resources.sentinelVersions();
    if (versions.length === 0)
      return [skipped('Azure does not say which versions of Microsoft.SecurityInsights it has')];
    if (versions.includes(apiVersions.runPlaybook))
      return [ok(`Azure offers ${apiVersions.runPlaybook}, with which ${PLAYBOOK_RUNNER} has playbooks run`)];
    return [
      warning(
        `Azure no longer lists the version ${apiVersions.runPlaybook} of Microsoft.SecurityInsights: ${PLAYBOOK_RUNNER} may find incidents and not send them`,
        `Look at its latest runs. Should they fail, set api-version in both "Run" actions to ${versions[0]}, and tell the maintainers.`,
      ),
    ];
  },
};
