import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tQuantile } from '../../lib/domain/ropo/student-t.ts';
import type { Row } from '../../lib/ports.ts';
import { type RopoRows, ropoRowsShop } from './ropo-rows-shop.ts';

const LEAST = 6;
const WINDOW = 21;
let it: RopoRows;
beforeAll(async () => {
  it = await ropoRowsShop([`ropo_min_persons,${LEAST},persons,`, `ropo_window_days,${WINDOW},days,`]);
});
afterAll(() => it?.remove());

/** Keys of a stratum, finest first: the first that enough persons stand behind gives the share. */
const keysOf = (line: Row, category: unknown): string[] => [
  [line.store_id, category, line.basket_band, line.daypart, line.tender].join('/'),
  [line.store_id, category].join('/'),
  String(category),
  '',
];

/** Estimate and standard error for one delta and currency, person by person and stratum by stratum. */
function brute(currency: string, delta: number) {
  const own = it.lines.filter((line) => line.currency === currency && line.purchase_class === 'store');
  const tested = new Map(
    own
      .filter(
        (line) =>
          line.person_id !== null && Number(line.basket_draws) > 0 && Number(line.observed_days) >= WINDOW,
      )
      .map((line) => [Number(line.line_no), line]),
  );
  const strata = new Map<string, Map<string, { n: number; x: number; y: number }>>();
  const put = (line: Row, category: unknown, n: number, x: number, y: number) => {
    for (const [depth, key] of keysOf(line, category).entries()) {
      const name = `${depth}:${key}`;
      if (!strata.has(name)) strata.set(name, new Map());
      const persons = strata.get(name)!;
      const person = persons.get(String(line.person_id)) ?? { n: 0, x: 0, y: 0 };
      persons.set(String(line.person_id), { n: person.n + n, x: person.x + x, y: person.y + y });
    }
  };
  const drawsOf = (line: { basket_draws?: unknown }) => Number(line.basket_draws);
  for (const line of tested.values()) put(line, line.category, drawsOf(line), 0, drawsOf(line));
  for (const match of it.matches) {
    const line = tested.get(Number(match.line_no));
    if (!line || match.level !== 'category' || Number(match.lag_seconds) > WINDOW * 86_400) continue;
    if (match.comparison === 'research') put(line, match.category, 0, drawsOf(line), 0);
    if (match.comparison === 'own_basket') put(line, match.category, 0, -1, -1);
  }
  const sum = (name: string, of: 'n' | 'x' | 'y') =>
    [...(strata.get(name)?.values() ?? [])].reduce((all, person) => all + person[of], 0);
  const isUsable = (name: string) =>
    [...(strata.get(name)?.values() ?? [])].filter(({ n }) => n > 0).length >= LEAST &&
    sum(name, 'y') >= sum(name, 'n') / 10 - 1e-9;
  const amounts = new Map<string, number>();
  let worst = 0;
  let known = 0;
  for (const line of own) {
    const name = keysOf(line, line.category)
      .map((key, depth) => `${depth}:${key}`)
      .find(isUsable)!;
    const minor = Number(line.revenue_minor);
    amounts.set(name, (amounts.get(name) ?? 0) + (line.person_id === null ? delta : 1) * minor);
    if (tested.has(Number(line.line_no))) {
      worst += (sum(name, 'x') / sum(name, 'y')) * minor;
      known += minor;
    }
  }
  const all = own.reduce((total, line) => total + Number(line.revenue_minor), 0);
  let estimate = 0;
  const influence = new Map<string, number>();
  for (const [name, amount] of amounts) {
    const [x, y] = [sum(name, 'x'), sum(name, 'y')];
    estimate += (amount * x) / y;
    for (const [id, person] of strata.get(name)!)
      influence.set(id, (influence.get(id) ?? 0) + (amount / y) * (person.x - (x / y) * person.y));
  }
  const weights = [...strata.get('3:')!.values()].map(({ y }) => y);
  const total = (of: (y: number) => number) => weights.reduce((sum, y) => sum + of(y), 0);
  const clusters = Math.max(2, Math.min(weights.length, total((y) => y) ** 2 / total((y) => y * y)));
  const squares = [...influence.values()].reduce((total, value) => total + value * value, 0);
  return {
    all,
    share: estimate / all,
    half: (tQuantile(0.95, clusters - 1) * Math.sqrt((squares * clusters) / (clusters - 1))) / all,
    worstLow: worst / all,
    worstHigh: (worst + all - known) / all,
    depths: new Set([...amounts.keys()].map((name) => name[0])),
  };
}

describe('the extrapolation', () => {
  test('is what working through strata and persons by hand gives, for each delta', async () => {
    const rows = await it.ask({ kpi: 'ropo-extrapolation' });
    expect(rows.map(({ delta, currency }) => `${currency} ${delta}`).sort()).toEqual(
      ['EUR', 'CHF'].flatMap((currency) => ['1', '0.5', '0'].map((delta) => `${currency} ${delta}`)).sort(),
    );
    for (const row of rows) {
      const wanted = brute(String(row.currency), Number(row.delta));
      const name = `${row.currency} ${row.delta}`;
      expect(Number(row.share), name).toBeCloseTo(wanted.share, 5);
      expect(Number(row.share_low), name).toBeCloseTo(wanted.share - wanted.half, 5);
      expect(Number(row.share_high), name).toBeCloseTo(wanted.share + wanted.half, 5);
      expect(Number(row.worst_low), name).toBeCloseTo(
        Math.max(0, Math.min(wanted.worstLow, Number(row.share_low))),
        5,
      );
      expect(Number(row.worst_high), name).toBeCloseTo(Math.max(wanted.worstHigh, Number(row.share_high)), 5);
      expect(Math.round(Number(row.store_revenue) * 100), name).toBe(wanted.all);
      expect(wanted.depths.size, 'strata of several depths').toBeGreaterThan(1);
    }
  });

  test.each(['all', 'store', 'region', 'month', 'quarter', 'year'])(
    'by %s never has a figure without interval and worst case',
    async (by) => {
      const rows = await it.ask({ kpi: 'ropo-extrapolation', by });
      const groups = new Set(rows.map(({ label, currency }) => `${label} ${currency}`));
      expect(rows).toHaveLength(3 * groups.size);
      for (const row of rows) {
        const figures = [
          row.share,
          row.share_low,
          row.share_high,
          row.worst_low,
          row.worst_high,
          row.ropo_revenue,
          row.worst_revenue_high,
        ];
        expect(new Set(figures.map((figure) => figure === null)).size).toBe(1);
        if (row.share === null) expect(row.verdict).toMatch(/suppressed|no interval/);
        expect(row.assumptions).toMatch(/unidentified buyers research (1|0.5|0) times/);
      }
      for (const currency of ['EUR', 'CHF']) {
        const cents = it.lines
          .filter((line) => line.currency === currency && line.purchase_class === 'store')
          .reduce((sum, line) => sum + Number(line.revenue_minor), 0);
        const shown = rows.filter((row) => row.currency === currency && row.delta === '1');
        expect(Math.round(shown.reduce((sum, row) => sum + Number(row.store_revenue) * 100, 0))).toBe(cents);
      }
    },
  );
});
