import type { GateOptions, GateVerdict } from './judge.ts';
import { createParserThread, type ParserThread } from './parser-thread.ts';
import { textRules } from './text-rules.ts';

/** Time limit of the parser for one query; the slowest of 2,000 public rules takes a tenth of it. */
const CHECK_MS = 2_000;

let thread: ParserThread | undefined;

/** Thread shared by all gates of this process; started on first use or by {@link prepareGate}. */
function parserThread(): ParserThread {
  thread ??= createParserThread(CHECK_MS);
  return thread;
}

/** Loads the parser in its thread, so that the first query does not have to wait. */
export function prepareGate(): void {
  parserThread();
}

/** Ends the thread; the next query starts another. */
export async function closeGate(): Promise<void> {
  const ending = thread;
  thread = undefined;
  await ending?.close();
}

/**
 * Decides with Microsoft's parser whether the text is exactly one query, which only reads the workspace it is sent to, and adds
 * `| take <maxRows>`. Line ends are normalised before checking, and the checked text is what is returned. Runs in its own thread,
 * so a query blocks others for at most {@link CHECK_MS}. Never rejects.
 */
export function passQuery(query: string, options: GateOptions, signal?: AbortSignal): Promise<GateVerdict> {
  return passThrough(parserThread, query, options, signal);
}

/** The same with any thread; `threadOf` is not called if the query is refused earlier. */
export async function passThrough(
  threadOf: () => ParserThread,
  query: string,
  options: GateOptions,
  signal?: AbortSignal,
): Promise<GateVerdict> {
  const text = query.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  for (const { rule, broken } of textRules) {
    const reason = broken(text);
    if (reason !== undefined) return { passes: false, rule, reason };
  }
  return threadOf().judge(text, options, signal);
}
