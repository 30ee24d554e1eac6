import { UserError } from '../domain/errors.ts';
import { objectOf } from '../domain/json.ts';
import { pointerStep } from '../domain/json-pointer.ts';
import { findKey } from '../wdl/context.ts';
import { isJsonObject, type Json, type JsonObject } from '../wdl/types.ts';
import { evaluateArm } from './evaluate.ts';
import { declaredParameters, findMember, isAllowed, type ParameterValues, valueOfMissing } from './parameter.ts';
import type { ArmScope, Deployment, UserFunction } from './scope.ts';
import { type ArmValue, Placeholder } from './value.ts';

/**
 * Scope of a template's expressions: parameters (given value or default), variables (evaluated on first use) and user-defined
 * functions. A string parameter without a value reads as the placeholder `parameters(name)`, so that a playbook can run before
 * names and keys are chosen; its name is added to `standIns`, which nested templates share.
 * @throws UserError `arm.parameter`, `arm.variable` when an expression needs them
 */
export function templateScope(
  template: JsonObject,
  given: ParameterValues,
  deployment: Deployment,
  standIns = new Set<string>(),
): ArmScope {
  const declared = declaredParameters(template);
  const definitions = withCopies(objectOf(template['variables']));
  const userFunctions = functionsOf(template['functions']);
  const parameters = new Map<string, ArmValue>();
  const variables = new Map<string, ArmValue>();
  const inProgress = new Set<string>();

  const once = (cache: Map<string, ArmValue>, kind: string, name: string, evaluate: () => ArmValue): ArmValue => {
    const key = name.toLowerCase();
    const known = cache.get(key);
    if (known !== undefined) return known;
    const step = `${kind} '${name}'`;
    if (inProgress.has(step)) {
      throw new UserError('arm.cycle', `The ${step} of the template is defined by itself.`, {
        remedy: `Follow it: ${[...inProgress, step].join(' -> ')}.`,
      });
    }
    inProgress.add(step);
    try {
      const value = evaluate();
      cache.set(key, value);
      return value;
    } finally {
      inProgress.delete(step);
    }
  };

  const scope: ArmScope = {
    deployment,
    standIns,
    userFunction: (name) => userFunctions.get(name.toLowerCase()),
    parameter: (name) =>
      once(parameters, 'parameter', name, () => {
        const declaration = findMember(declared, name);
        if (declaration === undefined) {
          throw new UserError('arm.parameter', `The template has no parameter '${name}'.`, {
            remedy: `It declares: ${Object.keys(declared).join(', ') || 'none'}.`,
          });
        }
        const value = knownValue(name, declaration, given, scope);
        if (value !== undefined) return value;
        const missing = valueOfMissing(name, declared, given);
        if (missing instanceof Placeholder) standIns.add(findKey(declared, name) ?? name);
        return missing;
      }),
    variable: (name) =>
      once(variables, 'variable', name, () => {
        const definition = findMember(definitions, name);
        if (definition === undefined) {
          throw new UserError('arm.variable', `The template has no variable '${name}'.`, {
            remedy: `It defines: ${Object.keys(definitions).join(', ') || 'none'}.`,
          });
        }
        return isVariableCopy(definition)
          ? copyOf(definition.copy, name, scope)
          : evaluateArm(definition, scope, `/variables${pointerStep(name)}`);
      }),
  };
  return scope;
}

/** The given value of a parameter or its default; undefined if it has neither. */
function knownValue(name: string, declaration: Json, given: ParameterValues, scope: ArmScope): ArmValue | undefined {
  const value = findMember(given, name);
  if (value !== undefined) {
    if (isAllowed(declaration, value)) return value;
    const allowed = isJsonObject(declaration) ? (declaration['allowedValues'] as readonly Json[]) : [];
    throw new UserError('arm.parameter', `The value ${JSON.stringify(value)} of parameter '${name}' is not allowed.`, {
      remedy: `Allowed: ${allowed.map((one) => JSON.stringify(one)).join(', ')}.`,
    });
  }
  if (!isJsonObject(declaration) || declaration['defaultValue'] === undefined) return undefined;
  return evaluateArm(declaration['defaultValue'], scope, `/parameters${pointerStep(name)}/defaultValue`);
}

function functionsOf(functions: Json | undefined): Map<string, UserFunction> {
  const found = new Map<string, UserFunction>();
  for (const group of Array.isArray(functions) ? (functions as readonly Json[]) : []) {
    if (!isJsonObject(group)) continue;
    for (const [name, member] of Object.entries(objectOf(group['members']))) {
      if (!isJsonObject(member)) continue;
      const parameters = Array.isArray(member['parameters']) ? (member['parameters'] as readonly Json[]) : [];
      const output = objectOf(member['output'])['value'] ?? null;
      found.set(`${String(group['namespace'])}.${name}`.toLowerCase(), {
        parameters: parameters.map((parameter) => String(objectOf(parameter)['name'])),
        output,
      });
    }
  }
  return found;
}

interface VariableCopy {
  readonly copy: JsonObject;
}

function isVariableCopy(definition: unknown): definition is VariableCopy {
  return isJsonObject(definition) && Object.keys(definition).length === 1 && isJsonObject(definition['copy']);
}

/** `variables.copy` is a list of arrays to make; each becomes a variable of its own. */
function withCopies(variables: JsonObject): JsonObject {
  const copies = variables['copy'];
  if (!Array.isArray(copies)) return variables;
  const { copy: _, ...rest } = variables;
  const made = (copies as readonly Json[])
    .filter(isJsonObject)
    .map((copy) => [String(copy['name']), { copy }] as const);
  return { ...rest, ...Object.fromEntries(made) };
}

function copyOf(copy: JsonObject, name: string, scope: ArmScope): ArmValue {
  const count = evaluateArm(copy['count'] ?? 0, scope);
  if (typeof count !== 'number') throw new UserError('arm.copy', `The copy loop '${name}' has no number as its count.`);
  return Array.from({ length: count }, (_, index) =>
    evaluateArm(copy['input'] ?? null, {
      ...scope,
      copyIndexes: new Map([
        ['', index],
        [name, index],
      ]),
    }),
  );
}
