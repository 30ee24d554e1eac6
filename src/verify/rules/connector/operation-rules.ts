import type { Definition, Operation } from '../../../connector/swagger.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { descriptionProblem, isSentenceCase } from './strings.ts';
import { below, type OperationAt, operationsOf } from './walk.ts';

/** Verbs that an id starts with, so that a list of operations reads as a list of things to do. */
const verbs = [
  'Acknowledge',
  'Add',
  'Annotate',
  'Cancel',
  'Check',
  'Close',
  'Copy',
  'Create',
  'Delete',
  'Disable',
  'Download',
  'Enable',
  'Escalate',
  'Find',
  'Get',
  'Invite',
  'List',
  'Post',
  'Punch',
  'Put',
  'Remove',
  'Rename',
  'Replace',
  'Resend',
  'Run',
  'Save',
  'Search',
  'Send',
  'Set',
  'Start',
  'Stop',
  'Subscribe',
  'Trigger',
  'Undo',
  'Unsubscribe',
  'Update',
  'Upload',
  'Validate',
];
const verbFirst = new RegExp(`^(${verbs.join('|')})(?=[A-Z]|$)`);

/** What an operation is called and how it describes itself. */
export const operationRules: readonly SubjectRule<Definition>[] = [
  perOperation(
    {
      id: 'operation.id',
      level: 'warning',
      source: sources.connectorTexts,
      help: 'Name the operation in PascalCase with letters and digits, a verb first: ListAlerts.',
    },
    ({ operationId }) => {
      if (!operationId) return ['operationId', 'is missing'];
      if (!/^[A-Z][A-Za-z0-9]*$/.test(operationId)) return ['operationId', `"${operationId}" is not PascalCase`];
      return verbFirst.test(operationId) ? undefined : ['operationId', `"${operationId}" does not start with a verb`];
    },
  ),
  {
    id: 'operation.unique-id',
    level: 'error',
    source: sources.openApi,
    help: 'Give each operation an id of its own; case does not distinguish.',
    check: (definition) => {
      const all = operationsOf(definition);
      const key = ({ value }: OperationAt) => value.operationId?.toLowerCase();
      return all
        .filter((operation, index) => all.findIndex((other) => key(other) === key(operation)) < index)
        .map(({ pointer, value }) => ({
          pointer: below(pointer, 'operationId'),
          message: `"${value.operationId}" is taken`,
        }));
    },
  },
  perOperation(
    {
      id: 'operation.summary',
      level: 'warning',
      source: sources.connectorTexts,
      help: 'Write the name of the action in sentence case, at most 80 characters, without slash; a trigger starts with "When".',
    },
    (operation) => {
      const problem = summaryProblem(operation);
      return problem === undefined ? undefined : ['summary', problem];
    },
  ),
  perOperation(
    {
      id: 'operation.description',
      level: 'warning',
      source: sources.connectorTexts,
      help: 'Say in sentences what the operation does, other than the summary does.',
    },
    ({ description, summary }) => {
      const problem = descriptionProblem(description, summary);
      return problem === undefined ? undefined : ['description', problem];
    },
  ),
  {
    id: 'operation.unique-summary',
    level: 'warning',
    source: sources.connectorTexts,
    help: 'Give each operation a summary of its own: people choose by it.',
    check: (definition) => {
      const all = operationsOf(definition);
      return all
        .filter(({ value }, index) => all.findIndex((other) => other.value.summary === value.summary) < index)
        .map(({ pointer, value }) => ({ pointer: below(pointer, 'summary'), message: `"${value.summary}" is taken` }));
    },
  },
  perOperation(
    {
      id: 'operation.deprecation',
      level: 'warning',
      source: sources.connectorExtensions,
      help: 'Add x-ms-api-annotation with family and revision, so that designers offer the successor.',
    },
    (operation) => {
      const { family, revision } = operation['x-ms-api-annotation'] ?? {};
      if (operation.deprecated !== true || (family !== undefined && revision !== undefined)) return undefined;
      return ['deprecated', 'has no family and revision beside it'];
    },
  ),
];

function perOperation(
  rule: Omit<SubjectRule<Definition>, 'check'>,
  problem: (operation: Operation) => readonly [member: string, message: string] | undefined,
): SubjectRule<Definition> {
  const check = (definition: Definition) =>
    operationsOf(definition).flatMap(({ pointer, value }) => {
      const found = problem(value);
      return found === undefined ? [] : [{ pointer: below(pointer, found[0]), message: found[1] }];
    });
  return { ...rule, check };
}

function summaryProblem({ summary, 'x-ms-trigger': trigger }: Operation): string | undefined {
  if (!summary) return 'is missing';
  if (summary.length > 80) return `has ${summary.length} characters`;
  if (summary.includes('/')) return `"${summary}" contains a slash`;
  if (!/^[A-Za-z0-9].*[A-Za-z0-9]$/.test(summary)) return `"${summary}" does not start and end with a letter or digit`;
  if (!isSentenceCase(summary)) return `"${summary}" is not in sentence case`;
  const startsWithWhen = summary.startsWith('When ');
  if (trigger !== undefined && !startsWithWhen)
    return `"${summary}" is the name of a trigger and does not start with "When"`;
  return trigger === undefined && startsWithWhen ? `"${summary}" sounds like a trigger` : undefined;
}
