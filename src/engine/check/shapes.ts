import { pointerStep } from '../../domain/json-pointer.ts';
import { isJsonObject, type WorkflowDefinition } from '../../wdl/types.ts';
import { problem, type WorkflowProblem } from './problem.ts';

const SHAPES = {
  'a list': Array.isArray,
  'a list of objects': (value: unknown) => Array.isArray(value) && value.every(isJsonObject),
  'an object of objects': (value: unknown) => isJsonObject(value) && Object.values(value).every(isJsonObject),
};

type Members = Readonly<Record<string, keyof typeof SHAPES>>;

const SECURED: Members = { 'runtimeConfiguration.secureData.properties': 'a list' };
const OF_TRIGGERS: Members = { conditions: 'a list of objects', ...SECURED };
const OF_PARAMETERS: Members = { allowedValues: 'a list' };

/** Members that a run reads literally, by type in lower case; expressions are not allowed in them. */
const OF_ACTIONS: Readonly<Record<string, Members>> = {
  initializevariable: { 'inputs.variables': 'a list of objects' },
  table: { 'inputs.columns': 'a list of objects' },
  switch: { cases: 'an object of objects' },
};

/** Triggers and parameters with members of the wrong type. */
export function definitionShapeProblems({ triggers, parameters }: WorkflowDefinition): WorkflowProblem[] {
  return [...listProblems('trigger', triggers, OF_TRIGGERS), ...listProblems('parameter', parameters, OF_PARAMETERS)];
}

export function actionShapeProblems(name: string, action: { readonly type: unknown }, at: string): WorkflowProblem[] {
  const members = { ...OF_ACTIONS[String(action.type).toLowerCase()], ...SECURED };
  return memberProblems(`the action '${name}'`, action, members, at);
}

function listProblems(kind: string, list: unknown, members: Members): WorkflowProblem[] {
  return Object.entries(isJsonObject(list) ? list : {}).flatMap(([name, one]) => {
    const at = `/${kind}s${pointerStep(name)}`;
    if (!isJsonObject(one)) return [problem('shape', at, `The ${kind} '${name}' must be an object.`)];
    return memberProblems(`the ${kind} '${name}'`, one, members, at);
  });
}

function memberProblems(subject: string, part: unknown, members: Members, at: string): WorkflowProblem[] {
  return Object.entries(members).flatMap(([path, shape]) => {
    const steps = path.split('.');
    const value = steps.reduce<unknown>((inside, step) => (isJsonObject(inside) ? inside[step] : undefined), part);
    if (value === undefined || value === null || SHAPES[shape](value)) return [];
    return [problem('shape', `${at}/${steps.join('/')}`, `The '${path}' of ${subject} must be ${shape}.`)];
  });
}
