import { typeName, type WdlTypeName, type WdlValue } from '../wdl/values.ts';

/** Types of variables, as the service's messages name them. */
export type VariableTypeName = Exclude<WdlTypeName, 'Null'>;

export interface Variable {
  readonly name: string;
  readonly type: VariableTypeName;
  value: WdlValue;
  /** Whether the value may be shared with something else and must not be modified in place. */
  isShared: boolean;
}

const TYPES: Readonly<Record<string, VariableTypeName>> = {
  string: 'String',
  integer: 'Integer',
  int: 'Integer',
  float: 'Float',
  boolean: 'Boolean',
  bool: 'Boolean',
  array: 'Array',
  object: 'Object',
};

export function variableType(type: unknown): VariableTypeName | undefined {
  return TYPES[String(type).toLowerCase()];
}

/** Types of values accepted by a variable type; null is accepted by all. */
function acceptedTypes(type: VariableTypeName): readonly VariableTypeName[] {
  return type === 'Float' ? ['Float', 'Integer'] : [type];
}

/** Why a variable cannot hold a value; undefined if it can. */
export function variableMismatch({ name, type }: Pick<Variable, 'name' | 'type'>, value: WdlValue): string | undefined {
  const found = typeName(value);
  if (found === 'Null' || acceptedTypes(type).includes(found)) return undefined;
  return `The variable '${name}' of type '${type}' cannot be initialized or updated with value of type '${found}'. The variable '${name}' only supports values of types '${acceptedTypes(type).join(', ')}'.`;
}
