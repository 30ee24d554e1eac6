import { holdsPlaceholder } from '../../../arm-expressions/value.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { compile } from '../../../wdl/compile.ts';
import { WdlError } from '../../../wdl/errors.ts';
import { parseTemplate } from '../../../wdl/parse.ts';
import { printExpression } from '../../../wdl/print.ts';
import { expressionsOf, references } from '../../../wdl/references.ts';
import { nameIn, objectAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

/** The engine's problem codes, by the rule that reports them. */
const engineRules: readonly (Omit<SubjectRule<WorkflowSubject>, 'check'> & { readonly codes: readonly string[] })[] = [
  {
    id: 'workflow.shape',
    codes: [
      'shape',
      'no-actions',
      'no-trigger',
      'missing-property',
      'unsupported-type',
      'variable-type',
      'switch-case',
    ],
    level: 'error',
    source: sources.actionTypes,
    help: 'Complete the definition: the service refuses to save it like this.',
  },
  {
    id: 'workflow.run-after',
    codes: ['run-after'],
    level: 'error',
    source: sources.wdl,
    help: 'Let runAfter name actions of the same level, each with states, and no action wait for itself.',
  },
  {
    id: 'workflow.duplicate-name',
    codes: ['duplicate-name'],
    level: 'error',
    source: sources.actionTypes,
    help: 'Rename one: names are unique in the whole workflow, whatever their casing.',
  },
  {
    id: 'workflow.expression',
    codes: ['expression'],
    level: 'error',
    source: sources.functions,
    help: 'Correct the expression: the service refuses it.',
  },
  {
    id: 'workflow.unknown-action',
    codes: ['unknown-action'],
    level: 'error',
    source: sources.functions,
    help: 'Refer to an action of this workflow.',
  },
  {
    id: 'workflow.not-run-before',
    codes: ['not-in-run-after-path'],
    level: 'error',
    source: sources.functions,
    help: 'Let the action run after the one it reads from, or after the container of that one.',
  },
  {
    id: 'workflow.unknown-loop',
    codes: ['unknown-loop'],
    level: 'error',
    source: sources.functions,
    help: 'Use items() and iterationIndexes() inside the loop they name.',
  },
  {
    id: 'workflow.unknown-parameter',
    codes: ['unknown-parameter'],
    level: 'error',
    source: sources.wdl,
    help: 'Declare the parameter in the definition.',
  },
  {
    id: 'workflow.unknown-variable',
    codes: ['unknown-variable'],
    level: 'error',
    source: sources.actionTypes,
    help: 'Initialize the variable at the top level before it is used.',
  },
  {
    id: 'workflow.variable',
    codes: ['variable-twice', 'self-reference'],
    level: 'error',
    source: sources.actionTypes,
    help: 'Initialize each variable once, and do not read it where it is set.',
  },
  {
    id: 'workflow.variable-not-at-top',
    codes: ['variable-not-at-top'],
    level: 'error',
    source: sources.actionTypes,
    help: 'Initialize variables at the top level; set them inside.',
  },
  {
    id: 'workflow.response-in-loop',
    codes: ['response-in-loop'],
    level: 'error',
    source: sources.actionTypes,
    help: 'Respond after the loop: the service refuses a Response inside one.',
  },
  {
    id: 'workflow.limit',
    codes: ['limit'],
    level: 'error',
    source: sources.limits,
    help: 'Divide the workflow: the service refuses to save it.',
  },
];

/** Action types that the service knows and the engine does not: some of those that need an integration account. */
const SERVICE_TYPES =
  /^(XmlValidation|FlatFile(?:Decoding|Encoding)|IntegrationAccountArtifactLookup|RosettaNetEncode|As2(?:Encode|Decode)|X12(?:Encode|BatchEncode|Decode)|Edifact(?:Encode|BatchEncode|Decode)|Swift(?:Encode|Decode))$/i;

/** Whether the type at a pointer is one that the service takes. */
function isServiceType(definition: JsonObject, pointer: string): boolean {
  return SERVICE_TYPES.test(textAtPointer(definition, pointer));
}

/**
 * Whether a string contains a value that is only known at deployment, `parameters(Name)`, so that it cannot be checked before.
 */
function isOpen(definition: JsonObject, pointer: string): boolean {
  return holdsPlaceholder(textAtPointer(definition, pointer));
}

function textAtPointer(definition: JsonObject, pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const value = steps.reduce<Json | undefined>(
    (inside, name) => (inside as Record<string, Json> | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
    definition,
  );
  return typeof value === 'string' ? value : '';
}

export const workflowDefinitionRules: readonly SubjectRule<WorkflowSubject>[] = [
  ...engineRules.map(({ codes, ...rule }) => ({
    ...rule,
    check: ({ problems, definition }: WorkflowSubject) =>
      problems
        .filter(({ code, pointer }) => !/unsupported-type$/.test(code) || !isServiceType(definition, pointer))
        .filter(({ code }) => codes.includes(code.replace('workflow.', '')))
        .filter(({ code, pointer }) => code !== 'workflow.expression' || !isOpen(definition, pointer))
        .map(({ pointer, message, remedy }) => ({ pointer, message, ...(remedy !== undefined && { help: remedy }) })),
  })),
  {
    id: 'workflow.trigger-expression',
    level: 'error',
    source: sources.wdl,
    help: 'Correct the expression: triggers and outputs see parameters and the trigger, outputs the actions as well.',
    check: ({ definition }) => [
      ...Object.entries(objectAt(definition, 'triggers')).flatMap(([name, trigger]) =>
        isJsonObject(trigger)
          ? outsideProblems(triggerParts(trigger), `/triggers${pointerStep(name)}`, definition, true)
          : [],
      ),
      ...outsideProblems(objectAt(definition, 'outputs'), '/outputs', definition, false),
    ],
  },
];

/** Codes that the rules above report; a test holds that the engine has no others. @public for that test */
export const reportedCodes: readonly string[] = engineRules.flatMap(({ codes }) => codes);

/** The members of a trigger that are evaluated; its request schema may contain names with "@". */
function triggerParts(trigger: JsonObject): JsonObject {
  const { description: _, inputs, ...rest } = trigger;
  if (inputs === undefined || !isJsonObject(inputs)) return rest;
  const { schema: __, ...evaluated } = inputs;
  return { ...rest, inputs: evaluated };
}

function outsideProblems(part: JsonObject, base: string, definition: JsonObject, isTrigger: boolean): Violation[] {
  const found = references(part);
  const declared = objectAt(definition, 'parameters');
  const problems = [
    ...found.errors.map(({ pointer, error }) => ({ pointer: base + pointer, message: error.message })),
    ...textsOf(part, base).flatMap(({ pointer, text }) => unusable(text).map((message) => ({ pointer, message }))),
    ...found.parameters
      .filter(({ name }) => nameIn(declared, name) === undefined)
      .map(({ name, pointer }) => ({ pointer: base + pointer, message: `the parameter "${name}" is not declared` })),
    ...(isTrigger ? found.actions : [])
      .filter(({ function: via }) => via.toLowerCase() !== 'result')
      .map(({ name, pointer }) => ({ pointer: base + pointer, message: `a trigger cannot read the action "${name}"` })),
    ...(isTrigger ? [] : found.actions)
      .filter(({ name }) => !actionNames(definition['actions']).has(name.toLowerCase()))
      .map(({ name, pointer }) => ({ pointer: base + pointer, message: `there is no action "${name}"` })),
  ];
  return problems.filter(({ pointer }) => !isOpen(definition, pointer));
}

/** Unknown functions and wrong numbers of arguments. */
function unusable(text: string): string[] {
  if (!text.includes('@')) return [];
  try {
    for (const expression of expressionsOf(parseTemplate(text))) compile(expression, printExpression(expression));
    return [];
  } catch (error) {
    if (!(error instanceof WdlError)) throw error;
    return error.reason === 'wdl.syntax' || error.reason === 'wdl.limit' ? [] : [error.message];
  }
}

function actionNames(actions: Json | undefined): Set<string> {
  const names = new Set<string>();
  for (const [name, action] of Object.entries(objectAt(actions))) {
    names.add(name.toLowerCase());
    const lists = [
      objectAt(action, 'actions'),
      objectAt(action, 'else', 'actions'),
      objectAt(action, 'default', 'actions'),
    ];
    const cases = Object.values(objectAt(action, 'cases')).map((one) => objectAt(one, 'actions'));
    for (const list of [...lists, ...cases]) for (const inner of actionNames(list)) names.add(inner);
  }
  return names;
}
