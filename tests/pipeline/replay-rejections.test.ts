import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IngestDeps, ingest } from '../../lib/pipeline/ingest.ts';
import { replayRejections } from '../../lib/pipeline/replay-rejections.ts';
import { ARRIVAL, streamRecord } from '../adapters/stream-records.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { memoryLinks } from './memory-lake.ts';

let shop: TemporaryShop;
let deps: IngestDeps;
beforeEach(async () => {
  shop = await temporaryShop();
  deps = { ...shop.shop.importer, identities: memoryLinks() };
});
afterEach(() => shop.remove());

const rejections = () => shop.shop.importer.lake.rejections();
const STORE = { store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' };

describe('a record in which a name stands twice', () => {
  const receipt = (id: string, currency: string) =>
    `{"receipt_id":"${id}","store_id":"s1","occurred_at":"2026-01-10T10:00:00Z","total":"1.00","total":"5.00","currency":"${currency}","lines":[{"sku":"A","amount":"5.00"}]}`;

  test('is not tried again: what its sender meant is not told by trying', async () => {
    await shop.give({ stores: [STORE] });
    await shop.giveFile('receipts', 'r.jsonl', receipt('r1', 'EUR'));
    expect(await replayRejections(deps)).toEqual({ tried: 0, stored: 0, duplicates: 0, left: 1 });
    expect((await rejections()).map(({ reason }) => reason)).toEqual(['duplicate_key']);
  });

  test('and that was refused for something else before is refused for that when it is tried', async () => {
    await shop.give({ stores: [STORE] });
    const broken = JSON.stringify(JSON.parse(receipt('r1', 'EUR'))).replace('"5.00","cur', '5,"cur');
    await shop.giveFile('receipts', 'r.jsonl', receipt('r1', 'no currency'));
    const [refused] = await rejections();
    expect(refused).toMatchObject({ reason: 'schema' });
    // As after a contract that was widened.
    const lake = { ...deps.lake, rejections: async () => [{ ...refused!, record: broken }] };
    expect(await replayRejections({ ...deps, lake })).toMatchObject({ tried: 1, stored: 0 });
    expect((await rejections()).map(({ reason }) => reason)).toEqual(['duplicate_key']);
  });

  test('is stored with a remark where it is an event, as when it came', async () => {
    const early = `{"type":"page","messageId":"m","anonymousId":"a","anonymousId":"b","timestamp":"1999-01-01T00:00:00Z"}`;
    await ingest([streamRecord(early)], deps);
    const [refused] = await rejections();
    const record = refused!.record!.replace('1999', '2025');
    const lake = { ...deps.lake, rejections: async () => [{ ...refused!, record }] };
    expect(await replayRejections({ ...deps, lake })).toMatchObject({ tried: 1, stored: 1 });
    await shop.shop.build();
    expect(
      await shop.ask(
        "SELECT sum(records) AS n FROM data_quality_daily WHERE measure = 'web_events_with_repeated_names'",
      ),
    ).toEqual([{ n: 1 }]);
  });
});

describe('what is set aside of erased persons', () => {
  const visit = (n: number, timestamp = '2026-01-10T10:00:00Z') =>
    JSON.stringify({ type: 'page', messageId: `m${n}`, userId: 'u1', timestamp });
  const erasedLake = () => {
    const { customer_key } = deps.identify({ customer_id: 'u1' }, null);
    return { ...deps.lake, tombstones: async () => new Set([customer_key!]) };
  };
  const setAside = async () => (await rejections()).filter(({ reason }) => reason === 'erased');

  test('is counted record by record, and nothing of it is kept', async () => {
    const lake = erasedLake();
    const lines = [1, 2, 3].map((n) => visit(n));
    const batch = `{"batch":[${[4, 5].map((n) => visit(n)).join(',')}]}`;
    await ingest(
      [...lines, batch].map((body) => streamRecord(body)),
      { ...deps, lake },
    );
    await ingest([streamRecord(visit(6), { received_at: ARRIVAL + 1 })], { ...deps, lake });
    const kept = await setAside();
    expect(kept).toHaveLength(6);
    expect(kept.every(({ original, record }) => original === '' && record === null)).toBe(true);
    await shop.shop.build();
    expect(
      await shop.ask("SELECT sum(records) AS n FROM data_quality_daily WHERE measure = 'set_aside_erased'"),
    ).toEqual([{ n: 6 }]);
  });

  test('tells by its id nothing of what it was', async () => {
    const lake = erasedLake();
    await ingest([streamRecord(visit(1))], { ...deps, lake });
    const [one] = await setAside();
    await deps.lake.forget([one!.rejection_id]);
    await ingest([streamRecord(visit(2))], { ...deps, lake });
    expect((await setAside()).map(({ rejection_id }) => rejection_id)).toEqual([one!.rejection_id]);
  });

  test('is the same where the same batch is taken in again after a crash', async () => {
    const lake = erasedLake();
    const batch = [1, 2].map((n) => streamRecord(visit(n)));
    for (let n = 0; n < 2; n++) await ingest(batch, { ...deps, lake });
    expect(await setAside()).toHaveLength(2);
  });

  test('is counted one by one where it had waited, in more than one batch', async () => {
    const waited = Array.from({ length: 5_003 }, (_, n) => streamRecord(visit(n, '1999-01-01T00:00:00Z')));
    await ingest(waited, { ...deps, lastFates: 0 });
    expect(await replayRejections({ ...deps, lake: erasedLake() })).toMatchObject({ left: 5_003 });
    expect(await setAside()).toHaveLength(5_003);
  });
});
