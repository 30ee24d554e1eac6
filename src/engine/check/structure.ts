import { pointerStep } from '../../domain/json-pointer.ts';
import { type Action, type Actions, isJsonObject, type WorkflowDefinition } from '../../wdl/types.ts';
import type { Limits } from '../limits.ts';
import { contents, knownType, properState } from '../model.ts';
import { startOrder } from '../start-order.ts';
import { actionLimitProblems, caseProblems, limitProblems } from './limits.ts';
import { listNames, problem, type WorkflowProblem } from './problem.ts';
import { actionShapeProblems, definitionShapeProblems } from './shapes.ts';

const RUN_AFTER_STATES = new Set(['Succeeded', 'Failed', 'Skipped', 'TimedOut']);

/**
 * Problems in the structure of a definition: required members, types, unique names, `runAfter`, limits. Without problems, the
 * tree can be built.
 */
export function structureProblems(definition: WorkflowDefinition, limits: Limits): WorkflowProblem[] {
  const problems: WorkflowProblem[] = [];
  if (!isJsonObject(definition.triggers) || Object.keys(definition.triggers).length === 0) {
    problems.push(problem('no-trigger', '/triggers', 'The workflow has no trigger.', 'Give it one under "triggers".'));
  }
  problems.push(...definitionShapeProblems(definition), ...limitProblems(definition, limits));
  if (!isJsonObject(definition.actions)) {
    problems.push(
      problem('no-actions', '/actions', 'The workflow has no "actions".', 'Write {} where there are none.'),
    );
    return problems;
  }
  const walk = new Walk(limits, problems);
  walk.list(definition.actions, '/actions', 0, false);
  if (walk.count > limits.actions) {
    problems.push(
      problem('limit', '/actions', `The workflow has ${walk.count} actions; the limit is ${limits.actions}.`),
    );
  }
  return problems;
}

/** The names in one list of actions, as written and in lower case. */
interface Siblings {
  readonly names: readonly string[];
  readonly ids: ReadonlySet<string>;
}

class Walk {
  count = 0;
  readonly #limits: Limits;
  readonly #problems: WorkflowProblem[];
  readonly #seen = new Map<string, string>();

  constructor(limits: Limits, problems: WorkflowProblem[]) {
    this.#limits = limits;
    this.#problems = problems;
  }

  list(actions: Actions, pointer: string, depth: number, isInLoop: boolean): void {
    const names = Object.keys(actions);
    const siblings = { names, ids: new Set(names.map((name) => name.toLowerCase())) };
    for (const [name, action] of Object.entries(actions)) {
      this.count++;
      this.#action(name, action, siblings, `${pointer}${pointerStep(name)}`, depth, isInLoop);
    }
    this.#cycles(actions, pointer);
  }

