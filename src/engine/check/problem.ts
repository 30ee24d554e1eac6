import type { CodedProblem } from '../../domain/problem.ts';

/** Something that the service would refuse when the workflow is saved, or that this engine cannot run. */
export interface WorkflowProblem extends CodedProblem {
  /** JSON pointer in the definition. */
  readonly pointer: string;
}

export function problem(code: string, pointer: string, message: string, remedy?: string): WorkflowProblem {
  return { code: `workflow.${code}`, message, pointer, ...(remedy !== undefined && { remedy }) };
}

/** Names for a message, not more than a reader wants to see. */
export function listNames(names: readonly string[]): string {
  const most = 12;
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … (${names.length} in all)` : shown || 'none';
}
