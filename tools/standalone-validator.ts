import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { configSchema } from '../src/config/schema.ts';
import { validatorOptions } from '../src/config/validator.ts';

/**
 * Puts ajv's standalone code in the place of src/config/validator.ts: the bundle then neither carries ajv nor spends the
 * tenth of a second that compiling the schema takes.
 */
export const standaloneValidator: Plugin = {
  name: 'standalone-validator',
  setup(build) {
    build.onLoad({ filter: /[/\\]config[/\\]validator\.ts$/ }, () => ({ contents: validatorCode(), loader: 'js' }));
    // The generated code requires ajv's own small runtime, wherever ajv lies.
    const { resolve } = createRequire(import.meta.url);
    build.onResolve({ filter: /^ajv\/dist\/runtime\// }, ({ path }) => ({ path: resolve(path) }));
  },
};

function validatorCode(): string {
  const ajv = new Ajv({ ...validatorOptions, code: { source: true, esm: true } });
  const code = standaloneCode.default(ajv, ajv.compile(configSchema));
  return `${code}\nexport const shapeErrors = (value) => (validate(value) ? [] : (validate.errors ?? []));\n`;
}
