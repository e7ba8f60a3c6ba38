import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { FITTED_TABLES } from '../../lib/pipeline/models/fitted-tables.ts';
import { INTERVAL_TABLES } from '../../lib/pipeline/models/interval-tables.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from './demo-shop.ts';
import { checkFittedCredit } from './fitted-credit.ts';
import type { Ask } from './model-journeys.ts';
import { modelPaths, refittedHazard, refittedValues } from './refitted-values.ts';

/** The data-driven models of a build on a demo shop: what they are fitted on, what they find, and whom they credit. */
let demo: DemoFiles;
let shop: TemporaryShop;
let reader: Reader;
let ask: Ask;
const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);

beforeAll(async () => {
  demo = await writeDemoFiles(150, 5);
  shop = await temporaryShop();
  await importDemo(shop, demo.files);
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  const published = await reader.published();
  ask = (select) => published!.query(select);
});
afterAll(() => {
  reader?.close();
  shop?.remove();
  demo?.remove();
});

describe('credit by row', () => {
  test('is what path and worth say, within three billionths, and sums to each purchase', async () => {
    const check = await checkFittedCredit(ask, 'unique');
    expect(check.compared).toBeGreaterThan(500);
    expect(check.unequal).toEqual([]);
    expect(check.worst, check.where).toBeLessThan(3e-9);
  });

  test('of returns takes back what the purchase was credited, by every model alike', async () => {
    const rows = await ask(
      `SELECT b.model, count(*) AS n FROM (
         SELECT c.model, c.booking_id, sum(c.revenue_minor) AS credited, min(r.revenue_minor) AS booked,
           sum(CASE WHEN c.share_billionths <> s.share_billionths THEN 1 ELSE 0 END) AS other_shares
         FROM credits c
         JOIN returns r ON r.return_id = c.booking_id
         JOIN credits s ON s.booking_kind = 'sale' AND s.conversion_id = c.conversion_id AND s.model = c.model AND s.touch_id = c.touch_id
         WHERE c.booking_kind = 'return' GROUP BY 1, 2) b
       WHERE b.credited = b.booked AND b.other_shares = 0 GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toHaveLength(13);
    expect(new Set(rows.map(({ n }) => n)).size).toBe(1);
    expect(Number(rows[0]!.n)).toBeGreaterThan(3);
  });

  test('reconciles for all thirteen models', async () => {
    const rows = await ask(
      `SELECT model, sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE -revenue_minor END) AS missing,
         sum(CASE WHEN bucket = 'attributed' THEN revenue_minor ELSE 0 END) AS attributed
       FROM reconciliation GROUP BY 1`,
    );
    expect(rows).toHaveLength(13);
    expect(new Set(rows.map(({ missing }) => Number(missing)))).toEqual(new Set([0]));
    expect(new Set(rows.map(({ attributed }) => Number(attributed))).size).toBe(1);
  });
});

describe('what a model finds', () => {
  test.each(['markov', 'markov_campaign', 'shapley', 'shapley_rate'])(
    'is for %s what the method says of the paths of the touchpoints',
    async (model) => {
      const [about] = await ask(`SELECT * FROM fitted_models WHERE model = '${model}'`);
      const level = about!.level as 'channel' | 'campaign';
      const expected = await refittedValues(
        ask,
        { basis: String(about!.basis), level, order: Number(about!.markov_order) },
        'unique',
      );
      const rows = await ask(`SELECT channel, campaign, value FROM channel_values WHERE model = '${model}'`);
      expect(rows).toHaveLength(expected.size);
      for (const { channel, campaign, value } of rows) {
        const name = level === 'channel' ? String(channel) : `${channel} / ${campaign}`;
        expect(Math.abs(Number(value) - expected.get(name)!), name).toBeLessThan(1e-9);
      }
      const paths = await modelPaths(ask, level, 'unique');
      expect(about).toMatchObject({
        groups: expected.size,
        distinct_paths: paths.starts.length - 1,
        fitted_conversions: sum(paths.conversions),
        fitted_nulls: sum(paths.nulls),
        is_converged: 1,
      });
    },
  );

  test('is for additive_hazard what touchpoints and times say', async () => {
    const expected = await refittedHazard(ask, 7);
    const rows = await ask(
      "SELECT channel, value, explained_conversions AS explained FROM channel_values WHERE model = 'additive_hazard'",
    );
    expect(rows).toHaveLength(expected.values.size);
    for (const { channel, value, explained } of rows) {
      expect(Number(value), String(channel)).toBeCloseTo(expected.values.get(String(channel))!, 5);
      expect(Number(explained), String(channel)).toBeCloseTo(expected.explained.get(String(channel))!, 2);
    }
    const [about] = await ask("SELECT * FROM fitted_models WHERE model = 'additive_hazard'");
    expect(about).toMatchObject({ fitted_conversions: expected.conversions, is_converged: 1 });
    expect(Number(about!.baseline_share)).toBeCloseTo(expected.baselineShare, 4);
    // Channels and base rate explain every purchase once.
    const explained = sum(rows.map((row) => Number(row.explained)));
    expect(explained + Number(about!.baseline_share) * expected.conversions).toBeCloseTo(
      expected.conversions,
      3,
    );
  });

  test('sums over positions to the Shapley value, and leaves every state by parts of one', async () => {
    expect(
      await ask(
        `SELECT v.channel FROM channel_values v
         LEFT JOIN (SELECT channel, sum(conversions) AS n FROM shapley_positions GROUP BY 1) p ON p.channel = v.channel
         WHERE v.model = 'shapley' AND abs(v.value - coalesce(p.n, 0)) > 1e-9`,
      ),
    ).toEqual([]);
    expect(
      await ask(
        'SELECT from_state, sum(probability) AS p FROM transition_matrix GROUP BY 1 HAVING abs(sum(probability) - 1) > 1e-12',
      ),
    ).toEqual([]);
    const [ends] = await ask(
      "SELECT sum(CASE WHEN to_state = '(conversion)' THEN transitions ELSE 0 END) AS won, sum(CASE WHEN from_state = '(start)' THEN transitions ELSE 0 END) AS begun FROM transition_matrix",
    );
    const [about] = await ask(
      "SELECT fitted_conversions AS won, fitted_nulls AS lost FROM fitted_models WHERE model = 'markov'",
    );
    expect(ends).toEqual({ won: about!.won, begun: Number(about!.won) + Number(about!.lost) });
  });

  test('of the orders that were compared exactly one is chosen, and the model has it', async () => {
    const rows = await ask(
      'SELECT c.model, c.markov_order, m.markov_order AS used FROM order_candidates c JOIN fitted_models m ON m.model = c.model WHERE c.is_chosen = 1',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.markov_order).toBe(rows[0]!.used);
    expect(await ask('SELECT count(*) AS n FROM order_candidates')).toEqual([{ n: 4 }]);
  });
});

describe('the tables of the models', () => {
  test.each([...FITTED_TABLES, ...INTERVAL_TABLES])('$name holds one row per $key', async ({ name, key }) => {
    const [counts] = await ask(
      `SELECT count(*) AS n, count(DISTINCT (${key.join(', ')})) AS keys,
         count_if(${key.map((column) => `${column} IS NULL`).join(' OR ')}) AS blank FROM ${name}`,
    );
    expect(Number(counts!.n), `${name} is empty`).toBeGreaterThan(0);
    expect({ name, keys: counts!.keys, blank: counts!.blank }).toEqual({ name, keys: counts!.n, blank: 0 });
  });

  test('say on every row what it depends on', async () => {
    for (const { name } of [...FITTED_TABLES, ...INTERVAL_TABLES].filter(
      (table) => table.name !== 'fitted_weights',
    )) {
      const [row] = await ask(
        `SELECT count_if(length(config_hash) >= 12 AND model_version = 1 AND random_seed = 1) AS said, count(*) AS n FROM ${name}`,
      );
      expect(row!.said, name).toBe(row!.n);
    }
    const [{ n } = { n: -1 }] = await ask(
      'SELECT count(*) AS n FROM credits c LEFT JOIN fitted_models m ON m.model = c.model AND m.config_hash = c.config_hash WHERE m.model IS NULL',
    );
    expect(n).toBe(0);
  });
});
