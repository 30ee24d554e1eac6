import type { ArmScope } from '../scope.ts';
import { type ArmObject, type ArmValue, argumentError, isArmObject, Placeholder, typeNameOf } from '../value.ts';

/** A template function: how many arguments it takes, and what it makes of them. */
export interface ArmFunction {
  readonly least: number;
  readonly most: number;
  apply(args: readonly ArmValue[], scope: ArmScope, name: string): ArmValue;
}

export type ArmFunctions = Readonly<Record<string, ArmFunction>>;

export const ANY_NUMBER = Number.POSITIVE_INFINITY;

export function fn(least: number, most: number, apply: ArmFunction['apply']): ArmFunction {
  return { least, most, apply };
}

/** The text of an argument; a placeholder reads as itself. */
export function textArg(args: readonly ArmValue[], index: number, name: string): string {
  const value = args[index];
  if (typeof value === 'string') return value;
  if (value instanceof Placeholder) return value.toString();
  throw argumentError(name, `expects a string as argument ${index + 1}, not ${typeNameOf(value)}`);
}

export function numberArg(args: readonly ArmValue[], index: number, name: string): number {
  const value = args[index];
  if (typeof value === 'number') return value;
  throw argumentError(name, `expects an integer as argument ${index + 1}, not ${typeNameOf(value)}`);
}

export function booleanArg(value: ArmValue | undefined, index: number, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw argumentError(name, `expects a boolean as argument ${index + 1}, not ${typeNameOf(value)}`);
}

export function arrayArg(args: readonly ArmValue[], index: number, name: string): readonly ArmValue[] {
  const value = args[index];
  if (Array.isArray(value)) return value as readonly ArmValue[];
  throw argumentError(name, `expects an array as argument ${index + 1}, not ${typeNameOf(value)}`);
}

export function objectArg(args: readonly ArmValue[], index: number, name: string): ArmObject {
  const value = args[index];
  if (isArmObject(value)) return value;
  throw argumentError(name, `expects an object as argument ${index + 1}, not ${typeNameOf(value)}`);
}

export function isArray(value: ArmValue | undefined): value is readonly ArmValue[] {
  return Array.isArray(value);
}
