import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tQuantile } from '../../lib/domain/ropo/student-t.ts';
import type { Row } from '../../lib/ports.ts';
import { type Asked, bruteGroups, bruteShare, type Person, rate, total } from './ropo-brute.ts';
import { type RopoRows, ropoRowsShop } from './ropo-rows-shop.ts';

let it: RopoRows;
beforeAll(async () => {
  it = await ropoRowsShop(['ropo_min_persons,4,persons,', 'ropo_window_days,21,days,']);
});
afterAll(() => it?.remove());

const ask = (by: string, filters: Record<string, string> = {}, kpi = 'ropo') => it.ask({ kpi, by, filters });
const BASE: Asked = {
  level: 'category',
  weight: 'revenue',
  buyers: 'repeat',
  windowDays: 21,
  shiftDays: 35,
  groupOf: () => 'all',
};
const storeOf = (line: Row) => String(it.stores.get(String(line.store_id))!.store_name);
/** What cannot be divided is no figure. */
const close = (found: unknown, wanted: number, what: string) => {
  if (Number.isFinite(wanted)) expect(Number(found), what).toBeCloseTo(wanted, 5);
  else expect(found, what).toBeNull();
};

const QUESTIONS: [string, string, Partial<Asked>][] = [
  ['the whole', 'all', {}],
  ['the whole by lines', 'all', { weight: 'lines' }],
  ['the whole by SKU', 'all', { level: 'sku', weight: 'lines' }],
  ['stores', 'store', { groupOf: (line) => storeOf(line) }],
  ['stores by product', 'store', { level: 'product', groupOf: (line) => storeOf(line) }],
  [
    'categories, to which chance comes with the item drawn',
    'category',
    { groupOf: (line) => String(line.category), groupOfMatch: (match) => String(match.category) },
  ],
  [
    'basket bands, where chance weighs as the line',
    'basket_band',
    { groupOf: (line) => String(line.basket_band), weighsAsLine: true },
  ],
  ['months', 'month', { weight: 'lines', groupOf: (line) => String(line.conversion_date).slice(0, 7) }],
  ['keys', 'identified_by', { groupOf: (line) => String(line.identified_by) }],
  ['one-time buyers', 'all', { buyers: 'one_time', weight: 'lines' }],
];

