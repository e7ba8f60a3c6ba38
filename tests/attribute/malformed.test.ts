import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { ChannelTable } from '../../lib/attribute/channel-table.ts';
import { BadPaths } from '../../lib/attribute/problems.ts';
import { attributeFile, COUNTS, creditOf, pathFolder } from './attribute-file.ts';

const files = pathFolder();
afterAll(() => files.remove());

async function refusal(file: string, kind: 'counts' | 'journeys' = 'counts'): Promise<string> {
  const error = await attributeFile(file, {}, { kind }).then(
    () => new Error('it was read'),
    (thrown: Error) => thrown,
  );
  expect(error, error.message).toBeInstanceOf(BadPaths);
  return error.message;
}

/** A row in the third line, and what is said of it. */
const ROWS: [row: string, says: string][] = [
  ['A,-3,0,1', 'line 3: total_conversions "-3" is below zero: it must be a whole number from 0'],
  ['A,1,0,-1', 'line 3: total_null "-1" is below zero'],
  ['A,1,-0.5,1', 'line 3: total_conversion_value "-0.5" is below zero'],
  ['A >  > B,1,0,1', 'line 3: path "A >  > B" has an empty channel in place 2 of 3'],
  ['> A,1,0,1', 'line 3: path "> A" has an empty channel in place 1 of 2'],
  ['A >,1,0,1', 'line 3: path "A >" has an empty channel in place 2 of 2'],
  [' > > ,1,0,1', 'line 3: path " > > " holds nothing but separators'],
  [',1,0,1', 'line 3: path is empty'],
  ['A,one,0,1', 'line 3: total_conversions "one" is not a number'],
  ['A,1,0,1x', 'line 3: total_null "1x" is not a number'],
  ['A,1.5,0,1', 'line 3: total_conversions "1.5" is not whole'],
  ['A,NaN,0,1', 'line 3: total_conversions "NaN" is no number'],
  ['A,1,Infinity,1', 'line 3: total_conversion_value "Infinity" is no number'],
  ['A,1,NA,1', 'line 3: total_conversion_value "NA" is no number'],
  ['A,,0,1', 'line 3: total_conversions is empty'],
  [
    'A,9007199254740992,0,1',
    'line 3: total_conversions "9007199254740992" is too large: at most 9007199254740991',
  ],
  ['A,1e20,0,1', 'line 3: total_conversions "1e20" is too large'],
  ['A,0,5,1', 'line 3: total_conversion_value "5" without a conversion'],
  ['A,1,0', 'line 3: 3 cells where the header has 4 columns'],
  [
    'A, B,1,0,1',
    'line 3: 5 cells where the header has 4 columns, in "A, B,1,0,1": put a cell that holds a comma in quotes',
  ],
  ['"A > B,1,0,1', 'line 3: a quote is not closed'],
  ['"A" > B,1,0,1', 'line 3: a quote is not closed, or text follows a closing quote'],
];

describe('a row that cannot be read', () => {
  test.each(ROWS)('%s', async (row, says) => {
    const message = await refusal(files.write(`${COUNTS}\nB > A,1,1,1\n${row}\nA,1,0,0\n`));
    expect(message).toContain(says);
    expect(message).toMatch(/^\S+ has a row that cannot be read; nothing was attributed\.\n {2}line 3: /);
  });

  test('text that is not UTF-8', async () => {
    const message = await refusal(files.write(Buffer.from(`${COUNTS}\nM\xFCnchen,1,0,1\n`, 'latin1')));
    expect(message).toContain('line 2: the line is not UTF-8: save the file as UTF-8');
  });

  test('of many, the first few are told and all are counted, whichever thread met them', async () => {
    const good = 'A > B,1,2.50,3\n'.repeat(50);
    const text = `${COUNTS}\n${good}${'A,-1,0,0\n'.repeat(4)}${good}B >,1,0,0\n${'A,x,0,0\n'.repeat(1996)}`;
    const one = await refusal(files.write(text));
    expect(one).toContain('has 2,001 rows that cannot be read');
    expect(
      one
        .split('\n')
        .slice(1)
        .map((line) => line.split(':')[0]),
    ).toEqual([...[52, 53, 54, 55, 106].map((line) => `  line ${line}`), '  and 1,996 more']);
    expect(await refusal(files.write(gzipSync(text), 'many.gz'))).toBe(
      one.replace(/^\S+/, join(files.folder, 'many.gz')),
    );
  });

  test('the number of the line counts empty ones', async () => {
    expect(await refusal(files.write(`${COUNTS}\r\n\r\nA,1,0,0\r\n\r\nA,,0,0\r\n`))).toContain('line 5: ');
  });

  test.each([
    ['A,2,1,p', 'line 2: 4 cells where the header has 3'],
    ['A,yes,1', 'line 2: converted "yes" is not a number'],
    ['A,0,1', 'line 2: value "1" without a conversion'],
  ])('of journeys: %s', async (row, says) => {
    expect(await refusal(files.write(`path,converted,value\n${row}\n`), 'journeys')).toContain(says);
  });

  test('a person that is not named', async () => {
    expect(await refusal(files.write('path,converted,person\nA,1, \n'), 'journeys')).toContain(
      'person is empty',
    );
  });
});

