import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { answerCache } from '../../lib/api/answers/answer-cache.ts';
import { answering } from '../../lib/api/answers/answering.ts';
import { packingFor, representation } from '../../lib/api/answers/representation.ts';
import { turnstile } from '../../lib/api/answers/turnstile.ts';
import { createApi } from '../../lib/api/app.ts';
import { API_LIMITS } from '../../lib/api/limits.ts';
import { comeAgain, Problem } from '../../lib/api/problem.ts';
import type { Published } from '../../lib/pipeline/kpi-question.ts';

/** Something that is done when told so. */
function later<Value>() {
  let done!: (value: Value) => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<Value>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  return { promise, done, fail };
}

describe('the cache of answers', () => {
  test('asks once for what many ask at the same time, and keeps it', async () => {
    const cache = answerCache<string>(100, (text) => text.length);
    const { promise, done } = later<string>();
    let made = 0;
    const ask = () =>
      cache.get('b1', 'k', () => {
        made += 1;
        return promise;
      });
    const all = [ask(), ask(), ask()];
    done('answer');
    expect(await Promise.all(all)).toEqual(['answer', 'answer', 'answer']);
    await ask();
    expect(made).toBe(1);
  });

  test('keeps answers of a build and of the one after it, and nothing of earlier ones', async () => {
    const cache = answerCache<string>(100, (text) => text.length);
    const slow = later<string>();
    const before = cache.get('b1', 'slow', () => slow.promise);
    await cache.get('b1', 'k', async () => 'of b1');
    expect(await cache.get('b2', 'k', async () => 'of b2')).toBe('of b2');
    expect(await cache.get('b1', 'k', async () => 'made again')).toBe('of b1');
    expect(await cache.get('b3', 'k', async () => 'of b3')).toBe('of b3');
    slow.done('too late to be kept');
    expect(await before).toBe('too late to be kept');
    expect(cache.has('b1', 'k') || cache.has('b1', 'slow')).toBe(false);
    expect(await cache.get('b2', 'k', async () => 'made again')).toBe('of b2');
    expect(cache.bytes()).toBe(10);
  });

  test('does not keep a failure', async () => {
    const cache = answerCache<string>(100, (text) => text.length);
    await expect(cache.get('b', 'k', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('b', 'k', async () => 'yes')).toBe('yes');
  });

  test('never holds more bytes than it may, and always what was asked for last where that fits', async () => {
    const asked = fc.record({
      key: fc.integer({ min: 0, max: 8 }),
      build: fc.constantFrom('a', 'a', 'a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        async (steps, most) => {
          const cache = answerCache<string>(most, (text) => text.length);
          for (const { key, build } of steps) {
            const answer = await cache.get(build, String(key), async () => 'x'.repeat(key + 1));
            expect(answer).toHaveLength(key + 1);
            expect(cache.bytes()).toBeLessThanOrEqual(most);
            expect(cache.has(build, String(key))).toBe(key + 1 <= most);
          }
        },
      ),
    );
  });
});

describe('the turnstile', () => {
  test('lets a few through at a time, in the order they came', async () => {
    const gate = turnstile({ atOnce: 2, ofOneReader: 10, inAll: 10 });
    const order: number[] = [];
    const jobs = [0, 1, 2, 3].map(() => later<void>());
    const all = jobs.map((job, at) =>
      gate.through('r', () => {
        order.push(at);
        return job.promise;
      }),
    );
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    jobs[1]!.fail(new Error('one fails'));
    await expect(all[1]).rejects.toThrow('one fails');
    expect(order).toEqual([0, 1, 2]);
    for (const job of jobs) job.done();
    await Promise.all([all[0], all[2], all[3]]);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test('lets who asks little through before all the rest of who asks much', async () => {
    const gate = turnstile({ atOnce: 2, ofOneReader: 10, inAll: 20 });
    const order: string[] = [];
    const jobs = new Map<string, ReturnType<typeof later<void>>>();
    const come = (reader: string, name: string) =>
      gate.through(reader, () => {
        const job = later<void>();
        jobs.set(name, job);
        order.push(name);
        return job.promise;
      });
    const all = ['m1', 'm2', 'm3', 'm4', 'm5'].map((name) => come('much', name));
    all.push(come('little', 'l1'), come('other', 'o1'));
    for (const name of ['m1', 'm2', 'l1', 'o1', 'm3', 'm4', 'm5']) {
      jobs.get(name)!.done();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await Promise.all(all);
    expect(order).toEqual(['m1', 'm2', 'l1', 'm3', 'o1', 'm4', 'm5']);
  });

  test('lets what nobody waits for through one at a time, and only while no reader asks', async () => {
    const gate = turnstile({ atOnce: 2, ofOneReader: 10, inAll: 20 });
    const order: string[] = [];
    const jobs = new Map<string, ReturnType<typeof later<void>>>();
    const begin = (name: string) => () => {
      const job = later<void>();
      jobs.set(name, job);
      order.push(name);
      return job.promise;
    };
    const end = async (name: string) => {
      jobs.get(name)!.done();
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    const all = [gate.through('r', begin('r1')), gate.behind(begin('b1')), gate.behind(begin('b2'))];
    all.push(gate.through('r', begin('r2')));
    await end('r1');
    expect(order).toEqual(['r1', 'r2']);
    await end('r2');
    expect(order).toEqual(['r1', 'r2', 'b1']);
    all.push(gate.through('r', begin('r3')));
    await end('b1');
    expect(order).toEqual(['r1', 'r2', 'b1', 'r3']);
    jobs.get('r3')!.fail(new Error('one fails'));
    await expect(all[4]).rejects.toThrow('one fails');
    await vi.waitFor(() => expect(order).toEqual(['r1', 'r2', 'b1', 'r3', 'b2']), { timeout: 60_000 });
    await end('b2');
    await Promise.all(all.filter((one) => one !== all[4]));
  });

  test('sends one reader away who asks for too much, and not the others', async () => {
    const gate = turnstile({ atOnce: 1, ofOneReader: 2, inAll: 3 });
    const job = later<void>();
    const waiting = [gate.through('a', () => job.promise), gate.through('a', () => job.promise)];
    await expect(gate.through('a', () => job.promise)).rejects.toMatchObject({ kind: 'too-many-requests' });
    waiting.push(gate.through('b', () => job.promise));
    await expect(gate.through('c', () => job.promise)).rejects.toMatchObject({
      kind: 'busy',
      headers: { 'retry-after': '1' },
    });
    job.done();
    await Promise.all(waiting);
    await gate.through('a', async () => {});
  });
});

describe('an answer', () => {
  const request = (headers: Record<string, string> = {}) => new Request('http://localhost/', { headers });
  const text = JSON.stringify(Array.from({ length: 200 }, (_, n) => ({ label: `row ${n}`, revenue: n })));
  let made = 0;
  const build = (build_id: string) =>
    ({
      manifest: { build_id, built_at: '', settings_hash: '', tables: [] },
      query: async () => [],
    }) as Published;
  const wanted = {
    build: build('b') as Published | null,
    key: 'k',
    reader: 'r',
    make: async () => {
      made += 1;
      return representation('application/json', text);
    },
  };

  test('is not made for a reader who has it, packed or not', async () => {
    const { answer } = answering(API_LIMITS);
    const etag = (await answering(API_LIMITS).answer(request(), wanted)).headers.get('etag')!;
    made = 0;
    for (const known of [etag, etag.replace(/"$/, '-br"'), `W/${etag.replace(/"$/, '-gzip"')}`]) {
      const response = await answer(request({ 'if-none-match': known }), wanted);
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
    }
    expect(made).toBe(0);
    expect((await answer(request({ 'if-none-match': etag }), { ...wanted, build: build('c') })).status).toBe(
      200,
    );
    expect((await answer(request({ 'if-none-match': etag }), { ...wanted, key: 'l' })).status).toBe(200);
  });

  test('of a new build is there before anybody asks, where somebody asked the build before', async () => {
    const { answer } = answering(API_LIMITS);
    const from: string[] = [];
    const asked = (id: string, key: string) =>
      answer(request(), {
        ...wanted,
        build: build(id),
        key,
        make: async (its) => {
          from.push(`${key} of ${its?.manifest.build_id}`);
          return representation('text/plain', key);
        },
      });
    for (const key of ['k1', 'k2', 'k3']) await asked('b1', key);
    await asked('b1', 'k1');
    expect(from.splice(0)).toEqual(['k1 of b1', 'k2 of b1', 'k3 of b1']);
    await asked('b2', 'new');
    await vi.waitFor(() => expect(from).toHaveLength(4), { timeout: 60_000 });
    expect(from.splice(0).sort()).toEqual(['k1 of b2', 'k2 of b2', 'k3 of b2', 'new of b2']);
    for (const key of ['k1', 'k2', 'k3', 'new']) await asked('b2', key);
    expect(from).toEqual([]);
  });

  test('is packed as the reader takes it, each with a tag of its own', async () => {
    const { answer } = answering(API_LIMITS);
    const [plain, br, gzip] = await Promise.all(
      ['identity', 'gzip, deflate, br', 'gzip'].map((accepts) =>
        answer(request({ 'accept-encoding': accepts }), wanted),
      ),
    );
    const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());
    expect(plain!.headers.get('content-encoding')).toBeNull();
    const packed = await bytes(br!);
    expect(brotliDecompressSync(packed).toString()).toBe(text);
    expect(packed.length).toBeLessThan(text.length / 5);
    expect(br!.headers.get('content-length')).toBe(String(packed.length));
    expect(gunzipSync(await bytes(gzip!)).toString()).toBe(text);
    expect(new Set([plain, br, gzip].map((one) => one!.headers.get('etag'))).size).toBe(3);
    expect(br!.headers.get('vary')).toContain('Accept-Encoding');
  });

  test.each([
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0, gzip;q=0', null],
    ['*', 'br'],
    ['*;q=0', null],
    ['br;q=0, *', 'gzip'],
    ['deflate', null],
    ['', null],
    ['GZIP', 'gzip'],
  ])('for a reader who takes "%s" is packed as %s', (accepts, packing) => {
    expect(packingFor(accepts, representation('text/csv', text))).toBe(packing);
    expect(packingFor(accepts, representation('text/csv', 'short'))).toBeNull();
  });
});

describe('too many requests', () => {
  test('of one reader are answered with 429, and again when the bucket has filled', async () => {
    let now = 0;
    const api = createApi({
      published: async () => null,
      access: {
        bearer: null,
        readerOf: (request) => ({ role: 'manager', name: request.headers.get('x-name')! }),
      },
      limits: { rate: { perSecond: 1, burst: 3 } },
      now: () => now,
    });
    const ask = (name: string) => api.request('/v1', { headers: { 'x-name': name } });
    for (let n = 0; n < 3; n++) expect((await ask('a')).status).toBe(200);
    const refused = await ask('a');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ type: 'urn:ropo:problem:too-many-requests' });
    expect((await ask('b')).status).toBe(200);
    now = 2000;
    expect((await ask('a')).status).toBe(200);
  });

  const REASONS = [
    ['a good token', () => new Problem('not-signed-in'), 401],
    ['a role', () => new Problem('not-permitted'), 403],
    // Each would ask the issuer for its keys.
    ['keys to look at it', () => comeAgain('busy', 5), 503],
  ] as const;
  test.each(REASONS)('without %s shut out their address, and no reader', async (_, problem, first) => {
    const api = createApi({
      published: async () => null,
      access: {
        bearer: { description: '' },
        readerOf(request) {
          if (request.headers.has('x-good')) return { role: 'manager', name: 'good' };
          throw problem();
        },
      },
      limits: { strangerRate: { perSecond: 0.1, burst: 2 } },
      now: () => 0,
      addressOf: () => '192.0.2.1',
    });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await api.request('/v1')).status);
    expect(statuses).toEqual([first, first, 429, 429]);
    expect((await api.request('/v1', { headers: { 'x-good': 'yes' } })).status).toBe(200);
  });
});
