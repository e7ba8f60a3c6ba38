import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LineFile, openLineFile } from '../demo/line-file.ts';
import { createRandom } from '../demo/random.ts';
import type { RecordKind } from '../domain/contract/index.ts';
import { productLines, storeLines } from './assortment.ts';
import { campaignsOf } from './marketing.ts';
import { createPopulation } from './population.ts';
import { createRecordLines, spendLines } from './record-lines.ts';

/** One file of the bench's input. */
export interface BenchFile {
  kind: RecordKind;
  path: string;
  lines: number;
  bytes: number;
}

const START = Date.UTC(2025, 0, 1);
const DAYS = 90;
const DAY = 86_400_000;
/** Of the touchpoints: visits of the web site; the rest are contacts outside it. */
const VISITS = 0.6;
/** Purchases per touchpoint, half of them web orders and half receipts. */
const PURCHASES = 0.04;

/**
 * Writes the input of a bench shop, one JSON Lines file per kind, in time order as a tracker's delivery is. About
 * `touchpoints` of them; the same seed writes the same bytes.
 */
export async function writeBenchInput(
  directory: string,
  touchpoints: number,
  seed: number,
): Promise<BenchFile[]> {
  mkdirSync(directory, { recursive: true });
  const files: BenchFile[] = [];
  const random = createRandom(seed, 'bench');
  const campaigns = campaignsOf(touchpoints);
  const lines = createRecordLines(createPopulation(touchpoints, seed, random), campaigns, random);

  const write = async (kind: RecordKind, fill: (file: LineFile) => Promise<void>) => {
    const path = join(directory, `${kind}.jsonl`);
    const file = openLineFile(path);
    await fill(file);
    await file.close();
    files.push({ kind, path, lines: file.lines, bytes: statSync(path).size });
  };
  const writeAll = (kind: RecordKind, texts: Iterable<string>) =>
    write(kind, async (file) => {
      for (const text of texts) file.write(text);
    });
  const writeOverTime = (kind: RecordKind, count: number, at: (time: number) => string | string[]) =>
    write(kind, async (file) => {
      for (let made = 0; made < count; made++) {
        const text = at(START + Math.floor(((made + random.float()) / count) * DAYS * DAY));
        if (typeof text === 'string') file.write(text);
        else for (const one of text) file.write(one);
        const pressure = file.pressure();
        if (pressure !== null) await pressure;
      }
    });

  await writeAll('stores', storeLines());
  await writeAll('products', productLines());
  await writeOverTime('web_events', Math.round(touchpoints * VISITS), lines.visit);
  await writeOverTime('touches', Math.round(touchpoints * (1 - VISITS)), lines.touch);
  await writeOverTime('orders', Math.round((touchpoints * PURCHASES) / 2), lines.order);
  await writeOverTime('receipts', Math.round((touchpoints * PURCHASES) / 2), lines.receipt);
  await writeAll('spend', spendLines(START, DAYS, campaigns, random));
  return files;
}
