import { UpstreamError } from '../upstream.ts';

/**
 * Whether a failed call to SIGNL4 certainly wrote nothing and may succeed later: too many calls, or an API key that is not valid
 * yet.
 */
export function wasNotWritten(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return error.kind === 'throttled' || error.kind === 'denied' || error.status === 503;
}
