import type { ArmParameter } from './template.ts';

/** A parameter that people must fill in, unless there is a default. */
export function text(description: string, defaultValue?: string): ArmParameter {
  return { type: 'string', ...(defaultValue !== undefined && { defaultValue }), metadata: { description } };
}

/** A choice of yes or no; no where nothing is said. */
export function flag(description: string, defaultValue = false): ArmParameter {
  return { type: 'bool', defaultValue, metadata: { description } };
}
