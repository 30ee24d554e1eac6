import { unescapeStep } from '../../domain/json-pointer.ts';
import { compile } from '../../wdl/compile.ts';
import { WdlError } from '../../wdl/errors.ts';
import { parseTemplate } from '../../wdl/parse.ts';
import { printExpression } from '../../wdl/print.ts';
import { expressionsOf, type Reference } from '../../wdl/references.ts';
import type { InitializeVariableAction, SetVariableAction } from '../../wdl/types.ts';
import type { Limits } from '../limits.ts';
import { type ActionNode, ancestors, descendants, type WorkflowModel } from '../model.ts';
import { referencesOfAction } from '../references.ts';
import { runsAfter } from '../run-order.ts';
import { variableType } from '../variables.ts';
import { listNames, problem, type WorkflowProblem } from './problem.ts';

/** Expressions that cannot be parsed, and references to names that do not exist. */
export function nameProblems(model: WorkflowModel, limits: Limits): WorkflowProblem[] {
  return [
    ...model.nodes.flatMap((node) => expressionProblems(node)),
    ...model.nodes.flatMap((node) => referenceProblems(node, model)),
    ...variableProblems(model, limits),
  ];
}

function expressionProblems({ name, action, pointer }: ActionNode): WorkflowProblem[] {
  const found = referencesOfAction(action);
  const unreadable = found.errors.map((one) => expressionProblem(name, `${pointer}${one.pointer}`, one.error));
  if (unreadable.length > 0) return unreadable;
  const pointers = new Set(found.functions.map((one) => one.pointer));
  return [...pointers].flatMap((at) => {
    const error = compileError(valueAt(action, at));
    return error ? [expressionProblem(name, `${pointer}${at}`, error)] : [];
  });
}

/** Unknown functions and wrong numbers of arguments, which the service also finds before a run. */
function compileError(text: unknown): WdlError | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    for (const expression of expressionsOf(parseTemplate(text))) compile(expression, printExpression(expression));
    return undefined;
  } catch (error) {
    if (error instanceof WdlError) return error;
    throw error;
  }
}

function expressionProblem(name: string, pointer: string, error: WdlError): WorkflowProblem {
  const { excerpt, remedy } = error.details;
  const message = `An expression of '${name}' cannot be used: ${error.message}${excerpt ? `\n${excerpt}` : ''}`;
  return problem('expression', pointer, message, remedy);
}

function valueAt(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, step) => {
      const key = unescapeStep(step);
      return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
    }, root);
}

function referenceProblems(node: ActionNode, model: WorkflowModel): WorkflowProblem[] {
  const { actions, loops, parameters } = referencesOfAction(node.action);
  return [
    ...distinct(actions).flatMap((one) => actionReference(node, one, model)),
    ...distinct(loops).flatMap((one) => loopReference(node, one)),
    ...distinct(parameters).flatMap((one) => parameterReference(node, one, model)),
  ];
}

function distinct(references: readonly Reference[]): Reference[] {
  const seen = new Map(references.map((one) => [`${one.function} ${one.name}`.toLowerCase(), one]));
  return [...seen.values()];
}

function actionReference(node: ActionNode, { name, pointer, function: via }: Reference, model: WorkflowModel) {
  const target = model.byId.get(name.toLowerCase());
  const at = `${node.pointer}${pointer}`;
  if (!target) {
    return [
      problem(
        'unknown-action',
        at,
        `The action '${name}' that '${node.name}' refers to is not defined in the workflow.`,
        `Actions: ${listNames(model.nodes.map((one) => one.name))}.`,
      ),
    ];
  }
  if (isVisible(node, target)) return [];
  if (via.toLowerCase() === 'result' && ancestors(node).includes(target)) return [];
  return [
    problem(
      'not-in-run-after-path',
      at,
      `The inputs of template action '${node.name}' cannot reference action '${target.name}'. Action '${target.name}' must either be in 'runAfter' path, or within a scope action on the 'runAfter' path of action '${node.name}', or be a Trigger.`,
      `Let '${node.name}' run after '${target.name}', or after the action that contains it.`,
    ),
  ];
}

/**
 * Whether an action has certainly ended when another one starts, because it or one of its containers is among the predecessors.
 */
