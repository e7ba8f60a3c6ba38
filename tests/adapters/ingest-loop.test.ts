import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { type IngestLoop, type IngestOptions, startIngest } from '../../lib/adapters/embedded/ingest-loop.ts';
import { openShop, type WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { ShopBusy, type ShopDirectory, shopLock } from '../../lib/adapters/embedded/shop-directory.ts';
import { isWanted, takeLock } from '../../lib/adapters/embedded/writer-lock.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import type { Fate } from '../../lib/pipeline/ingest.ts';
import { StreamFull } from '../../lib/ports.ts';
import { rowsOfLake } from './lake-rows.ts';
import { eventRecord, temporaryDirectory } from './stream-records.ts';

process.env.ROPO_IDENTITY_SECRET = 'a secret of the tests, no real one';

/** Rows with this text are more than the lake can take. */
const failing = vi.hoisted(() => ({ text: null as string | null }));
vi.mock('../../lib/adapters/embedded/flush.ts', async (original) => {
  const flush = await original<typeof import('../../lib/adapters/embedded/flush.ts')>();
  const flushTable: typeof flush.flushTable = async (...args) => {
    if (failing.text !== null && readFileSync(args[3], 'utf8').includes(failing.text))
      throw new Error('Conversion Error: of a row that is of nobody else');
    return flush.flushTable(...args);
  };
  return { ...flush, flushTable };
});

let directory: ShopDirectory;
let remove: () => void;
const loops: IngestLoop[] = [];
const start = async (options: IngestOptions = {}) => {
  const loop = await startIngest(directory, { waitMs: 5, backOffMs: [1], threads: 1, ...options });
  loops.push(loop);
  return loop;
};
beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.close();
  failing.text = null;
  remove();
});

const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => eventRecord(from + n));
const lakeRows = () => rowsOfLake(directory, 'raw_events', 'record_id');
const addsUp = ({ received, stored, duplicates, rejected, waiting }: ReturnType<IngestLoop['counts']>) =>
  expect(received).toBe(stored + duplicates + rejected + waiting);

describe('the loop', () => {
  test('takes what comes into the lake and the identity store, and leaves the stream empty', async () => {
    const loop = await start();
    const told: Fate[] = [];
    loop.fates((fates) => told.push(...fates));
    await Promise.all([loop.stream.append(events(0, 150)), loop.stream.append(events(150, 200))]);
    await loop.drained();
    expect(loop.counts()).toEqual({
      received: 200,
      stored: 198,
      duplicates: 0,
      rejected: 2,
      waiting: 0,
      pending: 0,
    });
    expect(told).toHaveLength(200);
    expect(await lakeRows()).toHaveLength(198);
    expect(readdirSync(join(directory.root, 'stream')).filter((name) => name.endsWith('.log'))).toEqual([]);
    await loop.close();
    const identities = openIdentityStore(directory);
    const key = createIdentify(process.env.ROPO_IDENTITY_SECRET!)({ customer_id: 'u3' }, null).customer_key!;
    expect(await identities.linksOf(key, 10)).toHaveLength(1);
    await identities.close();
  });

  test('links people who state no consent only where the seeds of the shop say so, and can be read', async () => {
    const linked = async (from: number) => {
      const loop = await start();
      await loop.stream.append(events(from, from + 50));
      await loop.close();
      const identities = openIdentityStore(directory);
      const key = createIdentify(process.env.ROPO_IDENTITY_SECRET!)({ customer_id: 'u3' }, null);
      const links = await identities.linksOf(key.customer_key!, 10);
      await identities.close();
      return links.length;
    };
    mkdirSync(directory.seeds, { recursive: true });
    const settings = join(directory.seeds, 'settings.csv');
    writeFileSync(settings, 'name:varchar,value:varchar\nmatch_unknown_consent,false\n');
    expect(await linked(0)).toBe(0);
    writeFileSync(settings, 'name:varchar,value:varchar\nmatch_unknown_consents,true\n');
    expect(await linked(150)).toBe(0);
    writeFileSync(settings, 'name:varchar,value:varchar\nmatch_unknown_consent,true\n');
    expect(await linked(300)).toBe(1);
    expect(await lakeRows()).toHaveLength(149);
  });

  test('delivers what waits when it is closed, and what a run before has left', async () => {
    const first = await start({ waitMs: 60_000 });
    await first.stream.append(events(0, 20));
    expect(first.counts().pending).toBe(20);
    await first.close();
    expect(await lakeRows()).toHaveLength(20);

    const unlock = takeLock(shopLock(directory), 'build') as () => void;
    const busy: string[] = [];
    const second = await start({
      waitMs: 60_000,
      lastPatienceMs: 30,
      onError: ({ message }) => busy.push(message),
    });
    await second.stream.append(events(20, 30));
    await second.close();
    unlock();
    expect(busy.join()).toContain('is at "build"');
    expect(await lakeRows()).toHaveLength(20);

    const third = await start();
    await third.drained();
    expect(third.counts()).toMatchObject({ received: 10, stored: 10, pending: 0 });
  });

  test('refuses a second collector of the shop, and appends after its end', async () => {
    const loop = await start();
    await expect(startIngest(directory)).rejects.toThrow(ShopBusy);
    await loop.close();
    await expect(loop.stream.append(events(0, 1))).rejects.toThrow('closed');
  });

  test('tells senders to come back when more waits than it may hold', async () => {
    const unlock = takeLock(shopLock(directory), 'build') as () => void;
    const loop = await start({ backlogBytes: 5000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => loop.stream.append([eventRecord(n)])),
    );
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(5);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(StreamFull);
    unlock();
    await loop.drained();
    expect(loop.counts().received).toBe(40 - refused.length);
  });

  test('does not drain a closed stream for ever', async () => {
    const unlock = takeLock(shopLock(directory), 'build') as () => void;
    const loop = await start({ lastPatienceMs: 10, onError: () => {} });
    await loop.stream.append(events(0, 1));
    const drained = expect(loop.drained()).rejects.toThrow('closed');
    await loop.close();
    unlock();
    await drained;
  });
});

