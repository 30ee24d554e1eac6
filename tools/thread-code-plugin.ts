import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** The module that a thread runs, by the folder of the `thread-code.ts` that tells where it is. */
const threads: Readonly<Record<string, string>> = { kql: 'parser-worker.ts', store: 'store-thread.ts' };

/** The same, as paths below the repository. */
export const threadModules = Object.entries(threads).map(([folder, module]) => `src/relay/${folder}/${module}`);

/**
 * Puts the code of a thread, bundled, as a text in the place of the `thread-code.ts` beside it: a bundle that starts the thread
 * needs no second file.
 */
export const threadCode: Plugin = {
  name: 'thread-code',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]thread-code\.ts$/ }, async ({ path }) => {
      const folder = dirname(path);
      const module = threads[basename(folder)];
      if (!module) throw new Error(`${path}: no thread is known for this folder`);
      const text = JSON.stringify(await bundled(join(folder, module)));
      return { contents: `export const threadCode = () => ({ code: ${text}, isText: true });\n`, loader: 'js' };
    });
  },
};

/** CommonJS: that is what a worker takes as a text. */
async function bundled(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    write: false,
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
  return file.text;
}
