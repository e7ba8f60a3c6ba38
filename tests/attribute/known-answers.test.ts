import { afterAll, describe, expect, test } from 'vitest';
import { MODELS } from '../../lib/attribute/model-credit.ts';
import { resultTable, type TableName } from '../../lib/attribute/tables.ts';
import { attributeFile, COUNTS, creditOf, pathFolder } from './attribute-file.ts';

const files = pathFolder();
afterAll(() => files.remove());

const numbers = (credit: Record<string, string>) =>
  Object.fromEntries(Object.entries(credit).map(([channel, digits]) => [channel, Number(digits)]));

/**
 * (start) goes to A and B half of the time each, A on to B half of the time, B converts two times of three. So half
 * of the journeys convert; without A a third does, without B none.
 */
const TWO = `${COUNTS}\nA > B,1,10.00,0\nA,0,0.00,1\nB,1,5.01,1\n`;

describe('two channels, worked by hand', () => {
  test('credit in conversions and in value', async () => {
    const result = await attributeFile(files.write(TWO));
    const conversions = creditOf(result);
    expect(conversions.first_touch).toEqual({ A: '1.000000000', B: '1.000000000' });
    expect(conversions.last_touch).toEqual({ A: '0.000000000', B: '2.000000000' });
    expect(conversions.linear).toEqual({ A: '0.500000000', B: '1.500000000' });
    expect(conversions.position_based).toEqual({ A: '0.500000000', B: '1.500000000' });
    expect(conversions.j_shaped).toEqual({ A: '0.250000000', B: '1.750000000' });
    expect(conversions.inverse_j).toEqual({ A: '0.750000000', B: '1.250000000' });
    // Removal effects 1/3 and 1: a quarter of A > B is A's, and a quarter of all when they divide everything.
    expect(conversions.markov).toEqual({ A: '0.250000000', B: '1.750000000' });
    expect(conversions.markov_normalised).toEqual({ A: '0.500000000', B: '1.500000000' });
    expect(conversions.shapley).toEqual({ A: '0.500000000', B: '1.500000000' });
    // Rates: A alone 0 of 1, B alone 1 of 2, both 2 of 4; A adds nothing in either order.
    expect(conversions.shapley_rate).toEqual({ A: '0.000000000', B: '2.000000000' });
    expect(conversions.shapley_rate_normalised).toEqual({ A: '0.000000000', B: '2.000000000' });

    const value = creditOf(result, 'value');
    expect(value.first_touch).toEqual({ A: '10.00', B: '5.01' });
    expect(value.linear).toEqual({ A: '5.00', B: '10.01' });
    expect(value.markov).toEqual({ A: '2.50', B: '12.51' });
  });

  test('removal effects and transitions', async () => {
    const result = await attributeFile(files.write(TWO));
    const effects = resultTable('effects', result)!.rows;
    expect(effects[0]![1]).toBeCloseTo(1 / 3, 14);
    expect(effects[1]![1]).toBeCloseTo(1, 14);
    // A conversion brings 7.505 from B on average, whichever way it came: value is lost as conversions are.
    expect(effects[0]![2]).toBeCloseTo(1 / 3, 14);
    expect(resultTable('matrix', result)!.rows).toEqual([
      ['(start)', 'A', 0.5, 2],
      ['(start)', 'B', 0.5, 2],
      ['A', 'B', 0.5, 1],
      ['A', '(null)', 0.5, 1],
      ['B', '(conversion)', 2 / 3, 2],
      ['B', '(null)', 1 / 3, 1],
    ]);
  });

  test('Shapley values of both games, and by position', async () => {
    const result = await attributeFile(files.write(TWO));
    expect(resultTable('shapley', result)!.rows).toEqual([
      ['conversions', 'A', 0.5, 'exact', null],
      ['conversions', 'B', 1.5, 'exact', null],
      ['conversion_rate', 'A', 0, 'exact', null],
      ['conversion_rate', 'B', 0.5, 'exact', null],
    ]);
    expect(resultTable('positions', result)!.rows).toEqual([
      ['A', 1, 0.5],
      ['A', 2, 0],
      ['B', 1, 1],
      ['B', 2, 0.5],
    ]);
  });
});

