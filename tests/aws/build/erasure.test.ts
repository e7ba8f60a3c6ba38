import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SNAPSHOT_DAYS } from '../../../lib/adapters/aws/athena/statements.ts';
import { dynamoClient, s3Client } from '../../../lib/adapters/aws/clients.ts';
import { createDynamoIdentityStore } from '../../../lib/adapters/aws/dynamodb-identities.ts';
import { createRegistry } from '../../../lib/adapters/aws/dynamodb-registry.ts';
import { createRejections } from '../../../lib/adapters/aws/rejections.ts';
import { type Engine, literal, openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { createIdentify, IDENTIFIER_KINDS } from '../../../lib/domain/identifier.ts';
import { temporaryShop } from '../../temporary-shop.ts';
import { NAMES } from '../emulators/index.ts';
import { type BuildShop, expectSuccess, openBuildShop } from './build-shop.ts';
import { landRows } from './landing.ts';

/** A person who must be nowhere any more, between others who stay. */
const CANARY = { customer_id: 'canary-4711', email: 'canary@example.com' };
const OTHER = { customer_id: 'other-1', email: 'other@example.com' };
const keys = createIdentify('a secret of the tests, no real one')(CANARY, null);
const needles = [keys.customer_key!, keys.email_key!, CANARY.email, CANARY.customer_id];

let shop: BuildShop;
let engine: Engine;

const recordsOf = (person: typeof CANARY, n: number) => ({
  touches: [
    {
      touch_id: `t${n}`,
      occurred_at: '2025-02-27T10:00:00Z',
      touch_type: 'click',
      utm_source: 'a',
      utm_medium: 'email',
      ...person,
    },
  ],
  orders: [
    {
      order_id: `o${n}`,
      occurred_at: '2025-03-01T10:00:00Z',
      currency: 'EUR',
      ...person,
      lines: [{ amount: `${n}0` }],
    },
  ],
});

async function land(day: string): Promise<void> {
  const one = await temporaryShop();
  try {
    for (const [at, person] of [CANARY, OTHER].entries()) await one.give(recordsOf(person, at + 1));
    await landRows(one.shop.directory, shop.lake, [{ day }]);
  } finally {
    one.remove();
  }
}

/** Files below folders of the lake that hold anything of the person. */
async function findCanary(...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const path = join(shop.lake, folder);
    if (!existsSync(path)) continue;
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const said = file.endsWith('.parquet') ? await rowsAsText(file) : readFileSync(file, 'utf8');
      if (needles.some((needle) => said.includes(needle))) found.push(file.slice(shop.lake.length + 1));
    }
  }
  return found.sort();
}

const rowsAsText = async (file: string) => {
  const rows = await engine.rows(`SELECT CAST(t AS varchar) AS said FROM read_parquet(${literal(file)}) t`);
  return rows.map(({ said }) => said).join('\n');
};

const rejections = () => createRejections({ s3: s3Client(), bucket: NAMES.lake });
const identities = () => createDynamoIdentityStore({ client: dynamoClient(), tableName: NAMES.identities });

beforeAll(async () => {
  shop = await openBuildShop();
  engine = await openEngine({ spillDirectory: join(shop.lake, '../spill') });
  await land('2026-01-14');
  await identities().put({
    strong_key: keys.customer_key!,
    strong_kind: IDENTIFIER_KINDS.indexOf('customer'),
    weak_key: keys.email_key!,
    weak_kind: IDENTIFIER_KINDS.indexOf('email'),
    first_seen: '2025-02-27T10:00:00.000Z',
  });
  const rejected = (id: string, original: string) => ({
    rejection_id: id,
    format: 'orders',
    file: 'orders.jsonl',
    line: 1,
    kind: 'orders',
    reason: 'schema' as const,
    detail: 'no amount',
    original,
    record: null,
    contract_version: '1',
    received_at: '2026-01-14T10:00:00.000Z',
  });
  await rejections().add([
    rejected('r1', `{"email":"${CANARY.email}"}`),
    rejected('r2', `{"email":"${OTHER.email}"}`),
  ]);
  expectSuccess(await shop.run());
}, 300_000);
afterAll(async () => {
  engine?.close();
  await shop?.close();
});

test('an erased person is in no raw table and no build any more, and does not come back', async () => {
  const before = await findCanary('raw', 'builds', 'rejections');
  for (const part of ['raw/raw_touches', 'raw/raw_sales', '/persons/', 'rejections/'])
    expect(before.join('\n')).toContain(part);

  const told = (await shop.ask({ action: 'erase', email: CANARY.email })) as Record<string, unknown>;
  expect(told).toMatchObject({ identifiers: { customer: 1, email: 1 }, kept: [], rejections: 1 });
  expect(JSON.stringify(told)).not.toMatch(new RegExp(needles.join('|')));
  expect(await identities().linksOf(keys.customer_key!, 10)).toEqual([]);
  const registry = createRegistry({ client: dynamoClient(), tableName: NAMES.registry });
  expect(await registry.tombstones()).toEqual(new Set([keys.customer_key, keys.email_key]));
  expect((await rejections().list()).map(({ rejection_id }) => rejection_id)).toEqual(['r2']);

  expectSuccess(await shop.run());
  expect(await findCanary('builds', 'rejections')).toEqual([]);
  // Of the raw tables no query sees the person; files of what they were before stay until VACUUM takes them.
  const still = await findCanary('raw/raw_touches', 'raw/raw_sales');
  expect(still).not.toEqual([]);
  shop.settings.now += (SNAPSHOT_DAYS + 1) * 86_400_000;
  expectSuccess(await shop.run());
  const raw = await findCanary('raw');
  expect(raw.filter((file) => !file.startsWith('raw/raw_tombstones/'))).toEqual([]);
  expect(raw.length).toBeGreaterThan(0);
  // What was sold stays, of nobody; what only told of the person is gone.
  expect(shop.manifest().raw_rows).toMatchObject({ raw_sales: 2, raw_touches: 1, raw_tombstones: 2 });

  // The same files land once more, as of a consumer that was set back.
  await land('2026-01-15');
  expectSuccess(await shop.run());
  expect(shop.manifest().merges).toMatchObject([
    { table: 'raw_touches', landed: 2, merged: 0, deduplicated: 1, erased: 1 },
    { table: 'raw_sales', landed: 2, merged: 0, deduplicated: 2, erased: 0 },
  ]);
  expect(await findCanary('builds', 'raw/raw_sales', 'raw/raw_touches')).toEqual([]);

  // Asked again it is the same erasure.
  const again = (await shop.ask({ action: 'erase', ...CANARY })) as Record<string, unknown>;
  expect(again.erasure_id).toBe(told.erasure_id);
  await expect(shop.ask({ action: 'erase' })).rejects.toThrow(/Nothing was given/);
}, 300_000);
