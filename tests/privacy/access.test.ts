import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessPerson } from '../../lib/adapters/embedded/privacy/access-person.ts';
import type { AccessFile } from '../../lib/pipeline/privacy/access-file.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { ANNA, BRUNO, REFUSED, TABLET, TWO_PEOPLE } from './two-people.ts';

describe('what a person is given about herself', () => {
  let shop: TemporaryShop;
  let file: AccessFile;
  const rowsOf = (table: string) => file.tables.find((each) => each.table === table)?.rows ?? [];

  beforeAll(async () => {
    shop = await temporaryShop();
    await shop.give(TWO_PEOPLE);
    await shop.give(REFUSED);
    await shop.shop.build();
    file = await accessPerson(shop.shop, { email: ANNA.email });
  });
  afterAll(() => shop?.remove());

  test('is every row of the raw tables that names her, and none of another', () => {
    const ids = (table: string) => rowsOf(table).map((row) => row.record_id);
    expect(ids('raw_events')).toEqual(['a1', 'a2', 'a3']);
    expect(ids('raw_touches')).toEqual(['t1']);
    expect(ids('raw_visits')).toEqual(['v1']);
    expect(ids('raw_feedback')).toEqual(['f1']);
    expect(rowsOf('raw_sales')).toHaveLength(5);
    expect(rowsOf('raw_rejections')).toHaveLength(3);
    const { customer_key, email_key } = shop.shop.importer.identify(BRUNO, null);
    for (const key of [customer_key!, email_key!])
      expect(JSON.stringify(file)).not.toContain(key.slice(0, 6));
    expect(JSON.stringify(file)).not.toMatch(/bruno/);
  });

  test('says who she is by kind, and what of hers is left out as of others too', () => {
    expect(file.identifiers.map(({ kind }) => kind).sort()).toEqual([
      'anonymous',
      'customer',
      'email',
      'payment',
      'phone',
    ]);
    expect(file.identifiers.every(({ key }) => key.length === 6)).toBe(true);
    expect(file.shared.map(({ kind }) => kind).sort()).toEqual(['anonymous', 'loyalty']);
    const { anonymous_key } = shop.shop.importer.identify({ anonymous_id: TABLET }, null);
    expect(
      rowsOf('raw_events').filter((row) => row.anonymous_key === anonymous_key!.slice(0, 6)),
    ).toHaveLength(1);
  });

  test('has what the build made of it: purchases with lines, and credit', () => {
    expect(rowsOf('conversions').map((row) => row.conversion_id)).toContain('order/o1');
    expect(rowsOf('sale_lines').filter((row) => row.document_id === 'order/o1')).toHaveLength(2);
    expect(rowsOf('credits').length).toBeGreaterThan(0);
    expect(rowsOf('conversions').map((row) => row.conversion_id)).not.toContain('order/o2');
  });

  test('has a meaning for every column', () => {
    for (const { table, columns, rows, holds } of file.tables) {
      expect(holds, table).not.toBe('');
      for (const row of rows)
        for (const name of Object.keys(row)) expect(columns[name], `${table}.${name}`).toBeTruthy();
    }
  });

  test('has local times beside UTC, of the store where there is one', () => {
    const receipt = file.timeline.find(({ what }) => what.startsWith('receipt, r,'))!;
    expect(receipt).toMatchObject({
      at: '2025-02-11T10:00:00.000Z',
      local: '2025-02-11 11:00:00',
      zone: 'Europe/Rome',
    });
    expect(file.timeline.map(({ at }) => at)).toEqual(file.timeline.map(({ at }) => at).toSorted());
    expect(rowsOf('raw_events')[0]).toMatchObject({
      occurred_at: '2025-02-01T10:00:00.000Z',
      occurred_at_local: '2025-02-01 10:00:00',
    });
  });
});
