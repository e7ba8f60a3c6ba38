import type { Command } from 'commander';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { type Expired, planRetention, retain } from '../../lib/adapters/embedded/privacy/retain.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { say } from './context.ts';

/** `ropo retain`: takes away what is older than its table keeps. */
export function defineRetain(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return command
    .option('--dry-run', 'say what would go, and change nothing')
    .option('--yes', 'take it away; without it the command says what it would do')
    .action(async (options: { data?: string; dryRun?: boolean; yes?: boolean }) => {
      const shop = await openShop(shopIn(options).root, 'retain');
      try {
        const isMeant = options.yes === true && options.dryRun !== true;
        if (isMeant) {
          const gone = await retain(shop);
          showExpired(gone);
          say(gone.some(({ rows }) => rows > 0) ? 'Done, and built anew.' : 'Nothing was old enough.');
          return;
        }
        const engine = await openEngine({ spillDirectory: shop.directory.spill });
        try {
          showExpired(await planRetention(engine, shop.directory, shop.importer.now()));
        } finally {
          engine.close();
        }
        if (!options.dryRun)
          say('Nothing was changed. Add --yes to take these rows away, which cannot be undone.');
      } finally {
        shop.close();
      }
    });
}

function showExpired(expired: readonly Expired[]): void {
  const left = (title: string) => ({ title, align: 'left' as const });
  const right = (title: string) => ({ title, align: 'right' as const });
  say(
    textTable(
      [left('Table'), right('Days'), left('Before'), right('Rows'), left('What happens'), left('Held back')],
      expired.map(({ rule, before, rows, heldBack }) => [
        rule.table,
        String(rule.days),
        before?.slice(0, 10) ?? '-',
        rows.toLocaleString('en-US'),
        rule.table === 'raw_sales' ? 'stay without identifiers' : 'removed',
        heldBack ?? '',
      ]),
    ),
  );
}
