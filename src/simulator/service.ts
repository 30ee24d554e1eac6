import type { Clock } from './clock.ts';
import { applyFault, type Faults } from './faults.ts';
import type { Handler, ServiceName } from './http.ts';
import type { RequestLog } from './request-log.ts';

/** What every service of one world shares. */
export interface Surroundings {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** Puts the log and the faults of the world in front of a service, whose work the clock waits for. */
export function inWorld(name: ServiceName, handle: Handler, { clock, faults, log }: Surroundings): Handler {
  const serve: Handler = async (request) => {
    const entry = await log.open(name, request, clock.now());
    const fault = faults.take(name, request);
    try {
      const response = fault ? await applyFault(fault, request, handle, clock) : await handle(request);
      await log.close(entry, response, clock.now());
      return response;
    } catch (error) {
      log.fail(entry, error, clock.now());
      throw error;
    }
  };
  return (request) => clock.track(() => serve(request));
}