describe('places in a path', () => {
  test('five touches: the middle shares what is left over the ends', async () => {
    const credit = creditOf(await attributeFile(files.write(`${COUNTS}\nA > B > C > B > D,10,0,0\n`)));
    expect(numbers(credit.position_based!)).toEqual({ A: 4, B: 1.333333333, C: 0.666666667, D: 4 });
    expect(numbers(credit.j_shaped!)).toEqual({ A: 2, B: 1.333333333, C: 0.666666667, D: 6 });
    expect(numbers(credit.inverse_j!)).toEqual({ A: 6, B: 1.333333333, C: 0.666666667, D: 2 });
    expect(numbers(credit.linear!)).toEqual({ A: 2, B: 4, C: 2, D: 2 });
    // Distinct channels, not touches.
    expect(numbers(credit.shapley!)).toEqual({ A: 2.5, B: 2.5, C: 2.5, D: 2.5 });
  });

  test('last_non_direct passes over Direct, unless there is nothing else', async () => {
    const credit = creditOf(
      await attributeFile(
        files.write(`${COUNTS}\nA > Direct > Direct,1,0,0\nDirect > Direct,2,0,0\nB > direct,4,0,0\n`),
      ),
    );
    expect(numbers(credit.last_non_direct!)).toEqual({ A: 1, B: 0, Direct: 2, direct: 4 });
  });
});

describe('what is odd but right', () => {
  const sums = (credit: Record<string, Record<string, string>>) =>
    new Set(
      Object.values(credit).map((channels) =>
        Object.values(channels)
          .reduce((sum, digits) => sum + BigInt(digits.replace('.', '')), 0n)
          .toString(),
      ),
    );

  test('a path with a thousand touches', async () => {
    const path = Array.from({ length: 1000 }, (_, at) => 'ABCDE'[(at * 7) % 5]!).join('>');
    const credit = creditOf(await attributeFile(files.write(`${COUNTS}\n${path},3,1.5,2\nA,0,0,1\n`)));
    expect(sums(credit)).toEqual(new Set(['3000000000']));
    expect(numbers(credit.linear!)).toEqual({ A: 0.6, B: 0.6, C: 0.6, D: 0.6, E: 0.6 });
  });

  test('one conversion, and one channel', async () => {
    const credit = creditOf(await attributeFile(files.write(`${COUNTS}\nA,1,0.01,0\n`)));
    for (const model of MODELS) expect(credit[model], model).toEqual({ A: '1.000000000' });
  });

  test('no conversion at all: zeros, and no share', async () => {
    const result = await attributeFile(files.write(`${COUNTS}\nA > B,0,0,5\nB,0,0,7\n`));
    expect(sums(creditOf(result))).toEqual(new Set(['0']));
    const { columns, rows } = resultTable('credit', result)!;
    expect(new Set(rows.map((row) => row[columns.indexOf('conversion_share')]))).toEqual(new Set([null]));
  });

  test('value that is all zero leaves conversions alone', async () => {
    const result = await attributeFile(files.write(`${COUNTS}\nA > B,2,0,1\n`));
    expect(sums(creditOf(result))).toEqual(new Set(['2000000000']));
    expect(sums(creditOf(result, 'value'))).toEqual(new Set(['0']));
  });

  test('value and nulls may be missing, columns come in any order', async () => {
    const whole = await attributeFile(files.write('total_null,path,total_conversions\n2,A > B,3\n1,B,1\n'));
    expect(whole.sums).toMatchObject({ conversions: 4, nulls: 3, value: 0 });
    const bare = await attributeFile(files.write('total_conversions,path\n3,A > B\n'));
    expect(bare.sums).toMatchObject({ conversions: 3, nulls: 0 });
  });

  test('a negative Shapley value is shown, and takes no credit within a path', async () => {
    const result = await attributeFile(files.write(`${COUNTS}\nA,5,0,5\nA > B,1,0,9\nB,0,0,4\n`));
    const rows = resultTable('shapley', result)!.rows.filter(([game]) => game === 'conversion_rate');
    expect(rows[1]![2]).toBeLessThan(0);
    const credit = creditOf(result);
    expect(numbers(credit.shapley_rate!)).toEqual({ A: 6, B: 0 });
    expect(Number(credit.shapley_rate_normalised!.B)).toBeLessThan(0);
    expect(sums(credit)).toEqual(new Set(['6000000000']));
  });
});

describe('tables that are not asked for', () => {
  test.each(['effects', 'orders', 'hazard'] as TableName[])('%s is left out', async (name) => {
    const result = await attributeFile(files.write(TWO), { models: ['linear'] });
    expect(resultTable(name, result)).toBeNull();
  });
});
