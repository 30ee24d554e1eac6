import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/**
 * Puts the code of the parser's thread, bundled with the parser, as a text in the place of src/relay/kql/worker-code.ts: a
 * bundle that starts the thread needs no second file.
 */
export const parserWorker: Plugin = {
  name: 'parser-worker',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]kql[/\\]worker-code\.ts$/ }, async () => ({
      contents: `const code = ${JSON.stringify(await workerText())};\nexport const workerCode = () => ({ code, isText: true });\n`,
      loader: 'js',
    }));
  },
};

/** CommonJS: that is what a worker takes as a text. */
async function workerText(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../', import.meta.url)),
    entryPoints: ['src/relay/kql/parser-worker.ts'],
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
