import type { Plugin } from 'esbuild';

/** What the source takes from packages that are large and that most commands never call: XML, XPath and time zones. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@xmldom/xmldom': ['DOMParser'],
  xpath: ['select'],
  luxon: ['IANAZone', 'DateTime', 'Duration'],
};

const NAMES = new RegExp(`^(?:${Object.keys(PACKAGES).join('|')})$`);

/** Puts stand-ins in the place of their exports, which load the package when they are called for the first time. */
export const lazyPackages: Plugin = {
  name: 'lazy-packages',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: NAMES }, ({ path, kind, resolveDir }) =>
      kind === 'import-statement' ? { path, namespace: 'lazy', pluginData: resolveDir } : undefined,
    );
    onLoad({ filter: /./, namespace: 'lazy' }, ({ path, pluginData }) => ({
      contents: [
        `const load = () => require(${JSON.stringify(path)});`,
        ...(PACKAGES[path] ?? []).map((name) => `export const ${name} = ${standIn(`load().${name}`)};`),
      ].join('\n'),
      loader: 'js',
      resolveDir: pluginData as string,
    }));
  },
};

/** Can be called, constructed and asked for its members, as what it stands for. */
function standIn(real: string): string {
  return `new Proxy(function () {}, {
    apply: (_, self, args) => Reflect.apply(${real}, self, args),
    construct: (_, args) => Reflect.construct(${real}, args),
    get: (_, name) => ${real}[name],
  })`;
}
