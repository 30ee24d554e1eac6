import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/**
 * Puts the code of the store's thread, bundled, as a text in the place of src/relay/store/thread-code.ts: a bundle that starts
 * the thread needs no second file.
 */
export const storeThread: Plugin = {
  name: 'store-thread',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]store[/\\]thread-code\.ts$/ }, async () => ({
      contents: `const code = ${JSON.stringify(await threadText())};\nexport const threadCode = () => ({ code, isText: true });\n`,
      loader: 'js',
    }));
  },
};

/** CommonJS: that is what a worker takes as a text. */
async function threadText(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../', import.meta.url)),
    entryPoints: ['src/relay/store/store-thread.ts'],
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
