import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawTable } from '../../lib/domain/raw-tables.ts';
import type { Delivery, EventLake, Gathered, Rejection } from '../../lib/ports.ts';

/** A lake that the contract may fill. */
export interface LakeUnderTest {
  lake: EventLake;
  /** Another process on the same lake. */
  reopen(): Promise<EventLake>;
  /** Some columns of a raw table as a build reads it, null as the empty text, in the order of their texts. */
  rows(table: RawTable, columns: readonly string[]): Promise<string[][]>;
  /** Puts keys on the list of erased persons. */
  erase(identifierKeys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

type Row = Record<string, string | number | boolean | null>;
const ARRIVED = '2025-03-01T10:00:00.000Z';

let made = 0;
const newId = (name: string) => `${name}-${++made}`;

const eventRow = (record_id: string, more: Row = {}): Row => ({
  record_id,
  fingerprint: `of ${record_id}`,
  received_at: ARRIVED,
  occurred_at: ARRIVED,
  event: 'product_viewed',
  consent: 'granted',
  is_bot: false,
  ...more,
});

const storeRow = (store_id: string, more: Row = {}): Row => ({
  record_id: store_id,
  fingerprint: `of ${store_id}`,
  received_at: ARRIVED,
  store_id,
  name: 'A store',
  time_zone: 'Europe/Rome',
  currency: 'EUR',
  country: 'IT',
  revision: 0,
  ...more,
});

/** Rows as `gather` writes them: one record each. */
function gathered(table: RawTable, rows: readonly Row[], firstRecord = 1): Gathered {
  const lines = rows.map((row, at) => `${JSON.stringify({ ...row, _record: firstRecord + at })}\n`);
  return {
    accepted: rows.length,
    tables: [{ table, rows: rows.length, text: Buffer.from(lines.join('')) }],
    rejections: [],
  };
}

const refused = (rejection_id: string, more: Partial<Rejection> = {}): Rejection => ({
  rejection_id,
  format: 'segment',
  file: 'site',
  line: 1,
  kind: 'events',
  reason: 'schema',
  detail: 'a field is missing',
  original: `{"id":"${rejection_id}","text":"é\\n\\"🙂"}`,
  record: null,
  contract_version: '1',
  received_at: ARRIVED,
  store_scope: null,
  ...more,
});

const deliver = async (lake: EventLake, ...parts: Gathered[]) => {
  const delivery: Delivery = await lake.deliver();
  for (const part of parts) await delivery.take(part);
  return delivery.close();
};
const rejecting = (...rejections: Rejection[]): Gathered => ({ accepted: 0, tables: [], rejections });

/** What every lake must do, wherever its rows rest. */
export function eventLakeContract(name: string, open: () => Promise<LakeUnderTest>): void {
  describe(`${name} is an event lake`, () => {
    let under: LakeUnderTest;
    let lake: EventLake;
    beforeAll(async () => {
      under = await open();
      lake = under.lake;
    });
    afterAll(() => under.close());

    const idsOf = async (rejections: Promise<Rejection[]>, ids: readonly string[]) =>
      (await rejections).map(({ rejection_id }) => rejection_id).filter((id) => ids.includes(id));

    test('stores what was taken with all that it says', async () => {
      const [full, bare] = [newId('full'), newId('bare')];
      const said = {
        sku: 'S "1", è\\🙂\nnext }{',
        value_minor: -9_007_199_254_740_991,
        is_bot: true,
        currency: 'EUR',
      };
      const counts = await deliver(
        lake,
        gathered('raw_events', [eventRow(full, said), eventRow(bare, { consent: null })]),
      );
      expect(counts).toEqual({ received: 2, stored: 2, duplicates: 0, rejected: {}, waiting: 0 });
      const columns = [
        'record_id',
        'sku',
        'value_minor',
        'is_bot',
        'currency',
        'consent',
        'event',
        'anonymous_key',
      ];
      const rows = (await under.rows('raw_events', columns)).filter(([id]) => id === full || id === bare);
      expect(rows).toEqual([
        [bare, '', '', 'false', '', '', 'product_viewed', ''],
        [full, said.sku, '-9007199254740991', 'true', 'EUR', 'granted', 'product_viewed', ''],
      ]);
    });

    test('holds one row per record id and fingerprint, whatever is delivered how often', async () => {
      const [once, other] = [newId('once'), newId('other')];
      const rows = [eventRow(once), eventRow(once, { fingerprint: 'another' }), eventRow(other)];
      const first = await deliver(lake, gathered('raw_events', rows));
      expect(first.received).toBe(3);
      const again = await deliver(
        await under.reopen(),
        gathered('raw_events', [...rows, eventRow(other)]),
        gathered('raw_events', rows.slice(0, 1), 5),
      );
      expect(again.received).toBe(5);
      expect(again.stored + again.duplicates).toBe(5);
      const kept = (await under.rows('raw_events', ['record_id', 'fingerprint'])).filter(
        ([id]) => id === once || id === other,
      );
      expect(kept).toEqual([
        [once, 'another'],
        [once, `of ${once}`],
        [other, `of ${other}`],
      ]);
    });

    test('takes a delivery of many parts and tables', async () => {
      const tag = newId('part');
      const parts = Array.from({ length: 12 }, (_, part) => {
        const rows = Array.from({ length: 400 }, (_, n) =>
          eventRow(`${tag} ${part} ${n}`, { page_path: '/'.padEnd(150, 'x') }),
        );
        return gathered('raw_events', rows, part * 400 + 1);
      });
      const touch = { ...eventRow(`${tag} touch`), touch_type: 'email_click', channel: 'email' };
      const counts = await deliver(lake, ...parts, gathered('raw_touches', [touch], 4801));
      expect(counts).toMatchObject({ received: 4801, stored: 4801, duplicates: 0 });
      const kept = (await under.rows('raw_events', ['record_id'])).filter(([id]) => id!.startsWith(tag));
      expect(new Set(kept.map(([id]) => id)).size).toBe(4800);
      expect(await under.rows('raw_touches', ['record_id', 'channel'])).toEqual([[`${tag} touch`, 'email']]);
    });

    test('counts every record once: stored, refused by its reason, or waiting for its store', async () => {
      const [a, b, c, d] = [newId('r'), newId('r'), newId('r'), newId('r')];
      const counts = await deliver(lake, {
        ...gathered('raw_events', [eventRow(newId('stored'))]),
        rejections: [
          refused(a),
          refused(b),
          refused(c, { reason: 'bad_time' }),
          refused(d, { reason: 'unknown_store' }),
        ],
      });
      expect(counts).toEqual({
        received: 5,
        stored: 1,
        duplicates: 0,
        rejected: { schema: 2, bad_time: 1 },
        waiting: 1,
      });
    });

    test('lists what is set aside, each once, as it was, by reasons too', async () => {
      const [a, b, c] = [newId('r'), newId('r'), newId('r')];
      const later = refused(b, { reason: 'bad_time', received_at: '2025-03-02T00:00:00.000Z', line: 7 });
      const scoped = refused(c, { record: '{"x":1}', store_scope: 's7', kind: null });
      await deliver(lake, rejecting(later, refused(a), scoped));
      await deliver(await under.reopen(), rejecting(refused(a)), rejecting(refused(a), later));
      const found = (await lake.rejections()).filter(({ rejection_id }) => [a, b, c].includes(rejection_id));
      expect(found).toHaveLength(3);
      expect(found.at(-1)).toMatchObject({ rejection_id: b, line: 7, reason: 'bad_time' });
      const asWas = found.find(({ rejection_id }) => rejection_id === c)!;
      expect({ ...asWas, received_at: scoped.received_at, line: 1 }).toEqual(scoped);
      expect(await idsOf(lake.rejections(['bad_time']), [a, b, c])).toEqual([b]);
      expect(await idsOf(lake.rejections(['bad_time', 'schema']), [a, b, c])).toHaveLength(3);
      expect(await idsOf(lake.rejections([]), [a, b, c])).toEqual([]);
    });

    test('takes rejections off the list and leaves the others, however often', async () => {
      const ids = Array.from({ length: 9 }, () => newId('r'));
      await deliver(lake, rejecting(...ids.map((id, n) => refused(id, { line: n + 1 }))));
      const gone = [ids[1]!, ids[4]!, ids[8]!];
      await lake.forget([...gone, 'never there']);
      await lake.forget(gone);
      await lake.forget([]);
      const left = ids.filter((id) => !gone.includes(id));
      expect(await idsOf((await under.reopen()).rejections(), ids)).toEqual(left);
      await lake.forget(left);
      expect(await idsOf(lake.rejections(['schema']), ids)).toEqual([]);
      await deliver(lake, rejecting(refused(ids[0]!)));
      expect(await idsOf(lake.rejections(), ids)).toEqual([ids[0]]);
    });

    test('knows the stores that came, by their highest revision, in whatever order', async () => {
      const [a, b] = [newId('s'), newId('s')];
      await deliver(lake, gathered('raw_stores', [storeRow(a, { revision: 3, currency: 'CHF' })]));
      await deliver(
        await under.reopen(),
        gathered('raw_stores', [
          storeRow(a, { revision: 2, fingerprint: 'older' }),
          storeRow(b, { country: null, revision: null, fingerprint: 'z' }),
          storeRow(b, { country: null, time_zone: 'Europe/Zurich', fingerprint: 'y' }),
          storeRow(b, { country: null, time_zone: 'Europe/Paris', fingerprint: 'x' }),
        ]),
      );
      // Of tellings of one revision the same one wins, whichever comes first.
      const [c, d] = [newId('s'), newId('s')];
      const first = { fingerprint: 'a', currency: 'CHF' };
      const second = { fingerprint: 'b', currency: 'GBP' };
      await deliver(lake, gathered('raw_stores', [storeRow(c, first), storeRow(d, second)]));
      await deliver(lake, gathered('raw_stores', [storeRow(c, second), storeRow(d, first)]));
      const stores = await (await under.reopen()).stores();
      expect([stores.get(c)?.currency, stores.get(d)?.currency]).toEqual(['CHF', 'CHF']);
      expect(stores.get(a)).toEqual({ time_zone: 'Europe/Rome', currency: 'CHF', country: 'IT' });
      expect(stores.get(b)).toEqual({ time_zone: 'Europe/Paris', currency: 'EUR', country: null });
      const own = await lake.stores();
      own.clear();
      expect((await lake.stores()).size).toBeGreaterThanOrEqual(2);
    });

    test('knows the keys of erased persons', async () => {
      const keys = [newId('key'), newId('key')];
      await under.erase(keys);
      const known = await (await under.reopen()).tombstones();
      expect(keys.every((key) => known.has(key))).toBe(true);
      expect(known.has('nobody')).toBe(false);
    });

    test('a delivery that is given up, and one of nothing, leave nothing', async () => {
      const [row, rejection] = [newId('aborted'), newId('r')];
      const delivery = await lake.deliver();
      await delivery.take({
        ...gathered('raw_events', [eventRow(row)]),
        rejections: [refused(rejection)],
      });
      await delivery.abort();
      expect((await under.rows('raw_events', ['record_id'])).flat()).not.toContain(row);
      expect(await idsOf(lake.rejections(), [rejection])).toEqual([]);
      expect(await deliver(lake)).toEqual({
        received: 0,
        stored: 0,
        duplicates: 0,
        rejected: {},
        waiting: 0,
      });
    });
  });
}