describe('a file that is not of paths', () => {
  const folder = join(files.folder, 'folder');
  mkdirSync(folder);
  const zipped = gzipSync(`${COUNTS}\n${'A > B,1,0,0\n'.repeat(5000)}`);

  test.each<[what: string, file: () => string, says: RegExp]>([
    ['missing', () => join(files.folder, 'none.csv'), /There is no file .*none\.csv/],
    ['a folder', () => folder, /is a folder: give a file/],
    ['empty', () => files.write(''), /is empty/],
    [
      'only a header',
      () => files.write(`${COUNTS}\n`),
      /has a header and no row: it must have a row per path/,
    ],
    ['only a header that does not end', () => files.write(COUNTS), /has a header and no row/],
    [
      'without a header',
      () => files.write('A > B,1,0,0\nB,1,0,0\n'),
      /line 1: there is no column "A > B" here\. Expected are the columns path, total_conversions, total_conversion_value \(may be missing\), total_null \(may be missing\)/,
    ],
    [
      'a column short',
      () => files.write('path,total_null\nA,1\n'),
      /the column total_conversions is missing/,
    ],
    [
      'a column too many',
      () => files.write('path,total_conversions,x\nA,1,1\n'),
      /there is no column "x" here/,
    ],
    [
      'a column twice',
      () => files.write('path,path,total_conversions\nA,A,1\n'),
      /the column path is named twice/,
    ],
    ['with semicolons', () => files.write('path;total_conversions\nA;1\n'), /separated by commas/],
    [
      'UTF-16',
      () => files.write(Buffer.from(`\uFEFF${COUNTS}\nA,1,0,0`, 'utf16le')),
      /is UTF-16: save it as UTF-8/,
    ],
    ['not gzip', () => files.write('A', 'a.csv.gz'), /is not gzip data, though its name says so/],
    [
      'cut gzip',
      () => files.write(zipped.subarray(0, zipped.length - 20), 'cut.gz'),
      /is not whole gzip data/,
    ],
    ['not Parquet', () => files.write('A', 'a.parquet'), /is not Parquet, though its name says so/],
  ])('%s', async (_, file, says) => {
    expect(await refusal(file())).toMatch(says);
  });

  test('a channel too many', () => {
    const table = new ChannelTable();
    for (let number = 0; number < 65_535; number++) table.number(`channel ${number}`);
    expect(table.number('channel 65534')).toBe(65_534);
    expect(() => table.number('one more')).toThrow(
      /more than 65,535 channels, which is the limit; "one more"/,
    );
  });
});

describe('what looks odd and is right', () => {
  test('commas, quotes and umlauts in names; numbers in other dress', async () => {
    const rows = [
      '"Bücher, ""neu"" > Café",1.0,1e1,0',
      'Café > X,"2","0.50","3"',
      'X>Paid  Search > Paid Search\t,+1,.25,00',
    ];
    const result = await attributeFile(files.write(`${COUNTS}\n${rows.join('\n')}\n`));
    expect(result.sums.channels).toEqual(['Bücher, "neu"', 'Café', 'Paid  Search', 'Paid Search', 'X']);
    expect(result.sums).toMatchObject({ conversions: 4, nulls: 3, value: 1075 });
    expect(creditOf(result, 'value').first_touch).toEqual({
      'Bücher, "neu"': '10.00',
      Café: '0.50',
      'Paid  Search': '0.00',
      'Paid Search': '0.00',
      X: '0.25',
    });
  });

  test('values with the dust of doubles are rounded, and that is told', async () => {
    const result = await attributeFile(files.write(`${COUNTS}\nA,1,12.500000000000002,0\nB,1,0.1,0\n`));
    expect(result).toMatchObject({ decimals: 1, rounded: 1 });
    expect(result.sums.value).toBe(126);
  });

  test('many channels with one beginning, short ones, ones that begin others', async () => {
    const names = [
      ...Array.from({ length: 300 }, (_, n) => `Paid Search / campaign ${n}`),
      'Paid',
      'Paid Search',
      'TV',
      'T',
      'TV ad',
      'TV a',
    ];
    const rows = names.map((name, at) => `${name} > ${names[(at * 7 + 1) % names.length]},${at + 1},0,1`);
    const result = await attributeFile(files.write(`${COUNTS}\n${rows.join('\n')}\n${rows.join('\n')}\n`), {
      models: ['first_touch'],
    });
    const credit = creditOf(result).first_touch!;
    for (const [at, name] of names.entries()) expect(Number(credit[name]), name).toBe(2 * (at + 1));
  });
});
