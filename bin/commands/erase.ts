import type { Command } from 'commander';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { erasePerson } from '../../lib/adapters/embedded/privacy/erase-person.ts';
import { quietStream } from '../../lib/adapters/embedded/privacy/erasure-places.ts';
import {
  type ErasurePlan,
  NobodyMeant,
  planErasure,
} from '../../lib/adapters/embedded/privacy/erasure-plan.ts';
import { openShop, type WritableShop } from '../../lib/adapters/embedded/shop.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { ErasureCertificate } from '../../lib/pipeline/privacy/certificate.ts';
import { SharedByMany } from '../../lib/pipeline/privacy/erasure-scope.ts';
import type { AskedFor } from '../../lib/pipeline/privacy/needles.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { remark, say, UserError } from './context.ts';

export interface PersonOptions {
  data?: string;
  email?: string;
  phone?: string;
  country?: string;
  customerId?: string;
  loyaltyId?: string;
  anonymousId?: string;
  key?: string;
}

/** The options that name a person, for every command that is about one. */
export function definePerson(command: Command): Command {
  return command
    .option('--email <address>', 'email address')
    .option('--phone <number>', 'phone number, international or with --country')
    .option('--country <code>', 'country of the phone number, as IT')
    .option('--customer-id <id>', 'account')
    .option('--loyalty-id <id>', 'loyalty card')
    .option('--anonymous-id <id>', 'device or browser')
    .option('--key <key>', 'a keyed hash as it stands in the raw tables');
}

export function askedIn(options: PersonOptions): AskedFor {
  const { email, phone, country, customerId, loyaltyId, anonymousId, key } = options;
  return {
    email,
    phone,
    country: country?.toUpperCase(),
    customer_id: customerId,
    loyalty_id: loyaltyId,
    anonymous_id: anonymousId,
    key,
  };
}

/** `ropo erase`: takes a person out of everything, and proves it. */
export function defineErase(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return definePerson(command)
    .option('--dry-run', 'say what would be erased, and change nothing')
    .option('--yes', 'erase; without it the command says what it would do')
    .action(async (options: PersonOptions & { dryRun?: boolean; yes?: boolean }) => {
      const directory = shopIn(options);
      const isMeant = options.yes === true && options.dryRun !== true;
      const givenFree = isMeant ? await quietStream(directory) : () => {};
      try {
        const shop = await openShop(directory.root, 'erase');
        try {
          await erase(shop, askedIn(options), isMeant);
          if (!isMeant && !options.dryRun)
            say('Nothing was changed. Add --yes to erase, which cannot be undone.');
        } finally {
          shop.close();
        }
      } finally {
        givenFree();
      }
    });
}

async function erase(shop: WritableShop, asked: AskedFor, isMeant: boolean): Promise<void> {
  try {
    const engine = await openEngine({ spillDirectory: shop.directory.spill });
    try {
      showPlan(await planErasure(shop, asked, engine));
    } finally {
      engine.close();
    }
    if (!isMeant) return;
    const { certificate, file } = await erasePerson(shop, asked, (step) => remark(`${step} ...`));
    showCertificate(certificate, file);
  } catch (error) {
    if (error instanceof NobodyMeant || error instanceof SharedByMany) throw new UserError(error.message);
    throw error;
  }
}

const left = (title: string) => ({ title, align: 'left' as const });

function showPlan({ scope, rows, rejections, isAgain }: ErasurePlan): void {
  if (isAgain) say('An erasure of this person was begun before; it goes on under the same number.');
  say('Identifiers that were seen with the person (the first characters of their keys):');
  say(
    textTable(
      [left('Kind'), left('Key'), left('What happens'), left('Why')],
      [
        ...Array.from(scope.own, ([key, kind]) => [kind, key.slice(0, 6), 'erased', 'of this person alone']),
        ...scope.kept.map(({ key, kind, why }) => [kind, key.slice(0, 6), 'kept', why]),
      ],
    ),
  );
  say(
    textTable(
      [left('Table'), { title: 'Rows', align: 'right' }, left('What happens')],
      [
        ...Object.entries(rows).map(([table, count]) => [
          table,
          String(count),
          table === 'raw_sales' ? 'stay without identifiers' : 'removed',
        ]),
        ['raw_rejections', String(rejections.length), 'removed'],
      ],
    ),
  );
  say('Events of a shared device that name nobody stay; the tables are built anew, older builds removed.');
}

function showCertificate(certificate: ErasureCertificate, file: string): void {
  const files = certificate.scanned.reduce((sum, store) => sum + store.files, 0);
  const bytes = certificate.scanned.reduce((sum, store) => sum + store.bytes, 0);
  say(`Erased. ${files} files of ${bytes.toLocaleString('en-US')} bytes were searched: nothing was found.`);
  for (const { file: at, column, why } of certificate.remarks) say(`Remark: ${at}, column ${column}: ${why}`);
  const holding = certificate.exports.filter(({ holds_person }) => holds_person === true);
  const gone = certificate.exports.filter(({ holds_person }) => holds_person === null);
  for (const made of holding)
    say(
      `${made.file}, exported on ${made.made_at.slice(0, 10)}, holds the person: have it deleted at its receiver`,
    );
  if (gone.length > 0) say(`${gone.length} exports are no longer here to be searched; ask their receivers`);
  say(`Certificate: ${file}`);
}
