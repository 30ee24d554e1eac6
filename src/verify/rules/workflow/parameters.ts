import { isPlaceholderText } from '../../../arm-expressions/value.ts';
import { isJsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { at, nameIn, objectAt, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

const TYPES = ['string', 'securestring', 'int', 'float', 'bool', 'array', 'object', 'secureobject'];
const USED = /\bparameters\(\s*'((?:[^']|'')+)'\s*\)/gi;

/** Parameters of the definition, and their values in the resource. */
export const workflowParameterRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.unused-parameter',
    level: 'warning',
    source: sources.wdl,
    help: 'Use the parameter or remove it: people would set it and nothing would change.',
    check: ({ definition }) => {
      const { parameters: _, ...rest } = definition;
      const used = new Set(
        textsOf(rest).flatMap(({ text }) =>
          [...text.matchAll(USED)].map(([, name = '']) => name.replaceAll("''", "'").toLowerCase()),
        ),
      );
      const keys = JSON.stringify(rest).toLowerCase();
      return Object.keys(objectAt(definition, 'parameters'))
        .filter((name) => !used.has(name.toLowerCase()) && !keys.includes(`parameters('${name.toLowerCase()}')`))
        .map((name) => ({
          pointer: `/parameters${pointerStep(name)}`,
          message: `the parameter "${name}" is never used`,
        }));
    },
  },
  {
    id: 'workflow.parameter-declaration',
    level: 'error',
    source: sources.wdl,
    help: `Give the parameter a type (${TYPES.join(', ')}) and a default of that type.`,
    check: ({ definition }) =>
      Object.entries(objectAt(definition, 'parameters')).flatMap(([name, declaration]) => {
        const type = (textAt(declaration, 'type') ?? '').toLowerCase();
        const pointer = `/parameters${pointerStep(name)}`;
        if (!TYPES.includes(type))
          return [{ pointer: `${pointer}/type`, message: `"${name}" is of type "${at(declaration, 'type') ?? ''}"` }];
        const value = at(declaration, 'defaultValue');
        return value === undefined || isOfType(value, type)
          ? []
          : [{ pointer: `${pointer}/defaultValue`, message: `the default of "${name}" is no ${type}` }];
      }),
  },
  {
    id: 'workflow.parameter-value',
    level: 'error',
    source: sources.wdl,
    help: 'Give every parameter without a default a value in properties.parameters, and only those that the definition declares.',
    check: ({ definition, values }) => {
      if (values === undefined) return [];
      const declared = objectAt(definition, 'parameters');
      return [
        ...Object.entries(declared)
          .filter(
            ([name, one]) =>
              name !== '$connections' && at(one, 'defaultValue') === undefined && nameIn(values, name) === undefined,
          )
          .map(([name]) => ({
            pointer: `/parameters${pointerStep(name)}`,
            message: `the parameter "${name}" has neither a default nor a value`,
          })),
        ...Object.keys(values)
          .filter((name) => name !== '$connections' && nameIn(declared, name) === undefined)
          .map((name) => ({
            pointer: '/parameters',
            message: `the resource gives a value to "${name}", which the definition does not declare`,
          })),
      ];
    },
  },
  {
    id: 'workflow.secret-default',
    level: 'warning',
    source: sources.securing,
    help: 'Leave the default out, and give the value in properties.parameters from a securestring of the template.',
    check: ({ definition }) =>
      Object.entries(objectAt(definition, 'parameters'))
        .filter(([, one]) => /^secure/i.test(textAt(one, 'type') ?? '') && !isEmpty(at(one, 'defaultValue')))
        .map(([name]) => ({
          pointer: `/parameters${pointerStep(name)}/defaultValue`,
          message: `the secret "${name}" has a default, which everybody can read in the definition`,
        })),
  },
];

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
    case 'securestring':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value) || isStandIn(value);
    case 'float':
      return typeof value === 'number' || isStandIn(value);
    case 'bool':
      return typeof value === 'boolean' || isStandIn(value);
    case 'array':
      return Array.isArray(value) || isStandIn(value);
    default:
      return isJsonObject(value) || isStandIn(value);
  }
}

/** Placeholder for a value that only a deployment knows. */
function isStandIn(value: unknown): boolean {
  return typeof value === 'string' && isPlaceholderText(value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (isJsonObject(value) && Object.keys(value).length === 0);
}
