/**
 * Types of a Consumption workflow definition, as Microsoft.Logic/workflows stores it under `properties.definition`.
 * Sources: "Schema reference guide for the Workflow Definition Language in Azure Logic Apps" and "Schema reference guide
 * for trigger and action types"; JSON Schema 2016-06-01 of Microsoft.Logic.
 *
 * An `Expression` is a string that the runtime evaluates (`@…` or `@{…}`); wherever the service accepts an expression in
 * place of a number or a boolean, the type says so.
 */
import type { Actions } from './definition/actions.ts';
import type { ActionStatus } from './definition/settings.ts';
import type { Trigger } from './definition/triggers.ts';
import type { Json, JsonObject } from './json.ts';

export type * from './definition/actions.ts';
export type * from './definition/settings.ts';
export type * from './definition/triggers.ts';

export type { Json, JsonObject } from './json.ts';
export { isJsonObject } from './json.ts';

export const WORKFLOW_SCHEMA =
  'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#';

/** `properties.definition` of a workflow resource. */
export interface WorkflowDefinition {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly parameters?: Readonly<Record<string, WorkflowParameter>>;
  readonly staticResults?: Readonly<Record<string, StaticResult>>;
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly actions: Actions;
  readonly outputs?: Readonly<Record<string, WorkflowOutput>>;
  readonly description?: string;
  readonly metadata?: JsonObject;
}

export type ParameterType = 'String' | 'SecureString' | 'Int' | 'Float' | 'Bool' | 'Array' | 'Object' | 'SecureObject';

/** Declared parameter. `defaultValue` left out: the resource must give a value in `properties.parameters`. */
export interface WorkflowParameter {
  readonly type: ParameterType | Lowercase<ParameterType>;
  readonly defaultValue?: Json;
  readonly allowedValues?: readonly Json[];
  readonly metadata?: { readonly description?: string; readonly [name: string]: Json | undefined };
}

/** Output of the whole run: the last value of the expression. */
interface WorkflowOutput {
  readonly type: ParameterType | Lowercase<ParameterType>;
  readonly value: Json;
  readonly description?: string;
}

/** Mocked outcome of an action, chosen with `runtimeConfiguration.staticResult`. */
interface StaticResult {
  readonly status: ActionStatus;
  readonly code?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly outputs?: Json;
}
