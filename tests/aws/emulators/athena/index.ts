export { type AthenaEmulator, type AthenaOptions, startAthena } from './athena.ts';
export { openDuckDbEngine } from './duckdb-engine.ts';
export type { Execution, QueryFault } from './executions.ts';
export { EngineError, type EngineResult, type SqlEngine } from './sql-engine.ts';
