import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { Signl4Store } from './store.ts';

export interface Signl4Setting {
  readonly store: Signl4Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What `X-S4-Api-Key` must hold. */
  readonly apiKey: string;
}
