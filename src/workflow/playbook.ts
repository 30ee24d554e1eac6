import type { Config } from '../config/config.ts';
import type { Workflow } from './workflow.ts';

/** A playbook of the product: its description in the gallery, and its definition as a function of the config. */
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
  /** Only a URL that others call can be restricted to certain addresses; on Sentinel's triggers this would lock Sentinel out. */
  readonly restrictCallers: boolean;
  /** Whether a configuration needs it. Default: all do; only those playbooks are published. */
  readonly isWanted?: (config: Config) => boolean;
  readonly build: (config: Config) => Workflow;
}
