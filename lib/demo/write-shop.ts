import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Catalogue, createCatalogue, euros } from './catalogue.ts';
import { crawl } from './crawlers.ts';
import { type Delivery, deliver } from './deliver.ts';
import { createDoorCounts } from './door-counts.ts';
import { FAULTS } from './faults.ts';
import { liveHalfYear } from './half-year.ts';
import { createIdentityNoise, type IdentityNoise } from './identity-noise.ts';
import { csvLine, type LineFile } from './line-file.ts';
import { createMediaCounts } from './media.ts';
import { createHousehold } from './people.ts';
import { emptyPlan, type Plan } from './plan.ts';
import { createRandom } from './random.ts';
import { createTillNumbers, storeRecords } from './sale-records.ts';
import { type DemoFile, demoFiles, openShopFiles, type ShopFiles } from './shop-files.ts';
import { personTruth } from './truth-people.ts';
import { createTruthSummary } from './truth-summary.ts';

export type { DemoFile } from './shop-files.ts';

/** Persons whose half-year is in memory at once. Files are in the order of time within a block. */
const BLOCK = 4096;
const PLANNING = 0.35;

export interface DemoShopOptions {
  /** Made if it is not there; files of an earlier shop are overwritten. */
  directory: string;
  persons: number;
  seed: number;
  /** Multiplies how often people and tills mistake an identifier; 1 unless told, 0 for never. */
  noise?: number;
  /** Hears how many of the persons are done. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Writes the demo shop: the input files of a retailer that does not exist, from January to June 2025, and apart from
 * them, in `truth`, what really happened. The same persons and seed make the same bytes.
 * Returns the input files in the order in which they should be imported.
 * @throws RangeError when `persons` is no whole number from 1 up.
 */
export async function writeDemoShop(options: DemoShopOptions): Promise<DemoFile[]> {
  const { directory, persons, seed } = options;
  if (!Number.isSafeInteger(persons) || persons < 1) {
    throw new RangeError(`Demo shop of ${persons} persons; it needs a whole number from 1 up`);
  }
  const truthDirectory = join(directory, 'truth');
  await mkdir(truthDirectory, { recursive: true });
  const catalogue = createCatalogue(seed);
  const files = openShopFiles(directory, truthDirectory);
  const summary = createTruthSummary(seed, persons);
  const noise = createIdentityNoise(seed, options.noise ?? 1, (slip) =>
    files.truthSlips.write(JSON.stringify(slip)),
  );
  const delivery: Delivery = {
    files,
    random: createRandom(seed, 'delivery'),
    opinions: createRandom(seed, 'opinions'),
    media: createMediaCounts(),
    doors: createDoorCounts(),
    numbers: createTillNumbers(),
    noise,
    onTruth: summary.add,
    onVisit: summary.addVisit,
  };
  writeCsv(files.stores, storeRecords());
  writeCsv(files.products, productRecords(catalogue));

  let household = 0;
  for (let first = 0; first < persons; first += BLOCK) {
    const size = Math.min(BLOCK, persons - first);
    const report = (share: number) => options.onProgress?.(first + Math.round(share * size), persons);
    const plan = emptyPlan();
    plan.sessions = crawl(createRandom(seed, 'crawlers', first), catalogue, size);
    household = planBlock(seed, household, first, size, catalogue, plan, files, noise, (share) =>
      report(share * PLANNING),
    );
    await deliver(plan, delivery, (share) => report(PLANNING + share * (1 - PLANNING)));
    report(1);
  }
  writeCsv(files.footfall, delivery.doors.footfall(seed));
  writeCsv(files.spend, delivery.media.spend(seed, persons));
  const counts = await files.close();

  const faults = FAULTS.map(({ file, reason, line }) => JSON.stringify({ file, reason, line }));
  await writeFile(join(truthDirectory, 'faults.jsonl'), `${faults.join('\n')}\n`);
  await writeFile(
    join(truthDirectory, 'summary.json'),
    `${JSON.stringify(summary.finish(counts), null, 2)}\n`,
  );
  await writeFile(join(directory, 'README.txt'), readme(persons, seed));
  return demoFiles(directory);
}

/** Lives the half-year of `size` persons from number `first` on; returns the number of the next household. */
function planBlock(
  seed: number,
  household: number,
  first: number,
  size: number,
  catalogue: Catalogue,
  plan: Plan,
  files: ShopFiles,
  noise: IdentityNoise,
  onShare: (share: number) => void,
): number {
  for (let done = 0; done < size; ) {
    const members = createHousehold(seed, household, first + done + 1, size - done);
    noise.meet(members);
    const random = createRandom(seed, 'half-year', household);
    for (const person of members) {
      liveHalfYear({ person, random, catalogue, plan });
      files.truthPeople.write(JSON.stringify(personTruth(person)));
    }
    household++;
    done += members.length;
    if (household % 128 === 0) onShare(done / size);
  }
  return household;
}

const productRecords = ({ skus }: Catalogue) =>
  skus.map((sku) => ({
    sku: sku.id,
    product_id: sku.product.id,
    category: sku.product.category.name,
    name: sku.name,
    brand: sku.product.brand,
    unit_cost: euros(sku.cost),
    currency: 'EUR',
  }));

function writeCsv(file: LineFile, records: Iterable<object>): void {
  for (const record of records) {
    if (file.lines === 0) file.write(csvLine(Object.keys(record)));
    file.write(csvLine(Object.values(record)));
  }
}

const readme = (persons: number, seed: number) => `SYNTHETIC DATA

This shop does not exist. Its ${persons} persons, their visits, purchases and addresses, its stores and its
advertising were generated from seed ${seed}; nothing here was observed. Figures computed from these files say
nothing about any real retailer.

truth/ holds what the generator knows and a shop never does: who is who, and what caused which purchase.
Only tests read it.
`;
