import { join } from 'node:path';
import { faultsOf } from './faults.ts';
import { type LineFile, openLineFile } from './line-file.ts';

/** A file of the demo shop; `format` is its name for `ropo import FORMAT FILE`. */
export interface DemoFile {
  format: string;
  file: string;
}

const RECEIPT_MONTHS = ['01', '02', '03', '04', '05', '06'] as const;

/** In the order of import: what others lean on first, what comes late last. */
const INPUTS = {
  stores: ['stores', 'stores.csv'],
  products: ['products', 'products.csv'],
  web: ['segment', 'web.segment.jsonl.gz'],
  app: ['web_events', 'app.web_events.jsonl'],
  touches: ['touches', 'touches.jsonl'],
  orders: ['orders', 'orders.jsonl'],
  refunds: ['refunds', 'refunds.jsonl'],
  receipts01: ['receipts', 'receipts-2025-01.jsonl.gz'],
  receipts02: ['receipts', 'receipts-2025-02.jsonl.gz'],
  receipts03: ['receipts', 'receipts-2025-03.jsonl.gz'],
  receipts04: ['receipts', 'receipts-2025-04.jsonl.gz'],
  receipts05: ['receipts', 'receipts-2025-05.jsonl.gz'],
  receipts06: ['receipts', 'receipts-2025-06.jsonl.gz'],
  visits: ['store_visits', 'store_visits.jsonl'],
  feedback: ['feedback', 'feedback.jsonl'],
  footfall: ['footfall', 'footfall.csv'],
  spend: ['spend', 'spend.csv'],
  lateWeb: ['segment', 'late-web.segment.jsonl.gz'],
  lateReceipts: ['receipts', 'late-receipts.jsonl'],
} as const;

type InputName = keyof typeof INPUTS;
const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

export interface ShopFiles extends Record<InputName, LineFile> {
  /** Till receipts of a month, 1 to 6. */
  receiptsOf(month: number): LineFile;
  truthPeople: LineFile;
  truthPurchases: LineFile;
  truthVisits: LineFile;
  truthSlips: LineFile;
  /** Waits until every file has room again. */
  settle(): Promise<void>;
  /** Closes all; returns the number of lines of every input file, headers included. */
  close(): Promise<Record<string, number>>;
}

/** The input files in the order of import. */
export const demoFiles = (directory: string): DemoFile[] =>
  INPUT_NAMES.map((name) => ({ format: INPUTS[name][0], file: join(directory, INPUTS[name][1]) }));

/** Opens all files of the shop, the dozen faulty lines waiting in theirs. The directories must exist. */
export function openShopFiles(directory: string, truthDirectory: string): ShopFiles {
  const open = (name: InputName) => openLineFile(join(directory, INPUTS[name][1]), faultsOf(INPUTS[name][1]));
  const inputs = Object.fromEntries(INPUT_NAMES.map((name) => [name, open(name)])) as Record<
    InputName,
    LineFile
  >;
  const truthPeople = openLineFile(join(truthDirectory, 'people.jsonl'));
  const truthPurchases = openLineFile(join(truthDirectory, 'purchases.jsonl'));
  const truthVisits = openLineFile(join(truthDirectory, 'visits.jsonl'));
  const truthSlips = openLineFile(join(truthDirectory, 'slips.jsonl'));
  const every = [...Object.values(inputs), truthPeople, truthPurchases, truthVisits, truthSlips];
  return {
    ...inputs,
    truthPeople,
    truthPurchases,
    truthVisits,
    truthSlips,
    receiptsOf: (month) => inputs[`receipts${RECEIPT_MONTHS[month - 1]!}`],
    async settle() {
      for (const file of every) await file.pressure();
    },
    async close() {
      await Promise.all(every.map((file) => file.close()));
      return Object.fromEntries(INPUT_NAMES.map((name) => [INPUTS[name][1], inputs[name].lines]));
    },
  };
}
