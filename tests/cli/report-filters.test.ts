import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Workplace, workplace } from './run-ropo.ts';

/** Filters of a KPI on the command line: `--filter name=value`, as often as there are filters. */
let place: Workplace;
beforeAll(async () => {
  place = workplace();
  writeFileSync(join(place.folder, 'stores.csv'), 'store_id,time_zone,currency\ns1,Europe/Rome,EUR\n');
  const receipt = {
    receipt_id: 'r1',
    store_id: 's1',
    occurred_at: '2025-01-01T10:00:00',
    lines: [{ amount: '10' }],
  };
  writeFileSync(join(place.folder, 'receipts.jsonl'), `${JSON.stringify(receipt)}\n`);
  await place.ropo('import', 'stores', 'stores.csv');
  await place.ropo('import', 'receipts', 'receipts.jsonl');
  const built = await place.ropo('build');
  if (built.code !== 0) throw new Error(built.stderr);
});
afterAll(() => place?.remove());

describe('ropo report --filter', () => {
  test('asks for a part, and the answer says which', async () => {
    const words = ['--filter', 'level=sku', '--filter', 'weight=lines', '--format', 'json'];
    const { code, stdout } = await place.ropo('report', 'ropo', ...words);
    expect(code).toBe(0);
    const { filters, rows } = JSON.parse(stdout);
    expect(filters).toEqual({
      level: 'sku',
      weight: 'lines',
      buyers: 'repeat',
      identified_by: null,
      evidence_strength: null,
    });
    expect(rows).toMatchObject([
      { store_revenue: 10, identification_rate: 0, naive_share: null, verdict: 'nobody identified' },
    ]);
    const table = await place.ropo('report', 'ropo', ...words.slice(0, 4));
    expect(table.stdout).toContain('level sku, weight lines, buyers repeat');
  });

  test.each([
    [['level=brand'], 'level "brand" is not possible here; it can be category, product, sku, any'],
    [['colour=red'], 'filter "colour" is not possible here; it can be level, weight, buyers, identified_by'],
    [['level'], '"level" must be name=value, as level=sku'],
    [['=sku'], '"=sku" must be name=value, as level=sku'],
    [['level=sku', 'level=any'], 'level is given twice; give it once'],
    [['__proto__=x'], 'filter "__proto__" is not possible here'],
  ])('%j is refused with what is allowed', async (filters, says) => {
    const outcome = await place.ropo('report', 'ropo', ...filters.flatMap((filter) => ['--filter', filter]));
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(says);
  });

  test('of a KPI without filters is refused', async () => {
    const outcome = await place.ropo('report', 'paths', '--filter', 'level=sku');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(
      'filter "level" is not possible here; it can be nothing: paths has no filters',
    );
  });

  test('stands in the help with its values and default', async () => {
    const { stdout } = await place.ropo('report', '--help');
    expect(stdout).toContain('--filter level=category|product|sku|any (category)');
  });
});
