import type { GateOptions, GateVerdict } from './judge.ts';
import { createParserThread, type ParserThread } from './parser-thread.ts';
import { textRules } from './text-rules.ts';

/** How long one query may keep the parser busy; the slowest of 2,000 public rules takes a tenth of it. */
const CHECK_MS = 2_000;

let thread: ParserThread | undefined;

/** The thread that all gates of this process share; started by the first who needs it, or by {@link prepareGate}. */
function parserThread(): ParserThread {
  thread ??= createParserThread(CHECK_MS);
  return thread;
}

/** Loads the parser in its thread, so that the first query does not wait for it. */
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
 * Decides with Microsoft's parser whether a query is one, and only one, that reads the workspace it is sent to. Adds
 * `| take <maxRows>` to it. The text that was checked is the text that is returned: line ends are normalised before. Runs in
 * a thread of its own: whatever the query is, nothing else waits for it longer than {@link CHECK_MS}. Never rejects.
 */
export function passQuery(query: string, options: GateOptions, signal?: AbortSignal): Promise<GateVerdict> {
  return passThrough(parserThread, query, options, signal);
}

/** The same through any thread; `threadOf` is not called for what is refused before. */
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
