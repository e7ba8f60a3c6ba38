import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../aws/emulators/athena/index.ts';
import { openTrino, type TrinoEngine } from './trino-engine.ts';

/**
 * What functions and operators give on a real Trino. `trino-probes.tests` was collected from documentation and first run
 * on DuckDB with our macros; a real Trino agrees with every one of them. `trino-edges.tests` holds answers of a real Trino
 * at the edges, where it found macros that were wrong, and what DuckDB cannot be taught. Macros that answer wrongly are
 * caught by tests/adapters/athena-dialect.test.ts without Java.
 */
let folder: string;
let trino: TrinoEngine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-probes-'));
  trino = await openTrino({ folder });
});
afterAll(async () => {
  await trino?.close();
  rmSync(folder, { recursive: true, force: true });
});

const probes = (file: string) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.includes(' ## ') && !line.startsWith('--'))
    .map((line) => line.split(' ## ') as [string, string]);

/** Text of Trino's cell in the words of the probes: numbers by value, times without empty fractions. */
function plain(text: string | null, type: string): string | null {
  if (text === null) return null;
  if (type === 'double') return String(Number(text));
  return type.startsWith('timestamp') ? text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : text;
}

/** A value of the probes as Athena would write it. */
const written = (value: unknown): string | null =>
  value === null
    ? null
    : Array.isArray(value)
      ? `[${value.map((one) => written(one) ?? 'null').join(', ')}]`
      : String(value);

describe('a real Trino answers what the probes say', () => {
  test.each([...probes('./trino-probes.tests'), ...probes('./trino-edges.tests')])(
    '%s',
    async (query, expected) => {
      const asked = trino.run(query, { database: null, parameters: [] });
      if (expected === 'refused') {
        await expect(asked).rejects.toBeInstanceOf(EngineError);
        return;
      }
      const { columns, rows } = await asked;
      const cells = rows.map((row) => row.map((cell, at) => plain(cell, columns[at]!.type)));
      const value: unknown = JSON.parse(expected);
      const given = cells.length === 1 && cells[0]!.length === 1 ? cells[0]![0] : written(cells);
      expect(given).toBe(
        typeof value === 'string' && columns[0]!.type.startsWith('timestamp')
          ? plain(value, 'timestamp')
          : written(value),
      );
    },
  );
});
