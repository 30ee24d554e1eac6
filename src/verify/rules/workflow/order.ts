import type { Json } from '../../../domain/json.ts';
import { type ActionNode, ancestors } from '../../../engine/model.ts';
import { referencesOfAction } from '../../../engine/references.ts';
import { isWrite } from '../../calls.ts';
import { listAt, objectAt, textAt } from '../../json-walk.ts';
import { whyUnreachable } from '../../reachability.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** Characters in names that backend and designer refuse (LogicAppsUX #9307). */
const FORBIDDEN_CHARACTERS = /[<>%&\\?/:#\p{Cc}]/u;

/** Order, names and loops that the service accepts but that cause failures or confuse people. */
export const workflowOrderRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.unreachable',
    level: 'warning',
    source: sources.wdl,
    help: 'Remove the action, or correct its runAfter.',
    check: ({ model }) =>
      model.nodes
        .filter((node) => !ancestors(node).some((around) => whyUnreachable(around) !== undefined))
        .flatMap((node) => {
          const why = whyUnreachable(node);
          return why === undefined
            ? []
            : [{ pointer: `${node.pointer}/runAfter`, message: `"${node.name}" can never run: ${why}` }];
        }),
  },
  {
    id: 'workflow.variable-before-use',
    level: 'warning',
    source: sources.actionTypes,
    help: 'Let the action, or what contains it, run after the one that initializes the variable.',
    check: ({ model }) => {
      const initializers = model.nodes.filter(({ type }) => type === 'InitializeVariable');
      return model.nodes.flatMap((node) =>
        [...variablesOf(node)].flatMap((variable) => {
          const initializer = initializers.find((one) => initializedBy(one).has(variable));
          return initializer === undefined || initializer === node || runsAfter(topOf(node), topOf(initializer))
            ? []
            : [
                {
                  pointer: node.pointer,
                  message: `"${node.name}" may use the variable "${variable}" before "${initializer.name}" initializes it`,
                },
              ];
        }),
      );
    },
  },
  {
    id: 'workflow.action-name',
    level: 'warning',
    source: sources.operationNames,
    help: 'Use letters, digits, blanks or underscores; not <, >, %, &, \\, ?, /, : or #, and no dot or blank at the end.',
    check: ({ model, definition }) => [
      ...Object.keys(objectAt(definition, 'triggers')).flatMap((name) => nameProblem(name, '/triggers')),
      ...model.nodes.flatMap(({ name, pointer }) => nameProblem(name, pointer)),
    ],
  },
  {
    id: 'workflow.terminate-in-loop',
    level: 'error',
    source: sources.actionTypes,
    help: 'Set a variable in the loop and terminate after it: the service refuses Terminate inside a loop.',
    check: ({ model }) =>
      model.nodes
        .filter((node) => node.type === 'Terminate' && loopsAround(node).length > 0)
        .map((node) => ({
          pointer: node.pointer,
          message: `"${node.name}" terminates inside the loop "${loopsAround(node)[0]?.name}"`,
        })),
  },
  {
    id: 'workflow.response-without-request',
    level: 'warning',
    source: sources.actionTypes,
    help: 'Start the workflow with a Request trigger, or remove the Response: nobody waits for it.',
    check: ({ model, definition }) => {
      const triggers = Object.values(objectAt(definition, 'triggers'));
      const isAsked = triggers.some((trigger) => /^request$/i.test(textAt(trigger, 'type') ?? ''));
      return model.nodes
        .filter(({ type }) => type === 'Response' && !isAsked)
        .map(({ name, pointer }) => ({
          pointer,
          message: `"${name}" responds, but the workflow has no Request trigger`,
        }));
    },
  },
  {
    id: 'workflow.until-limit',
    level: 'warning',
    source: sources.actionTypes,
    help: 'Set limit.count (1 to 5,000) and limit.timeout of the Until: the defaults, 60 and one hour, fit by accident only.',
    check: ({ model }) =>
      model.nodes
        .filter(({ type }) => type === 'Until')
        .flatMap(({ name, pointer, action }) => {
          const limit = objectAt(action as unknown as Json, 'limit');
          const count = limit['count'];
          return [
            ...['count', 'timeout']
              .filter((one) => limit[one] === undefined)
              .map((one) => ({ pointer, message: `the loop "${name}" has no limit.${one}` })),
            ...(typeof count === 'number' && (count < 1 || count > 5000)
              ? [{ pointer: `${pointer}/limit/count`, message: `the loop "${name}" has the limit ${count}` }]
              : []),
          ];
        }),
  },
  {
    id: 'workflow.parallel-writes',
    level: 'warning',
    source: sources.actionTypes,
    help: 'Set runtimeConfiguration.concurrency.repetitions to 1, or operationOptions to Sequential: without it 20 iterations run at once.',
    check: ({ model }) =>
      model.nodes
        .filter((node) => node.type === 'Foreach' && !isSequential(node))
        .flatMap((node) => {
          const writer = model.nodes.find((inner) => ancestors(inner).includes(node) && writes(inner));
          return writer === undefined
            ? []
            : [
                {
                  pointer: node.pointer,
                  message: `the loop "${node.name}" runs in parallel, and "${writer.name}" in it writes`,
                },
              ];
        }),
  },
];

function nameProblem(name: string, pointer: string) {
  const found = FORBIDDEN_CHARACTERS.exec(name)?.[0];
  if (found !== undefined)
    return [{ pointer, message: `the name "${name}" has the character ${JSON.stringify(found)}` }];
  return name.trim() !== name || name === '' || name.endsWith('.')
    ? [{ pointer, message: `the name "${name}" ends in a blank or a dot, or is empty` }]
    : [];
}

/** Variables that an action reads or changes, in lower case. */
function variablesOf({ action, type }: ActionNode): Set<string> {
  const changed = /^(Set|Increment|Decrement|AppendTo)/.test(type)
    ? textAt(action as unknown as Json, 'inputs', 'name')
    : undefined;
  const read = referencesOfAction(action).variables.map(({ name }) => name.toLowerCase());
  return new Set([...read, ...(changed === undefined ? [] : [changed.toLowerCase()])]);
}

function initializedBy({ action }: ActionNode): Set<string> {
  return new Set(
    listAt(action as unknown as Json, 'inputs', 'variables').map((one) => (textAt(one, 'name') ?? '').toLowerCase()),
  );
}

function topOf(node: ActionNode): ActionNode {
  return ancestors(node).at(-1) ?? node;
}

function runsAfter(node: ActionNode, before: ActionNode, seen = new Set<ActionNode>()): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  return node.branch.nodes.some((one) => node.runAfter.has(one.id) && (one === before || runsAfter(one, before, seen)));
}

function loopsAround(node: ActionNode): ActionNode[] {
  return ancestors(node).filter(({ type }) => type === 'Foreach' || type === 'Until');
}

function isSequential({ action }: ActionNode): boolean {
  const json = action as unknown as Json;
  return (
    objectAt(json, 'runtimeConfiguration', 'concurrency')['repetitions'] === 1 ||
    /\bSequential\b/i.test(textAt(json, 'operationOptions') ?? '')
  );
}

/** Whether it changes something outside, or variables, which iterations share. */
function writes(node: ActionNode): boolean {
  return /^(Set|Increment|Decrement|AppendTo)/.test(node.type) || isWrite({ node });
}
