import { writeSync } from 'node:fs';
import { openEventLog } from '../../lib/adapters/embedded/event-log.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { bodyOf, streamRecord } from './stream-records.ts';

/** Appends to the log of a shop without end, eight at a time, and writes the numbers that the log says it has taken. */
const [, , root, first] = process.argv;
const log = openEventLog(openShopDirectory(root!), { segmentBytes: 300_000 });
let next = Number(first);

async function appendOn(): Promise<never> {
  for (;;) {
    const numbers = Array.from({ length: 1 + (next % 5) }, () => next++);
    await log.append(numbers.map((number) => streamRecord(bodyOf(number), { received_at: number })));
    writeSync(1, numbers.map((number) => `${number}\n`).join(''));
  }
}

await Promise.all(Array.from({ length: 8 }, appendOn));
