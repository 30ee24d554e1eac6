/**
 * Where the code of the parser's thread is: beside this file. The bundler puts a module in place of this one that has the
 * code as a string (tools/thread-code-plugin.ts), so that one file stays one file.
 */
export function threadCode(): { readonly code: URL | string; readonly isText: boolean } {
  return { code: new URL('./parser-worker.ts', import.meta.url), isText: false };
}
