import { createInterface } from 'node:readline';

/** A conversation on the terminal: one reader for all questions, so that lines typed ahead are not lost. */
export interface Terminal {
  /** The answer without its line end; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

export function openTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal {
  const reader = createInterface({ input, output });
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
