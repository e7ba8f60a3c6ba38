import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openEventLog } from '../../lib/adapters/embedded/event-log.ts';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { startIngest } from '../../lib/adapters/embedded/ingest-loop.ts';
import { ERASURE_STEPS, erasePerson } from '../../lib/adapters/embedded/privacy/erase-person.ts';
import { quietStream } from '../../lib/adapters/embedded/privacy/erasure-places.ts';
import { planErasure } from '../../lib/adapters/embedded/privacy/erasure-plan.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import { ShopBusy } from '../../lib/adapters/embedded/shop-directory.ts';
import { isSealIntact } from '../../lib/pipeline/privacy/certificate.ts';
import { ErasureIncomplete } from '../../lib/pipeline/privacy/erasure-incomplete.ts';
import { SharedByMany } from '../../lib/pipeline/privacy/erasure-scope.ts';
import type { Row } from '../../lib/ports.ts';
import { NOW, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { ANNA, BRUNO, CARD, REFUSED, sha256, TABLET, TWO_PEOPLE } from './two-people.ts';

async function rawRows({ root, shop }: TemporaryShop, select: string): Promise<Row[]> {
  const engine = await openEngine({ spillDirectory: shop.directory.spill });
  try {
    return await engine.rows(select.replaceAll('LAKE', join(root, 'lake')));
  } finally {
    engine.close();
  }
}

const idsIn = async (shop: TemporaryShop, table: string) =>
  (await rawRows(shop, `SELECT record_id FROM 'LAKE/${table}/*.parquet' ORDER BY 1`)).map(
    (row) => row.record_id,
  );

const reconciliation = (shop: TemporaryShop) =>
  shop.ask(
    `SELECT bucket, reason, CAST(sum(revenue_minor) AS bigint) AS minor FROM reconciliation WHERE model = 'last_touch' GROUP BY 1, 2`,
  );

const sumOf = (rows: Row[], bucket: string, reason?: string) =>
  rows
    .filter((row) => row.bucket === bucket && (reason === undefined || row.reason === reason))
    .reduce((sum, row) => sum + Number(row.minor), 0);

describe('erasing a person', () => {
  let shop: TemporaryShop;

  beforeEach(async () => {
    shop = await temporaryShop();
    await shop.give(TWO_PEOPLE);
    await shop.give(REFUSED);
    await shop.giveFile(
      'receipts',
      'broken.jsonl',
      `{"receipt_id":"y1", no json: <customer>${ANNA.customer_id}</customer>\n{"receipt_id" "${BRUNO.email}"\n`,
    );
    await shop.shop.build();
    await shop.shop.build();
  });
  afterEach(() => shop.remove());

  test('leaves nothing of her and all of the others, and the money adds up', async () => {
    const before = await reconciliation(shop);
    const { certificate, file } = await erasePerson(shop.shop, { email: ANNA.email });
    const after = await reconciliation(shop);

    expect(await idsIn(shop, 'raw_events')).toEqual(['b1', 'b2', 't1']);
    expect(await idsIn(shop, 'raw_touches')).toEqual(['t2']);
    expect(await idsIn(shop, 'raw_visits')).toEqual(['v2']);
    expect(await idsIn(shop, 'raw_feedback')).toEqual(['f2']);
    const sales = await rawRows(
      shop,
      `SELECT document_id, consent, count(coalesce(customer_key, loyalty_key, email_key, phone_key, payment_key)) AS known
       FROM 'LAKE/raw_sales/*.parquet' GROUP BY 1, 2 ORDER BY 1`,
    );
    const erased = sales.filter(({ consent }) => consent === 'erased').map(({ document_id }) => document_id);
    expect(erased).toHaveLength(4);
    expect(erased[0]).toBe('order/o1');
    expect(sales.filter(({ known }) => Number(known) > 0)).toHaveLength(3);

    expect(sumOf(after, 'received')).toBe(sumOf(before, 'received'));
    expect(sumOf(after, 'unattributed', 'erased')).toBe(110_00 + 20_00 + 21_00 + 24_00);
    const moved = sumOf(before, 'attributed') - sumOf(after, 'attributed');
    expect(moved).toBeGreaterThan(0);
    const elsewhere = sumOf(before, 'unattributed') - (sumOf(after, 'unattributed') - 175_00);
    expect(moved + elsewhere).toBe(175_00);

    const rejections = await shop.shop.importer.lake.rejections();
    expect(rejections.map(({ original }) => original).join('\n')).toContain(BRUNO.email);
    expect(rejections).toHaveLength(2);

    expect(certificate).toMatchObject({
      asked_by: ['email'],
      identifiers: { customer: 1, email: 1, phone: 1, anonymous: 1, payment: 1 },
      rows_removed: {
        raw_events: 3,
        raw_touches: 1,
        raw_visits: 1,
        raw_consents: 0,
        raw_feedback: 1,
        raw_rejections: 4,
      },
      rows_emptied: { raw_sales: 5 },
      findings: 0,
      short_values: 0,
    });
    expect(certificate.kept.map(({ kind }) => kind).sort()).toEqual(['anonymous', 'loyalty']);
    expect(certificate.scanned.find(({ store }) => store === 'raw_sales')).toMatchObject({
      files: 2,
      rows: 9,
    });
    expect(certificate.builds_removed).toBe(2);
    expect(readdirSync(shop.shop.directory.builds)).toEqual([certificate.build_id]);
    expect(isSealIntact(certificate)).toBe(true);
    expect(isSealIntact({ ...certificate, tombstones: 4 })).toBe(false);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(certificate);
  });

  test('what comes with one of her identifiers later stays out, and counts add up', async () => {
    await erasePerson(shop.shop, { customer_id: ANNA.customer_id });
    const again = await shop.give(TWO_PEOPLE);
    for (const { received, stored, duplicates, rejected, waiting } of again) {
      const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
      expect(received).toBe(stored + duplicates + refused + waiting);
      expect(stored).toBe(0);
    }
    expect(again.map(({ rejected }) => rejected.erased ?? 0)).toEqual([0, 0, 3, 1, 0, 0, 1, 1]);
    expect(again[4]!.duplicates + again[5]!.duplicates).toBe(8);

    const [late] = await shop.give({
      receipts: [
        {
          receipt_id: 'new',
          store_id: 's1',
          occurred_at: '2025-03-01T10:00:00',
          email: ANNA.email,
          loyalty_id: 'new-card',
          lines: [{ sku: 'A', amount: '7' }],
        },
      ],
    });
    expect(late!.stored).toBe(1);
    const [kept] = await rawRows(
      shop,
      `SELECT loyalty_key, email_key, consent FROM 'LAKE/raw_sales/*.parquet' WHERE receipt_id = 'new'`,
    );
    expect(kept).toEqual({ loyalty_key: null, email_key: null, consent: 'erased' });
    const [beside] = await shop.give({
      web_events: [
        {
          event_id: 'n1',
          event: 'Product Viewed',
          occurred_at: '2025-03-01T10:00:00Z',
          anonymous_id: 'brand-new',
          email_sha256: sha256('anna.rossi@example.com'),
        },
      ],
    });
    expect(beside!.rejected).toEqual({ erased: 1 });
    const [unreadable] = [await shop.giveFile('receipts', 'late.jsonl', `{"email": "${ANNA.email}" oops`)];
    expect(unreadable.rejected).toEqual({ erased: 1 });
    const kept_aside = await shop.shop.importer.lake.rejections();
    expect(JSON.stringify(kept_aside)).not.toMatch(/anna|brand-new/i);
  });

  test.each(ERASURE_STEPS)(
    'killed before %s it goes on where it was, and the counts are the same',
    async (killed) => {
      await expect(
        erasePerson(shop.shop, { email: ANNA.email }, (step) => {
          if (step === killed) throw new Error('killed');
        }),
      ).rejects.toThrow('killed');
      const { certificate } = await erasePerson(shop.shop, { email: ANNA.email });
      expect(certificate.rows_removed).toEqual({
        raw_events: 3,
        raw_touches: 1,
        raw_visits: 1,
        raw_consents: 0,
        raw_feedback: 1,
        raw_rejections: 4,
      });
      expect(certificate.rows_emptied).toEqual({ raw_sales: 5 });
      expect(certificate.tombstones).toBe(5);
      const [tombstones] = await rawRows(
        shop,
        `SELECT count(*) AS n, count(DISTINCT erasure_id) AS ids FROM 'LAKE/raw_tombstones/*.parquet'`,
      );
      expect(tombstones).toEqual({ n: 5, ids: 1 });
    },
    120_000,
  );

  test.each([
    ['in clear, in capitals', 'notes.txt', () => `call ANNA.ROSSI@EXAMPLE.COM back`],
    [
      'as the hash that ad platforms take',
      'upload.csv',
      () => sha256(ANNA.phone_e164.slice(1)).toUpperCase(),
    ],
    ['packed', 'old.jsonl.gz', () => gzipSync(`{"customer_id":"${ANNA.customer_id}"}`)],
  ])(
    'a leftover %s fails the proof, and without it the same command succeeds',
    async (_, name, text) => {
      mkdirSync(join(shop.root, 'left'));
      const file = join(shop.root, 'left', name);
      writeFileSync(file, text());
      const asked = { email: ANNA.email, phone: ANNA.phone, customer_id: ANNA.customer_id };
      const failed = await erasePerson(shop.shop, asked).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(ErasureIncomplete);
      expect((failed as ErasureIncomplete).findings.map((finding) => finding.file)).toEqual([
        join('left', name),
      ]);
      expect((failed as Error).message).not.toMatch(/anna/i);
      rmSync(file);
      const { certificate } = await erasePerson(shop.shop, asked);
      expect(certificate.rows_removed.raw_events).toBe(3);
    },
    120_000,
  );

  test('a leftover inside a compressed table is found by its value', async () => {
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    const { anonymous_key } = shop.shop.importer.identify({ anonymous_id: ANNA.device }, null);
    await engine.run(
      `COPY (SELECT repeat('x', 1000) || ' Anna.Rossi@Example.com' AS note, '${anonymous_key!.slice(0, 12)}' AS device_id FROM range(1000))
       TO '${join(shop.root, 'lake', 'raw_products', 'stray.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    engine.close();
    const failed = await erasePerson(shop.shop, { email: ANNA.email }).catch((error: unknown) => error);
    expect((failed as ErasureIncomplete).findings.map(({ column, what }) => `${column}: ${what}`)).toEqual(
      expect.arrayContaining(['note: clear value', 'device_id: keyed hash']),
    );
  });

  test('links of hers leave the identity store, bytes and all, and the others stay', async () => {
    const { identify } = shop.shop.importer;
    const { customer_key: anna } = identify({ customer_id: ANNA.customer_id }, null);
    const { customer_key: bruno } = identify({ customer_id: BRUNO.customer_id }, null);
    const { anonymous_key: tablet } = identify({ anonymous_id: TABLET }, null);
    const { anonymous_key: other } = identify({ anonymous_id: 'a phone that only the store has seen' }, null);
    const link = (strong_key = '', weak_key = '') => ({
      strong_key,
      strong_kind: 0,
      weak_key,
      weak_kind: 4,
      first_seen: '2025-02-01T00:00:00.000Z',
    });
    const store = openIdentityStore(shop.shop.directory);
    for (const each of [link(anna, tablet), link(bruno, tablet), link(anna, other)]) await store.put(each);
    for (let n = 0; n < 300; n++) await store.put(link(anna, `key-number-${String(n).padStart(8, '0')}-xx`));
    await store.close();
    const { certificate } = await erasePerson(shop.shop, { email: ANNA.email });
    expect(certificate.identifiers.anonymous).toBe(302);
    expect(certificate.scanned.find((each) => each.store === 'identity')!.bytes).toBeGreaterThan(1000);
    const after = openIdentityStore(shop.shop.directory);
    expect(await after.linksOf(tablet!, 10)).toEqual([link(bruno, tablet)]);
    expect(await after.linksOf(anna!, 10)).toEqual([]);
    await after.close();
    expect(await shop.shop.importer.lake.tombstones()).toContain(other);
  });

  test('what waits in the stream is taken in first, and no collector starts meanwhile', async () => {
    const message = (email: string, messageId: string) => ({
      format: 'segment',
      source: 'web',
      store_id: null,
      received_at: NOW,
      body: JSON.stringify({
        type: 'track',
        event: 'Product Viewed',
        messageId,
        timestamp: '2026-01-14T10:00:00Z',
        receivedAt: '2026-01-14T10:00:00Z',
        context: { traits: { email } },
        anonymousId: `device of ${messageId}`,
      }),
    });
    const log = openEventLog(shop.shop.directory);
    await log.append([message(ANNA.email, 'w1'), message(BRUNO.email, 'w2')]);
    await log.close();
    shop.shop.close();
    const givenFree = await quietStream(shop.shop.directory);
    const again = await openShop(shop.root, 'erase', () => NOW);
    try {
      await expect(startIngest(shop.shop.directory)).rejects.toThrow(ShopBusy);
      const { certificate } = await erasePerson(again, { email: ANNA.email });
      expect(certificate.rows_removed.raw_events).toBe(4);
      expect(certificate.identifiers.anonymous).toBe(2);
      expect(await idsIn(shop, 'raw_events')).toContain('w2');
    } finally {
      again.close();
      givenFree();
    }
    const collector = openEventLog(shop.shop.directory);
    await expect(quietStream(shop.shop.directory)).rejects.toThrow(ShopBusy);
    await collector.close();
  });

  test('exports that were made before are looked at, and those that hold her are named', async () => {
    const outside = `${shop.root}-export`;
    writeFileSync(`${outside}-1.csv`, `${sha256('anna.rossi@example.com')},1`);
    writeFileSync(`${outside}-2.csv`, `${sha256(BRUNO.email)},1`);
    try {
      writeFileSync(
        join(shop.root, 'exports.jsonl'),
        [`${outside}-1.csv`, `${outside}-2.csv`, `${outside}-gone.csv`]
          .map((file) =>
            JSON.stringify({ file, made_at: '2025-04-01T00:00:00.000Z', format: 'google', rows: 1 }),
          )
          .join('\n'),
      );
      const { certificate } = await erasePerson(shop.shop, { email: ANNA.email });
      expect(certificate.exports.map(({ holds_person }) => holds_person)).toEqual([true, false, null]);
    } finally {
      rmSync(`${outside}-1.csv`);
      rmSync(`${outside}-2.csv`);
    }
  });

  test('what a closed period keeps names nobody', async () => {
    const { closed_through } = await shop.shop
      .closePeriod('2025-03-31')
      .catch(() => ({ closed_through: null }));
    expect(closed_through).toBe('2025-03-31');
    const { certificate } = await erasePerson(shop.shop, { customer_id: ANNA.customer_id });
    expect(certificate.scanned.find(({ store }) => store === 'raw_closings')!.rows).toBeGreaterThan(10);
    const rows = await reconciliation(shop);
    expect(sumOf(rows, 'unattributed', 'erased')).toBe(175_00);
  });

  test('an identifier of several people names nobody', async () => {
    const before = await idsIn(shop, 'raw_events');
    await expect(erasePerson(shop.shop, { anonymous_id: TABLET })).rejects.toThrow(SharedByMany);
    await expect(erasePerson(shop.shop, { loyalty_id: CARD })).rejects.toThrow(/used by 2 people/);
    await expect(erasePerson(shop.shop, { email: 'no address' })).rejects.toThrow(/identifies nobody/);
    expect(await idsIn(shop, 'raw_events')).toEqual(before);
  });

  test('a plan changes nothing and says how much it is', async () => {
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    const { marks, ...plan } = await planErasure(
      shop.shop,
      { key: shop.shop.importer.identify({ email: ANNA.email }, null).email_key },
      engine,
    );
    engine.close();
    expect(marks.keys.size).toBe(5);
    expect(plan.rows).toEqual({
      raw_events: 3,
      raw_touches: 1,
      raw_visits: 1,
      raw_consents: 0,
      raw_feedback: 1,
      raw_sales: 5,
    });
    expect(plan.rejections).toHaveLength(4);
    expect(await idsIn(shop, 'raw_events')).toHaveLength(6);
  });
});
