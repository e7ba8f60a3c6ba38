import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openEngine, rowTexts } from '../../lib/adapters/embedded/path-files.ts';
import { addSums } from '../../lib/attribute/add-sums.ts';
import { readHeader } from '../../lib/attribute/columns.ts';
import { joinHeads, joinRows } from '../../lib/attribute/join-rows.ts';
import { MODELS } from '../../lib/attribute/model-credit.ts';
import { readShare } from '../../lib/attribute/part-reader.ts';
import { openPlain } from '../../lib/attribute/path-file.ts';
import { sumPaths } from '../../lib/attribute/path-sums.ts';
import { allBytes, attributeFile, COUNTS, creditOf, pathFolder } from './attribute-file.ts';

const files = pathFolder();
afterAll(() => files.remove());

interface Row {
  path: string[];
  conversions: number;
  cents: number;
  nulls: number;
}

const rows = fc.array(
  fc.record({
    path: fc.array(fc.constantFrom('A', 'Bé', 'Paid Search', 'Paid Social', 'Direct'), {
      minLength: 1,
      maxLength: 6,
    }),
    conversions: fc.nat({ max: 30 }),
    cents: fc.nat({ max: 99_999 }),
    nulls: fc.nat({ max: 300 }),
  }),
  { minLength: 1, maxLength: 25 },
);

const valueText = ({ conversions, cents }: Row) => (conversions === 0 ? '0.00' : (cents / 100).toFixed(2));
const line = (row: Row, separator = ' > ') =>
  `${row.path.join(separator)},${row.conversions},${valueText(row)},${row.nulls}`;
const fileOf = (all: readonly Row[]) => `${COUNTS}\n${all.map((row) => line(row)).join('\n')}\n`;

const units = (digits: string) => BigInt(digits.replace('.', ''));

/** Some hundreds of rows that repeat themselves, with quoted and unknown names in between. */
function manyRows(): string {
  let state = 7;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const lines = Array.from({ length: 600 }, () => {
    const path = Array.from(
      { length: 1 + random(6) },
      () => ['A', 'Búho', 'Email', 'Paid Search', 'Zed'][random(5)]!,
    );
    const quoted = random(4) === 0 ? `"${path.join('>')}"` : path.join(' > ');
    const conversions = random(5);
    return `${quoted},${conversions},${conversions === 0 ? 0 : random(1000) / 10},${random(50)}`;
  });
  return `${COUNTS}\n${lines.join('\n')}`;
}

describe('credit', () => {
  test('sums to the file, to the last unit, for every model', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const result = await attributeFile(files.write(fileOf(all), 'any.csv'));
        const conversions = all.reduce((sum, row) => sum + BigInt(row.conversions), 0n);
        const value = all.reduce((sum, row) => sum + units(valueText(row)), 0n);
        const [byConversions, byValue] = [creditOf(result), creditOf(result, 'value')];
        for (const model of MODELS) {
          const sum = (credit: Record<string, string>) =>
            Object.values(credit).reduce((total, digits) => total + units(digits), 0n);
          expect(sum(byConversions[model]!), model).toBe(conversions * 1_000_000_000n);
          expect(sum(byValue[model]!), model).toBe(value);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the order of the rows, nor on how often a path is repeated', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(1, 2, 'auto' as const), async (all, order) => {
        const some = { order, intervals: 3 };
        const forward = await attributeFile(files.write(fileOf(all), 'a.csv'), some);
        const backward = await attributeFile(files.write(fileOf(all.toReversed()), 'b.csv'), some);
        expect(allBytes(backward)).toBe(allBytes(forward));
        // Each row split in two, the second with other spaces.
        const split = all.flatMap((row) => {
          const half = { ...row, conversions: 0, cents: 0, nulls: row.nulls - Math.floor(row.nulls / 2) };
          return [line({ ...row, nulls: Math.floor(row.nulls / 2) }, '  >'), line(half, '>')];
        });
        const apart = await attributeFile(files.write(`${COUNTS}\n${split.join('\n')}\n`, 'c.csv'), some);
        expect(creditOf(apart)).toEqual(creditOf(forward));
        expect(apart.intervals).toEqual(forward.intervals);
      }),
      { numRuns: 25 },
    );
  });

  test('of the file twice over is twice as much, with the same shares', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const models = MODELS.filter((model) => model !== 'additive_hazard');
        const once = await attributeFile(files.write(fileOf(all), 'once.csv'), { models });
        const twice = await attributeFile(files.write(fileOf([...all, ...all]), 'twice.csv'), { models });
        for (const [at, { conversions, values }] of once.credits.entries()) {
          expect(twice.credits[at]!.conversions).toEqual(conversions.map((credit) => credit * 2));
          expect(twice.credits[at]!.values).toEqual(values.map((credit) => credit * 2));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('does not change with a channel that nobody touched', async () => {
    const [without, with_] = ['A > B,3,0,4\nB,1,0,9\n', 'A > B,3,0,4\nB,1,0,9\nC,0,0,0\n'].map(
      (text) => `${COUNTS}\n${text}`,
    );
    const before = creditOf(await attributeFile(files.write(without!)));
    const after = creditOf(await attributeFile(files.write(with_!)));
    for (const model of MODELS) expect(after[model]).toEqual({ ...before[model], C: '0.000000000' });
  });

  test('moves with the names when channels are called otherwise', async () => {
    const text = `${COUNTS}\nA > B > C,3,0,4\nB > A,1,0,9\nC > C,2,0,2\n`;
    const renamed = text.replaceAll('A ', 'Z ').replaceAll(' A', ' Z');
    const before = creditOf(await attributeFile(files.write(text)));
    const after = creditOf(await attributeFile(files.write(renamed)));
    for (const model of MODELS) {
      const { A, B, C } = before[model]!;
      const { Z, B: b, C: c } = after[model]!;
      for (const [old, now] of [
        [A, Z],
        [B, b],
        [C, c],
      ])
        expect(Number(now), model).toBeCloseTo(Number(old), 7);
    }
  });
});

