import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError, type EngineResult, type SqlEngine } from '../../aws/emulators/athena/index.ts';
import { trinoStatement } from './athena-statements.ts';
import { startTrinoProcess } from './trino-process.ts';
import { runStatement, TrinoError } from './trino-statement.ts';

export interface TrinoEngine extends SqlEngine {
  /** Where the server's REST protocol is. */
  url: string;
  /** The most stages that a statement was cut into so far, and that statement: Athena refuses more than 150. */
  mostStages(): { stages: number; sql: string };
}

/**
 * Starts a Trino as the engine behind the local Athena endpoint, over a folder in which `s3://bucket/key` is the file
 * `bucket/key`. It takes about 15 seconds.
 */
export async function startTrino({ folder }: { folder: string }): Promise<TrinoEngine> {
  mkdirSync(folder, { recursive: true });
  const server = await startTrinoProcess(folder);
  let most = { stages: 0, sql: '' };

  const perform = async (sql: string, database: string | null, catalog = 'hive'): Promise<EngineResult> => {
    try {
      const { columns, rows, stages } = await runStatement(server.url, sql, { catalog, schema: database });
      if (stages > most.stages) most = { stages, sql };
      return { columns: columns.map(({ name, type }) => ({ name, type: athenaType(type) })), rows };
    } catch (error) {
      if (error instanceof TrinoError) throw new EngineError(error.errorName, error.message);
      throw error;
    }
  };

  /** Hive's own CASCADE stops at tables that are Iceberg's. */
  const emptySchema = async (schema: string) => {
    const { rows } = await perform(
      `SELECT table_name, table_type FROM hive.information_schema.tables WHERE table_schema = '${schema}'`,
      null,
    );
    for (const [table, type] of rows) {
      await perform(`DROP ${type === 'VIEW' ? 'VIEW' : 'TABLE'} IF EXISTS hive."${schema}"."${table}"`, null);
    }
  };

  return {
    url: server.url,
    mostStages: () => most,
    async run(sql, { database, parameters }) {
      const statement = trinoStatement(sql, database);
      if (statement.folder)
        mkdirSync(join(folder, statement.folder.replace(/^s3:\/\//, '')), { recursive: true });
      if (statement.emptied) await emptySchema(statement.emptied);
      const text =
        parameters.length === 0
          ? statement.sql
          : `EXECUTE IMMEDIATE '${statement.sql.replaceAll("'", "''")}' USING ${parameters.join(', ')}`;
      return perform(text, database, statement.catalog);
    },
    close: () => server.close(),
  };
}

/** Athena names types without their precision, but for decimals. */
const athenaType = (type: string) => (type.startsWith('decimal') ? type : type.replace(/\(\d+\)/, ''));
