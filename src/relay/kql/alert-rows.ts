import type { ShownRows } from './rows.ts';

/** The rows of one alert's query, or why there are none. */
export interface AlertRows extends ShownRows {
  /** Title of the alert. */
  readonly alert: string;
  /** Why rows are missing; if there are rows, why some are missing. */
  readonly error?: string;
}
