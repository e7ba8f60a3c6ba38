import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { basic, smallCollector, WEB } from '../collector/small-collector.ts';
import { SEEDS } from './fuzz/corpus.ts';
import { feed } from './fuzz/feed.ts';
import { mutateBytes, mutateJson } from './fuzz/mutate.ts';
import { randomOf } from './fuzz/random.ts';

const MESSAGES = SEEDS.filter(({ format }) => format === 'segment').map(({ text }) => text);
const PATHS = ['/v1/batch', '/v1/b', '/v1/t', '/v1/p', '/v1/i', '/v1/a'];
const TYPES = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'image/png', ''];

test('whatever is posted is answered, and what is answered with 200 can be read by ingest', async () => {
  const random = randomOf(7);
  const statuses = new Map<number, number>();
  for (let request = 0; request < 2000; request++) {
    const collector = smallCollector();
    const text = random.once(4) ? random.pick(MESSAGES) : mutateJson(random.pick(MESSAGES), random);
    let body: Buffer = Buffer.from(text);
    if (random.once(3)) body = mutateBytes(body, Buffer.from(random.pick(MESSAGES)), random);
    const isPacked = random.once(3);
    if (isPacked) body = gzipSync(body);
    if (isPacked && random.once(3)) body = mutateBytes(body, body, random);
    const response = await collector.app.request(random.pick(PATHS), {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        'content-type': random.pick(TYPES),
        ...(random.once(10) ? {} : basic(WEB)),
        ...(isPacked !== random.once(20) ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    expect([200, 400, 401, 413, 415], `${response.status} for ${body.toString('latin1')}`).toContain(
      response.status,
    );
    const records = collector.records();
    for (const record of records) {
      if (record.set_aside) continue;
      expect(record.body).not.toContain('\n');
      const fed = await feed(
        { format: record.format, file: 'stream', shape: 'json lines' },
        Buffer.from(record.body),
      );
      expect(fed.finding, record.body).toBeNull();
      expect(fed.records, record.body).toBe(1);
    }
  }
  expect([...statuses.keys()].sort()).toEqual([200, 400, 401, 415]);
  expect(statuses.get(200)).toBeGreaterThan(500);
}, 300_000);
