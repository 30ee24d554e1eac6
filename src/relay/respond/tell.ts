import { UpstreamError } from '../upstream.ts';

/** Whether a failed call to SIGNL4 wrote nothing for certain, and may succeed later: too many calls, a key that is not right yet. */
export function wasNotWritten(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return error.kind === 'throttled' || error.kind === 'denied' || error.status === 503;
}
