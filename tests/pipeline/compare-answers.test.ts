import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { choicesOf } from '../../lib/pipeline/choices.ts';
import { whyFigure } from '../../lib/pipeline/explain-figure.ts';
import { BadQuestion, type KpiQuestion, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { showFigure } from '../../lib/report/show-figure.ts';
import { showKpi } from '../../lib/report/show-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

let shop: TemporaryShop;
let reader: Reader;
let published: Published;

const order = (id: string, day: string, amount: string, who?: string) => ({
  order_id: id,
  occurred_at: `${day}T12:00:00Z`,
  currency: 'EUR',
  ...(who ? { customer_id: who } : {}),
  lines: [{ amount }],
});
const touch = (id: string, day: string, channel: string, who: string) => ({
  touch_id: id,
  occurred_at: `${day}T10:00:00Z`,
  touch_type: 'click',
  customer_id: who,
  channel,
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    touches: [
      touch('t1', '2025-02-10', 'Email', 'c1'),
      touch('t2', '2025-02-20', 'Display', 'c2'),
      touch('t3', '2025-03-10', 'Email', 'c1'),
      touch('t4', '2025-03-30', 'Paid Search', 'c3'),
    ],
    orders: [
      order('o1', '2025-02-11', '100.00', 'c1'),
      order('o2', '2025-02-21', '7.01', 'c2'),
      order('o3', '2025-03-11', '250.50', 'c1'),
      order('o4', '2025-03-31', '30.00', 'c3'),
      order('o5', '2025-03-31', '12.49'),
    ],
    // To the end of February's sales: of days without any spend ROAS is withheld.
    spend: ['2025-02-03', '2025-02-20'].map((date) => ({
      date,
      channel: 'Email',
      cost: '10',
      currency: 'EUR',
    })),
  });
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  published = (await reader.published())!;
});
afterAll(() => {
  reader?.close();
  shop?.remove();
});

const march = { from: '2025-03-01', to: '2025-03-31', compare: 'previous_period' };
const ask = (question: Partial<KpiQuestion>) =>
  reportKpi(published, { kpi: 'attribution', model: 'last_touch', ...question });

describe('rows beside what they were before', () => {
  test('by channel: what is in both, new ones, and ones that are gone', async () => {
    const { rows, comparison } = await ask(march);
    expect(comparison).toEqual({ kind: 'previous_period', from: '2025-02-01', to: '2025-02-28' });
    const figures = rows.map((row) => [row.label, row.revenue, row.revenue_before, row.spend_before]);
    expect(figures).toEqual([
      ['Email', 250.5, 100, 20],
      ['Paid Search', 30, null, null],
      ['Display', null, 7.01, 0],
    ]);
  });

  test('ratios before are made of the sums before', async () => {
    const { rows } = await ask(march);
    expect(rows[0]).toMatchObject({ roas: null, roas_before: 5 });
  });

  test('by month: months meet by their place', async () => {
    const { rows } = await ask({ ...march, by: 'month' });
    expect(rows.map((row) => [row.label, row.revenue, row.revenue_before])).toEqual([
      ['2025-03', 280.5, 107.01],
    ]);
  });

  test('by day: the 11th beside the 11th', async () => {
    const { rows } = await ask({ ...march, by: 'day' });
    expect(rows.map((row) => [row.label, row.revenue, row.revenue_before])).toEqual([
      ['2025-03-11', 250.5, 100],
      ['2025-03-31', 30, null],
    ]);
  });

  test('tables show both, CSV has a column for each', async () => {
    const answer = await ask(march);
    expect(showKpi(answer, 'table')).toContain('Revenue, before');
    expect(showKpi(answer, 'table')).toContain('before: 2025-02-01 to 2025-02-28');
    expect(showKpi(answer, 'csv').split('\r\n')[0]).toContain('revenue_before');
  });

  test.each([
    [
      { compare: 'last_week' },
      'compare "last_week" is not possible here; it can be previous_period, previous_year',
    ],
    [{ compare: 'previous_year' }, 'all time has nothing before it'],
    [
      { from: '2024-01-01', to: '2025-01-01', compare: 'previous_year' },
      'of more than a year the year before has days in common',
    ],
    [{ kpi: 'reconciliation', model: undefined, compare: 'previous_year' }, 'reconciliation covers all time'],
    [{ limit: 0 }, 'limit "0" is not possible here; it can be a whole number from 1 to 100000'],
    [{ offset: -1 }, 'offset "-1" is not possible here'],
  ])('%j: %s', async (question, message) => {
    const asked = ask(question);
    await expect(asked).rejects.toThrow(BadQuestion);
    await expect(asked).rejects.toThrow(message);
  });

  test('a part of the rows says of how many', async () => {
    const { rows, page } = await ask({ by: 'channel', limit: 1, offset: 1 });
    expect(rows.map(({ label }) => label)).toEqual(['Paid Search']);
    expect(page).toEqual({ offset: 1, limit: 1, rows: 3 });
  });
});

