import { expect, test } from 'vitest';
import { periodOf } from '../../lib/web/period.ts';

const LAST = '2025-06-29';

test('days of an address that are no days count as not given: the usual period stands', () => {
  const usual = { preset: 'last_90', from: '2025-04-01', to: LAST };
  for (const from of ['2025-02-30', '2025-13-01', 'yesterday', '2025-2-3', ''])
    expect(periodOf({ from, to: 'abc' }, LAST), from).toEqual(usual);
  expect(periodOf({ from: '2024-02-29' }, LAST)).toEqual({
    preset: 'own',
    from: '2024-02-29',
    to: undefined,
  });
});

test('days the wrong way round are the same period', () => {
  const period = { preset: 'own', from: '2025-01-01', to: '2025-06-01' };
  expect(periodOf({ from: '2025-06-01', to: '2025-01-01' }, LAST)).toEqual(period);
  expect(periodOf({ from: '2025-01-01', to: '2025-06-01' }, LAST)).toEqual(period);
});
