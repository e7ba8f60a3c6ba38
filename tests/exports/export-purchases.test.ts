import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erasedAmong } from '../../lib/domain/accept/erased.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { exportGoogle, exportMeta, TooFewPersons } from '../../lib/exports/export-purchases.ts';
import { googleJson, googleTable } from '../../lib/exports/google-store-sales.ts';
import { metaRequests } from '../../lib/exports/meta-offline.ts';
import type { TemporaryShop } from '../temporary-shop.ts';
import { exportedShop, REGULARS, RULES, SECRET, withContext } from './exported-shop.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let shop: TemporaryShop;
beforeAll(async () => {
  shop = await exportedShop();
});
afterAll(() => shop.remove());

/** Reason, currency, purchases, minor units: sorted. */
const table = (lines: { why: string | null; currency: string; purchases: number; net_minor: number }[]) =>
  lines
    .map(({ why, currency, purchases, net_minor }) => `${why ?? 'out'} ${currency} ${purchases} ${net_minor}`)
    .sort();

const LEFT_OUT = [
  'consent_denied EUR 2 5200',
  'consent_unknown EUR 1 2400',
  'no_ad_consent EUR 2 5300',
  'no_contact EUR 1 2500',
  'nobody_known EUR 1 2200',
  'returned EUR 1 0',
];

describe('store sales for Google', () => {
  test('every store purchase is given out or left out for one reason, to the cent; web orders are none', async () => {
    const { lines, items, persons } = await withContext(shop, (context) =>
      exportGoogle(context, RULES, null),
    );
    // 9.99 - 0.65 + 7.00 - 0.46 of goods, less 3.50 - 0.23
    const given = REGULARS * 1000 + 1588 - 327;
    expect(table(lines)).toEqual(
      ['out CAD 1 2800', `out EUR ${REGULARS + 1} ${given}`, 'too_small KWD 1 1', ...LEFT_OUT].sort(),
    );
    expect([items.length, persons]).toEqual([REGULARS + 2, REGULARS + 1]);
  });

  test('a purchase by card alone is known by all that its person is known by', async () => {
    const { items } = await withContext(shop, (context) =>
      exportGoogle(context, RULES, 'customers/1/conversionActions/2'),
    );
    const card = items.find(
      ({ transaction_attribute }) => transaction_attribute.order_id === 'receipt/köln///card',
    );
    expect(card).toEqual({
      user_identifiers: [
        { hashed_email: sha256('cardowner@gmail.com') },
        { hashed_phone_number: sha256('+492211234567') },
        {
          address_info: {
            hashed_first_name: sha256('zoë'),
            hashed_last_name: sha256("o'neil"),
            country_code: 'DE',
            postal_code: '50667',
          },
        },
        { hashed_email: sha256('second@example.org') },
      ],
      transaction_attribute: {
        conversion_action: 'customers/1/conversionActions/2',
        transaction_date_time: '2025-07-09 23:30:00+02:00',
        transaction_amount_micros: 12_610_000,
        currency_code: 'EUR',
        order_id: 'receipt/köln///card',
        store_attribute: { store_code: 'köln' },
      },
      consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' },
    });
    const offsets = items.map(({ transaction_attribute }) => transaction_attribute.transaction_date_time);
    expect(offsets).toContain('2025-03-09 14:05:00+01:00');
    expect(offsets).toContain('2025-01-02 00:10:00-03:30');
  });

  test('fractions are measured from transactions, unless the shop set them', async () => {
    const { fractions, items } = await withContext(shop, (context) => exportGoogle(context, RULES, null));
    const all = REGULARS + 11;
    const identified = all - 3;
    expect(fractions.loyalty_fraction).toBeCloseTo(identified / all, 12);
    expect(fractions.transaction_upload_fraction).toBeCloseTo(items.length / identified, 12);
  });

  test('the JSON is a job and its operations, the CSV the same with a row a purchase', async () => {
    const { items, fractions } = await withContext(shop, (context) => exportGoogle(context, RULES, null));
    const file = JSON.parse(googleJson(items, fractions));
    expect(file.job).toEqual({
      type: 'STORE_SALES_UPLOAD_FIRST_PARTY',
      store_sales_metadata: fractions,
    });
    expect(file.operations.map(({ create }: { create: unknown }) => create)).toEqual(items);
    const { names, rows } = googleTable(items);
    expect(rows).toHaveLength(items.length);
    const card = rows.find((row) => row[names.indexOf('order_id')] === 'receipt/köln///card')!;
    expect(card[names.indexOf('hashed_email')]).toBe(sha256('cardowner@gmail.com'));
    expect(card[names.indexOf('hashed_last_name')]).toBe(sha256("o'neil"));
    expect(card[names.indexOf('ad_personalization')]).toBe('DENIED');
  });

  test('nothing of a contact goes out in clear but country and postal code', async () => {
    const { items, fractions } = await withContext(shop, (context) => exportGoogle(context, RULES, null));
    const text = googleJson(items, fractions).toLowerCase();
    for (const clear of ['@', 'zoë', 'neil', '1234567', 'k-9', 'card-9']) expect(text).not.toContain(clear);
  });

  test('unknown consent goes out only where it is asked for, denied never', async () => {
    const { lines } = await withContext(shop, (context) =>
      exportGoogle(context, { ...RULES, takesUnknownConsent: true }, null),
    );
    expect(table(lines).filter((line) => line.startsWith('consent'))).toEqual(['consent_denied EUR 2 5200']);
    expect(table(lines)).toContain(`out EUR ${REGULARS + 2} ${REGULARS * 1000 + 1261 + 2400}`);
  });

  test('days are those of the store', async () => {
    const of = (from: string, to: string) =>
      withContext(shop, (context) =>
        exportGoogle(context, { ...RULES, period: { from, to }, leastPersons: 0 }, null),
      );
    expect((await of('2025-07-09', '2025-07-09')).items).toHaveLength(1);
    expect((await of('2025-01-02', '2025-01-02')).items).toHaveLength(1);
    expect((await of('2025-07-10', '2025-07-10')).items).toHaveLength(0);
  });

  test('few persons are not given out', async () => {
    const few = withContext(shop, (context) => exportGoogle(context, { ...RULES, leastPersons: 50 }, null));
    await expect(few).rejects.toThrow(TooFewPersons);
    await expect(few).rejects.toThrow('Fewer than 50 persons');
    const none = withContext(shop, (context) => exportGoogle(context, RULES, null), { contacts: [] });
    await expect(none).rejects.toThrow('No purchase may be given out');
  });

  test('a person who was erased stays out, also where the build is older', async () => {
    const { email_key } = createIdentify(SECRET)({ email: 'kunde3@example.org' }, null);
    const { lines, items } = await withContext(shop, (context) => exportGoogle(context, RULES, null), {
      isErased: erasedAmong(new Set([email_key!])),
    });
    expect(table(lines)).toContain('erased EUR 1 1000');
    expect(JSON.stringify(items)).not.toContain(sha256('kunde3@example.org'));
  });
});