describe('what every answer says', () => {
  test('how many purchases have a known person, and which settings the model has', async () => {
    const { identification, model_hash } = await ask({});
    expect(identification).toEqual({ purchases: 0.8, revenue: Number((387.51 / 400).toFixed(6)) });
    const [model] = await shop.ask("SELECT config_hash FROM fitted_models WHERE model = 'last_touch'");
    expect(model_hash).toBe(model!.config_hash);
    expect((await reportKpi(published, { kpi: 'attribution' })).model_hash).toBeNull();
  });
});

describe('choices', () => {
  test('are what the figures have, channels with spend alone among them', async () => {
    const choices = await choicesOf(published);
    expect(choices.channels.map(({ value }) => value)).toEqual(['Display', 'Email', 'Paid Search']);
    expect(choices.currencies).toEqual([{ value: 'EUR', title: 'EUR' }]);
    expect([choices.first_day, choices.last_day]).toEqual(['2025-02-03', '2025-03-31']);
    expect(choices.models).toContain('last_touch');
  });
});

describe('why', () => {
  test('the SQL as it was run gives the figure again', async () => {
    const question = { kpi: 'attribution', model: 'last_touch', from: '2025-03-01', label: 'Email' };
    const why = await whyFigure(published, question);
    expect(why.rows.map((row) => row.revenue)).toEqual([250.5]);
    const again = await published.query(
      why.sql,
      why.parameters.map(({ value }) => value),
    );
    expect(again.find(({ label }) => label === 'Email')?.revenue_minor).toBe(25_050);
    expect(why.parameters.slice(0, 4)).toEqual([
      { name: 'from', value: '2025-03-01' },
      { name: 'to', value: null },
      { name: 'model', value: 'last_touch' },
      { name: 'by', value: 'channel' },
    ]);
  });

  test('tables go back to what was received, each with the statement that made it', async () => {
    const { tables, kpi } = await whyFigure(published, { kpi: 'attribution' });
    const named = new Map(tables.map((table) => [table.name, table]));
    expect(kpi.sources.every((name) => named.has(name))).toBe(true);
    expect(named.get('channel_daily')?.sql).toContain('FROM ledger');
    expect(named.get('conversions')).toMatchObject({
      rows: 5,
      grain: expect.stringMatching(/^One row per purchase/),
    });
    expect(named.get('raw_sales')).toMatchObject({ sql: null, grain: 'As received and accepted.' });
    for (const { reads } of tables) for (const name of reads) expect(named.has(name)).toBe(true);
  });

  test('what did not count is counted, with its revenue', async () => {
    const { excluded } = await whyFigure(published, { kpi: 'attribution', model: 'linear' });
    expect(excluded).toContainEqual({
      of: 'revenue',
      bucket: 'unattributed',
      reason: 'unidentified',
      records: 1,
      revenue: 12.49,
      currency: 'EUR',
    });
  });

  test('for people: formulas, what was left out, tables and SQL', async () => {
    const text = showFigure(await whyFigure(published, { kpi: 'attribution', model: 'linear' }), 'table');
    for (const part of [
      'sum(revenue_minor) / sum(aligned_spend_minor)',
      'unidentified',
      'channel_daily',
      'SELECT',
    ])
      expect(text).toContain(part);
  });

  test('a question that cannot be asked has no why', async () => {
    await expect(whyFigure(published, { kpi: 'attribution', by: 'moon' })).rejects.toThrow(BadQuestion);
  });
});
