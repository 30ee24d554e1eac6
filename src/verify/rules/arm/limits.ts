import { overTheLimits } from '../../../solution/limits.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { TemplateLevel } from '../../template-level.ts';

/** What Azure Resource Manager takes at most. */
export const armLimitRules: readonly SubjectRule<TemplateLevel>[] = [
  {
    id: 'arm.limits',
    level: 'error',
    source: sources.armLimits,
    help: 'Split the template or the solution, or shorten texts: the deployment is refused.',
    // A nested template is always smaller than the one around it.
    check: ({ template, role }) =>
      overTheLimits(template, role === 'outer').map(({ message, isRefused }) => ({
        pointer: '',
        message,
        ...(isRefused ? {} : { level: 'warning' as const }),
      })),
  },
];
