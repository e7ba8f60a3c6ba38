import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openEventLog } from '../../lib/adapters/embedded/event-log.ts';
import { createLake } from '../../lib/adapters/embedded/lake.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { newFileId } from '../../lib/adapters/embedded/table-files.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { type IngestDeps, type Ingested, ingest } from '../../lib/pipeline/ingest.ts';
import type { EventLake } from '../../lib/ports.ts';
import { rowsOfLake } from '../adapters/lake-rows.ts';
import { ARRIVAL, eventRecord, temporaryDirectory } from '../adapters/stream-records.ts';
import { memoryLake, memoryLinks } from './memory-lake.ts';

/** What can happen between a message's arrival and its place in the lake. */
type Happening =
  | { what: 'append'; from: number; count: number }
  | {
      what: 'deliver';
      enough: number;
      fails: 'nothing' | 'take' | 'close' | 'told late' | 'links' | 'commit';
    }
  | { what: 'restart' };

const happenings = (most: number) =>
  fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          what: fc.constant('append' as const),
          from: fc.nat(120),
          count: fc.integer({ min: 1, max: 30 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          what: fc.constant('deliver' as const),
          enough: fc.integer({ min: 1, max: 40 }),
          fails: fc.constantFrom('nothing', 'nothing', 'take', 'close', 'told late', 'links', 'commit'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('restart' as const) }) },
    ),
    { maxLength: most },
  ) as fc.Arbitrary<Happening[]>;

const FAILED = 'it failed';

/** A lake that fails at a place: before it takes, before it writes, or after it wrote, where nobody hears of it. */
const failingAt = (lake: EventLake, fails: string): EventLake => ({
  ...lake,
  async deliver(options) {
    const delivery = await lake.deliver(options);
    return {
      ...delivery,
      repeated: delivery.repeated,
      async take(gathered) {
        if (fails === 'take') throw new Error(FAILED);
        await delivery.take(gathered);
      },
      async close() {
        if (fails === 'close') throw new Error(FAILED);
        const counts = await delivery.close();
        if (fails === 'told late') throw new Error(FAILED);
        return counts;
      },
    };
  },
});

/** Lives through a history and delivers what is left; what was appended, and the results of all that went well. */
async function live(history: readonly Happening[], root: string, deps: IngestDeps, lake: () => EventLake) {
  const open = () => openEventLog({ root } as Parameters<typeof openEventLog>[0], { segmentBytes: 3000 });
  let log = open();
  const left: (typeof log)[] = [];
  const appended = new Set<number>();
  const results: Ingested[] = [];
  const deliver = async (enough: number, fails: string) => {
    const batch = await log.read({ records: enough, bytes: 1 << 20 });
    if (batch === null) return false;
    try {
      const failing = failingAt(lake(), fails);
      const identities =
        fails === 'links'
          ? { ...deps.identities, put: () => Promise.reject(new Error(FAILED)) }
          : deps.identities;
      const result = await ingest(batch.records, { ...deps, lake: failing, identities });
      expect(result.received).toBe(batch.records.length);
      if (fails === 'commit') throw new Error(FAILED);
      await log.commit(batch);
      results.push(result);
    } catch (error) {
      expect((error as Error).message).toBe(FAILED);
      log.rewind();
    }
    return true;
  };
  for (const one of [...history, { what: 'restart' as const }]) {
    if (one.what === 'append') {
      const numbers = Array.from({ length: one.count }, (_, n) => one.from + n);
      await log.append(numbers.map(eventRecord));
      for (const number of numbers) appended.add(number);
    } else if (one.what === 'deliver') await deliver(one.enough, one.fails);
    else {
      // As if the process had died: nothing is closed, and its lock is taken over.
      rmSync(join(root, 'stream', 'lock'));
      left.push(log);
      log = open();
    }
  }
  while (await deliver(25, 'nothing'));
  expect(log.backlog()).toEqual({ records: 0, bytes: 0 });
  for (const one of [...left, log]) await one.close();
  for (const { received, stored, duplicates, rejected, waiting } of results)
    expect(received).toBe(stored + duplicates + waiting + Object.values(rejected).reduce((a, b) => a + b, 0));
  return appended;
}

const isBad = (number: number) => number % 100 === 99;
const identify = createIdentify('a secret of the tests, no real one');
const linksExpected = (appended: ReadonlySet<number>) => {
  const earliest = new Map<string, string>();
  for (const number of appended) {
    if (isBad(number) || number % 3 !== 0) continue;
    const { customer_key, anonymous_key } = identify(
      { customer_id: `u${number % 50}`, anonymous_id: `d${number % 50}` },
      null,
    );
    const seen = new Date(ARRIVAL - (number % 1000) * 60_000).toISOString();
    const name = `${customer_key} ${anonymous_key}`;
    if (!earliest.has(name) || seen < earliest.get(name)!) earliest.set(name, seen);
  }
  return earliest;
};

/** Every distinct record that was appended is in the lake once, every bad one aside once, every link known. */
async function check(history: readonly Happening[], makeLake: (root: string) => Promise<CheckedLake>) {
  const { directory, remove } = temporaryDirectory();
  const checked = await makeLake(directory.root);
  const identities = memoryLinks();
  try {
    const deps: IngestDeps = {
      lake: checked.lake(),
      identities,
      identify,
      isBot: () => false,
      now: () => ARRIVAL,
    };
    const appended = await live(history, directory.root, deps, checked.lake);
    const numbers = [...appended];
    expect((await checked.rows()).sort()).toEqual(
      numbers
        .filter((n) => !isBad(n))
        .map((n) => `m${n}`)
        .sort(),
    );
    expect((await checked.aside()).sort()).toEqual(numbers.filter(isBad).map((n) => eventRecord(n).body));
    const known = Array.from(identities.links, ([name, { first_seen }]) => [name, first_seen] as const);
    expect(new Map(known)).toEqual(linksExpected(appended));
  } finally {
    checked.close();
    remove();
  }
}

interface CheckedLake {
  lake(): EventLake;
  rows(): Promise<string[]>;
  aside(): Promise<string[]>;
  close(): void;
}

describe('whatever fails, breaks off, comes again or comes in between', () => {
  test('the lake ends with the set of records that were taken, in hundreds of histories', async () => {
    await fc.assert(
      fc.asyncProperty(happenings(25), (history) =>
        check(history, async () => {
          const lake = memoryLake();
          return {
            lake: () => lake,
            rows: async () => [...lake.rows.values()],
            aside: async () => Array.from(lake.aside.values(), ({ original }) => original),
            close() {},
          };
        }),
      ),
      { numRuns: 300 },
    );
  });

  test('so does the lake of Parquet files', async () => {
    await fc.assert(
      fc.asyncProperty(happenings(8), (history) =>
        check(history, async (root) => {
          const directory = openShopDirectory(root);
          const engine = await openEngine({ spillDirectory: directory.spill, threads: 1 });
          return {
            lake: () => createLake(directory, engine, newFileId),
            rows: () => rowsOfLake(directory, 'raw_events', 'record_id'),
            aside: () => rowsOfLake(directory, 'raw_rejections', 'original'),
            close: () => engine.close(),
          };
        }),
      ),
      { numRuns: 12 },
    );
  });
});
