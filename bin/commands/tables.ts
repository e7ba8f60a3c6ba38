import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { columnMeanings, describeTables } from '../../lib/pipeline/table-guide.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { say, UserError } from './context.ts';

const left = (title: string) => ({ title, align: 'left' as const });

/** Lists the tables, or the columns of one. */
export async function showTables(directory: ShopDirectory, name?: string): Promise<void> {
  const tables = describeTables();
  if (name === undefined) {
    say(
      textTable(
        [left('Table'), left('Made in'), left('What it holds')],
        tables.map((table) => [table.name, table.folder, table.grain]),
      ),
    );
    return;
  }
  const table = tables.find((each) => each.name === name);
  if (!table)
    throw new UserError(
      `There is no table "${name}". The tables are: ${tables.map((each) => each.name).join(', ')}`,
    );
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    const meanings = columnMeanings();
    const columns = await published.query(`DESCRIBE ${table.name}`);
    say(`${table.grain}\nKey: ${table.key.join(', ')}\n`);
    say(
      textTable(
        [left('Column'), left('Type'), left('Meaning')],
        columns.map((column) => [
          String(column.column_name),
          String(column.column_type).toLowerCase(),
          meanings.get(String(column.column_name)) ?? '',
        ]),
      ),
    );
  } finally {
    reader.close();
  }
}
