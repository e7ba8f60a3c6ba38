import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // They need Chromium, or Java and Python, and have configurations of their own.
    exclude: [...configDefaults.exclude, 'tests/browser/**', 'tests/ci/**'],
    // What hangs is found out, and nothing is timed: a machine may be busy with other work.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/dt-sql-parser/] } },
  },
});
