import { relayFromHere } from '../relay-in-azure.ts';
import type { DoctorContext } from './context.ts';
import { type Check, failure, ok, skipped } from './finding.ts';

/** If clocks differ by more, notifications count as late or forged; tokens and signatures fail a little later. */
const MOST_MS = 5 * 60_000;

/** Compares this machine's clock and the relay's with Azure's, from the Date header that every answer has. */
export const clockCheck: Check<DoctorContext> = {
  id: 'clock',
  async run(context) {
    const { live } = context;
    const azure = await timeOf(live.arm.endpoint, context);
    if (azure === undefined) return [skipped('Azure does not say what time it is')];
    const clocks = [{ whose: 'this machine', ahead: context.now() - azure }];
    if (live.config.relay.url !== '') {
      const relay = await timeOf(`${relayFromHere(live)}/health/live`, context);
      if (relay !== undefined) clocks.push({ whose: 'the relay', ahead: relay - azure });
    }
    return clocks.map(({ whose, ahead }) => {
      if (Math.abs(ahead) <= MOST_MS) return ok(`the clock of ${whose} is right`);
      const minutes = Math.round(Math.abs(ahead) / 60_000);
      return failure(
        `the clock of ${whose} is ${minutes} minutes ${ahead > 0 ? 'fast' : 'slow'}`,
        'Let the machine take its time from a time server (NTP).',
      );
    });
  },
};

async function timeOf(url: string, { fetch }: DoctorContext): Promise<number | undefined> {
  try {
    const { headers } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    return Date.parse(headers.get('date') ?? '') || undefined;
  } catch {
    return undefined;
  }
}
