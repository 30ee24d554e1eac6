import { defineConfig } from 'vitest/config';

/** The unit tests that hold the folders which mutation testing changes (stryker.config.json). */
export default defineConfig({
  test: {
    include: ['test/{config,rules,relay,respond}/**/*.test.ts', 'test/cli/{build,run}*.test.ts'],
    exclude: ['test/relay/process.test.ts'],
    testTimeout: 30_000,
  },
});
