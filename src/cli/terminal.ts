import { createInterface } from 'node:readline';
import { Interrupted } from './interrupted.ts';

/** A conversation on the terminal: one reader for all questions, so that lines typed ahead are not lost. */
export interface Terminal {
  /**
   * The answer without its line end; undefined at the end of input (Ctrl-D).
   * @throws Interrupted at Ctrl-C
   */
  ask(question: string): Promise<string | undefined>;
  /** Ctrl-C: ends the question that waits for an answer; false where none does. */
  interrupt(): boolean;
  close(): void;
}

/** `interrupted` is called at Ctrl-C while no question waits, which a reader would take for the end of input. */
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
        // The cursor is still behind the question.
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

/** Broken between words where the terminal is narrow; a word that is too long for it breaks where the terminal breaks it. 0: not known. */
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