describe('the ROPO share', () => {
  test.each(QUESTIONS)('of %s is what counting row by row gives', async (_, by, more) => {
    const asked = { ...BASE, ...more };
    const { level, weight, buyers } = asked;
    const rows = await ask(by, { level, weight, buyers });
    const groups = bruteGroups(it, asked);
    let compared = 0;
    for (const row of rows) {
      const name = `${row.label}|${row.currency}`;
      const persons = [...(groups.get(name) ?? new Map<string, Person>()).values()];
      const behind = persons.filter((person) => person.lines > 0).length;
      expect(row.persons, name).toBe(behind);
      if (behind < 4) {
        for (const share of [
          row.naive_share,
          row.placebo_share,
          row.corrected_share,
          row.mirror_share,
          row.ropo_revenue_low,
        ])
          expect(share, name).toBeNull();
        expect(String(row.verdict), name).toMatch(/suppressed|not testable|nobody/);
        continue;
      }
      compared++;
      const lines = total(persons, (person) => person.n);
      close(row.naive_share, total(persons, (person) => person.r) / lines, name);
      close(row.placebo_share, total(persons, (person) => person.c) / lines, name);
      const { theta, error, degrees } = bruteShare(persons.map(({ n, r, c }) => [r - c, n - c]));
      const half = tQuantile(0.95, degrees) * error;
      close(row.own_basket_share, theta, name);
      const sums = (kind: 'shift' | 'mirror') =>
        [0, 1, 2].map((at) => total(persons, (person) => person[kind][at]!)) as [number, number, number];
      close(row.week_shift_share, rate(sums('shift')), name);
      if (level === 'sku') expect(row.mirror_share).toBeNull();
      else close(row.mirror_share, rate(sums('mirror')), name);
      const shares = [theta, rate(sums('shift')), ...(level === 'sku' ? [] : [rate(sums('mirror'))])];
      const known = shares.filter(Number.isFinite);
      const isDriven = Math.max(...known) - Math.min(...known) > 0.1;
      expect(String(row.verdict).includes('behaviour-driven, not reliable'), name).toBe(isDriven);
      const bounds = [theta - half, Math.min(1, theta + half), ...(isDriven ? known : [])];
      close(row.corrected_low, Math.min(...bounds), name);
      close(row.corrected_high, Math.max(...bounds), name);
      if (isDriven) expect([row.corrected_share, row.ropo_revenue]).toEqual([null, null]);
      else close(row.corrected_share, theta, name);
      expect(String(row.verdict).includes('weaker'), name).toBe(buyers === 'one_time');
      expect(String(row.verdict).includes('not told from chance'), name).toBe(Number(row.q_value) > 0.05);
    }
    expect(compared).toBeGreaterThan(0);
  });

  test.each(['channel', 'campaign'])('by %s is parts of the whole, in shares and in cents', async (by) => {
    const whole = await ask('all');
    const parts = await ask(by);
    expect(parts.length).toBeGreaterThan(2);
    for (const { currency, naive_share, placebo_share, own_basket_share, ropo_revenue } of whole) {
      const own = parts.filter((row) => row.currency === currency);
      const sum = (name: string) => own.reduce((all, row) => all + Number(row[name]), 0);
      close(naive_share, sum('naive_share'), String(currency));
      close(placebo_share, sum('placebo_share'), String(currency));
      close(own_basket_share, sum('own_basket_share'), String(currency));
      if (ropo_revenue !== null) expect(sum('ropo_revenue')).toBeCloseTo(Number(ropo_revenue), 6);
      for (const row of own) expect(row.store_revenue).toBeNull();
    }
    const groups = bruteGroups(it, {
      ...BASE,
      groupOf: () => '',
      groupOfMatch: (match) => String(match[by]),
    });
    for (const row of parts.filter(({ label }) => !String(label).startsWith('('))) {
      const bases = groups.get(`|${row.currency}`)!;
      const everyone = [...groups].filter(([key]) => key.endsWith(`|${row.currency}`));
      const y = (id: string) =>
        everyone.reduce((all, [, persons]) => all + (persons.get(id)?.n ?? 0) - (persons.get(id)?.c ?? 0), 0);
      const part = groups.get(`${row.label}|${row.currency}`)!;
      const { theta, error, degrees } = bruteShare(
        [...bases.keys()].map((id) => [(part.get(id)?.r ?? 0) - (part.get(id)?.c ?? 0), y(id)]),
      );
      close(row.own_basket_share, theta, String(row.label));
      if (row.corrected_share !== null)
        close(row.corrected_low, theta - tQuantile(0.95, degrees) * error, String(row.label));
    }
  });

  test('puts parts of few persons together', async () => {
    const parts = await ask('campaign');
    const together = parts.filter(({ label }) => label === '(fewer than 4 persons)');
    expect(together.length).toBeLessThanOrEqual(2);
    expect(new Set(parts.map(({ label, currency }) => `${label}|${currency}`)).size).toBe(parts.length);
  });

  test('of any view has no own basket, and says so beside the two placebos that it has', async () => {
    for (const row of await ask('all', { level: 'any' })) {
      expect(row).toMatchObject({ corrected_share: null, ropo_revenue: null });
      expect(row.naive_share).not.toBeNull();
      expect(row.placebo_share).not.toBeNull();
      expect(row.week_shift_share).not.toBeNull();
      expect(row.verdict).toMatch(/week-shift and mirror only/);
    }
  });

  test('has all revenue, and what part of it is identified', async () => {
    for (const by of [
      'all',
      'store',
      'region',
      'category',
      'persona',
      'new_or_returning',
      'daypart',
      'quarter',
      'year',
    ]) {
      const rows = await ask(by);
      for (const currency of ['EUR', 'CHF']) {
        const own = it.lines.filter((line) => line.currency === currency && line.purchase_class === 'store');
        const cents = own.reduce((sum, line) => sum + Number(line.revenue_minor), 0);
        const shown = rows.filter((row) => row.currency === currency);
        expect(Math.round(shown.reduce((sum, row) => sum + Number(row.store_revenue) * 100, 0)), by).toBe(
          cents,
        );
      }
    }
    const [all] = await ask('all');
    const euro = it.lines.filter((line) => line.currency === 'EUR');
    const known = euro.filter((line) => line.person_id !== null);
    close(all!.identification_rate_lines, known.length / euro.length, 'lines');
  });

  test('by a key of identification leaves the others out of the identified', async () => {
    const [all] = await ask('all', { identified_by: 'email' });
    const euro = it.lines.filter((line) => line.currency === 'EUR');
    const known = euro.filter((line) => line.identified_by === 'email');
    close(all!.identification_rate_lines, known.length / euro.length, 'email');
    const [strong] = await ask('all', { evidence_strength: 'strong' });
    expect(Number(strong!.identification_rate_lines)).toBeGreaterThan(Number(all!.identification_rate_lines));
    for (const row of await ask('all', { evidence_strength: 'weak' }))
      expect(row).toMatchObject({ verdict: 'nobody identified', naive_share: null });
  });

  test('is never naive alone, in no answer by anything', async () => {
    for (const by of [
      'all',
      'store',
      'category',
      'channel',
      'campaign',
      'persona',
      'day',
      'week',
      'identified_by',
      'purchase_class',
    ])
      for (const level of ['any', 'category', 'product', 'sku'])
        for (const buyers of ['repeat', 'one_time'])
          for (const row of await ask(by, { level, buyers })) {
            if (row.naive_share === null)
              expect(row.verdict, `${by} ${level}`).toMatch(/suppressed|not testable|nobody|no placebo/);
            else if (level === 'any')
              expect(row.week_shift_share !== null || row.mirror_share !== null).toBe(true);
            else {
              expect(row.placebo_share, `${by} ${level}`).not.toBeNull();
              expect(
                row.corrected_share !== null || /chance explains|behaviour-driven/.test(String(row.verdict)),
              ).toBe(true);
            }
            expect(row.measured_as).toMatch(/viewed within 21 days before/);
          }
  });
});

