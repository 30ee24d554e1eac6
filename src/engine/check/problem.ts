import type { CodedProblem } from '../../domain/problem.ts';

/** Something for which the service would refuse to save the workflow, or which this engine cannot run. */
export interface WorkflowProblem extends CodedProblem {
  /** JSON pointer in the definition. */
  readonly pointer: string;
}

export function problem(code: string, pointer: string, message: string, remedy?: string): WorkflowProblem {
  return { code: `workflow.${code}`, message, pointer, ...(remedy !== undefined && { remedy }) };
}

/** Lists names in a message, limited to a readable number. */
export function listNames(names: readonly string[]): string {
  const most = 12;
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … (${names.length} in all)` : shown || 'none';
}
