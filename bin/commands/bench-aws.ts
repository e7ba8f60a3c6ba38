import { existsSync } from 'node:fs';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { measureShopBytes } from '../../lib/bench/aws/shop-bytes.ts';
import { MEASURED } from '../../lib/cost/measured.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { say, UserError } from './context.ts';

/** Prints the bytes of a built shop for each event, beside those that `ropo cost` counts with. */
export async function benchAwsBytes(root: string): Promise<void> {
  const directory = shopDirectory(root);
  if (!existsSync(directory.builds) || currentBuild(directory) === null)
    throw new UserError(
      `There is no build in ${root} to measure. Make one with: npx ropo start --once --data ${root}`,
    );
  const bytes = await measureShopBytes(directory);
  const each = (n: number) => (n / bytes.events).toLocaleString('en-US', { maximumSignificantDigits: 4 });
  const questions = [...bytes.kpiReads.values()].reduce((a, b) => a + b, 0) / bytes.kpiReads.size;
  say(`${bytes.events.toLocaleString('en-US')} events in ${root}, bytes for each of them`);
  say();
  say(
    textTable(
      [
        { title: 'What', align: 'left' },
        { title: 'This shop', align: 'right' },
        { title: 'ropo cost counts', align: 'right' },
      ],
      [
        ['to the landing zone, JSON', each(bytes.landingJsonBytes), String(MEASURED.landingJsonBytes)],
        ['landing zone, Parquet', each(bytes.landingBytes), String(MEASURED.landingBytes)],
        ['raw tables', each(bytes.rawBytes), String(MEASURED.rawBytes)],
        ['record ids and fingerprints of them', each(bytes.rawIdBytes), String(MEASURED.rawIdBytes)],
        ['tables of a build', each(bytes.builtBytes), String(MEASURED.builtBytes)],
        ['read by a build', each(bytes.buildReads), String(MEASURED.buildReads)],
        [`read by ${bytes.largest.name}`, each(bytes.largest.bytes), String(MEASURED.largestRead)],
        ['read by a question', each(questions), String(MEASURED.questionReads)],
        [
          'read by the largest question',
          each(Math.max(...bytes.kpiReads.values())),
          String(MEASURED.largestQuestion),
        ],
        ['links', each(bytes.links), String(MEASURED.links)],
        ['touchpoints', each(bytes.touchpoints), String(MEASURED.touchpoints)],
      ],
    ),
  );
}