describe('the grid', () => {
  test('has in every cell what counting row by row gives, of the same lines', async () => {
    for (const weight of ['revenue', 'lines'] as const) {
      const rows = await ask('window', { weight }, 'ropo-grid');
      expect(rows).toHaveLength(2 * 24);
      for (const row of rows) {
        const windowDays = Number.parseInt(String(row.label), 10);
        const groups = bruteGroups(it, {
          ...BASE,
          weight,
          level: row.level as Asked['level'],
          windowDays,
          isWanted: (line) => line.purchase_class === 'store' && Number(line.observed_days) >= 60,
        });
        const persons = [...groups.get(`all|${row.currency}`)!.values()];
        const name = `${weight} ${row.level} ${row.label} ${row.currency}`;
        const lines = total(persons, (person) => person.n);
        expect(row.persons, name).toBe(persons.length);
        close(row.naive_share, total(persons, (person) => person.r) / lines, name);
        if (row.level === 'any') {
          expect(row.placebo_share === null, name).toBe(row.week_shift_share === null);
          continue;
        }
        const { theta, error, degrees } = bruteShare(persons.map(({ n, r, c }) => [r - c, n - c]));
        close(row.placebo_share, total(persons, (person) => person.c) / lines, name);
        close(row.own_basket_share, theta, name);
        if (row.corrected_share !== null && row.corrected_low !== null)
          close(row.corrected_low, theta - tQuantile(0.95, degrees) * error, name);
        if (windowDays > 35) expect(row.week_shift_share, name).toBeNull();
        if (row.level === 'sku') expect(row.mirror_share, name).toBeNull();
      }
    }
  });

  test('never falls as the window or the level widens', async () => {
    for (const weight of ['revenue', 'lines']) {
      const rows = await ask('window', { weight }, 'ropo-grid');
      const share = (level: string, days: number, currency: unknown) =>
        Number(
          rows.find(
            (row) =>
              row.level === level &&
              Number.parseInt(String(row.label), 10) === days &&
              row.currency === currency,
          )!.naive_share,
        );
      const levels = ['sku', 'product', 'category', 'any'];
      const windows = [1, 3, 7, 14, 30, 60];
      for (const currency of ['EUR', 'CHF'])
        for (const [up, level] of levels.entries())
          for (const [wider, days] of windows.entries()) {
            if (up > 0)
              expect(share(level, days, currency)).toBeGreaterThanOrEqual(
                share(levels[up - 1]!, days, currency),
              );
            if (wider > 0)
              expect(share(level, days, currency)).toBeGreaterThanOrEqual(
                share(level, windows[wider - 1]!, currency),
              );
          }
    }
  });

  test('flags the levels whose share a month makes another than a week', async () => {
    const rows = await ask('window', {}, 'ropo-grid');
    for (const row of rows.filter(({ level }) => level !== 'any')) {
      const share = (days: string) =>
        Number(
          rows.find((one) => one.level === row.level && one.currency === row.currency && one.label === days)!
            .own_basket_share,
        );
      const isDriven = Math.abs(share('30 days') - share('7 days')) > 0.05;
      expect(row.window_driven).toBe(isDriven ? 'window-driven' : 'no');
    }
  });
});

