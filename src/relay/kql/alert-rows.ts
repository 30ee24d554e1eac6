import type { ShownRows } from './rows.ts';

/** The rows of one alert's query, or why there are none. */
export interface AlertRows extends ShownRows {
  /** Title of the alert. */
  readonly alert: string;
  /** Why rows are missing; with rows: they are not all. */
  readonly error?: string;
}