  #action(name: string, action: Action, siblings: Siblings, at: string, depth: number, isInLoop: boolean): void {
    if (!isJsonObject(action)) {
      this.#add('shape', at, `The action '${name}' is not an object.`);
      return;
    }
    this.#name(name, at);
    const type = knownType(action.type);
    if (!type) {
      const written = (action as { type?: unknown }).type;
      this.#add(
        'unsupported-type',
        `${at}/type`,
        written === undefined ? `The action '${name}' has no type.` : unsupported(name, String(written)),
        written === undefined ? undefined : 'Run the rest of the workflow without it.',
      );
    } else {
      this.#required(name, type, action, at);
      this.#problems.push(...actionShapeProblems(name, action, at));
      this.#problems.push(...actionLimitProblems(name, action, at, this.#limits));
      if (type === 'Response' && isInLoop) {
        this.#add('response-in-loop', at, `The Response '${name}' is inside a loop; the service refuses that.`);
      }
      if (type === 'InitializeVariable' && depth > 0) {
        this.#add(
          'variable-not-at-top',
          at,
          `The action '${name}' initializes a variable inside another action; that is possible at the top level only.`,
          'Move it out, and set the variable here with Set variable.',
        );
      }
      this.#content(name, type, action, at, depth, isInLoop);
    }
    this.#runAfter(name, action, siblings, at);
  }

  #content(name: string, type: Action['type'], action: Action, at: string, depth: number, isInLoop: boolean): void {
    const inside = contents(type, action);
    if (inside.length === 0) return;
    if (depth + 1 > this.#limits.nesting) {
      this.#add('limit', at, `'${name}' is nested deeper than ${this.#limits.nesting} levels, which is the limit.`);
      return;
    }
    const cases = inside.filter(({ key }) => key.startsWith('case:')).length;
    if (cases > this.#limits.switchCases) {
      this.#add('limit', at, `The Switch '${name}' has ${cases} cases; the limit is ${this.#limits.switchCases}.`);
    }
    if (type === 'Switch') this.#problems.push(...caseProblems(name, 'cases' in action ? action.cases : {}, at));
    for (const { actions, at: below } of inside) {
      this.list(actions, `${at}${below}`, depth + 1, isInLoop || type === 'Foreach' || type === 'Until');
    }
  }

  #name(name: string, at: string): void {
    const other = this.#seen.get(name.toLowerCase());
    if (other !== undefined) {
      this.#add(
        'duplicate-name',
        at,
        `The name '${name}' is used twice, here and at ${other}.`,
        'Give one another name.',
      );
    } else this.#seen.set(name.toLowerCase(), at);
    if (name.length > this.#limits.nameCharacters) {
      this.#add('limit', at, `The name '${name}' is longer than ${this.#limits.nameCharacters} characters.`);
    }
  }

  #required(name: string, type: Action['type'], action: Action, at: string): void {
    const members = action as unknown as Record<string, unknown>;
    for (const path of REQUIRED[type] ?? []) {
      const [first = '', second] = path.split('.');
      const value =
        second === undefined ? members[first] : (members[first] as Record<string, unknown> | undefined)?.[second];
      if (value === undefined) {
        this.#add(
          'missing-property',
          at,
          `The ${type} action '${name}' lacks '${path}'.`,
          `Add "${path.split('.').at(-1)}".`,
        );
        return;
      }
    }
  }

  #runAfter(name: string, action: Action, siblings: Siblings, at: string): void {
    const runAfter: unknown = action.runAfter ?? {};
    if (!isJsonObject(runAfter)) {
      this.#add('run-after', `${at}/runAfter`, `The 'runAfter' of '${name}' is not an object.`);
      return;
    }
    for (const [before, states] of Object.entries(runAfter)) {
      const pointer = `${at}/runAfter${pointerStep(before)}`;
      if (!siblings.ids.has(before.toLowerCase())) {
        this.#add(
          'run-after',
          pointer,
          `The 'runAfter' of action '${name}' names '${before}', which does not exist at the same level.`,
          `Actions at this level: ${listNames(siblings.names.filter((sibling) => sibling !== name))}.`,
        );
      } else if (before.toLowerCase() === name.toLowerCase()) {
        this.#add('run-after', pointer, `The action '${name}' runs after itself.`);
      }
      const list = Array.isArray(states) ? states : [];
      const wrong = list.find((state) => !RUN_AFTER_STATES.has(properState(String(state))));
      if (list.length === 0 || wrong !== undefined) {
        this.#add(
          'run-after',
          pointer,
          list.length === 0
            ? `The 'runAfter' of '${name}' gives no state for '${before}'.`
            : `The 'runAfter' of '${name}' waits for the state '${String(wrong)}' of '${before}', which there is not.`,
          'States are Succeeded, Failed, Skipped and TimedOut.',
        );
      }
    }
  }

  /** Actions that wait for each other never start. */
  #cycles(actions: Actions, pointer: string): void {
    const left = new Map<string, string>();
    for (const [name, action] of Object.entries(actions)) {
      if (isJsonObject(action)) left.set(name.toLowerCase(), name);
    }
    const before = [...left].map(([id, name]) => {
      const runAfter: unknown = actions[name]?.runAfter;
      return [id, isJsonObject(runAfter) ? Object.keys(runAfter).map((one) => one.toLowerCase()) : []] as const;
    });
    for (const id of startOrder(new Map(before)).order) left.delete(id);
    if (left.size > 1) {
      this.#add('run-after', pointer, `These actions wait for one another: ${listNames([...left.values()])}.`);
    }
  }

  #add(code: string, pointer: string, message: string, remedy?: string): void {
    this.#problems.push(problem(code, pointer, message, remedy));
  }
}

/** Actions that use maps, schemas and partners of an integration account ("Enterprise integration"). */
const ON_INTEGRATION_ACCOUNT =
  /^(XmlValidation|XmlParse|XmlCompose|FlatFile(De|En)coding|IntegrationAccount\w*|As2\w*|X12\w*|Edifact\w*|RosettaNet\w*|Swift\w*)$/i;

function unsupported(name: string, type: string): string {
  const why = ON_INTEGRATION_ACCOUNT.test(type)
    ? 'which needs an integration account with its maps, schemas or partners: this engine has none'
    : 'which this engine cannot run';
  return `The action '${name}' is of type '${type}', ${why}.`;
}

/** Members that the service requires when a workflow is saved. */
const REQUIRED: Readonly<Partial<Record<Action['type'], readonly string[]>>> = {
  InitializeVariable: ['inputs.variables'],
  SetVariable: ['inputs.name', 'inputs.value'],
  IncrementVariable: ['inputs.name'],
  DecrementVariable: ['inputs.name'],
  AppendToArrayVariable: ['inputs.name', 'inputs.value'],
  AppendToStringVariable: ['inputs.name', 'inputs.value'],
  ParseJson: ['inputs.content', 'inputs.schema'],
  Select: ['inputs.from', 'inputs.select'],
  Query: ['inputs.from', 'inputs.where'],
  Join: ['inputs.from', 'inputs.joinWith'],
  Table: ['inputs.from', 'inputs.format'],
  Http: ['inputs.method', 'inputs.uri'],
  ApiConnection: ['inputs.host', 'inputs.method', 'inputs.path'],
  ApiConnectionWebhook: ['inputs.host', 'inputs.path'],
  HttpWebhook: ['inputs.subscribe'],
  Workflow: ['inputs.host'],
  SendToBatch: ['inputs.host', 'inputs.batchName', 'inputs.content'],
  Function: ['inputs.function'],
  JavaScriptCode: ['inputs.code'],
  Liquid: ['kind', 'inputs.content'],
  Xslt: ['inputs.content'],
  Wait: ['inputs'],
  Response: ['inputs.statusCode'],
  Terminate: ['inputs.runStatus'],
  If: ['expression'],
  Switch: ['expression'],
  Foreach: ['foreach'],
  Until: ['expression'],
};
