import { createInterface } from 'node:readline';

/** A conversation on the terminal: one reader for all questions, so that lines typed ahead are not lost. */
export interface Terminal {
  /** The answer without its line end; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** `interrupted` is called at Ctrl-C, which a reader would take for the end of input. */
export function openTerminal(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  interrupted: () => void,
): Terminal {
  const reader = createInterface({ input, output });
  reader.on('SIGINT', interrupted);
  const lines = reader[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      reader.setPrompt(`${question} `);
      reader.prompt();
      const line = await lines.next();
      return line.done ? undefined : line.value;
    },
    close: () => reader.close(),
  };
}
