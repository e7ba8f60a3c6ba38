import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latecomer, type Person, recordsOf } from '../pipeline/model-journeys.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type Workplace, workplace } from './run-ropo.ts';

/** The models side by side on the command line, and the KPIs about them. */
let place: Workplace;
let shop: TemporaryShop;
let touched: TemporaryShop;
/** A command on the shop that was built. */
const ropo = (...words: string[]) => place.ropo(...words, '--data', shop.root);

const people = Array.from(
  { length: 24 },
  (_, n): Person => ({
    name: `p${n}`,
    touches: [
      [n / 100, '=SUM(A1)'],
      [1, n % 2 === 0 ? '@home' : 'Plain, "quoted"'],
      [2, n % 3 === 0 ? '-1' : '=SUM(A1)'],
    ],
    ...(n % 2 === 0 ? { orders: [[3, `${n + 10}.25`] as const] } : {}),
  }),
);

beforeAll(async () => {
  place = workplace();
  const records = recordsOf([...people, latecomer('@home')]);
  const spend = ['=SUM(A1)', '@home'].map((channel) => ({
    date: '2025-01-02',
    channel,
    cost: '40.00',
    currency: 'EUR',
  }));
  shop = await temporaryShop();
  await shop.give({ ...records, spend });
  await shop.shop.build();
  touched = await temporaryShop();
  await touched.give({ touches: records.touches! });
  await touched.shop.build();
});
afterAll(() => {
  place?.remove();
  shop?.remove();
  touched?.remove();
});

describe('ropo compare', () => {
  test('shows every channel in every model with its interval, and what they agree on', async () => {
    const { code, stdout, stderr } = await ropo('compare');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Share of credited revenue by channel and model, EUR, all time');
    for (const model of [
      'first_touch',
      'linear',
      'markov',
      'markov_campaign',
      'shapley_rate',
      'additive_hazard',
    ])
      expect(stdout).toMatch(new RegExp(`^Channel.* ${model}\\b`, 'm'));
    for (const channel of ['=SUM\\(A1\\)', '@home', '-1', 'Plain, "quoted"'])
      expect(stdout).toMatch(new RegExp(`^${channel} .*\\d+\\.\\d% \\(\\d+\\.\\d% - \\d+\\.\\d%\\)`, 'm'));
    expect(stdout).toMatch(
      /^(Said by every model|In every model, beyond chance|Depends on the model|Not distinguishable in any model):$/m,
    );
    expect(stdout).toMatch(/^ {2}\S/m);
    expect(stdout).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test('as JSON holds channel x model with spread, ranks, intervals and where each figure comes from', async () => {
    const { code, stdout } = await ropo('compare', '--format', 'json');
    expect(code).toBe(0);
    const comparison = JSON.parse(stdout) as {
      build_id: string;
      currencies: {
        currency: string;
        channels: {
          channel: string;
          models: Record<string, Record<string, number | string | null>>;
          spread: number;
          best_rank: number;
          worst_rank: number;
        }[];
        conclusions: { kind: string; statement: string; models: number }[];
      }[];
    };
    expect(comparison.build_id).toMatch(/^\d{8}T\d{6}-/);
    const [eur] = comparison.currencies;
    expect(comparison.currencies).toHaveLength(1);
    expect(eur!.channels).toHaveLength(4);
    for (const { channel, models, spread, best_rank, worst_rank } of eur!.channels) {
      expect(Object.keys(models)).toHaveLength(13);
      const shares = Object.values(models).map(({ share }) => Number(share));
      expect(spread).toBeCloseTo(Math.max(...shares) - Math.min(...shares), 6);
      expect(best_rank).toBeLessThanOrEqual(worst_rank);
      for (const [model, figures] of Object.entries(models)) {
        expect(figures, `${channel} ${model}`).toMatchObject({
          config_hash: expect.stringMatching(/^[0-9a-f]{12}$/),
          model_version: expect.any(Number),
          random_seed: 1,
        });
        expect(Number(figures.share_low)).toBeLessThanOrEqual(Number(figures.share_high));
        const hasSpend = ['=SUM(A1)', '@home'].includes(channel);
        expect(figures.roas === null, `${channel} ${model}`).toBe(!hasSpend);
      }
    }
    for (const model of Object.keys(eur!.channels[0]!.models)) {
      const all = eur!.channels.reduce((sum, { models }) => sum + Number(models[model]!.share), 0);
      expect(all, model).toBeCloseTo(1, 5);
    }
    expect(eur!.conclusions.length).toBeGreaterThan(0);
  });

  test('says what is missing where there is nothing to compare, and what is allowed', async () => {
    const [nothing, unbuilt, format] = await Promise.all([
      place.ropo('compare', '--data', touched.root),
      place.ropo('compare', '--data', 'nowhere'),
      ropo('compare', '--format', 'csv'),
    ]);
    expect(nothing.stdout).toBe('');
    expect(nothing.code).not.toBe(0);
    expect(nothing.stderr).toMatch(/nothing to compare: no purchase has a path, or interval_replicates is 0/);
    expect(unbuilt.stderr).toContain('npx ropo build');
    expect(format.stderr).toContain('Allowed choices are table, json');
    for (const { stderr } of [nothing, unbuilt, format]) expect(stderr).not.toMatch(/\n +at /);
  });
});

describe('ropo report of the models', () => {
  test('names where every row comes from, as a table, JSON and CSV, with no cell that a spreadsheet would run', async () => {
    const [csv, json, table] = await Promise.all([
      ropo('report', 'attribution-intervals', '--format', 'csv'),
      ropo('report', 'channel-differences', '--by', 'roas', '--format', 'json'),
      ropo('report', 'attribution-models'),
    ]);
    for (const outcome of [csv, json, table]) expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const cells = parse(csv.stdout.trimEnd(), { columns: true }) as Record<string, string>[];
    expect(cells).toHaveLength(13 * 4);
    const { rows } = JSON.parse(json.stdout) as { rows: Record<string, string | number | null>[] };
    expect(rows).toHaveLength(13);
    for (const row of [...cells, ...rows]) {
      expect(row.config_hash).toMatch(/^[0-9a-f]{12}$/);
      expect(row).toMatchObject({ model_version: '1', random_seed: '1' });
    }
    const labels = new Set(cells.map(({ label }) => label));
    expect(labels).toEqual(new Set(["'=SUM(A1)", "'@home", "'-1", 'Plain, "quoted"']));
    expect(table.stdout).toMatch(/^Model .*Config hash +Model version +Random seed/m);
    expect(table.stdout).toMatch(/^additive_hazard .*EM, half-life given.* [0-9a-f]{12} +1 +1 /m);
    for (const { stdout } of [csv, json, table]) expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('of one model is that part of it, of an unknown one or a period a refusal that says what can be', async () => {
    const [one, unknown, period, by] = await Promise.all([
      ropo('report', 'attribution-intervals', '--model', 'markov', '--format', 'json'),
      ropo('report', 'attribution-intervals', '--model', 'markow'),
      ropo('report', 'channel-differences', '--from', '2025-01-01'),
      ropo('report', 'channel-differences', '--by', 'channel'),
    ]);
    const { rows } = JSON.parse(one.stdout) as { rows: { model: string; label: string }[] };
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(['markov']));
    expect(rows).toHaveLength(4);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(
      'model "markow" is not possible here; it can be additive_hazard, first_touch',
    );
    expect(period.stderr).toContain(
      'from "2025-01-01" is not possible here; it can be nothing: channel-differences covers all time',
    );
    expect(by.stderr).toContain('by "channel" is not possible here; it can be revenue, roas');
  });
});
