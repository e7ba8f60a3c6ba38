import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeKinesisRecord } from '../../lib/adapters/aws/kinesis-records.ts';
import { openShop, type WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { measureShopBytes, type ShopBytes } from '../../lib/bench/aws/shop-bytes.ts';
import { MEASURED } from '../../lib/cost/measured.ts';
import { writeDemoShop } from '../../lib/demo/write-shop.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { importFiles } from '../../lib/pipeline/import-files.ts';
import { NOW, textFile } from '../temporary-shop.ts';

/** A shop of fewer people than the one measured comes to less for each event; by how much at the most. */
const LEAST_SHARE = 0.4;

let root: string;
let shop: WritableShop;
let bytes: ShopBytes;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ropo-cost-'));
  shop = await openShop(root, 'test', () => NOW);
  for (const { format, file } of await writeDemoShop({
    directory: join(root, 'demo'),
    persons: 800,
    seed: 1,
  })) {
    const content = readFileSync(file);
    const text = file.endsWith('.gz') ? gunzipSync(content) : content;
    await importFiles(shop.importer, FORMATS[format]!, [textFile(file.replace(/\.gz$/, ''), text)]);
  }
  await shop.build();
  bytes = await measureShopBytes(shopDirectory(root));
});
afterAll(() => {
  shop?.close();
  rmSync(root, { recursive: true, force: true });
});

describe('what the costs are counted with', () => {
  test.each([
    ['landingJsonBytes', () => bytes.landingJsonBytes],
    ['landingBytes', () => bytes.landingBytes],
    ['rawBytes', () => bytes.rawBytes],
    ['rawIdBytes', () => bytes.rawIdBytes],
    ['builtBytes', () => bytes.builtBytes],
    ['buildReads', () => bytes.buildReads],
    ['largestRead', () => bytes.largest.bytes],
    ['links', () => bytes.links],
    ['largestQuestion', () => Math.max(...bytes.kpiReads.values())],
    ['questionReads', () => [...bytes.kpiReads.values()].reduce((a, b) => a + b, 0) / bytes.kpiReads.size],
  ] as const)(
    '%s is what a shop of 800 people comes to, or more, up to two and a half times',
    (name, measured) => {
      const each = measured() / bytes.events;
      expect(each / MEASURED[name]).toBeLessThanOrEqual(1.05);
      expect(each / MEASURED[name]).toBeGreaterThanOrEqual(LEAST_SHARE);
    },
  );

  test('the SELECT that reads most, and the tables of a build', () => {
    expect(bytes.largest.name).toBe(MEASURED.largestReadOf);
    expect(bytes.tables).toBe(MEASURED.tables);
  });

  test('a message of the demo in the stream, as it is and as it is billed', async () => {
    const messages = gunzipSync(readFileSync(join(root, 'demo', 'web.segment.jsonl.gz')))
      .toString()
      .trim()
      .split('\n');
    const sizes = await Promise.all(
      messages.map(async (body) => {
        const record = { format: 'segment', source: 'shop', store_id: null, received_at: NOW, body };
        const none = async () => {
          throw new Error('No message of the demo is too large for the stream');
        };
        return (await encodeKinesisRecord(record, { put: none, get: none })).length;
      }),
    );
    const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    expect(mean(sizes) / MEASURED.streamBytes).toBeCloseTo(1, 1);
    // With a partition key of 64 characters, in started kilobytes.
    const billed = mean(sizes.map((size) => 1024 * Math.ceil((size + 64) / 1024)));
    expect(billed / MEASURED.streamBilledBytes).toBeCloseTo(1, 1);
  });
});