function isVisible(node: ActionNode, target: ActionNode): boolean {
  if (node === target) return true;
  if (node.type === 'Until' && descendants(node).includes(target)) return true;
  const way = [target, ...ancestors(target)];
  for (let at: ActionNode | undefined = node; at; at = at.parent) {
    const own = at;
    const sibling = way.find((one) => one.branch === own.branch);
    if (sibling) return sibling !== own && runsAfter(own, sibling);
  }
  return false;
}

function loopReference(node: ActionNode, { name, pointer, function: via }: Reference): WorkflowProblem[] {
  const around = [...(node.type === 'Until' ? [node] : []), ...ancestors(node)];
  if (around.some((one) => one.id === name.toLowerCase() && (one.type === 'Foreach' || one.type === 'Until')))
    return [];
  return [
    problem(
      'unknown-loop',
      `${node.pointer}${pointer}`,
      `'${node.name}' uses ${via}('${name}'), but no loop of that name is around it.`,
      `Loops around it: ${listNames(around.filter(({ type }) => type === 'Foreach' || type === 'Until').map((one) => one.name))}.`,
    ),
  ];
}

function parameterReference(node: ActionNode, { name, pointer }: Reference, model: WorkflowModel): WorkflowProblem[] {
  const declared = Object.keys(model.definition.parameters ?? {});
  if (declared.some((one) => one.toLowerCase() === name.toLowerCase())) return [];
  return [
    problem(
      'unknown-parameter',
      `${node.pointer}${pointer}`,
      `'${node.name}' uses the parameter '${name}', which the workflow does not declare.`,
      `Declared: ${listNames(declared)}.`,
    ),
  ];
}

const UPDATES = new Set([
  'SetVariable',
  'IncrementVariable',
  'DecrementVariable',
  'AppendToArrayVariable',
  'AppendToStringVariable',
]);

function variableProblems(model: WorkflowModel, limits: Limits): WorkflowProblem[] {
  const problems: WorkflowProblem[] = [];
  const declared = new Map<string, string>();
  for (const node of model.nodes) {
    if (node.type !== 'InitializeVariable') continue;
    const { variables } = (node.action as InitializeVariableAction).inputs;
    for (const [index, { name, type }] of (Array.isArray(variables) ? variables : []).entries()) {
      const at = `${node.pointer}/inputs/variables/${index}`;
      const first = declared.get(String(name).toLowerCase());
      if (first !== undefined) {
        problems.push(
          problem(
            'variable-twice',
            at,
            `The variable '${name}' is initialized twice: by '${first}' and by '${node.name}'.`,
            'Change it with Set variable.',
          ),
        );
      }
      if (!variableType(type)) {
        problems.push(
          problem(
            'variable-type',
            `${at}/type`,
            `The variable '${name}' has the type '${String(type)}', which there is not.`,
            'Types are string, integer, float, boolean, array and object.',
          ),
        );
      }
      declared.set(String(name).toLowerCase(), node.name);
    }
  }
  if (declared.size > limits.variables) {
    problems.push(
      problem('limit', '/actions', `The workflow has ${declared.size} variables; the limit is ${limits.variables}.`),
    );
  }
  for (const node of model.nodes) {
    const { variables } = referencesOfAction(node.action);
    const used = UPDATES.has(node.type) ? String((node.action as SetVariableAction).inputs?.name ?? '') : undefined;
    for (const { name, pointer } of [
      ...distinct(variables),
      ...(used === undefined || used.includes('@') ? [] : [{ name: used, pointer: '/inputs/name' }]),
    ]) {
      if (declared.has(name.toLowerCase())) continue;
      const message = `'${node.name}' uses the variable '${name}', which no Initialize variable action creates.`;
      problems.push(
        problem(
          'unknown-variable',
          `${node.pointer}${pointer}`,
          message,
          `Variables: ${listNames([...declared.keys()])}.`,
        ),
      );
    }
    if (node.type === 'SetVariable' && variables.some(({ name }) => name.toLowerCase() === used?.toLowerCase())) {
      problems.push(
        problem(
          'self-reference',
          `${node.pointer}/inputs/value`,
          `The inputs of workflow run action '${node.name}' of type 'SetVariable' are not valid. Self reference is not supported when updating the value of variable '${used}'.`,
          'Use Append to string variable, Append to array variable or Increment variable, or compose the new value first.',
        ),
      );
    }
  }
  return problems;
}
