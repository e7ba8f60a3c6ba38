import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showSinglePersons } from '../temporary-shop.ts';
import { type Workplace, workplace } from './run-ropo.ts';

/** Closing a period from the command line: what it says, and when it is refused. */
let place: Workplace;

const give = (orders: object[]) =>
  writeFileSync(
    join(place.folder, 'orders.jsonl'),
    orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
  );
const order = (order_id: string, day: string, amount: string) => ({
  order_id,
  occurred_at: `${day}T10:00:00Z`,
  currency: 'EUR',
  customer_id: 'c1',
  lines: [{ sku: 'A', amount }],
});

beforeAll(() => {
  place = workplace();
});
afterAll(() => place.remove());

describe('ropo close', () => {
  test('is refused where there is no shop, and where nothing has been built', async () => {
    const none = await place.ropo('close', '--through', '2025-03-31');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('There is no shop in .ropo');
    give([order('o1', '2025-03-05', '100.00')]);
    expect(await place.ropo('import', 'orders', 'orders.jsonl')).toMatchObject({ code: 0 });
    showSinglePersons(join(place.folder, '.ropo'));
    const unbuilt = await place.ropo('close', '--through', '2025-03-31');
    expect(unbuilt).toMatchObject({ code: 2, stdout: '' });
    expect(unbuilt.stderr).toContain('Nothing has been built yet');
  });

  test('keeps what is reported, and books what comes later after it', async () => {
    expect(await place.ropo('build')).toMatchObject({ code: 0 });
    const closed = await place.ropo('close', '--through', '2025-03-31');
    expect(closed).toMatchObject({ code: 0, stderr: '' });
    expect(closed.stdout).toMatch(/^Closed through 2025-03-31: 1 figures of build \S+ are kept\.\n/);
    give([order('o2', '2025-03-06', '7.00')]);
    await place.ropo('import', 'orders', 'orders.jsonl');
    expect(await place.ropo('build')).toMatchObject({ code: 0 });
    const report = async (...words: string[]) =>
      (await place.ropo('report', ...words, '--format', 'csv')).stdout.trimEnd().split('\r\n').slice(1);
    expect((await report('returns', '--by', 'month')).map((line) => line.split(',').slice(0, 3))).toEqual([
      ['2025-03', 'EUR', '100'],
      ['2025-04', 'EUR', '7'],
    ]);
    expect((await report('restatements')).map((line) => line.slice(0, 36))).toEqual([
      'sold,,late_sale,2025-03-31,EUR,7,1,"',
    ]);
  });

  test.each([
    ['2025-03-31', '2025-03-31 is closed already: all up to 2025-03-31 was closed on'],
    ['2024-12-31', '2024-12-31 is closed already'],
    ['2999-01-01', 'it is not over yet everywhere'],
    ['2025-02-30', '"2025-02-30" is no day of the calendar'],
    ['March', '"March" is no day of the calendar'],
  ])('%s is refused', async (day, says) => {
    const refused = await place.ropo('close', '--through', day);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(says);
    expect(refused.stderr).not.toMatch(/\n +at /);
  });

  test('needs a day', async () => {
    const { code, stderr } = await place.ropo('close');
    expect(code).toBe(2);
    expect(stderr).toContain("required option '--through <day>' not specified");
  });
});