describe('offline events for Meta', () => {
  const NOW = Date.UTC(2025, 6, 12);

  test('only what is not too old goes out, and the rest is counted', async () => {
    const { lines, items } = await withContext(shop, (context) =>
      exportMeta(context, { ...RULES, leastPersons: 1 }, 7, NOW),
    );
    expect(items).toHaveLength(1);
    expect(table(lines)).toEqual(
      [
        'out EUR 1 1261',
        `too_old EUR ${REGULARS} ${REGULARS * 1000}`,
        'too_old CAD 1 2800',
        'too_old KWD 1 1',
        ...LEFT_OUT,
      ].sort(),
    );
    const second = Date.parse('2025-07-09T23:30:00+02:00');
    const edge = (now: number) =>
      withContext(shop, (context) => exportMeta(context, { ...RULES, leastPersons: 0 }, 7, now));
    expect((await edge(second + 7 * 86_400_000)).items).toHaveLength(1);
    expect((await edge(second + 7 * 86_400_000 + 1000)).items).toHaveLength(0);
  });

  test('an event holds the person as Meta hashes them, and what is left of the purchase', async () => {
    const { items } = await withContext(shop, (context) =>
      exportMeta(context, { ...RULES, leastPersons: 1 }, 7, NOW),
    );
    expect(items[0]).toEqual({
      event_name: 'Purchase',
      event_time: Date.parse('2025-07-09T23:30:00+02:00') / 1000,
      event_id: expect.stringMatching(/^[\w-]{32}$/),
      action_source: 'physical_store',
      opt_out: true,
      user_data: {
        em: [sha256('card.owner+vip@gmail.com'), sha256('second@example.org')],
        ph: [sha256('492211234567')],
        external_id: [sha256('K-9')],
        fn: [sha256('zoë')],
        ln: [sha256('oneil')],
        ct: [sha256('köln')],
        zp: [sha256('50667')],
        country: [sha256('de')],
      },
      custom_data: {
        value: 12.61,
        currency: 'EUR',
        order_id: 'receipt/köln///card',
        contents: expect.arrayContaining([
          { id: 'KÄSE', quantity: 1, item_price: 9.34 },
          { id: 'BROT', quantity: 2, item_price: 1.64 },
        ]),
      },
    });
  });

  test('an event has the same id in every export', async () => {
    const ids = async () => {
      const { items } = await withContext(shop, (context) => exportMeta(context, RULES, 3650, NOW));
      return items.map(({ event_id }) => event_id);
    };
    const [first, second] = [await ids(), await ids()];
    expect(first).toEqual(second);
    expect(new Set(first).size).toBe(first.length);
    expect(first.length).toBe(REGULARS + 3);
  });

  test('a request holds a thousand events at most', async () => {
    const { items } = await withContext(shop, (context) => exportMeta(context, RULES, 3650, NOW));
    const many = Array.from({ length: 2001 }, () => items[0]!);
    const requests = metaRequests(many)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).data.length);
    expect(requests).toEqual([1000, 1000, 1]);
  });
});
