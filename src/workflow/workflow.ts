import { type Json, type ParameterType, WORKFLOW_SCHEMA, type WorkflowDefinition } from '../wdl/types.ts';
import { type Connection, sentinelConnection, signl4Connection } from './connection.ts';
import { sequence } from './sequence.ts';
import type { Step } from './step.ts';
import type { NamedTrigger } from './triggers.ts';

/** A choice of the user: a parameter of the deployment and of the workflow, shown in the designer's parameter pane. */
export interface Choice {
  readonly type: Extract<ParameterType, 'String' | 'SecureString' | 'Int' | 'Bool' | 'Array' | 'Object'>;
  readonly description: string;
  /** Default: none, the deployment must give a value. Empty for an optional secret. */
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly string[];
}

export type Choices = Readonly<Record<string, Choice>>;

/** Workflow parameters derived from the target of the deployment, by name. */
export interface Derived {
  readonly parameters: Readonly<Record<string, { readonly description: string; readonly arm: string }>>;
  /** Parameters of the deployment alone, and variables, that the ARM expressions above use. */
  readonly deployment: { readonly parameters: Choices; readonly variables: Readonly<Record<string, string>> };
}

/** A workflow and what its template must provide. */
export interface Workflow {
  readonly choices: Choices;
  readonly derived: Derived;
  readonly trigger: NamedTrigger;
  readonly steps: readonly Step[];
  readonly connections: readonly Connection[];
  /** Connections in `$connections` that people changed or added, by key; null: removed. */
  readonly connectionValues?: Readonly<Record<string, Json>>;
  readonly definition: WorkflowDefinition;
}

/**
 * Builds a workflow from trigger and steps. Choices that this configuration does not use are left out. Throws if two steps have
 * the same name.
 */
export function workflow(parts: {
  choices: Choices;
  derived?: readonly Derived[];
  trigger: NamedTrigger;
  steps: readonly Step[];
}): Workflow {
  const { trigger, steps } = parts;
  assertUniqueNames(steps);
  const triggers = { [trigger.key]: trigger.definition };
  const actions = sequence(steps, 'top');
  const text = JSON.stringify({ triggers, actions });
  const choices = namedIn(text, parts.choices);
  const derived = usedBy(text, together(parts.derived ?? []));
  const connections = [sentinelConnection, signl4Connection].filter(({ reference }) => text.includes(reference));
  return {
    choices,
    derived,
    trigger,
    steps,
    connections,
    definition: {
      $schema: WORKFLOW_SCHEMA,
      contentVersion: '1.0.0.0',
      parameters: {
        // Without connections the member must be omitted, because Content Hub's packaging would leave it without a value.
        ...(connections.length > 0 && { $connections: { defaultValue: {}, type: 'Object' as const } }),
        ...mapValues(choices, declaration),
        ...mapValues(derived.parameters, (_, { description, arm }) => ({
          type: 'String' as const,
          defaultValue: arm,
          metadata: { description },
        })),
      },
      triggers,
      actions,
      outputs: {},
    },
  };
}

/**
 * The designer edits the default of a parameter, so the deployment's value becomes the default. A secret is passed as a value
 * instead, because definitions can be read.
 */
function declaration(name: string, choice: Choice) {
  const { type, description } = choice;
  const metadata = { description };
  if (type === 'SecureString') return { type, metadata };
  return { type, defaultValue: `[parameters('${name}')]`, metadata };
}

function together(all: readonly Derived[]): Derived {
  return {
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)),
    deployment: {
      parameters: Object.assign({}, ...all.map(({ deployment }) => deployment.parameters)),
      variables: Object.assign({}, ...all.map(({ deployment }) => deployment.variables)),
    },
  };
}

/** The members that expressions in a string read as parameters. */
function namedIn<A>(text: string, members: Readonly<Record<string, A>>): Readonly<Record<string, A>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => text.includes(`parameters('${name}')`)));
}

/** What a workflow reads of what can be derived, and what the deployment needs for that. */
function usedBy(text: string, { parameters, deployment }: Derived): Derived {
  const used = namedIn(text, parameters);
  // Trigger and actions may contain template expressions themselves.
  const arm = [text, ...Object.values(used).map((one) => one.arm)].join('\n');
  const variables = Object.entries(deployment.variables).filter(([name]) => arm.includes(`variables('${name}')`));
  const asked = [arm, ...variables.map(([, value]) => value)].join('\n');
  return {
    parameters: used,
    deployment: { parameters: namedIn(asked, deployment.parameters), variables: Object.fromEntries(variables) },
  };
}

function mapValues<A, B>(object: Readonly<Record<string, A>>, map: (name: string, value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]));
}

function assertUniqueNames(steps: readonly Step[], seen = new Set<string>()): void {
  for (const { key, children } of steps) {
    if (seen.has(key.toLowerCase()))
      throw new TypeError(`two steps are called "${key}"; names are unique in a workflow`);
    seen.add(key.toLowerCase());
    assertUniqueNames(children, seen);
  }
}

/** Every step, outermost first, in the order drawn. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...allSteps(step.children)]);
}