describe('the lag curve', () => {
  test.each(['category', 'product', 'sku'] as const)(
    'by %s is what counting row by row gives',
    async (level) => {
      const rows = await ask('lag_day', { level }, 'ropo-lags');
      expect(rows.map(({ label }) => Number(label))).toEqual(Array.from({ length: 60 }, (_, day) => day));
      const tested = it.lines.filter(
        (line) =>
          line.person_id !== null && Number(line.basket_draws) > 0 && Number(line.observed_days) >= 60,
      );
      const byNo = new Map(tested.map((line) => [Number(line.line_no), line]));
      const ids = [...new Set(tested.map((line) => String(line.person_id)))];
      const lines = ids.map((id) =>
        tested.reduce((sum, line) => sum + (line.person_id === id ? Number(line.basket_draws) : 0), 0),
      );
      const excess = new Map<string, number>();
      for (const match of it.matches) {
        const line = byNo.get(Number(match.line_no));
        if (!line || match.level !== level || !['research', 'own_basket'].includes(String(match.comparison)))
          continue;
        const key = `${Math.min(59, Math.floor(Number(match.lag_seconds) / 86_400))} ${line.person_id}`;
        const size = match.comparison === 'research' ? Number(line.basket_draws) : -1;
        excess.set(key, (excess.get(key) ?? 0) + size);
      }
      for (const row of rows) {
        const day = String(row.label);
        const { theta, error, degrees } = bruteShare(
          ids.map((id, at) => [excess.get(`${day} ${id}`) ?? 0, lines[at]!]),
        );
        close(row.excess, theta, day);
        if (row.excess_low !== null) close(row.excess_low, theta - tQuantile(0.95, degrees) * error, day);
        expect(Number(row.real_share) - Number(row.placebo_share), day).toBeCloseTo(theta, 4);
      }
      expect(new Set(rows.map((row) => row.excess_ends_days)).size).toBe(1);
    },
  );

  test('of any view has the week shift beside it, as far as that goes', async () => {
    const rows = await ask('lag_day', { level: 'any' }, 'ropo-lags');
    expect(rows).toHaveLength(30);
    expect(new Set(rows.map(({ placebo }) => placebo))).toEqual(new Set(['week shift']));
  });
});