describe('the lock of the shop', () => {
  test('is held by the loop only while it delivers, and a command waits for that', async () => {
    const unlock = takeLock(shopLock(directory), 'ingest') as () => void;
    const opening = openShop(directory.root, 'import');
    while (!isWanted(shopLock(directory))) await new Promise((resolve) => setTimeout(resolve, 1));
    unlock();
    const shop = await opening;
    await expect(openShop(directory.root, 'import')).rejects.toThrow(/is at "import"/);
    shop.close();
    expect(isWanted(shopLock(directory))).toBe(false);
  });

  test('goes to a command that waits before the next delivery', async () => {
    const loop = await start({ batchRecords: 1 });
    for (let n = 0; n < 25; n++) await loop.stream.append([eventRecord(n)]);
    const shop = await openShop(directory.root, 'build');
    const { pending } = loop.counts();
    expect(pending).toBeGreaterThan(0);
    shop.close();
    await loop.drained();
    expect(await lakeRows()).toHaveLength(25);
  });

  test('lets imports, builds and collecting go side by side, and every record is stored once', async () => {
    const loop = await start({ batchRecords: 50 });
    const appending = (async () => {
      for (let n = 0; n < 900; n += 10) await loop.stream.append(events(n, n + 10));
    })();
    for (let round = 0; round < 3; round++) {
      const shop: WritableShop = await openShop(directory.root, 'build');
      await shop.build();
      shop.close();
    }
    await appending;
    await loop.drained();
    addsUp(loop.counts());
    expect(new Set(await lakeRows()).size).toBe(891);
    expect(await lakeRows()).toHaveLength(891);
  });
});

describe('what fails', () => {
  test('for a while is tried again until it goes, and nothing is lost or counted twice', async () => {
    const errors: string[] = [];
    // Where the folder of the table should be stands a file.
    writeFileSync(join(directory.lake, 'raw_events'), '');
    const loop = await start({ onError: ({ message }) => errors.push(message), backOffMs: [1, 5] });
    await loop.stream.append(events(0, 10));
    while (errors.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(loop.counts()).toMatchObject({ received: 0, pending: 10 });
    rmSync(join(directory.lake, 'raw_events'));
    await loop.drained();
    expect(loop.counts()).toMatchObject({ received: 10, stored: 10, rejected: 0, pending: 0 });
    expect(await lakeRows()).toHaveLength(10);
  });

  test('for the fault of one record costs that record only', async () => {
    const poison = eventRecord(500);
    failing.text = '"m500"';
    const loop = await start({ onError: () => {} });
    await loop.stream.append([...events(0, 9), poison, ...events(9, 20)]);
    await loop.drained();
    expect(await lakeRows()).toHaveLength(20);
    expect(loop.counts()).toMatchObject({ received: 21, rejected: 1, pending: 0 });
    addsUp(loop.counts());
  });
});

test('killed again and again while it collects, a shop ends with every record that was told taken, once', async () => {
  const program = fileURLToPath(new URL('./ingest-until-killed.ts', import.meta.url));
  const told = new Set<number>();
  for (let round = 0; round < 4; round++) {
    const first = round * 100_000;
    const child = spawn(process.execPath, ['--import', 'tsx', program, directory.root, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.split('\n').length > 60 + round * 60) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    for (const line of text.split('\n').slice(0, -1)) told.add(Number(line));
  }
  const loop = await start();
  await loop.drained();
  addsUp(loop.counts());
  const rows = (await lakeRows()).map((id) => Number(id.slice(1)));
  expect(new Set(rows).size).toBe(rows.length);
  const isThere = new Set(rows);
  const isAside = new Set(await rowsOfLake(directory, 'raw_rejections', 'original'));
  const lost = [...told].filter((number) => !isThere.has(number) && !isAside.has(eventRecord(number).body));
  expect(lost).toEqual([]);
  expect(told.size).toBeGreaterThan(400);
  expect(existsSync(join(directory.lake, 'raw_events', 'swap.json'))).toBe(false);
}, 240_000);
