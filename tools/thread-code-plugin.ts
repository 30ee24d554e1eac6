import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** The module that a thread runs, by the folder of the `thread-code.ts` that tells where it is. */
const threads: Readonly<Record<string, string>> = { kql: 'parser-worker.ts', store: 'store-thread.ts' };

/**
 * Puts the code of a thread, bundled, as a text in the place of the `thread-code.ts` beside it: a bundle that starts the thread
 * needs no second file. Adds the paths of the modules in it to `inputs`.
 */
export const threadCode = (inputs: Set<string>): Plugin => ({
  name: 'thread-code',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]thread-code\.ts$/ }, async ({ path }) => {
      const folder = dirname(path);
      const module = threads[basename(folder)];
      if (!module) throw new Error(`${path}: no thread is known for this folder`);
      const thread = await bundledOnce(join(folder, module));
      for (const input of thread.inputs) inputs.add(input);
      const code = JSON.stringify(thread.code);
      return { contents: `export const threadCode = () => ({ code: ${code}, isText: true });\n`, loader: 'js' };
    });
  },
});

interface Thread {
  readonly code: string;
  readonly inputs: readonly string[];
}

const threadsSoFar = new Map<string, Promise<Thread>>();

/** The command line and the relay have the same threads. */
function bundledOnce(entryPoint: string): Promise<Thread> {
  const thread = threadsSoFar.get(entryPoint) ?? bundled(entryPoint);
  threadsSoFar.set(entryPoint, thread);
  return thread;
}

/** CommonJS: that is what a worker takes as a text. */
async function bundled(entryPoint: string): Promise<Thread> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entryPoint],
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild gave no output');
  return { code: file.text, inputs: Object.keys(metafile.inputs) };
}
