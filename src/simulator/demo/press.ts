import { calledAs } from '../../domain/command-line.ts';
import { type PageAction, Refusal } from './actions.ts';
import type { DemoSession } from './session.ts';

/** A line of the config that is wrong. */
export interface ConfigProblem {
  readonly line: number;
  readonly message: string;
}

/** What came of a press; `ok` is false where nothing was done. */
interface Outcome {
  readonly message: string;
  readonly ok: boolean;
  readonly problems: readonly ConfigProblem[];
}

const REMEMBERED = 200;

/**
 * Does what a form asks for, and the same press of a button once: a page sends `once` with it, a text of its own for each press. Who
 * sends it again, as a double click does, gets the answer of the first time.
 */
export function pressOnce(session: DemoSession, commandLine?: string) {
  const known = new Map<string, Promise<Outcome>>();
  return (name: string, action: PageAction, form: FormData): Promise<Outcome> => {
    const work = () => action(session, form);
    if (form.get('once') === null) return outcomeOf(work, commandLine);
    const key = JSON.stringify([name, ...form.entries()]);
    const outcome = known.get(key) ?? outcomeOf(work, commandLine);
    known.set(key, outcome);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? '');
    return outcome;
  };
}

async function outcomeOf(work: () => Promise<string>, commandLine: string | undefined): Promise<Outcome> {
  try {
    return { message: await work(), ok: true, problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problems = error.problems.map(({ message, remedy, where }) => ({
      line: where.line ?? 1,
      message: calledAs([message, remedy].filter(Boolean).join('. '), commandLine),
    }));
    return { message: error.message, ok: false, problems };
  }
}
