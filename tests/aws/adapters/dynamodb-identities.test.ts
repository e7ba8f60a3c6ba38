import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoIdentityStore } from '../../../lib/adapters/aws/dynamodb-identities.ts';
import { createSeenPairs } from '../../../lib/adapters/aws/seen-pairs.ts';
import { rememberLinks } from '../../../lib/pipeline/remember-links.ts';
import { link, newKey } from '../../adapters/identity-store-contract.ts';
import { type Emulators, NAMES, startEmulators } from '../emulators/index.ts';
import { type Clients, clientsOf } from './aws-clients.ts';
import { PATIENT, SHORT } from './streams-and-lakes.ts';

let emulators: Emulators;
let clients: Clients;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
beforeEach(() => emulators.dynamodb.faults.forget());
afterAll(async () => {
  clients.close();
  await emulators.close();
});

const storeOf = (cachedPairs = 1000, retry = PATIENT) =>
  createDynamoIdentityStore({ client: clients.dynamo, tableName: NAMES.identities, cachedPairs, retry });
const pairs = (count: number) => Array.from({ length: count }, () => link(newKey('a'), newKey('b')));
const calls = () => emulators.dynamodb.faults.calls;
const throttled = { code: 'ProvisionedThroughputExceededException' };

describe('identities in DynamoDB', () => {
  test('are read a hundred at a time, each pair once, and not again while they are remembered', async () => {
    const links = pairs(201);
    const store = storeOf();
    await rememberLinks(store, links);
    expect(calls()).toEqual({ BatchGetItem: 3, PutItem: 201 });
    emulators.dynamodb.faults.forget();
    await rememberLinks(store, [...links, ...links]);
    await Promise.all(links.map((one) => store.put(one)));
    expect(calls()).toEqual({});
    await rememberLinks(storeOf(), links);
    expect(calls()).toEqual({ BatchGetItem: 3 });
  });

  test('that are remembered are written all the same when they were seen earlier', async () => {
    const [one] = pairs(1);
    const store = storeOf();
    await store.put(one!);
    const earlier = { ...one!, first_seen: '2024-01-01T00:00:00.000Z' };
    expect(await store.put(earlier)).toBe(true);
    expect(await storeOf().firstSeen([one!])).toEqual([earlier.first_seen]);
    // Another process knows a later time only, and makes nothing worse with it.
    const other = storeOf();
    await other.firstSeen([one!]);
    await storeOf().put({ ...one!, first_seen: '2023-01-01T00:00:00.000Z' });
    expect(await other.put({ ...one!, first_seen: '2023-06-01T00:00:00.000Z' })).toBe(false);
    expect(await storeOf().firstSeen([one!])).toEqual(['2023-01-01T00:00:00.000Z']);
  });

  test('remembers the pairs used last', async () => {
    const links = pairs(4);
    const store = storeOf(3);
    for (const one of links.slice(0, 3)) await store.put(one);
    await store.firstSeen([links[0]!]);
    await store.put(links[3]!);
    emulators.dynamodb.faults.forget();
    await store.firstSeen([links[0]!, links[2]!, links[3]!]);
    expect(calls()).toEqual({});
    await store.firstSeen([links[1]!]);
    expect(calls()).toEqual({ BatchGetItem: 1 });
  });

  test('keeps the earliest time of a pair, whichever answer comes last', () => {
    const seen = createSeenPairs(2);
    const [one, two, three] = pairs(3);
    seen.set(one!, '2025-01-02');
    seen.set(one!, '2025-01-03');
    expect(seen.get(one!)).toBe('2025-01-02');
    seen.set(one!, '2025-01-01');
    seen.set(two!, '2025-01-01');
    expect(seen.get(one!)).toBe('2025-01-01');
    seen.set(three!, '2025-01-01');
    expect([one, two, three].map((pair) => seen.get(pair!))).toEqual(['2025-01-01', undefined, '2025-01-01']);
  });

  test('keys that a batch leaves unread are asked for again, and only those', async () => {
    const links = pairs(90);
    await rememberLinks(storeOf(), links);
    const asked: number[] = [];
    emulators.dynamodb.faults.forget();
    emulators.dynamodb.faults.onCall = (_, request) => {
      const { RequestItems } = request as { RequestItems: Record<string, { Keys: unknown[] }> };
      asked.push(RequestItems[NAMES.identities]!.Keys.length);
    };
    emulators.dynamodb.faults.failEntries('BatchGetItem', (place, call) =>
      call <= 2 && place >= 10 ? throttled : null,
    );
    const found = await storeOf().firstSeen(links);
    emulators.dynamodb.faults.onCall = null;
    expect(asked).toEqual([90, 80, 70]);
    expect(found).toEqual(links.map(({ first_seen }) => first_seen));
  });

  test('throttled reads and writes are sent again, and given up when their time is over', async () => {
    const { faults } = emulators.dynamodb;
    const links = pairs(30);
    faults.fail('BatchGetItem', throttled, 2);
    faults.failWhile('PutItem', (_, call) => (call % 3 === 0 ? throttled : null));
    await rememberLinks(storeOf(), links);
    expect(calls().PutItem).toBeGreaterThan(40);
    faults.forget();
    expect(await storeOf().firstSeen(links)).toEqual(links.map(({ first_seen }) => first_seen));
    faults.failWhile('PutItem', () => throttled);
    const [more] = pairs(1);
    await expect(storeOf(1000, SHORT).put(more!)).rejects.toThrow(
      /PutItem into .* 1 left after \d+ attempts/,
    );
    // What failed is not remembered as written.
    faults.forget();
    const store = storeOf(1000, SHORT);
    faults.failWhile('PutItem', () => throttled);
    await expect(store.put(more!)).rejects.toThrow();
    faults.forget();
    expect(await store.put(more!)).toBe(true);
  });

  test('keys that stay unread to the end fail, rather than count as unknown', async () => {
    const links = pairs(3);
    emulators.dynamodb.faults.failEntries('BatchGetItem', (place) => (place === 0 ? throttled : null));
    await expect(storeOf(1000, SHORT).firstSeen(links)).rejects.toThrow(/1 left after/);
  });

  test('a write whose answer is lost is there, and writing it again changes nothing', async () => {
    const [one] = pairs(1);
    emulators.dynamodb.faults.fail('PutItem', { code: 'InternalServerError', status: 500, isDone: true });
    await storeOf().put(one!);
    expect(await storeOf().linksOf(one!.weak_key, 5)).toEqual([one]);
  });

  test('many processes that write the same pairs, throttled and with lost answers, leave the earliest of each', async () => {
    const keys = Array.from({ length: 12 }, () => [newKey('a'), newKey('b')] as const);
    const time = (n: number) =>
      `2025-03-01T10:${String(n % 60).padStart(2, '0')}:${String((n * 7) % 60).padStart(2, '0')}.000Z`;
    emulators.dynamodb.faults.failWhile('PutItem', (_, call) =>
      call % 5 === 0 ? { ...throttled, isDone: call % 10 === 0 } : null,
    );
    const written: string[][] = keys.map(() => []);
    await Promise.all(
      Array.from({ length: 8 }, (_, writer) => {
        const links = keys.flatMap(([a, b], at) =>
          Array.from({ length: 5 }, (_, n) => {
            const seen = time((writer * 31 + at * 17 + n * 13 + 3) % 60);
            written[at]!.push(seen);
            return link(a, b, seen);
          }),
        );
        return rememberLinks(storeOf(), links);
      }),
    );
    const found = await storeOf().firstSeen(keys.map(([strong_key, weak_key]) => ({ strong_key, weak_key })));
    expect(found).toEqual(written.map((times) => times.toSorted()[0]));
  });

  test('has a bounded number of requests under way', async () => {
    let under = 0;
    let most = 0;
    const counting = {
      async send(command: unknown) {
        under += 1;
        most = Math.max(most, under);
        try {
          return await clients.dynamo.send(command as Parameters<typeof clients.dynamo.send>[0]);
        } finally {
          under -= 1;
        }
      },
    };
    const store = createDynamoIdentityStore({
      client: counting as unknown as typeof clients.dynamo,
      tableName: NAMES.identities,
    });
    await rememberLinks(store, pairs(120));
    expect(most).toBe(32);
  });

  test('forgets a hub with hundreds of links through batches that are left undone in part', async () => {
    const hub = newKey('hub');
    const links = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0 ? link(newKey('a'), hub) : link(hub, newKey('b')),
    );
    const store = storeOf();
    await rememberLinks(store, links);
    emulators.dynamodb.faults.failEntries('BatchWriteItem', (place, call) =>
      call < 6 && place % 2 === 0 ? throttled : null,
    );
    await store.forget([hub]);
    expect(await storeOf().linksOf(hub, 1000)).toEqual([]);
    expect(await store.firstSeen(links.slice(0, 3))).toEqual([null, null, null]);
  });
});
