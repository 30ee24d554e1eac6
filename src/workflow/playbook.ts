import type { Config } from '../config/config.ts';
import type { Workflow } from './workflow.ts';

/** A playbook of the product: what the gallery says of it, and how it follows from the config. */
export interface Playbook {
  /** Folder, content id and default name; never changes once published. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences for the gallery. */
  readonly description: string;
  readonly prerequisites: readonly string[];
  readonly postDeployment: readonly string[];
  /** Gallery filters: what it does. */
  readonly tags: readonly string[];
  /** Entity kinds it works on, as the gallery spells them; most work on whole incidents and have none. */
  readonly entities: readonly string[];
  /** Only a URL that others call may be closed to other addresses; on Sentinel's own triggers it would lock Sentinel out. */
  readonly restrictCallers: boolean;
  /** Whether a configuration has any use for it. Left out: every one; and only those are published. */
  readonly isWanted?: (config: Config) => boolean;
  readonly build: (config: Config) => Workflow;
}
