import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readResultFile } from '../../../lib/adapters/aws/athena/results-csv.ts';

/** The file of a result, however it is cut into pieces on its way. */
type Cells = (string | null)[][];

const fileOf = (rows: Cells) =>
  rows
    .map(
      (row) => `${row.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`,
    )
    .join('');

async function read(bytes: Uint8Array, size: number): Promise<Cells> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const rows: Cells = [];
  for await (const some of readResultFile(pieces())) rows.push(...some);
  return rows;
}

const cell = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'é', '🛒', '\uFEFF', '') }),
  ),
);
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );

describe('a result file', () => {
  test('is read as it was written, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        expect(await read(new TextEncoder().encode(fileOf(rows)), size)).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });

  test.each([1, 2, 3, 1000])('has null and the empty text apart, in pieces of %i bytes', async (size) => {
    const text = '"a","b","c"\n,"",x\r\n"",,\n,,\n"q""q",7,"é\n,"';
    expect(await read(new TextEncoder().encode(text), size)).toEqual([
      ['a', 'b', 'c'],
      [null, '', 'x'],
      ['', null, null],
      [null, null, null],
      ['q"q', '7', 'é\n,'],
    ]);
  });

  test('that was cut off within a value is not taken for whole', async () => {
    await expect(read(new TextEncoder().encode('"a"\n"half'), 100)).rejects.toThrow(
      'A result file of Athena ends within a value; read it again',
    );
  });

  test('that is empty has no rows', async () => {
    expect(await read(new Uint8Array(0), 10)).toEqual([]);
  });
});
