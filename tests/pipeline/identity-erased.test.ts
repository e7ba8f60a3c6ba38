import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { literal, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { documentsMeant, explainReceipt } from '../../lib/pipeline/explain-receipt.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { bucketsOf, giveAndBuild, order, personsOf, receipt, touch } from './identity-shop.ts';

/** Sales that an erasure emptied: the revenue stays, the person is gone, and the sums still add up. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

/** Empties documents as an erasure does. */
async function erase(...documents: string[]): Promise<void> {
  const folder = join(shop.shop.directory.lake, 'raw_sales');
  const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
  const isErased = `regexp_matches(document_id, ${literal(`(^|/)(${documents.join('|')})$`)})`;
  const kept = ['customer', 'loyalty', 'email', 'phone', 'anonymous', 'payment'].map(
    (kind) => `CASE WHEN ${isErased} THEN NULL ELSE ${kind}_key END AS ${kind}_key`,
  );
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.parquet'))) {
    const path = join(folder, file);
    await engine.run(
      `COPY (SELECT * REPLACE (CASE WHEN ${isErased} THEN 'erased' ELSE consent END AS consent, ${kept.join(', ')})
       FROM read_parquet(${literal(path)})) TO ${literal(`${path}.new`)} (FORMAT parquet)`,
    );
    renameSync(`${path}.new`, path);
  }
  engine.close();
}

test('an erased sale counts as revenue of nobody, under a reason of its own', {
  timeout: 120_000,
}, async () => {
  shop = await temporaryShop();
  await giveAndBuild(shop, {
    touches: [
      touch('letter', 1, { email: 'anna@example.com' }),
      touch('bea-letter', 1, { email: 'bea@example.com' }),
    ],
    orders: [
      order('o-anna', 2, '10', { email: 'anna@example.com' }),
      order('o-bea', 2, '3', { email: 'bea@example.com' }),
      order('o-collected', 2, '5', { email: 'anna@example.com', fulfilment: 'reserve_and_collect' }),
    ],
    receipts: [
      receipt('r-anna', 3, '20', { email: 'anna@example.com', payment_token: 'tok' }),
      receipt('r-collected', 3, '5', { order_id: 'o-collected' }),
      receipt('r-denied', 3, '7', { email: 'carl@example.com', consent: 'denied' }),
      receipt('r-nobody', 3, '9', {}),
      {
        ...receipt('r-return', 5, '0', { email: 'anna@example.com' }),
        lines: [{ sku: 'A1', line_kind: 'return', amount: '-4', quantity: -1 }],
      },
    ],
  });
  const before = await bucketsOf(shop);
  expect(before).toMatchObject({ 'attributed sale': 3800, 'unattributed no_consent': 700 });

  await erase('o-anna', 'o-collected', 'r-anna', 'r-return');
  await shop.shop.build();
  const after = await bucketsOf(shop);
  expect(after).toMatchObject({
    'received stated': before['received stated'],
    'attributed sale': 300,
    'unattributed erased': 3500,
    'unattributed no_consent': 700,
    'unattributed unidentified': 900,
    'unattributed return_without_purchase': -400,
  });
  expect(after['attributed return']).toBeUndefined();
  const persons = await personsOf(shop);
  for (const name of ['o-anna', 'o-collected', 'r-anna', 'r-collected', 'r-return'])
    expect(persons.get(name)!.person_id, name).toBeNull();
  expect(persons.get('o-bea')!.person_id).not.toBeNull();
  expect(
    await shop.ask(
      "SELECT consent, is_erased, is_consent_denied FROM sale_persons WHERE document_id LIKE '%r-anna'",
    ),
  ).toEqual([{ consent: 'erased', is_erased: true, is_consent_denied: false }]);
  expect(await shop.ask('SELECT orphan_reason FROM returns')).toEqual([{ orphan_reason: 'erased' }]);

  const reader = await openReader(shop.shop.directory);
  const published = (await reader.published())!;
  const why = async (id: string) => {
    const [candidate] = await documentsMeant(published, id, null);
    return (await explainReceipt(published, candidate!)).person.why_unknown;
  };
  expect(await why('r-anna')).toContain('Its person was erased');
  expect(await why('r-collected')).toContain('The person of web order o-collected');
  reader.close();
});
