import { UserError } from '../../domain/errors.ts';
import type { WorkflowDefinition } from '../../wdl/types.ts';
import { type Limits, serviceLimits } from '../limits.ts';
import { workflowModel } from '../model.ts';
import { nameProblems } from './names.ts';
import type { WorkflowProblem } from './problem.ts';
import { structureProblems } from './structure.ts';

export type { WorkflowProblem } from './problem.ts';

/**
 * Everything for which the service would refuse to save a workflow or which this engine cannot run, in the order of the
 * definition.
 */
export function checkWorkflow(definition: WorkflowDefinition, limits: Limits = serviceLimits): WorkflowProblem[] {
  const structure = structureProblems(definition, limits);
  if (structure.length > 0) return structure;
  return nameProblems(workflowModel(definition), limits);
}

/** A single error for all problems: the first in full, the others with their locations. */
export function problemsError(problems: readonly [WorkflowProblem, ...WorkflowProblem[]]): UserError {
  const [first, ...others] = problems;
  const more = others.map(({ message, pointer }) => `  ${message} (${pointer})`);
  const message = others.length === 0 ? first.message : `${first.message}\nAlso wrong:\n${more.join('\n')}`;
  return new UserError(first.code, message, {
    where: { path: first.pointer },
    ...(first.remedy !== undefined && { remedy: first.remedy }),
  });
}
