import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { accessPerson } from '../../lib/adapters/embedded/privacy/access-person.ts';
import { erasePerson } from '../../lib/adapters/embedded/privacy/erase-person.ts';
import { planErasure } from '../../lib/adapters/embedded/privacy/erasure-plan.ts';
import { keyColumnsOf } from '../../lib/adapters/embedded/privacy/person-records.ts';
import { emptied, rewriteTable } from '../../lib/adapters/embedded/privacy/raw-rewrite.ts';
import { openRuleFile } from '../../lib/adapters/embedded/rule-file.ts';
import { ErasureIncomplete } from '../../lib/pipeline/privacy/erasure-incomplete.ts';
import type { AskedFor } from '../../lib/pipeline/privacy/needles.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const STORE = { store_id: 's1', name: 'Rome', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' };
const order = (order_id: string, more: object) => ({
  order_id,
  occurred_at: '2025-02-06T10:00:00Z',
  currency: 'EUR',
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});

let shop: TemporaryShop;
beforeEach(async () => {
  shop = await temporaryShop();
  await shop.give({ stores: [STORE] });
}, 300_000);
afterEach(() => shop.remove());

async function planOf(asked: AskedFor) {
  const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
  try {
    return await planErasure(shop.shop, asked, engine);
  } finally {
    engine.close();
  }
}

async function salesOf(select: string) {
  const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
  try {
    return await engine.rows(select.replace('SALES', `'${join(shop.root, 'lake/raw_sales/*.parquet')}'`));
  } finally {
    engine.close();
  }
}

const originals = async () => (await shop.shop.importer.lake.rejections()).map(({ original }) => original);

describe('guests of one device', () => {
  const guests = (names: readonly string[]) => ({
    orders: names.map((name) =>
      order(`o-${name}`, { email: `${name}@example.com`, anonymous_id: 'browser of the office' }),
    ),
  });

  test.each([
    ['before any build', false],
    ['after a build that knew one of them', true],
  ])(
    'stay themselves, %s',
    async (_, isBuilt) => {
      await shop.give(guests(['anna']));
      if (isBuilt) await shop.shop.build();
      await shop.give(guests(['bruno', 'carla', 'dario', 'elena']));
      const aside = {
        occurred_at: 'yesterday',
        email: 'zoe@example.com',
        note: 'o-bruno: anna@example.com.',
      };
      await shop.give({ web_events: [{ event_id: 'x', event: 'Product Viewed', ...aside }] });
      await shop.giveFile('receipts', 'broken.jsonl', 'o-carla and anna@example.com, no record');
      const { scope, rows, rejections } = await planOf({ email: 'anna@example.com' });
      expect(rejections).toHaveLength(2);
      expect([...scope.own.values()]).toEqual(['email']);
      expect(scope.kept.map(({ kind }) => kind)).toEqual(['anonymous']);
      expect(rows.raw_sales).toBe(1);
      const file = await accessPerson(shop.shop, { email: 'anna@example.com' });
      const sales = file.tables.find(({ table }) => table === 'raw_sales')!.rows;
      expect(sales.map((row) => row.order_id)).toEqual(['o-anna']);
      expect(JSON.stringify(file)).not.toMatch(/o-(bruno|carla|dario|elena)/);
      await expect(planOf({ anonymous_id: 'browser of the office' })).rejects.toThrow(/used by 5 people/);
    },
    120_000,
  );
});

describe('an address that is hidden in what was set aside', () => {
  const percent = (text: string, times: number) => text.replace('@', `%${'25'.repeat(times)}40`);
  const hidings: [string, (email: string) => string | Buffer][] = [
    [
      'bytes that are no UTF-8',
      (email) => Buffer.from(`{"name":"Jos\xe9","email":"${email}" oops`, 'latin1'),
    ],
    ['two bytes a character', (email) => Buffer.from(`\ufeff"${email}"; oops`, 'utf16le')],
    ['an address in an address', (email) => `{"u":"https://x.example/?r=${percent(email, 1)}" oops`],
    ['the same five times', (email) => `{"u":"https://x.example/?r=${percent(email, 5)}" oops`],
    ['JSON in JSON', (email) => `{"inner":"{\\"email\\":\\"${email.replace('@', '\\\\u0040')}\\"}" oops`],
    [
      'JSON in XML in an address',
      (email) => `<a>%26amp%3B%2364%3B ${email.replace('@', '%5Cu0026#x40;')} oops`,
    ],
    ['a sentence', (email) => `{"note":"Kontakt ${email}. Danke" oops`],
    ['a sentence of markup', (email) => `<p>Kontakt ${email.replace('@', '&commat;')}! oops`],
  ];

  test('is taken out and kept out, and what only looks alike stays', async () => {
    for (const [at, [, hide]] of hidings.entries())
      for (const name of ['anna', 'joanna', 'bruno'])
        await shop.giveFile('receipts', `${name}-${at}.jsonl`, hide(`${name}@example.com`));
    const own = (await shop.shop.importer.lake.rejections()).filter(({ file }) => file.startsWith('anna'));
    expect(own).toHaveLength(hidings.length);
    const plan = await planOf({ email: 'anna@example.com' });
    expect([...plan.rejections].sort()).toEqual(own.map(({ rejection_id }) => rejection_id).sort());

    mkdirSync(join(shop.root, 'stream'), { recursive: true });
    const left = join(shop.root, 'stream', 'left.log');
    writeFileSync(left, `"${percent('anna@example.com', 2)}"${' '.repeat(40_000)}`);
    const failed = await erasePerson(shop.shop, { email: 'anna@example.com' }).catch((error) => error);
    expect(failed).toBeInstanceOf(ErasureIncomplete);
    expect((failed as ErasureIncomplete).findings).toEqual([
      { file: join('stream', 'left.log'), column: null, what: 'clear value' },
    ]);
    rmSync(left);
    const { certificate } = await erasePerson(shop.shop, { email: 'anna@example.com' });
    expect(certificate.findings).toBe(0);
    const kept = await shop.shop.importer.lake.rejections();
    expect(kept.map(({ file }) => file.replace(/-.*/, '')).sort()).toEqual([
      ...Array(hidings.length).fill('bruno'),
      ...Array(hidings.length).fill('joanna'),
    ]);

    for (const [at, [said, hide]] of hidings.entries()) {
      const again = await shop.giveFile('receipts', `late-${at}.jsonl`, hide('anna@example.com'));
      expect(Object.keys(again.rejected), said).toContain('erased');
    }
    expect((await originals()).filter((text) => text !== '')).toHaveLength(2 * hidings.length);
  }, 600_000);
});

