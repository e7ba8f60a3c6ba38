import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LineFile, openLineFile } from '../line-file.ts';
import type { DemoFile } from '../shop-files.ts';
import { incrementalJson } from './incremental-truth.ts';
import type { WorldRun } from './simulate-world.ts';
import {
  causeRecord,
  inTime,
  orderRecord,
  ownersOf,
  productRecords,
  receiptRecord,
  spendRecords,
  touchRecord,
  WORLD_STORE,
} from './world-records.ts';

/** In the order of import: what others lean on first. */
const FORMATS = ['stores', 'products', 'touches', 'orders', 'receipts', 'spend'] as const;

/**
 * Writes a simulated world as input files of a shop, and apart from them, in `truth`, what caused what:
 * `incremental.json` by channel, `causes.jsonl` by purchase. The same run makes the same bytes.
 * Returns the input files in the order in which they should be imported.
 * @param directory made if it is not there; files of an earlier world are overwritten
 */
export async function writeWorld(run: WorldRun, directory: string): Promise<DemoFile[]> {
  const truth = join(directory, 'truth');
  await mkdir(truth, { recursive: true });
  const pathOf = (format: string) => join(directory, `${format}.jsonl`);

  const touchOwners = ownersOf(run.touchStarts);
  const orderOwners = ownersOf(run.orderStarts);
  const orders = inTime(run.orderAt);
  const bought = (inStore: number) => orders.filter((order) => run.orderInStore[order] === inStore);
  await writeLines(pathOf('stores'), [WORLD_STORE]);
  await writeLines(pathOf('products'), productRecords());
  await writeLines(
    pathOf('touches'),
    recordsOf(inTime(run.touchAt), (touch) => touchRecord(run, touch, touchOwners[touch]!)),
  );
  await writeLines(
    pathOf('orders'),
    recordsOf(bought(0), (order) => orderRecord(run, order, orderOwners[order]!)),
  );
  await writeLines(
    pathOf('receipts'),
    recordsOf(bought(1), (order) => receiptRecord(run, order, orderOwners[order]!)),
  );
  await writeLines(pathOf('spend'), spendRecords(run));
  await writeLines(
    join(truth, 'causes.jsonl'),
    recordsOf(orders, (order) => causeRecord(run, order)),
  );
  await writeFile(join(truth, 'incremental.json'), `${JSON.stringify(incrementalJson(run), null, 2)}\n`);
  await writeFile(join(directory, 'README.txt'), readme(run));
  return FORMATS.map((format) => ({ format, file: pathOf(format) }));
}

function* recordsOf(numbers: Int32Array, recordOf: (number: number) => object): Generator<object> {
  for (const number of numbers) yield recordOf(number);
}

async function writeLines(path: string, records: Iterable<object>): Promise<void> {
  const file: LineFile = openLineFile(path);
  for (const record of records) {
    file.write(JSON.stringify(record));
    await file.pressure();
  }
  await file.close();
}

const readme = ({ world, persons, seed }: WorldRun) => `SYNTHETIC DATA

This shop does not exist. Its ${persons} persons live in the causal world "${world.name}", made from seed ${seed}:
every touch changes their chance to buy by a known amount. Nothing here was observed; figures computed from these
files say nothing about any real retailer.

truth/ holds what the simulation knows and a shop never does: what caused which purchase. Only tests and
"ropo validate" read it.
`;
