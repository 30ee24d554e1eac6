import { Ajv, type ErrorObject } from 'ajv';
import type { ConfigProblem, Path } from '../../config/problem.ts';
import { isJsonObject, type Json } from '../../domain/json.ts';
import { pointerNames } from '../../domain/json-pointer.ts';
import { nearest, unknownNameRemedy } from '../../domain/text.ts';
import { scenarioSchema } from './schema.ts';
import type { Node } from './schema-nodes.ts';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false, verbose: true }).compile(
  scenarioSchema,
);

/** Where a scenario differs from its schema, in the words of its author. */
export function shapeProblems(root: Json): readonly ConfigProblem[] {
  return validate(root) ? [] : (validate.errors ?? []).flatMap((error) => explain(error) ?? []);
}

type Explain = (
  error: Required<Pick<ErrorObject, 'params' | 'data' | 'parentSchema'>>,
  path: Path,
) => Omit<ConfigProblem, 'path'> & { path?: Path };

const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: ({ params, parentSchema }, path) => {
    const key = String(params['additionalProperty']);
    const known = Object.keys((parentSchema as Node).properties ?? {});
    return {
      code: 'scenario.unknown-key',
      message: `there is no key "${key}" here`,
      at: 'key',
      path: [...path, key],
      remedy: unknownNameRemedy(key, known),
    };
  },
  required: ({ params, parentSchema }) => {
    const key = String(params['missingProperty']);
    const description = (parentSchema as Node).properties?.[key]?.description ?? '';
    return {
      code: 'scenario.missing',
      message: `"${key}" is missing`,
      at: 'key',
      remedy: `Add "${key}: …" (${description})`,
    };
  },
  enum: ({ data, parentSchema }) => {
    const allowed = (parentSchema as Node).enum ?? [];
    const guess = typeof data === 'string' ? nearest(data, allowed.map(String)) : undefined;
    const remedy = guess ? `Did you mean "${guess}"?` : `Write one of ${allowed.join(', ')}.`;
    return { code: 'scenario.value', message: `${shown(data)} is not possible here`, at: 'value', remedy };
  },
  type: ({ data, parentSchema }) => {
    const types = [(parentSchema as Node).type ?? []].flat();
    return {
      code: 'scenario.type',
      message: `expected ${types.map((type) => typeNames[type] ?? type).join(' or ')}, got ${shown(data)}`,
      at: 'value',
    };
  },
  pattern: noDuration,
  minItems: () => ({ code: 'scenario.empty', message: 'the list is empty', at: 'value' }),
  minimum: outOfRange,
  maximum: outOfRange,
};

function noDuration({ data }: Parameters<Explain>[0]): Omit<ConfigProblem, 'path'> {
  return {
    code: 'scenario.duration',
    message: `${shown(data)} is not a duration`,
    at: 'value',
    remedy: 'Write a number with its unit: 90s, 4m, 1h30m.',
  };
}

function outOfRange({ data, parentSchema, ...rest }: Parameters<Explain>[0]): Omit<ConfigProblem, 'path'> {
  if ((parentSchema as Node).pattern !== undefined) return noDuration({ data, parentSchema, ...rest });
  const { minimum = 0, maximum } = parentSchema as Node;
  const range = maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return {
    code: 'scenario.range',
    message: `${shown(data)} is out of range`,
    at: 'value',
    remedy: `Choose a number ${range}.`,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a section',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
};

function explain({ keyword, instancePath, params, data, parentSchema }: ErrorObject): ConfigProblem | undefined {
  const path = pathOf(instancePath);
  const explanation = explanations[keyword]?.({ params, data, parentSchema: parentSchema ?? {} }, path);
  return explanation && { ...explanation, path: explanation.path ?? path };
}

/** A JSON Pointer as a path. */
function pathOf(pointer: string): Path {
  return pointerNames(pointer).map((name) => (/^\d+$/.test(name) ? Number(name) : name));
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'a section' : JSON.stringify(value).slice(0, 60);
}
