import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { viewRawTables } from '../../lib/adapters/embedded/raw-files.ts';
import type { IdentifierKeys } from '../../lib/domain/identifier.ts';
import { type LinkEvidence, linksOf } from '../../lib/domain/link-evidence.ts';
import { seededRandom } from '../adapters/adversarial-identity-store.ts';
import { type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

describe('the links of a record', () => {
  test('are its strongest identifier with each other one', () => {
    const at = '2025-03-01T10:00:00.000Z';
    expect(linksOf({ payment_key: 'p', anonymous_key: 'a', email_key: 'e' }, at)).toEqual([
      { strong_key: 'e', strong_kind: 2, weak_key: 'a', weak_kind: 4, first_seen: at },
      { strong_key: 'e', strong_kind: 2, weak_key: 'p', weak_kind: 5, first_seen: at },
    ]);
    expect(linksOf({ anonymous_key: 'a' }, at)).toEqual([]);
    expect(linksOf({ customer_key: undefined, phone_key: 'f' }, at)).toEqual([]);
    expect(linksOf({}, at)).toEqual([]);
  });
});

/** Records with every subset of identifiers, few values each, so that pairs come again with other times. */
function records(): Records {
  const random = seededRandom(7);
  const drawn = (name: string, part: number) =>
    random() < part ? `${name}${1 + Math.floor(random() ** 2 * 9)}` : undefined;
  const at = () => new Date(Date.UTC(2025, 2, 1) + Math.floor(random() * 3e9)).toISOString();
  const known = () => ({
    customer_id: drawn('C', 0.4),
    loyalty_id: drawn('L', 0.3),
    email: drawn('e', 0.4)?.concat('@example.com'),
    phone: drawn('+39333123456', 0.3),
    consent: (['granted', 'denied', 'unknown'] as const)[Math.floor(random() * 3)],
  });
  const rows = <T>(n: number, make: (n: number) => T) => Array.from({ length: n }, (_, at) => make(at));
  return {
    stores: [{ store_id: 'S1', name: 'One', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }],
    web_events: rows(150, (n) => ({
      event_id: `v${n}`,
      event: 'page',
      occurred_at: at(),
      anonymous_id: drawn('d', 0.8),
      user_agent: random() < 0.1 ? 'Googlebot/2.1' : undefined,
      ...known(),
    })),
    touches: rows(60, (n) => ({
      touch_id: `t${n}`,
      touch_type: 'email_open',
      occurred_at: at(),
      anonymous_id: drawn('d', 0.5),
      ...known(),
    })),
    store_visits: rows(40, (n) => ({
      visit_id: `v${n}`,
      store_id: 'S1',
      entered_at: at(),
      anonymous_id: drawn('d', 0.5),
      ...known(),
    })),
    receipts: rows(150, (n) => ({
      receipt_id: `r${n}`,
      store_id: 'S1',
      business_date: '2025-03-01',
      occurred_at: at(),
      total: '10.00',
      payment_token: drawn('tok-', 0.6),
      ...known(),
      lines: [{ line_no: '1', sku: 'a', quantity: 1, amount: '10.00' }],
    })),
  };
}

describe('the pairs that the SQL makes of all records', () => {
  let shop: TemporaryShop;
  let engine: Engine;
  beforeAll(async () => {
    shop = await temporaryShop();
    const results = await shop.give(records());
    expect(results.flatMap(({ rejected }) => Object.keys(rejected))).toEqual([]);
    await shop.shop.build();
    engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    await viewRawTables(engine, shop.shop.directory);
  });
  afterAll(() => {
    engine.close();
    shop.remove();
  });

  test('are the links of each, with their earliest times', async () => {
    const person = 'customer_key, loyalty_key, email_key, phone_key, anonymous_key';
    const rows = await engine.rows(`
      SELECT *, strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.') || lpad(CAST(millisecond(occurred_at) % 1000 AS varchar), 3, '0') || 'Z' AS at
      FROM (
        SELECT ${person}, NULL AS payment_key, consent, occurred_at FROM raw_events WHERE NOT is_bot
        UNION ALL SELECT ${person}, NULL, consent, occurred_at FROM raw_touches
        UNION ALL SELECT ${person}, NULL, consent, occurred_at FROM raw_visits
        UNION ALL SELECT ${person}, payment_key, consent, occurred_at FROM raw_sales
      ) WHERE consent <> 'denied'`);
    const earliest = new Map<string, LinkEvidence>();
    for (const row of rows) {
      for (const link of linksOf(row as IdentifierKeys, String(row.at))) {
        const pair = `${link.strong_key} ${link.weak_key}`;
        if (!earliest.has(pair) || link.first_seen < earliest.get(pair)!.first_seen) earliest.set(pair, link);
      }
    }
    const made = await shop.ask(
      `SELECT strong_key, strong_kind, weak_key, weak_kind,
         strftime(first_seen, '%Y-%m-%dT%H:%M:%S.') || lpad(CAST(millisecond(first_seen) % 1000 AS varchar), 3, '0') || 'Z' AS first_seen
       FROM identity_pairs`,
    );
    const inOrder = (links: readonly object[]) =>
      links.map((link) => JSON.stringify(link, Object.keys(link).sort())).sort();
    expect(made.length).toBeGreaterThan(150);
    expect(new Set(made.map((row) => row.weak_kind))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(inOrder(Array.from(earliest.values()))).toEqual(inOrder(made));
  });
});
