import type { Json } from '../wdl/types.ts';
import type { ArmValue } from './value.ts';

/** The target of a deployment, and placeholders for what only Azure knows. */
export interface Deployment {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly deploymentName: string;
  /** For `utcNow()`, milliseconds since 1970. */
  readonly time: number;
  /** Default: values that only a deployment gets remain placeholders. */
  readonly azure?: AzureAnswers;
}

/** Azure's answers for an actual deployment. Both methods throw for a resource that does not exist. */
export interface AzureAnswers {
  /** The resource, or its `properties` alone unless `isFull`. */
  reference(resourceId: string, isFull: boolean): ArmValue;
  /** `listKeys`, `listCallbackUrl`, … of a resource. */
  list(operation: string, resourceId: string): ArmValue;
}

/** A deployment that never takes place: ids are fixed, so that the same template always gives the same workflow. */
export const offlineDeployment: Deployment = {
  subscriptionId: '00000000-0000-0000-0000-000000000000',
  tenantId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'offline',
  location: 'westeurope',
  deploymentName: 'offline',
  time: Date.UTC(2026, 0, 10, 8),
};

/** What the functions of an expression can reach. */
export interface ArmScope {
  readonly deployment: Deployment;
  parameter(name: string): ArmValue;
  variable(name: string): ArmValue;
  /** A function of the template's own, `contoso.uniqueName`; undefined where there is none. */
  userFunction(name: string): UserFunction | undefined;
  /**
   * Names of parameters without a value that have been read so far, including those of enclosing templates: each reads as a
   * placeholder.
   */
  readonly standIns?: ReadonlySet<string>;
  /** Arguments of the enclosing lambda, by name. */
  readonly lambda?: ReadonlyMap<string, ArmValue>;
  /** Iteration of the enclosing `copy`, by its name; '' is the innermost. */
  readonly copyIndexes?: ReadonlyMap<string, number>;
}

export interface UserFunction {
  readonly parameters: readonly string[];
  readonly output: Json;
}
