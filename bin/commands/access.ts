import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { accessPerson } from '../../lib/adapters/embedded/privacy/access-person.ts';
import { NobodyMeant } from '../../lib/adapters/embedded/privacy/erasure-plan.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { SharedByMany } from '../../lib/pipeline/privacy/erasure-scope.ts';
import { remark, say, UserError } from './context.ts';
import { askedIn, definePerson, type PersonOptions } from './erase.ts';

/** `ropo access`: everything that is kept about one person, for that person. */
export function defineAccess(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return definePerson(command)
    .option('--out <file>', 'file to write to; without it the file goes to the output')
    .action(async (options: PersonOptions & { out?: string }) => {
      const shop = await openShop(shopIn(options).root, 'access');
      try {
        const access = await accessPerson(shop, askedIn(options));
        const text = `${JSON.stringify(access, null, 2)}\n`;
        if (options.out === undefined) {
          process.stdout.write(text);
          return;
        }
        writeFileSync(options.out, text, { mode: 0o600 });
        const rows = access.tables.reduce((sum, table) => sum + table.rows.length, 0);
        say(`${rows} rows of ${access.tables.length} tables about the person.`);
        for (const { kind, why } of access.shared) say(`Left out what only a shared ${kind} tells: ${why}.`);
        remark(`Wrote ${options.out}`);
      } catch (error) {
        if (error instanceof NobodyMeant || error instanceof SharedByMany) throw new UserError(error.message);
        throw error;
      } finally {
        shop.close();
      }
    });
}
