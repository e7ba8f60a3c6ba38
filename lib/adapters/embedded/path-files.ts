/** What `ropo attribute` needs of the engine, in one load. */
export { openEngine } from './duckdb.ts';
export { rowTexts } from './row-texts.ts';
export { openTouches } from './touch-rows.ts';
