import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AcceptContext } from '../../lib/domain/accept/index.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type IngestDeps, ingest, setAside } from '../../lib/pipeline/ingest.ts';
import { replayRejections } from '../../lib/pipeline/replay-rejections.ts';
import type { StreamRecord } from '../../lib/ports.ts';
import { rowsOfLake } from '../adapters/lake-rows.ts';
import { ARRIVAL, streamRecord } from '../adapters/stream-records.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { memoryLinks } from './memory-lake.ts';

let shop: TemporaryShop;
let identities: ReturnType<typeof memoryLinks>;
let deps: IngestDeps;
beforeEach(async () => {
  shop = await temporaryShop();
  identities = memoryLinks();
  deps = { ...shop.shop.importer, identities };
});
afterEach(() => shop.remove());

const message = (messageId: string, more: object = {}) =>
  streamRecord(
    JSON.stringify({
      type: 'track',
      event: 'Product Viewed',
      messageId,
      anonymousId: 'd1',
      timestamp: '2026-01-15T08:00:00Z',
      properties: { sku: 'A' },
      ...more,
    }),
  );
const store = (store_id: string) => ({ store_id, time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' });
const receipt = (receipt_id: string, more: object = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: '2026-01-14T10:00:00Z',
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});
const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');
const eventIds = () => rowsOfLake(shop.shop.directory, 'raw_events', 'record_id');
const rejections = () => shop.shop.importer.lake.rejections();

describe('a batch of the stream', () => {
  test('brings every record to its table by its own arrival, whatever stands beside it', async () => {
    const late = ARRIVAL + 3_600_000;
    const taken = await ingest(
      [
        message('m1'),
        streamRecord(lines(receipt('r1'), receipt('r2')), { format: 'receipts', source: 'till 1' }),
        { ...message('m2'), received_at: late, source: 'app' },
        streamRecord(JSON.stringify(store('s1')), { format: 'stores', source: 'office' }),
        streamRecord('sku,category\nA,shoes\nB,hats\n', { format: 'products', source: 'office' }),
        message('m3'),
      ],
      deps,
    );
    expect(taken).toMatchObject({
      received: 8,
      stored: 8,
      duplicates: 0,
      rejected: {},
      waiting: 0,
      released: 0,
    });
    expect(taken.fates.map(({ kind, outcome }) => `${kind} ${outcome}`).sort()).toEqual([
      'products stored',
      'products stored',
      'receipts stored',
      'receipts stored',
      'stores stored',
      'web_events stored',
      'web_events stored',
      'web_events stored',
    ]);
    const arrivals = taken.fates.filter(({ format }) => format === 'segment');
    expect(arrivals.map(({ received_at, source }) => `${source} ${received_at}`)).toEqual([
      `site ${new Date(ARRIVAL).toISOString()}`,
      `app ${new Date(late).toISOString()}`,
      `site ${new Date(ARRIVAL).toISOString()}`,
    ]);
  });

  test('judges each record by the time at which it came', async () => {
    const ahead = message('m1', { timestamp: '2026-01-17T00:00:00Z' });
    const taken = await ingest([ahead, { ...ahead, received_at: ARRIVAL + 2 * 86_400_000 }], deps);
    expect(taken.received).toBe(2);
    expect(Object.values(taken.rejected)).toEqual([1]);
    expect((await rejections()).map(({ received_at }) => received_at)).toEqual([
      new Date(ARRIVAL).toISOString(),
    ]);
  });

  test('sets aside what is bad, with its key, its line and its words, and stores its neighbours', async () => {
    const taken = await ingest(
      [
        message('m1'),
        streamRecord('{"messageId":"m2","type":"trac', { source: 'app' }),
        streamRecord(lines(store('s1')), { format: 'stores' }),
        streamRecord(`${lines(receipt('r1'))}\n\nnot json\n${lines(receipt('r2'))}`, {
          format: 'receipts',
          source: 'till 1',
        }),
        streamRecord('<x/>', { format: 'no such format', source: 'office' }),
        streamRecord('{"head', { set_aside: { reason: 'too_large', detail: 'too large by far' } }),
        message('m3'),
      ],
      deps,
    );
    expect(taken).toMatchObject({ received: 9, stored: 5, waiting: 0 });
    const found = (await rejections()).map(({ file, line, reason, original }) => [
      file,
      line,
      reason,
      original,
    ]);
    expect(found.sort()).toEqual([
      ['app', 1, 'unreadable', '{"messageId":"m2","type":"trac'],
      ['office', 1, 'unreadable', '<x/>'],
      ['site', 1, 'too_large', '{"head'],
      ['till 1', 3, 'unreadable', 'not json'],
    ]);
    expect(taken.fates.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(4);
  });

  test('repeated, changes nothing and says so, record by record', async () => {
    const batch = [message('m1'), message('m2'), message('m1', { properties: { sku: 'B' } })];
    await ingest(batch, deps);
    const again = await ingest([message('m3'), ...batch, message('m3')], deps);
    expect(again).toMatchObject({ received: 5, stored: 1, duplicates: 4 });
    expect(again.fates.map(({ outcome }) => outcome)).toEqual([
      'stored',
      'repeated',
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect((await eventIds()).sort()).toEqual(['m1', 'm1', 'm2', 'm3']);
  });

  test('tells the fates of its last records only, where that is asked', async () => {
    const batch = Array.from({ length: 50 }, (_, n) => message(`m${n}`, { properties: { sku: `S${n}` } }));
    const { fates } = await ingest(batch, { ...deps, lastFates: 3 });
    expect(fates.map(({ said }) => said.sku)).toEqual(['S47', 'S48', 'S49']);
    expect((await ingest(batch, { ...deps, lastFates: 0 })).fates).toEqual([]);
  });

  test('says of a record what its row holds, and of its person six characters', async () => {
    const { fates } = await ingest(
      [message('m1', { userId: 'u1', traits: { email: 'anna@example.com' } })],
      deps,
    );
    const { said } = fates[0]!;
    expect(said).toMatchObject({ event: 'Product Viewed', sku: 'A', consent: 'unknown' });
    expect(String(said.person)).toHaveLength(6);
    expect(Object.keys(said).filter((name) => name.endsWith('_key'))).toEqual([]);
    expect(JSON.stringify(fates)).not.toMatch(/anna|u1|d1/);
  });
});

describe('a key of one store', () => {
  const till = (body: object, format = 'receipts') =>
    streamRecord(JSON.stringify(body), { format, source: 'till of s1', store_id: 's1' });

  test('speaks for that store and no other, whatever the kind of record', async () => {
    await shop.give({ stores: [store('s1'), store('s2')] });
    const taken = await ingest(
      [
        till(receipt('r1')),
        till(receipt('r2', { store_id: 's2' })),
        till(
          { visit_id: 'v1', store_id: 's1', entered_at: '2026-01-14T10:00:00Z', method: 'app' },
          'store_visits',
        ),
        till(
          { visit_id: 'v2', store_id: 's2', entered_at: '2026-01-14T10:00:00Z', method: 'app' },
          'store_visits',
        ),
        till({ sku: 'A', category: 'shoes' }, 'products'),
        till(store('s2'), 'stores'),
        till({ receipt_id: 'r9', occurred_at: '2026-01-14T10:00:00Z', lines: [] }),
      ],
      deps,
    );
    expect(taken.rejected).toEqual({ wrong_store: 4, schema: 1 });
    expect(taken.stored).toBe(2);
    for (const { reason, detail } of await rejections())
      if (reason === 'wrong_store') expect(detail).toContain('"till of s1" speaks for store "s1"');
  });

  test('is not got round by a replay', async () => {
    await shop.give({ stores: [store('s1'), store('s2')] });
    await ingest([till(receipt('r2', { store_id: 's2' }))], deps);
    expect(await replayRejections(deps)).toEqual({ tried: 0, stored: 0, duplicates: 0, left: 1 });
  });

  test('is not got round by what nobody could read when it came', async () => {
    await shop.give({ stores: [store('s1'), store('s2')] });
    const unread = { set_aside: { reason: 'unreadable' as const, detail: 'failed: tried again later' } };
    const both = [receipt('r1'), receipt('r2', { store_id: 's2' })].map((body) => ({
      ...till(body),
      ...unread,
    }));
    expect((await ingest(both, deps)).rejected).toEqual({ unreadable: 2 });
    const office = { ...both[1]!, source: 'office', store_id: null };
    expect((await ingest([office], deps)).rejected).toEqual({ unreadable: 1 });
    expect(await replayRejections(deps)).toMatchObject({ tried: 3, stored: 2, left: 1 });
    const [left] = await rejections();
    expect(left).toMatchObject({ reason: 'wrong_store', store_scope: 's1' });
    expect(left!.detail).toContain('"till of s1" speaks for store "s1"');
  });
});

describe('who is who', () => {
  test('is remembered of people who did not deny it, and of no machine', async () => {
    const bot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
    await ingest(
      [
        message('m1', { userId: 'u1' }),
        message('m2', { userId: 'u2', context: { consent: { measurement: 'granted' } } }),
        message('m3', { userId: 'u3', context: { consent: { measurement: 'denied' } } }),
        message('m4', { userId: 'u4', context: { userAgent: bot } }),
        message('m5', { userId: 'u1', timestamp: '2026-01-15T07:00:00Z' }),
        message('m6', { userId: 'u5', properties: { query: '"is_bot":true' } }),
      ],
      deps,
    );
    const key = (customer_id: string) => deps.identify({ customer_id }, null).customer_key;
    const seen = Array.from(identities.links.values(), ({ strong_key, first_seen }) => [
      strong_key,
      first_seen,
    ]);
    expect(seen.sort()).toEqual(
      [
        [key('u1'), '2026-01-15T07:00:00.000Z'],
        [key('u2'), '2026-01-15T08:00:00.000Z'],
        [key('u5'), '2026-01-15T08:00:00.000Z'],
      ].sort(),
    );
  });

  test('is not remembered of people who said nothing, where the shop does not link them', async () => {
    await ingest(
      [
        message('m1', { userId: 'u1' }),
        message('m2', { userId: 'u2', context: { consent: { measurement: 'granted' } } }),
      ],
      { ...deps, matchesUnknownConsent: false },
    );
    const key = deps.identify({ customer_id: 'u2' }, null).customer_key;
    expect(Array.from(identities.links.values(), ({ strong_key }) => strong_key)).toEqual([key]);
  });

  test('is remembered of receipts too, once, and of those that had waited for their store', async () => {
    const buy = (id: string) =>
      streamRecord(
        JSON.stringify(
          receipt(id, {
            loyalty_id: `L-${id}`,
            email: `${id}@example.com`,
            lines: [{ amount: '1' }, { amount: '2' }],
          }),
        ),
        { format: 'receipts' },
      );
    expect(await ingest([buy('r1')], deps)).toMatchObject({ stored: 0, waiting: 1 });
    expect(identities.links.size).toBe(0);
    const taken = await ingest(
      [streamRecord(JSON.stringify(store('s1')), { format: 'stores' }), buy('r2')],
      deps,
    );
    expect(taken).toMatchObject({ received: 2, stored: 2, released: 1 });
    expect(identities.links.size).toBe(2);
  });
});

describe('what fails', () => {
  test('in the lake or in the identity store throws, and the same batch then completes', async () => {
    const batch = [message('m1', { userId: 'u1' }), message('m2')];
    const broken: IngestDeps = {
      ...deps,
      lake: { ...deps.lake, deliver: () => Promise.reject(new Error('no disk')) },
    };
    await expect(ingest(batch, broken)).rejects.toThrow('no disk');
    const forgetful: IngestDeps = {
      ...deps,
      identities: { ...deps.identities, put: () => Promise.reject(new Error('no store')) },
    };
    await expect(ingest(batch, forgetful)).rejects.toThrow('no store');
    expect(await ingest(batch, deps)).toMatchObject({ received: 2, stored: 0, duplicates: 2 });
    expect(identities.links.size).toBe(1);
    expect((await eventIds()).sort()).toEqual(['m1', 'm2']);
  });

  test('in our own code by the fault of one record costs that record, kept whole, and tells nothing of it', async () => {
    const identify: AcceptContext['identify'] = (clear, country) => {
      if (clear.customer_id === 'poison') throw new TypeError(`cannot read ${clear.email}`);
      return deps.identify(clear, country);
    };
    const poison = message('m2', { userId: 'poison', traits: { email: 'anna@example.com' } });
    const taken = await ingest([message('m1'), poison, message('m3')], { ...deps, identify });
    expect(taken).toMatchObject({ received: 3, stored: 2, rejected: { unreadable: 1 } });
    const [kept] = await rejections();
    expect(kept).toMatchObject({ reason: 'unreadable', original: poison.body });
    expect(kept!.detail).toContain('TypeError');
    expect(kept!.detail).not.toContain('anna');
    expect(await replayRejections(deps)).toMatchObject({ tried: 1, stored: 1, left: 0 });
  });

  test('in a reader is narrowed down to the message, however many there are', async () => {
    const read = FORMATS.segment!.read;
    const spy = vi.spyOn(FORMATS.segment!, 'read').mockImplementation(async function* (files) {
      for await (const batch of read(files)) {
        if (batch.some(({ original }) => original.includes('"poison"'))) throw new RangeError('too deep');
        yield batch;
      }
    });
    const batch = Array.from({ length: 700 }, (_, n) =>
      message(`m${n}`, n === 17 || n === 512 ? { userId: 'poison' } : {}),
    );
    const taken = await ingest(batch, deps);
    spy.mockRestore();
    expect(taken).toMatchObject({ received: 700, stored: 698, rejected: { unreadable: 2 } });
    expect((await rejections()).map(({ original }) => original).sort()).toEqual(
      [batch[17]!.body, batch[512]!.body].sort(),
    );
    expect(await replayRejections(deps)).toMatchObject({ tried: 2, stored: 2, left: 0 });
  });

  test('for a record that the lake cannot take can be set aside', async () => {
    const record = message('m1');
    await setAside(record, new RangeError('of anna@example.com'), deps);
    const [kept] = await rejections();
    expect(kept).toMatchObject({ reason: 'unreadable', original: record.body, file: 'site' });
    expect(kept!.detail).toContain('RangeError');
    expect(kept!.detail).not.toContain('anna');
    expect(await replayRejections(deps)).toMatchObject({ tried: 1, stored: 1, left: 0 });
  });
});

describe('a replay', () => {
  test('tries thousands in batches, and keeps what is still refused under its reason', async () => {
    const batch: StreamRecord[] = Array.from({ length: 6_000 }, (_, n) =>
      streamRecord(JSON.stringify(receipt(`r${n}`, { store_id: n % 3 === 0 ? 's9' : 's1' })), {
        format: 'receipts',
      }),
    );
    expect(await ingest(batch, { ...deps, lastFates: 0 })).toMatchObject({
      received: 6_000,
      waiting: 6_000,
    });
    await shop.give({ stores: [store('s2')] });
    const released = await ingest([streamRecord(JSON.stringify(store('s1')), { format: 'stores' })], deps);
    expect(released).toMatchObject({ stored: 1, released: 4000 });
    expect(await replayRejections(deps)).toEqual({ tried: 2000, stored: 0, duplicates: 0, left: 2000 });
    expect(await rejections()).toHaveLength(2000);
  });

  test('keeps a record out whose person was erased meanwhile', async () => {
    await ingest([message('m1', { userId: 'u1', timestamp: '1999-01-01T00:00:00Z' })], deps);
    const { customer_key } = deps.identify({ customer_id: 'u1' }, null);
    const lake = { ...deps.lake, tombstones: async () => new Set([customer_key!]) };
    expect(await replayRejections({ ...deps, lake })).toMatchObject({ tried: 1, stored: 0 });
    expect((await rejections()).map(({ reason, original }) => [reason, original])).toEqual([['erased', '']]);
  });
});
