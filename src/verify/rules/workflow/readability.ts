import { conditionRows, isTruthOfCall, levelOf, readable, writtenExpressions } from '../../readability.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** What people who edit a playbook in the designer cannot read there. */
export const workflowReadabilityRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.long-expression',
    level: 'warning',
    source: sources.ours,
    help: `Stay below ${readable.expressionCharacters} characters: put tokens into the fields of the action, or the value into a variable, a Select or a parameter.`,
    check: ({ definition }) =>
      writtenExpressions(definition)
        .filter(({ characters }) => characters > readable.expressionCharacters)
        .map(({ pointer, characters }) => ({
          pointer,
          message: `an expression has ${characters} characters; people read up to ${readable.expressionCharacters}`,
        })),
  },
  {
    id: 'workflow.deep-expression',
    level: 'warning',
    source: sources.ours,
    help: 'Name what is inside: an action of its own before it, such as a variable or a Select, or rows of a condition.',
    check: ({ definition }) =>
      writtenExpressions(definition)
        .filter(({ nestedCalls }) => nestedCalls > readable.nestedCalls)
        .map(({ pointer, nestedCalls }) => ({
          pointer,
          message: `an expression has ${nestedCalls} functions inside one another; people follow up to ${readable.nestedCalls}`,
        })),
  },
  {
    id: 'workflow.deep-nesting',
    level: 'warning',
    source: sources.ours,
    help: 'End a run early with Terminate instead of going on inside a branch, or start a second playbook.',
    check: ({ model }) =>
      model.nodes
        .filter((node) => levelOf(node) === readable.nestedActions + 1)
        .map(({ name, pointer }) => ({
          pointer,
          message: `"${name}" is drawn ${readable.nestedActions + 1} levels deep; people follow up to ${readable.nestedActions}`,
        })),
  },
  {
    id: 'workflow.condition-of-function',
    level: 'warning',
    source: sources.ours,
    help: 'Write the row as value, operator, value: [Incident Severity] is equal to High, instead of equals(…) is equal to true.',
    check: ({ model }) =>
      model.nodes.flatMap((node) =>
        (conditionRows(node) ?? []).filter(isTruthOfCall).map(({ pointer }) => ({
          pointer,
          message: `a row of "${node.name}" compares a function with true or false`,
        })),
      ),
  },
];
