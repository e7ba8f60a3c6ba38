import { defineConfig } from 'vitest/config';

/** What needs more than Node: a Java for Trino, a Python for second opinions. `npm run test:aws` runs it. */
export default defineConfig({
  test: {
    include: ['tests/ci/**/*.test.ts'],
    globalSetup: ['tests/ci/trino/shared-trino.ts'],
    // A whole build in one hook or test, perhaps on a busy machine.
    testTimeout: 2_400_000,
    hookTimeout: 2_400_000,
    pool: 'forks',
    maxWorkers: 1,
    server: { deps: { inline: [/dt-sql-parser/] } },
  },
});
