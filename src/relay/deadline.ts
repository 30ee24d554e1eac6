import { UpstreamError } from './upstream.ts';

/** The time one request may take, shared among its steps. */
export interface Budget {
  /** Aborts when the whole budget is spent or the caller has disconnected. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /**
   * Runs a step that must end once `share` of the whole budget (0 to 1, counted from the start) is spent. Returns its result, or
   * rejects with a `late` {@link UpstreamError} naming `service`, even if the step ignores its signal. The step also receives its
   * remaining milliseconds.
   */
  by<T>(share: number, service: string, step: (signal: AbortSignal, leftMs: number) => Promise<T>): Promise<T>;
  /** A budget that ends once `share` of this one is spent. */
  upTo(share: number): Budget;
}

export function startBudget(totalMs: number, caller?: AbortSignal): Budget {
  const started = performance.now();
  const spent = AbortSignal.timeout(totalMs);
  const whole = caller ? AbortSignal.any([spent, caller]) : spent;
  const remainingMs = (share = 1) => Math.max(0, Math.round(totalMs * share - (performance.now() - started)));
  return {
    signal: whole,
    remainingMs: () => remainingMs(),
    upTo: (share) => startBudget(remainingMs(share), whole),
    async by(share, service, step) {
      const left = remainingMs(share);
      if (left === 0) throw new UpstreamError(service, 'late');
      const own = AbortSignal.timeout(left);
      return raceAbort(AbortSignal.any([whole, own]), service, (signal) => step(signal, left));
    },
  };
}

async function raceAbort<T>(
  signal: AbortSignal,
  service: string,
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = () => new UpstreamError(service, 'late');
  if (signal.aborted) throw late();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(late());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([step(signal), aborted]);
  } catch (error) {
    // An SDK may report the abort as its own error slightly before ours.
    throw signal.aborted ? late() : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
