/**
 * Location of the code for the store's thread: beside this file. The bundler replaces this module with one that has the code as a
 * string (tools/thread-code-plugin.ts), so that the bundle remains a single file.
 */
export function threadCode(): { readonly code: URL | string; readonly isText: boolean } {
  return { code: new URL('./store-thread.ts', import.meta.url), isText: false };
}
