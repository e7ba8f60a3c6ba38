import { writeSync } from 'node:fs';
import { startIngest } from '../../lib/adapters/embedded/ingest-loop.ts';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { eventRecord } from './stream-records.ts';

/** Collects for a shop without end, in many small batches, and writes the numbers that the stream has taken. */
const [, , root, first] = process.argv;
const loop = await startIngest(shopDirectory(root!), { waitMs: 1, batchRecords: 7, segmentBytes: 4000 });
for (let next = Number(first); ; ) {
  // Some are sent again, as clients do that heard no answer.
  const numbers = Array.from({ length: 6 }, (_, n) => (n === 5 && next > 20 ? next - 17 : next + n));
  next += 5;
  await loop.stream.append(numbers.map(eventRecord));
  writeSync(1, numbers.map((number) => `${number}\n`).join(''));
  if (next % 10 === 0) await loop.drained();
}
