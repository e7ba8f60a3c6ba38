import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { EngineError, type EngineResult, type SqlEngine } from '../../aws/emulators/athena/index.ts';
import { trinoStatement } from './athena-statements.ts';
import type { TrinoAnswer } from './shared-trino.ts';
import { runStatement, TrinoError } from './trino-statement.ts';

export interface TrinoEngine extends SqlEngine {
  /** Where the server's REST protocol is. */
  url: string;
  /** The most stages that a statement was cut into so far, and that statement: Athena refuses more than 150. */
  mostStages(): { stages: number; sql: string };
}

/** Has the Trino of this run serve a folder, and waits until it does: it may have to be fetched and started first. */
async function urlOfTrino(folder: string): Promise<string> {
  for (;;) {
    const asked = await fetch(`${inject('trino')}?${new URLSearchParams({ folder })}`);
    const answer = (await asked.json()) as TrinoAnswer;
    if ('error' in answer) throw new Error(answer.error);
    if ('url' in answer) return answer.url;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Trino as the engine behind the local Athena endpoint, over a folder in which `s3://bucket/key` is the file `bucket/key`.
 * The server is that of the whole run and serves one folder at a time, the one that was asked for last.
 */
export async function openTrino({ folder }: { folder: string }): Promise<TrinoEngine> {
  mkdirSync(folder, { recursive: true });
  const url = await urlOfTrino(folder);
  let most = { stages: 0, sql: '' };

  const perform = async (sql: string, database: string | null, catalog = 'hive'): Promise<EngineResult> => {
    try {
      const { columns, rows, stages } = await runStatement(url, sql, { catalog, schema: database });
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
    url,
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
      const result = await perform(text, database, statement.catalog);
      for (const more of statement.further ?? []) await perform(more, database, statement.catalog);
      return result;
    },
    // The server goes on: the next file needs it.
    close: async () => {},
  };
}

/** Athena names types without their precision, but for decimals. */
const athenaType = (type: string) => (type.startsWith('decimal') ? type : type.replace(/\(\d+\)/, ''));
