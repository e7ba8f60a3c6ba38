import { describe, expect, test } from 'vitest';
import { gridRows } from '../../../lib/domain/ropo/grid-rows.ts';
import { lagRows } from '../../../lib/domain/ropo/lag-rows.ts';
import { shareRows } from '../../../lib/domain/ropo/share-rows.ts';

/** 100 persons of ten lines each: 300 researched, 200 by chance, all alike but for some spread. theta = 100 / 800. */
const sums = {
  label: 'all',
  currency: 'EUR',
  level: 'category',
  weight: 'revenue',
  buyers: 'repeat',
  window_days: 14,
  min_persons: 30,
  is_part: false,
  all_lines: 2_000,
  all_minor: 200_000,
  identified_lines: 1_500,
  identified_minor: 150_000,
  buyers_minor: 120_000,
  persons: 100,
  clusters: 100,
  tested_lines: 1_000,
  n: 1_000,
  r: 300,
  c: 200,
  n_shift: 1_000,
  r_shift: 300,
  c_shift: 210,
  whole_c_shift: 210,
  n_mirror: 1_000,
  r_mirror: 300,
  c_mirror: 190,
  whole_c_mirror: 190,
  x: 100,
  y: 800,
  xx: 150,
  xy: 820,
  yy: 6_500,
};
const one = (more: object = {}) => shareRows([{ ...sums, ...more }])[0]!;

describe('a row of the ROPO share', () => {
  test('of a worked example', () => {
    // Residuals: 150 - 2 * 0.125 * 820 + 0.015625 * 6,500 = 46.5625; 640,000 / 6,500 = 98.4615 effective
    // persons; var = 98.4615 / 97.4615 * 46.5625 / 640,000; error 0.00857324; t with 97.4615 degrees 1.9846045.
    const row = one();
    expect(row).toMatchObject({
      naive_share: 0.3,
      placebo_share: 0.2,
      corrected_share: 0.125,
      week_shift_share: 0.113924,
      mirror_share: 0.135802,
      ropo_minor: 15_000,
      verdict: 'placebos within 10 points',
      measured_as: 'the category viewed within 14 days before, repeat buyers, weighted by revenue',
    });
    expect(Number(row.corrected_low)).toBeCloseTo(0.125 - 1.9846045 * 0.00857324, 5);
    expect(Number(row.ropo_low_minor)).toBe(Math.round((0.125 - 1.9846045 * 0.00857324) * 120_000));
  });

  test('whose placebos are more than ten points apart has no one amount, but the band of all', () => {
    const row = one({ c_shift: 30, whole_c_shift: 30 });
    expect(row).toMatchObject({
      corrected_share: null,
      own_basket_share: 0.125,
      corrected_high: 0.278351,
      ropo_minor: null,
      ropo_high_minor: Math.round((270 / 970) * 120_000),
      verdict: 'behaviour-driven, not reliable',
    });
  });

  test.each([
    [{ persons: 29 }, 'suppressed: fewer than 30 persons'],
    [{ persons: 0 }, 'not testable: no repeat buyer with a purchase a whole window into the clickstream'],
    [{ identified_lines: 0 }, 'nobody identified'],
  ])('with %j shows no share at all: %s', (more, verdict) => {
    expect(one(more)).toMatchObject({
      naive_share: null,
      placebo_share: null,
      corrected_share: null,
      corrected_low: null,
      week_shift_share: null,
      mirror_share: null,
      ropo_minor: null,
      ropo_low_minor: null,
      q_value: null,
      store_minor: 200_000,
      verdict,
    });
  });

  test('says what is weaker, not told from chance, below it, or without a bracket', () => {
    expect(one({ buyers: 'one_time' }).verdict).toBe('weaker: one-time buyers');
    expect(one({ xx: 40_000 }).verdict).toBe('not told from chance');
    expect(one({ x: -100, r: 100, xy: -820, c_shift: 400, c_mirror: 390 }).verdict).toMatch(
      /below what chance finds/,
    );
    expect(one({ n_shift: 0, n_mirror: 0 }).verdict).toBe('week shift and mirror not possible');
    expect(one({ level: 'sku' })).toMatchObject({ mirror_share: null, week_shift_share: 0.113924 });
    expect(one({ weight: 'lines' })).toMatchObject({
      corrected_share: 0.125,
      ropo_minor: null,
      ropo_low_minor: null,
    });
  });

  test('of any view without any placebo has no naive share either', () => {
    expect(one({ level: 'any' })).toMatchObject({
      naive_share: 0.3,
      placebo_share: 0.21,
      corrected_share: null,
      week_shift_share: 0.113924,
    });
    expect(one({ level: 'any', n_shift: 0, n_mirror: 0 })).toMatchObject({
      naive_share: null,
      verdict: expect.stringMatching(/^no placebo/),
    });
  });

  test('where chance explains every line has no share and says so', () => {
    expect(one({ c: 1_000, x: -700, y: 0 })).toMatchObject({
      naive_share: 0.3,
      placebo_share: 1,
      corrected_share: null,
      verdict: 'no share: chance explains every purchase',
    });
  });

  test('is one of many: what stands out alone may not among others', () => {
    const faint = { ...sums, xx: 1_850 };
    const alone = shareRows([faint])[0]!;
    expect(alone.verdict).toBe('placebos within 10 points');
    const others = Array.from({ length: 19 }, (_, at) => ({ ...sums, label: String(at), xx: 90_000 }));
    const among = shareRows([faint, ...others])[0]!;
    expect(Number(among.q_value)).toBeGreaterThan(Number(alone.q_value));
    expect(among.verdict).toBe('not told from chance');
  });

  test('that is a part is as reliable as the whole, and amounts sum to that of the whole', () => {
    const part = {
      ...sums,
      is_part: true,
      r: 100,
      c: 67,
      x: 33,
      xx: 40,
      xy: 270,
      r_shift: 100,
      r_mirror: 100,
      c_mirror: 63,
    };
    const parts = [0, 1, 2].map((at) => ({
      ...part,
      label: String(at),
      c_shift: at === 0 ? 10 : 70,
      x: at === 0 ? 34 : 33,
    }));
    // Week shift: (300 - 150) / 790 = 0.19, own basket 100 / 800: the whole stands.
    const shown = shareRows(parts);
    expect(shown.map(({ verdict }) => verdict)).toEqual(Array(3).fill('placebos within 10 points'));
    expect(shown.reduce((sum, row) => sum + Number(row.ropo_minor), 0)).toBe(15_000);
    for (const row of shown) expect(row.store_minor).toBeNull();
    const driven = shareRows(parts.map((row) => ({ ...row, c_shift: 10 })));
    for (const row of driven)
      expect(row).toMatchObject({ ropo_minor: null, verdict: 'behaviour-driven, not reliable' });
  });

  test('does not change with what order leaves of its sums', () => {
    const noisy = { x: 100 + 1e-11, y: 800 - 1e-10, xx: 150 + 1e-12, xy: 820 - 1e-11, yy: 6_500 + 1e-10 };
    const { x, y, xx, xy, yy, ...clean } = one(noisy);
    expect(one()).toMatchObject(clean);
  });
});

