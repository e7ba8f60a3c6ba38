import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

/** What the API says of the attribution models: figures with intervals, pairs, and where each row comes from. */
let it: ShopWithApi;
beforeAll(async () => {
  it = await shopWithApi();
});
afterAll(() => it?.remove());

const WITH_ORIGIN = ['attribution-intervals', 'channel-differences', 'attribution-models'];

/** How sure credit is can be asked of any period. */
const OF_ALL_TIME = WITH_ORIGIN.filter((kpi) => kpi !== 'attribution-intervals');

describe.each(WITH_ORIGIN)('%s', (kpi) => {
  test('names on every row the configuration, version and seed that it comes from', async () => {
    const { rows, columns } = await it.answerTo(`/v1/kpis/${kpi}`);
    const known = new Map(
      (await it.shop.ask('SELECT model, config_hash FROM fitted_models')).map((row) => [
        row.model,
        row.config_hash,
      ]),
    );
    expect(rows.length).toBeGreaterThan(12);
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['model', 'config_hash', 'model_version', 'random_seed']),
    );
    for (const row of rows)
      expect(row).toMatchObject({
        config_hash: known.get(String(row.model)),
        model_version: '1',
        random_seed: '1',
      });
    expect(new Set(rows.map(({ model }) => model)).size).toBe(13);
  });

  test('answers for one model, and refuses one that is not there with those that are', async () => {
    const { rows } = await it.answerTo(`/v1/kpis/${kpi}?model=shapley`);
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(['shapley']));
    const response = await it.get(`/v1/kpis/${kpi}?model=shapely`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      field: 'model',
      value: 'shapely',
      allowed: expect.arrayContaining([
        'markov',
        'markov_campaign',
        'shapley',
        'shapley_rate',
        'additive_hazard',
      ]),
    });
  });

  test('as CSV has no text that a spreadsheet would run', async () => {
    const [header, ...rows] = parse(await (await it.get(`/v1/kpis/${kpi}?format=csv`)).text()) as string[][];
    expect(rows.length).toBeGreaterThan(12);
    const { columns } = await it.answerTo(`/v1/kpis/${kpi}`);
    for (const [at, name] of header!.entries()) {
      if (columns.find((column) => column.name === name)?.unit !== 'text') continue;
      for (const row of rows) expect(row[at], name).not.toMatch(/^[=+\-@\t\r\0]/);
    }
  });
});

describe.each(OF_ALL_TIME)('%s', (kpi) => {
  test('takes no period: the figures are of all time', async () => {
    const response = await it.get(`/v1/kpis/${kpi}?from=2025-01-01`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      field: 'from',
      type: 'urn:ropo:problem:unknown-parameter',
      allowed: expect.not.arrayContaining(['from']),
    });
  });
});

describe('the numbers', () => {
  test('with intervals are those of the attribution KPI, in units of each currency', async () => {
    const intervals = await it.answerTo('/v1/kpis/attribution-intervals');
    const attribution = await it.answerTo('/v1/kpis/attribution?by=channel');
    const revenue = new Map(
      attribution.rows.map((row) => [`${row.model} ${row.label} ${row.currency}`, Number(row.revenue)]),
    );
    expect(new Set(intervals.rows.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'JPY', 'KWD']));
    for (const row of intervals.rows) {
      const name = `${row.model} ${row.label} ${row.currency}`;
      expect(Number(row.revenue), name).toBeCloseTo(revenue.get(name) ?? 0, 6);
      const exponent = { EUR: 2, JPY: 0, KWD: 3 }[String(row.currency)]!;
      for (const bound of [row.revenue, row.revenue_low, row.revenue_high])
        expect(Number((Number(bound) * 10 ** exponent).toFixed(6)) % 1, name).toBe(0);
      expect(Number(row.revenue_low), name).toBeLessThanOrEqual(Number(row.revenue_high));
    }
  });

  test('of a pair are first less second, and the verdict is in words', async () => {
    const { rows } = await it.answerTo('/v1/kpis/channel-differences?by=revenue');
    const intervals = await it.answerTo('/v1/kpis/attribution-intervals');
    const revenue = new Map(
      intervals.rows.map((row) => [`${row.model} ${row.currency} ${row.label}`, Number(row.revenue)]),
    );
    const channels = [...new Set(intervals.rows.map(({ label }) => String(label)))];
    for (const row of rows) {
      const [first, second] = channels
        .flatMap((one) => channels.map((other) => [one, other] as const))
        .find(([one, other]) => `${one} - ${other}` === row.label)!;
      const [a, b] = [first, second].map(
        (channel) => revenue.get(`${row.model} ${row.currency} ${channel}`)!,
      );
      expect(Number(row.revenue_difference), `${row.model} ${row.label}`).toBeCloseTo(a! - b!, 6);
      expect(['not distinguishable', `${first} is ahead`, `${second} is ahead`]).toContain(row.verdict);
      expect(row.roas_difference).toBeNull();
    }
  });

  test('say that one person is no evidence: no pair can be told apart', async () => {
    const { rows } = await it.answerTo('/v1/kpis/channel-differences?by=revenue');
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['not distinguishable']));
    const { rows: conclusions } = await it.answerTo('/v1/kpis/model-conclusions');
    expect(conclusions.map(({ kind }) => kind)).not.toContain('ahead');
  });

  test('spell out what a model depends on', async () => {
    const { rows } = await it.answerTo('/v1/kpis/attribution-models?model=markov');
    const settings = JSON.parse(String(rows[0]!.settings)) as Record<string, unknown>;
    expect(settings).toMatchObject({
      model: 'markov',
      basis: 'markov',
      path_transform: 'unique',
      null_path_gap_days: 30,
      random_seed: 1,
      model_version: 1,
      lookback: expect.arrayContaining([
        expect.objectContaining({ conversion_kind: 'order', lookback_days: 30 }),
      ]),
    });
  });
});
