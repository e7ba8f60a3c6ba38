import { expect, test } from 'vitest';
import { differences } from './compared-rows.ts';

const rows = [
  { day: '2025-01-01', n: 1, x: 0.1 + 0.2 },
  { day: '2025-01-02', n: 2, x: null },
];

test('rows in another order, with doubles a billionth apart, are the same', () => {
  const its = [
    { day: '2025-01-02', n: 2, x: null },
    { day: '2025-01-01', n: 1, x: 0.3 },
  ];
  expect(differences(rows, its, ['day'])).toEqual([]);
});

test('a double is one, however large', () => {
  const [large, next] = [30_958_743_772_332_260_000, 30_958_743_772_332_265_000];
  expect(large).not.toBe(next);
  expect(differences([{ x: large }], [{ x: next }])).toEqual([]);
  expect(differences([{ x: large }], [{ x: large * 1.00001 }])).not.toEqual([]);
  expect(differences([{ n: 2n ** 60n }], [{ n: 2n ** 60n + 1n }])).not.toEqual([]);
});

test.each([
  ['a whole number that is one off', { n: 2 }],
  ['a double that is a millionth off', { x: 0.3000003 }],
  ['nothing in the place of a number', { x: null }],
  ['a text that is empty in the place of a day', { day: '' }],
])('%s is found', (_, change) => {
  expect(differences(rows, [{ ...rows[0]!, ...change }, rows[1]!], ['day'])).not.toEqual([]);
});

test('a row that is missing is found, and a column of another name', () => {
  expect(differences(rows, rows.slice(1))).not.toEqual([]);
  expect(differences([{ a: 1 }], [{ b: 1 }])).not.toEqual([]);
});