describe('however a file is read', () => {
  test('plain, gzip and Parquet give the same bytes', async () => {
    const plain = files.write(manyRows());
    const expected = allBytes(await attributeFile(plain));
    const zipped = files.write(gzipSync(manyRows()), 'zipped');
    expect(allBytes(await attributeFile(zipped))).toBe(expected);
    const engine = await openEngine({ spillDirectory: files.folder, threads: 2 });
    try {
      await engine.run(`COPY (FROM read_csv('${plain}')) TO '${files.folder}/rows' (FORMAT parquet)`);
      const readParquet = (file: string) => rowTexts(engine, file);
      expect(allBytes(await attributeFile(`${files.folder}/rows`, {}, { readParquet }))).toBe(expected);
    } finally {
      engine.close();
    }
  });

  test('cells may be quoted, lines end in CRLF, a mark stand in front, the last line end in nothing', async () => {
    const plain = await attributeFile(files.write(manyRows()));
    const lines = manyRows().replaceAll('"', '').split('\n');
    const quoted = [
      lines[0]!,
      ...lines.slice(1).map((text) =>
        text
          .split(',')
          .map((cell) => `"${cell}"`)
          .join(','),
      ),
    ];
    const other = await attributeFile(files.write(`\uFEFF${quoted.join('\r\n')}\r\n\r\n`));
    expect(allBytes(other)).toBe(allBytes(plain));
  });

  test.each([1, 2, 3, 4])('shares of several threads add up to the same sums, order %i', (order) => {
    const file = files.write(manyRows());
    const { columns, parts } = openPlain(file, 'counts', 64);
    const shareOf = (threads: number, thread: number) => {
      let part = thread - threads;
      return readShare(columns, parts, () => (part += threads), threads);
    };
    const whole = joinRows(file, [shareOf(1, 0).rows()]);
    const {
      sets: { setOf: _, ...sets },
      ...expected
    } = sumPaths(whole, order);
    for (const threads of [1, 2, 3, 5]) {
      const shares = Array.from({ length: threads }, (__, thread) => shareOf(threads, thread));
      const head = joinHeads(
        file,
        shares.map((share) => share.head),
      );
      const {
        sets: { setOf: ___, ...addedSets },
        chain,
        ...added
      } = addSums(shares.map((share) => share.sums({ ...head, order })));
      expect(addedSets).toEqual(sets);
      expect({ ...added, chain }).toEqual(expected);
    }
  });

  test('threads that run give the same bytes', async () => {
    const text = manyRows();
    const long = `${text}\n${text
      .slice(text.indexOf('\n') + 1)
      .concat('\n')
      .repeat(400)}`;
    const file = files.write(long);
    const one = allBytes(await attributeFile(file, {}, { threads: 1 }));
    for (const threads of [2, 3]) {
      const read = { threads, partBytes: 1 << 14, worthAThread: 1 << 16 };
      expect(allBytes(await attributeFile(file, {}, read))).toBe(one);
      const models = MODELS.filter((model) => model !== 'additive_hazard');
      const unordered = await attributeFile(file, { models }, read);
      expect(creditOf(unordered).markov).toEqual(creditOf(await attributeFile(file, { models })).markov);
    }
  });
});

describe('a row per journey', () => {
  test('is the same as its paths counted', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const journeys = all.flatMap(({ path, conversions, nulls }) => [
          ...Array.from({ length: conversions }, () => `${path.join(' > ')},1,2.50`),
          ...Array.from({ length: nulls }, () => `${path.join('>')},0,0`),
        ]);
        fc.pre(journeys.length > 0);
        const counted = all.map(
          (row) =>
            `${row.path.join('>')},${row.conversions},${(row.conversions * 2.5).toFixed(2)},${row.nulls}`,
        );
        const a = await attributeFile(
          files.write(`path,converted,value\n${journeys.join('\n')}\n`, 'j.csv'),
          {},
          { kind: 'journeys' },
        );
        const b = await attributeFile(files.write(`${COUNTS}\n${counted.join('\n')}\n`, 'p.csv'));
        for (const [model, credit] of Object.entries(creditOf(a))) {
          expect(
            Object.values(credit).filter((c) => Number(c) !== 0),
            model,
          ).toEqual(Object.values(creditOf(b)[model]!).filter((c) => Number(c) !== 0));
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('header', () => {
  test('names are looked up, whatever stands around them', () => {
    expect(readHeader('f', 'counts', ' path , total_conversions').roles).toEqual(['path', 'conversions']);
  });
});
