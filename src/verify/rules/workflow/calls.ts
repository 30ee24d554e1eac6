import { callsOf, isFailureHandled, isWrite } from '../../calls.ts';
import { at, textAt } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** How a workflow calls others. */
export const workflowCallRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.retry',
    level: 'warning',
    source: sources.failures,
    help: 'Set inputs.retryPolicy, and let an action run after this one, or what contains it, has failed.',
    check: (subject) =>
      callsOf(subject)
        .filter(({ node }) => node.type === 'Http' || node.type === 'ApiConnection')
        .filter(({ inputs, node }) => at(inputs, 'retryPolicy') === undefined && !isFailureHandled(node))
        .map((call) => ({
          pointer: `${call.node.pointer}/inputs`,
          message: `"${call.node.name}" ${isWrite(call) ? 'writes' : 'reads'} with neither a retry policy of its own nor a way on when it fails`,
        })),
  },
  {
    id: 'workflow.plain-http',
    level: 'warning',
    source: sources.securing,
    help: 'Call the address with https.',
    check: (subject) =>
      callsOf(subject)
        .filter(({ inputs }) => /^http:\/\//i.test(textAt(inputs, 'uri') ?? ''))
        .map(({ node }) => ({
          pointer: `${node.pointer}/inputs/uri`,
          message: `"${node.name}" calls without encryption`,
        })),
  },
];
