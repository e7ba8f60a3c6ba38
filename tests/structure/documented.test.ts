import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTRACTS, RECORD_KINDS } from '../../lib/domain/contract/index.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';
import { columnMeanings, describeTables } from '../../lib/pipeline/table-guide.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('what is there is documented, and what is documented is there', () => {
  let shop: TemporaryShop;
  let columns: { table: string; column: string }[];

  beforeAll(async () => {
    shop = await temporaryShop();
    const manifest = await shop.shop.build();
    const built = new Set(manifest.tables.map(({ name }) => name));
    // Asked once: each question opens all tables anew.
    const rows = await shop.ask('SELECT table_name, column_name FROM information_schema.columns');
    columns = rows
      .map((row) => ({ table: String(row.table_name), column: String(row.column_name) }))
      .filter(({ table }) => built.has(table));
    expect(new Set(columns.map(({ table }) => table))).toEqual(built);
  });
  afterAll(() => shop.remove());

  test('an empty shop builds', () => {
    expect(columns.length).toBeGreaterThan(200);
  });

  test('every column of every table has a meaning, and no meaning is left over', () => {
    const meanings = columnMeanings();
    expect(columns.filter(({ column }) => !meanings.has(column))).toEqual([]);
    const used = new Set(columns.map(({ column }) => column));
    expect([...meanings.keys()].filter((column) => !used.has(column))).toEqual([]);
  });

  test('the guide names every table that a build makes', () => {
    const made = new Set(columns.map(({ table }) => table).filter((table) => !table.startsWith('seed_')));
    expect(new Set(describeTables().map(({ name }) => name))).toEqual(made);
  });

  test.each(RECORD_KINDS)(
    'the README names the contract %s, and it is published with its version',
    (kind) => {
      expect(readme).toContain(`\`${kind}\``);
      expect(CONTRACTS[kind].$id).toBe(`ropo/${kind}/1`);
    },
  );

  test('the README names every import format, KPI, published table and command', () => {
    const commands = Array.from(
      readFileSync(join(root, 'bin/ropo.ts'), 'utf8').matchAll(/^\s*command\(\s*'([a-z]+)'/gm),
      ([, name]) => `ropo ${name}`,
    );
    const names = [
      ...Object.keys(FORMATS).map((name) => `\`${name}\``),
      ...KPIS.map(({ name }) => `\`${name}\``),
      ...[
        'touchpoints',
        'sessions',
        'conversions',
        'returns',
        'paths_to_conversion',
        'paths_to_non_conversion',
        'path_counts',
        'credits',
        'ropo_lines',
        'ropo_matches',
        'line_returns',
        'ledger',
        'restatements',
        'channel_daily',
        'ropo_lines',
        'ledger',
        'restatements',
        'data_quality_daily',
        'reconciliation',
      ].map((name) => `\`${name}\``),
      ...commands,
    ];
    expect(commands.length).toBeGreaterThan(8);
    expect(names.filter((name) => !readme.includes(name))).toEqual([]);
  });

  test('every KPI has its query of the same name', () => {
    expect(
      readSqlFolder('queries')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(KPIS.map(({ name }) => name).sort());
  });

  test('every folder of sql/ that the README shows exists', () => {
    const folders = readdirSync(join(root, 'sql'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of folders) expect(readme).toContain(`${name}/`);
  });
});
