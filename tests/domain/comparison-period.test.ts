import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { COMPARISONS, partsOf, periodBefore } from '../../lib/domain/comparison-period.ts';

const days = (from: string, to: string) =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;

describe('the period that one is set beside', () => {
  test.each([
    // Whole months beside whole months, short ones too.
    ['2025-03-01', '2025-03-31', 'previous_period', '2025-02-01', '2025-02-28'],
    ['2024-03-01', '2024-03-31', 'previous_period', '2024-02-01', '2024-02-29'],
    ['2025-01-01', '2025-03-31', 'previous_period', '2024-10-01', '2024-12-31'],
    ['2024-02-01', '2024-02-29', 'previous_year', '2023-02-01', '2023-02-28'],
    ['2023-02-01', '2023-02-28', 'previous_year', '2022-02-01', '2022-02-28'],
    ['2025-02-01', '2025-02-28', 'previous_year', '2024-02-01', '2024-02-29'],
    // Other periods by days.
    ['2025-03-03', '2025-03-09', 'previous_period', '2025-02-24', '2025-03-02'],
    ['2025-03-01', '2025-03-30', 'previous_period', '2025-01-30', '2025-02-28'],
    ['2025-01-01', '2025-01-01', 'previous_period', '2024-12-31', '2024-12-31'],
    ['2025-03-03', '2025-03-09', 'previous_year', '2024-03-03', '2024-03-09'],
    ['2024-02-29', '2024-02-29', 'previous_year', '2023-02-28', '2023-02-28'],
  ] as const)('%s to %s, %s: %s to %s', (from, to, kind, first, last) => {
    expect(periodBefore({ from, to }, kind)).toEqual({ from: first, to: last });
  });

  const range = fc
    .tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 400 }))
    .map(([start, length]) => {
      const first = Temporal.PlainDate.from('2020-01-01').add({ days: start });
      return { from: first.toString(), to: first.add({ days: length }).toString() };
    });

  test('ends before the other begins, and the period before touches it', () => {
    fc.assert(
      fc.property(range, (now) => {
        const before = periodBefore(now, 'previous_period');
        expect(days(before.to, now.from)).toBe(2);
        expect(before.from <= before.to).toBe(true);
      }),
    );
  });

  test('has as many months, or as many days', () => {
    fc.assert(
      fc.property(range, (now) => {
        const before = periodBefore(now, 'previous_period');
        const sameDays = days(before.from, before.to) === days(now.from, now.to);
        const sameMonths = partsOf(before, 'month').length === partsOf(now, 'month').length;
        expect(sameDays || sameMonths).toBe(true);
      }),
    );
  });

  test.each(COMPARISONS)('moves both ends back: %s', (kind) => {
    fc.assert(
      fc.property(range, (now) => {
        const before = periodBefore(now, kind);
        expect(before.from < now.from && before.to < now.to).toBe(true);
      }),
    );
  });
});

describe('the parts of a period', () => {
  test.each([
    ['2025-03-30', '2025-04-01', 'day', ['2025-03-30', '2025-03-31', '2025-04-01']],
    ['2025-03-30', '2025-04-01', 'week', ['2025-03-24', '2025-03-31']],
    ['2024-12-31', '2025-02-01', 'month', ['2024-12', '2025-01', '2025-02']],
    ['2024-12-31', '2025-04-01', 'quarter', ['2024-Q4', '2025-Q1', '2025-Q2']],
    ['2024-12-31', '2025-01-01', 'year', ['2024', '2025']],
  ] as const)('%s to %s by %s', (from, to, part, labels) => {
    expect(partsOf({ from, to }, part)).toEqual(labels);
  });
});
