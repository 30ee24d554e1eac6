import type { KqlNode } from '../parser.ts';
import type { Exposure, Protection } from './exposure.ts';
import type { Table } from './table.ts';

/** What a name of `let`, of a parameter or of `as` stands for. */
export type Binding =
  | { readonly table: Table }
  | { readonly value: Exposure }
  | { readonly body: KqlNode; readonly parameters: readonly string[]; readonly scope: Scope };

/** The names that are known at one place of the query, and what the config protects. */
export interface Scope {
  readonly protection: Protection;
  readonly names: Map<string, Binding>;
}

export function innerScope({ protection, names }: Scope): Scope {
  return { protection, names: new Map(names) };
}
