import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // They need Chromium, or Java and Python, and have configurations of their own.
    exclude: [...configDefaults.exclude, 'tests/browser/**', 'tests/ci/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/dt-sql-parser/] } },
  },
});
