import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extrapolationRows } from '../../../lib/domain/ropo/extrapolation-rows.ts';

/** 1,000.00 of store revenue, 600.00 identified, 500.00 tested; a fifth of the identified and a tenth of the rest is ROPO. */
const sums = {
  label: 'all',
  currency: 'EUR',
  persons: 100,
  clusters: 100,
  y: 100,
  yy: 100,
  min_persons: 30,
  strata: 12,
  own_strata: 9,
  loyalty_fraction: 1,
  transaction_upload_fraction: 1,
  all_minor: 100_000,
  identified_minor: 60_000,
  tested_minor: 50_000,
  identified_ropo: 12_000,
  unidentified_ropo: 4_000,
  tested_ropo: 10_000,
  ii: 4e6,
  iu: 1e6,
  uu: 1e6,
};
const rowsOf = (more: object = {}) => extrapolationRows([{ ...sums, ...more }]);

describe('the extrapolated share', () => {
  test('of a worked example', () => {
    // delta 1: (12,000 + 4,000) / 100,000; spread 4e6 + 2e6 + 1e6 = 7e6, error sqrt(7e6 * 100 / 99) = 2,659.08 minor.
    // t with 99 degrees is 1.984217. Worst case: 0.2 * 0.5 to that + 0.5.
    const [whole, half, none] = rowsOf();
    expect(whole).toMatchObject({
      delta: '1',
      share: 0.16,
      ropo_minor: 16_000,
      worst_low: 0.1,
      worst_high: 0.6,
      worst_low_minor: 10_000,
      worst_high_minor: 60_000,
      identified_share: 0.6,
      tested_share: 0.5,
      all_transactions_minor: 100_000,
    });
    expect(whole!.share_low).toBeCloseTo(0.16 - 1.984217 * 0.0265908, 5);
    expect(whole!.share_high).toBeCloseTo(0.16 + 1.984217 * 0.0265908, 5);
    expect(half).toMatchObject({ delta: '0.5', share: 0.14, ropo_minor: 14_000 });
    expect(none).toMatchObject({ delta: '0', share: 0.12, ropo_minor: 12_000 });
    expect(none!.share_low).toBeCloseTo(0.12 - 1.984217 * Math.sqrt(400 / 99) * 0.01, 5);
  });

  test('is scaled by the fractions of Google store sales', () => {
    // Half of the identifiable was given in: 1,200.00 identified. Three quarters are identifiable: 400.00 are not.
    const [whole, , none] = rowsOf({ transaction_upload_fraction: 0.5, loyalty_fraction: 0.75 });
    expect(whole).toMatchObject({
      all_transactions_minor: 160_000,
      identified_share: 0.75,
      share: 0.175,
      ropo_minor: 28_000,
    });
    expect(none).toMatchObject({ share: 0.15 });
    expect(whole!.tested_share).toBe(0.3125);
    expect(whole!.assumptions).toMatch(/loyalty fraction 0.75, upload fraction 0.5/);
  });

  test('takes buyers that no receipt shows to buy what identified ones do', () => {
    const [whole] = rowsOf({ all_minor: 60_000, unidentified_ropo: 0, iu: 0, uu: 0, loyalty_fraction: 0.5 });
    expect(whole).toMatchObject({ all_transactions_minor: 120_000, share: 0.2, identified_share: 0.5 });
    expect(whole!.assumptions).toMatch(/taken to buy what identified ones do/);
    // All of it moves together: the interval is as wide as that of the identified share.
    expect(Number(whole!.share_high) - 0.2).toBeCloseTo((1.984217 * Math.sqrt((4e6 * 100) / 99)) / 60_000, 5);
  });

  test('is nothing where too few persons stand behind it, or all are alike', () => {
    for (const row of rowsOf({ persons: 29 }))
      expect(row).toMatchObject({
        share: null,
        worst_low: null,
        verdict: 'suppressed: fewer than 30 persons',
      });
    for (const row of rowsOf({ ii: 0, iu: 0, uu: 0 }))
      expect(row).toMatchObject({ share: null, ropo_minor: null });
    for (const row of rowsOf({ identified_ropo: null, tested_ropo: null, unidentified_ropo: null }))
      expect(row.share).toBeNull();
  });

  test('lies inside the worst case, and grows with delta', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(part, part, part, part, (identified, tested, theta, other) => {
        const known = Math.round(100_000 * identified);
        const rows = rowsOf({
          identified_minor: known,
          tested_minor: known * tested,
          tested_ropo: known * tested * theta,
          identified_ropo: known * tested * theta + known * (1 - tested) * other,
          unidentified_ropo: (100_000 - known) * other,
        });
        for (const row of rows) {
          if (row.share === null) continue;
          expect(Number(row.share)).toBeGreaterThanOrEqual(Number(row.worst_low) - 2e-6);
          expect(Number(row.share)).toBeLessThanOrEqual(Number(row.worst_high) + 2e-6);
        }
        expect(Number(rows[0]!.share)).toBeGreaterThanOrEqual(Number(rows[2]!.share) - 2e-6);
      }),
    );
  });
});
