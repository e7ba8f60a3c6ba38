// The plain baseline: a process that opens DuckDB through its Node client, runs one query, and reads its rows. It has
// nothing of this project, so that nothing of it is slowed down.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , sql, threads, spill] = process.argv;
const instance = await DuckDBInstance.create(':memory:', { threads, temp_directory: spill });
const connection = await instance.connect();
const rows = await connection.runAndReadAll(sql);
process.stdout.write(`${rows.currentRowCount} rows\n`);
