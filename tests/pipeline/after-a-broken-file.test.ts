import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { FORMATS } from '../../lib/formats/index.ts';
import { importFiles } from '../../lib/pipeline/import-files.ts';
import { temporaryShop, textFile } from '../temporary-shop.ts';

/** Enough lines to be read by worker threads. */
const lines = (name: string) =>
  Array.from(
    { length: 40_000 },
    (_, n) =>
      `{"touch_id":"${name}-${n}","occurred_at":"2025-01-01T10:00:00Z","touch_type":"sms","utm_campaign":"${name} ${'x'.repeat(100)}"}`,
  ).join('\n');

test('a large file that breaks off leaves nothing of itself to the next', async () => {
  const shop = await temporaryShop();
  const format = FORMATS.touches!;
  const broken = Buffer.from(lines('broken'));
  try {
    const file = {
      name: 'broken.jsonl',
      bytes: broken.length,
      open: () =>
        Readable.from(
          (function* () {
            for (let at = 0; at < broken.length / 2; at += 1 << 18) yield broken.subarray(at, at + (1 << 18));
            throw new Error('broken.jsonl is not whole');
          })(),
        ),
    };
    await expect(importFiles(shop.shop.importer, format, [file])).rejects.toThrow(
      'broken.jsonl is not whole',
    );
    const whole = await importFiles(shop.shop.importer, format, [textFile('whole.jsonl', lines('whole'))]);
    expect(whole).toMatchObject({ received: 40_000, stored: 40_000, rejected: {}, duplicates: 0 });
    await shop.shop.build();
    expect(
      await shop.ask("SELECT count(*) AS n, count_if(campaign LIKE 'whole%') AS whole FROM touchpoints"),
    ).toEqual([{ n: 40_000, whole: 40_000 }]);
  } finally {
    shop.remove();
  }
});