describe('an erasure finishes', () => {
  test('where an order bears the number of the account, and rules name the person', async () => {
    await shop.give({
      orders: [
        order('SO-2026-1000011', { email: 'bruno@example.com' }),
        order('SO-2026-100001', { email: 'carla@example.com' }),
        order('o1', { customer_id: '100001', email: 'anna@example.com' }),
      ],
    });
    const { identify } = shop.shop.importer;
    const rules = openRuleFile(shop.shop.directory);
    const keyOf = (email: string) => identify({ email }, null).email_key!;
    const rule = (rule_id: string, identifier_key: string, other_key: string, reason: string) => ({
      rule_id,
      rule: other_key === '' ? ('block' as const) : ('separate' as const),
      identifier_key,
      other_key,
      reason,
      made_at: '2025-02-01T00:00:00.000Z',
    });
    rules.add(rule('r1', keyOf('bruno@example.com'), keyOf('anna@example.com'), 'a couple'));
    rules.add(rule('r2', keyOf('carla@example.com'), '', 'is not anna@example.com, nor 100001'));
    await shop.shop.build();
    const asked = { customer_id: '100001', email: 'anna@example.com' };
    const { certificate } = await erasePerson(shop.shop, asked);
    expect(certificate.rules_removed).toBe(1);
    expect(rules.list().map(({ rule_id, reason }) => [rule_id, reason])).toEqual([['r2', '']]);
    expect(certificate.remarks.map(({ column }) => column)).toEqual(
      expect.arrayContaining(['order_id', 'document_id']),
    );
    expect(certificate.remarks.every(({ file }) => /^(lake\/raw_sales|builds)\//.test(file))).toBe(true);
    expect(readFileSync(join(shop.root, 'seeds/identity_rules.csv'), 'utf8')).not.toContain('anna');
    const sales = await salesOf(
      `SELECT order_id, consent FROM read_parquet(SALES) WHERE email_key IS NOT NULL ORDER BY 1`,
    );
    expect(sales.map(({ order_id }) => order_id)).toEqual(['SO-2026-100001', 'SO-2026-1000011']);
  }, 300_000);

  test('and where it does not, nothing that others need is to be deleted', () => {
    const said = (file: string) =>
      new ErasureIncomplete([{ file, column: null, what: 'clear value' }]).message.replace(
        `  ${file}: clear value`,
        '',
      );
    for (const file of [
      'lake/raw_events/1.parquet',
      'builds/1/touches.parquet',
      'identity/links.mdb',
      'keys.json',
      'identity.secret',
      'current',
      'stream/1.log',
      'seeds/settings.csv',
      'exports.jsonl',
      'privacy/1.json',
    ])
      expect(said(file), file).not.toMatch(/delete|remove|move|take the person out of them/i);
    expect(said('notes/old.csv')).toContain('take the person out of them');
  });

  test('also when it was interrupted between two versions of a document', async () => {
    await shop.give({ orders: [order('o1', { email: 'anna@example.com', revision: 1 })] });
    await shop.give({ orders: [order('o1', { revision: 2, lines: [{ sku: 'A', amount: '8.00' }] })] });
    await expect(
      erasePerson(shop.shop, { email: 'anna@example.com' }, (step) => {
        if (step === 'rows') throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    await rewriteTable(engine, join(shop.root, 'lake/raw_sales'), () => ({
      condition: 'email_key IS NOT NULL',
      instead: emptied(keyColumnsOf('raw_sales')),
    }));
    engine.close();
    const { certificate } = await erasePerson(shop.shop, { email: 'anna@example.com' });
    expect(certificate.rows_emptied).toEqual({ raw_sales: 2 });
    const sales = await salesOf('SELECT DISTINCT consent FROM read_parquet(SALES)');
    expect(sales).toEqual([{ consent: 'erased' }]);
    const state = readFileSync(join(shop.root, 'privacy', `${certificate.erasure_id}.json`), 'utf8');
    expect(JSON.parse(state)).not.toHaveProperty('documents');

    // A later version that a stranger is named by is the stranger's, whoever was erased before.
    await shop.give({ orders: [order('o1', { revision: 3, email: 'bruno@example.com' })] });
    await shop.give({ orders: [order('o2', { email: 'carla@example.com' })] });
    expect((await planOf({ email: 'carla@example.com' })).rows.raw_sales).toBe(1);
  }, 300_000);
});
