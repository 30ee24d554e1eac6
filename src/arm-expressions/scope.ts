import type { Json } from '../wdl/types.ts';
import type { ArmValue } from './value.ts';

/** Where a template would be deployed; the stand-ins for what only Azure knows. */
export interface Deployment {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly deploymentName: string;
  /** For `utcNow()`, milliseconds since 1970. */
  readonly time: number;
  /** Left out: what only a deployment is told stays a placeholder. */
  readonly azure?: AzureAnswers;
}

/** What Azure tells a deployment that really takes place. Both throw for a resource that does not exist. */
export interface AzureAnswers {
  /** The resource, or its `properties` alone unless `isFull`. */
  reference(resourceId: string, isFull: boolean): ArmValue;
  /** `listKeys`, `listCallbackUrl`, … of a resource. */
  list(operation: string, resourceId: string): ArmValue;
}

/** A deployment that never happens: fixed ids, so the same template gives the same workflow everywhere. */
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
  /** Names of the parameters without a value that have been read so far, of templates around it, too: each reads as a placeholder. */
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
