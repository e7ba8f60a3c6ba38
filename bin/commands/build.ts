import type { WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { describeTables } from '../../lib/pipeline/table-guide.ts';
import type { BuildManifest } from '../../lib/ports.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { say } from './context.ts';
import { progressBar } from './progress.ts';

export async function buildShop(shop: WritableShop): Promise<BuildManifest> {
  const bar = progressBar('build');
  const tables = new Set(describeTables().map(({ name }) => name));
  let made = 0;
  try {
    return await shop.build(({ name, rows }) => {
      if (rows !== undefined && tables.has(name)) made += 1;
      bar.show(made, tables.size, name);
    });
  } finally {
    bar.end();
  }
}

export function showBuild({ tables, build_id }: BuildManifest): void {
  const made = tables.filter(({ name }) => !name.startsWith('seed_'));
  const seconds = made.reduce((sum, table) => sum + table.seconds, 0);
  say(
    textTable(
      [
        { title: 'Table', align: 'left' },
        { title: 'Rows', align: 'right' },
        { title: 'Seconds', align: 'right' },
      ],
      [
        ...made.map(({ name, rows, seconds }) => [name, rows.toLocaleString('en-US'), seconds.toFixed(2)]),
        ['total', '', seconds.toFixed(2)],
      ],
    ),
  );
  const changed = tables.find(({ name }) => name === 'identity_changes')?.rows ?? 0;
  if (changed > 0)
    say(
      `Who is who: ${changed.toLocaleString('en-US')} identifiers have another person than in the build before; npx ropo identity says why.`,
    );
  say(`Published build ${build_id}.`);
}