describe('a row of the grid', () => {
  const cell = (window_days: number, x: number, more: object = {}) => ({
    ...sums,
    window_days,
    x,
    r: 200 + x,
    window_before: 60,
    ...more,
  });

  test('is flagged where a month makes it another than a week', () => {
    expect(gridRows([cell(7, 40), cell(30, 79)]).map((row) => row.window_driven)).toEqual(['no', 'no']);
    expect(gridRows([cell(7, 40), cell(30, 90)]).map((row) => row.window_driven)).toEqual([
      'window-driven',
      'window-driven',
    ]);
    expect(gridRows([cell(7, 40)])[0]!.window_driven).toMatch(/not known/);
  });

  test('beyond what the clickstream covers says so, and which lines the others are of', () => {
    const [near, far] = gridRows([
      cell(14, 50, { window_before: 30 }),
      cell(60, 50, { window_before: 30, persons: 0 }),
    ]);
    expect(far!.verdict).toBe('not testable: for enough persons the clickstream covers no more than 30 days');
    expect(far!.naive_share).toBeNull();
    expect(near!.measured_as).toMatch(/but only 30 days or more into the clickstream, not 60$/);
    expect(gridRows([cell(14, 50)])[0]!.measured_as).toMatch(/60 days or more into the clickstream$/);
  });
});

describe('rows of the lag curve', () => {
  const day = (label: string, x: number, persons = 100) => ({
    label,
    comparison: 'own_basket',
    persons,
    min_persons: 30,
    r: x + 10,
    c: 10,
    x,
    y: 1_000,
    xx: Math.abs(x) + 20,
    xy: 10 * x,
    yy: 11_000,
  });

  test('end where two days in a row are not above chance', () => {
    const rows = lagRows([
      day('0', 90),
      day('1', 40),
      day('2', 1),
      day('3', 30),
      day('4', 0),
      day('5', -3),
      day('6', 2),
    ]);
    expect(new Set(rows.map((row) => row.excess_ends_days))).toEqual(new Set([4]));
    expect(rows.map((row) => row.remark)).toEqual([
      'more than chance',
      'more than chance',
      'not told from chance',
      'more than chance',
      'not told from chance',
      'not told from chance',
      'not told from chance',
    ]);
    expect(rows[0]).toMatchObject({
      real_share: 0.1,
      placebo_share: 0.01,
      excess: 0.09,
      placebo: 'own basket',
    });
  });

  test('of too few persons are suppressed, real and placebo together', () => {
    expect(lagRows([day('0', 90, 29)])[0]).toMatchObject({
      real_share: null,
      placebo_share: null,
      excess: null,
      excess_ends_days: null,
      remark: 'suppressed: fewer than 30 persons',
    });
  });
});
