import { createInterface } from 'node:readline';
import { Interrupted } from './interrupted.ts';

/** Questions on the terminal. One reader serves them all, so that lines typed ahead are not lost. */
export interface Terminal {
  /**
   * The answer without its line break; undefined at the end of input (Ctrl-D).
   * @throws Interrupted on Ctrl-C
   */
  ask(question: string): Promise<string | undefined>;
  /** Ctrl-C: ends the pending question; false if there is none. */
  interrupt(): boolean;
  close(): void;
}

/** `interrupted` is called on Ctrl-C while no question is pending, which readline would treat as end of input. */
export function openTerminal(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream & { readonly columns?: number },
  interrupted: () => void,
): Terminal {
  const reader = createInterface({ input, output });
  const lines = reader[Symbol.asyncIterator]();
  let refuse: ((error: Interrupted) => void) | undefined;
  const terminal: Terminal = {
    ask: async (question) => {
      const [last = '', ...above] = wrapped(question, output.columns).toReversed();
      for (const line of above.toReversed()) output.write(`${line}\n`);
      reader.setPrompt(`${last} `);
      reader.prompt();
      const ended = new Promise<never>((_, reject) => {
        refuse = reject;
      });
      try {
        const line = await Promise.race([lines.next(), ended]);
        // The cursor is still at the end of the question.
        if (line.done) output.write('\n');
        return line.done ? undefined : line.value;
      } finally {
        refuse = undefined;
      }
    },
    interrupt: () => {
      if (refuse === undefined) return false;
      output.write('\n');
      refuse(new Interrupted());
      return true;
    },
    close: () => reader.close(),
  };
  reader.on('SIGINT', () => {
    if (!terminal.interrupt()) interrupted();
  });
  return terminal;
}

/** Wraps text at word boundaries; the terminal itself breaks words that are too long. Width 0: not known, no wrapping. */
function wrapped(text: string, width = 0): readonly string[] {
  const columns = width || Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && longer.length > columns - 1) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}
