import { createRequire } from 'node:module';

/**
 * Loads a file when it is needed, so that each command starts with no more than its own files. By way of require, as
 * the launcher: import would go past it.
 * @example load<typeof import('./serve.ts')>('./commands/serve.ts')
 */
export const load = createRequire(new URL('../ropo.ts', import.meta.url)) as <T>(path: string) => T;
