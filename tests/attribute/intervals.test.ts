import { afterAll, describe, expect, test } from 'vitest';
import { resultTable } from '../../lib/attribute/tables.ts';
import { allBytes, attributeFile, COUNTS, pathFolder } from './attribute-file.ts';

const files = pathFolder();
afterAll(() => files.remove());

const COUNTED = `${COUNTS}\nA > B,40,400.00,160\nA,30,150.00,400\nB > C,10,0,300\nC,5,50.00,90\n`;
const models = ['linear', 'markov', 'shapley_rate', 'additive_hazard'] as const;

describe('intervals', () => {
  test('hold the figure, and are narrower at a lower level', async () => {
    const file = files.write(COUNTED);
    const wide = (await attributeFile(file, { models, intervals: 100 })).intervals!;
    const narrow = (await attributeFile(file, { models, intervals: 100, level: 0.5 })).intervals!;
    const { columns, rows } = resultTable('credit', await attributeFile(file, { models, intervals: 100 }))!;
    for (const row of rows) {
      for (const figure of ['conversions', 'conversion_share', 'value']) {
        const cell = row[columns.indexOf(figure)]!;
        const value = typeof cell === 'number' ? cell : Number((cell as { digits: string }).digits);
        expect(row[columns.indexOf(`${figure}_low`)], `${row[0]} ${row[1]}`).toBeLessThanOrEqual(value);
        expect(row[columns.indexOf(`${figure}_high`)], `${row[0]} ${row[1]}`).toBeGreaterThanOrEqual(value);
      }
    }
    for (const [model, { conversions }] of wide.entries()) {
      for (const [channel, { low, high }] of conversions.entries()) {
        const inner = narrow[model]!.conversions[channel]!;
        expect(high - low).toBeGreaterThanOrEqual(inner.high - inner.low);
      }
    }
  });

  test('are as wide as the law of the counts says', async () => {
    // Conversions of a channel that is alone on its path are Poisson: 1.645 standard deviations to either side.
    const file = files.write(`${COUNTS}\nA,400,0,600\nB,100,0,900\n`);
    const [first] = (await attributeFile(file, { models: ['first_touch'], intervals: 2000 })).intervals!;
    expect(first!.conversions[0]!.low).toBeGreaterThan(400 - 1.645 * 20 - 4);
    expect(first!.conversions[0]!.low).toBeLessThan(400 - 1.645 * 20 + 4);
    expect(first!.conversions[1]!.high).toBeGreaterThan(100 + 1.645 * 10 - 3);
    expect(first!.conversions[1]!.high).toBeLessThan(100 + 1.645 * 10 + 3);
  });

  test('follow the seed, and neither threads nor the order of the rows', async () => {
    const rows = COUNTED.trimEnd().split('\n');
    const file = files.write(COUNTED);
    const turned = files.write([rows[0]!, ...rows.slice(1).toReversed()].join('\n'));
    const settings = { models, intervals: 20 };
    const once = allBytes(await attributeFile(file, settings));
    expect(allBytes(await attributeFile(turned, settings, { threads: 2 }))).toBe(once);
    expect(allBytes(await attributeFile(file, { ...settings, seed: 2 }))).not.toBe(once);
  });

  test('are worked out by several threads where there is enough to do', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => `A > B > c${at % 50} > d${at % 61},${at % 3},0,5`);
    const file = files.write(`${COUNTS}\n${many.join('\n')}\n`);
    const settings = { models: ['linear', 'markov'] as const, intervals: 250 };
    const one = await attributeFile(file, settings, { threads: 1 });
    const two = await attributeFile(file, settings, { threads: 2 });
    expect(two.intervals).toEqual(one.intervals);
  });

  test('by person are wider where persons come again and again', async () => {
    const journeys = (persons: number) =>
      files.write(
        `path,converted,person\n${Array.from({ length: 600 }, (_, at) => `${at % 3 === 0 ? 'A' : 'B'},${at % 2},p${at % persons}`).join('\n')}\n`,
      );
    const widthOf = async (persons: number) => {
      const result = await attributeFile(
        journeys(persons),
        { models: ['first_touch'], intervals: 400 },
        { kind: 'journeys' },
      );
      const { low, high } = result.intervals![0]!.conversions[0]!;
      return high - low;
    };
    // 600 persons with a journey each; 12 with 50 each, who are drawn together: seven times as wide.
    const [each, few] = [await widthOf(600), await widthOf(12)];
    expect(few / each).toBeGreaterThan(4);
    expect(few / each).toBeLessThan(11);
  });

  test('of a single conversion reach down to nothing, and shares of nothing are no shares', async () => {
    const file = files.write(`${COUNTS}\nA > B,1,2.00,10\n`);
    const result = await attributeFile(file, { models: ['linear'], intervals: 200 });
    expect(result.intervals![0]!.conversions[0]!.low).toBe(0);
    expect(result.intervals![0]!.conversionShare[0]).toEqual({ low: 0.5, high: 0.5 });
  });
});
