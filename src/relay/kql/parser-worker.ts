import { parentPort } from 'node:worker_threads';
import { type GateOptions, type GateVerdict, judge } from './judge.ts';
import { type KqlParser, loadKqlParser } from './parser.ts';

/* Thread of the parser: sends `ready` once it is loaded and warmed up, then answers queries in order. */

export interface JudgeRequest {
  readonly text: string;
  readonly options: GateOptions;
}

/** The first queries take ten times as long as later ones, until the code they share is compiled. */
const WARM_UP = 'set query_now = now(); let a = 1d; T | where b > ago(a) | summarize c = count() by d | join (U) on d';
const WARM_UPS = 8;

async function main(): Promise<void> {
  const parser = await loadKqlParser();
  for (let n = 0; n < WARM_UPS; n++) judge(WARM_UP, parser, { allowWorkspaces: [], maxRows: 1 });
  parentPort?.on('message', (request: JudgeRequest) => parentPort?.postMessage(verdictOn(request, parser)));
  parentPort?.postMessage('ready');
}

function verdictOn({ text, options }: JudgeRequest, parser: KqlParser): GateVerdict {
  try {
    return judge(text, parser, options);
  } catch (error) {
    // For example recursion in the parser that is too deep.
    const why = error instanceof Error ? error.message : String(error);
    return { passes: false, rule: 'readable', reason: `cannot be read (${why})` };
  }
}

void main();
