import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { IdentityLink, IdentityStore } from '../../ports.ts';
import {
  atMost,
  createTurns,
  type Left,
  partsOf,
  type RetryBudget,
  untilDone,
  untilNoneLeft,
} from './retries.ts';
import { createSeenPairs } from './seen-pairs.ts';
import { IDENTITIES_KEYS } from './table-keys.ts';

/** As DynamoDB has them. */
const MOST_READ = 100;
const MOST_WRITTEN = 25;
/** Requests of this store under way at once: what its connections carry. */
const AT_ONCE = 32;
const CACHED_PAIRS = 200_000;

export interface DynamoIdentityStoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Pairs that this process remembers, about 250 bytes each; 200,000 unless told, none with 0. */
  cachedPairs?: number;
  /** How long a throttled request is sent again; 15 s unless told. */
  retry?: RetryBudget;
}

type Pair = Pick<IdentityLink, 'strong_key' | 'weak_key'>;
type Item = Record<string, AttributeValue>;

/**
 * Links as items of a table: one item a link, written on the condition that it is new or earlier, with an index for the
 * other direction. A visitor who is known costs half a read unit, or nothing where this process has seen the pair: what
 * it remembers is a time that the table holds or an earlier one, and times only sink, so that no write is left out
 * that would change anything. Reads lag on purpose: they only save writes that their own condition would refuse.
 * A new link is a request of its own, as no batch call of DynamoDB takes conditions, and a transaction of many would fail
 * for one of them and cost twice as much. The index lags too: an erasure looks again some seconds later.
 */
export function createDynamoIdentityStore(options: DynamoIdentityStoreOptions): IdentityStore {
  const { client, tableName, cachedPairs = CACHED_PAIRS, retry = { forMs: 15_000 } } = options;
  const seen = createSeenPairs(cachedPairs);
  const turns = createTurns(AT_ONCE);

  /** Reads pairs, and adds the times of those that are there. */
  const readInto =
    (found: Map<string, string>) =>
    async (pairs: Pair[]): Promise<Left<Pair>> => {
      const output = await client.send(
        new BatchGetItemCommand({
          RequestItems: {
            [tableName]: {
              Keys: pairs.map(keyOf),
              ProjectionExpression: 'strong_key, weak_key, first_seen',
            },
          },
        }),
      );
      for (const item of output.Responses?.[tableName] ?? []) {
        const pair = pairOf(item);
        seen.set(pair, item.first_seen!.S!);
        found.set(nameOf(pair), item.first_seen!.S!);
      }
      const left = (output.UnprocessedKeys?.[tableName]?.Keys ?? []).map(pairOf);
      return { left, reason: 'UnprocessedKeys' };
    };

  const query = async (keyName: string, key: string, limit: number, index?: string): Promise<Item[]> => {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const output = await untilDone(
        `Query of ${tableName}`,
        () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              ...(index ? { IndexName: index } : {}),
              KeyConditionExpression: '#key = :key',
              ExpressionAttributeNames: { '#key': keyName },
              ExpressionAttributeValues: { ':key': { S: key } },
              ...(Number.isFinite(limit) ? { Limit: limit - items.length } : {}),
              ...(from ? { ExclusiveStartKey: from } : {}),
            }),
          ),
        retry,
      );
      items.push(...(output.Items ?? []));
      from = output.LastEvaluatedKey;
    } while (from && items.length < limit);
    return items;
  };

  const linksOf = async (identifierKey: string, limit: number): Promise<IdentityLink[]> => {
    const { partitionKey, index } = IDENTITIES_KEYS;
    const [strong, weak] = await Promise.all([
      query(partitionKey, identifierKey, limit),
      query(index.partitionKey, identifierKey, limit, index.name),
    ]);
    const other = ({ strong_key, weak_key }: IdentityLink) =>
      strong_key === identifierKey ? weak_key : strong_key;
    return [...strong, ...weak]
      .map(linkOf)
      .sort((a, b) => (other(a) < other(b) ? -1 : 1))
      .slice(0, limit);
  };

  return {
    async firstSeen(pairs) {
      const known = pairs.map((pair) => seen.get(pair));
      const unknown = new Map<string, Pair>();
      pairs.forEach((pair, at) => {
        if (known[at] === undefined) unknown.set(nameOf(pair), pair);
      });
      const found = new Map<string, string>();
      await atMost(AT_ONCE, partsOf([...unknown.values()], MOST_READ), (some) =>
        untilNoneLeft(`BatchGetItem of ${tableName}`, some, readInto(found), retry),
      );
      return pairs.map((pair, at) => known[at] ?? found.get(nameOf(pair)) ?? null);
    },

    async put(link) {
      const known = seen.get(link);
      if (known !== undefined && known <= link.first_seen) return false;
      const wrote = await turns(() =>
        untilDone(`PutItem into ${tableName}`, () => write(client, tableName, link), retry),
      );
      // The table holds this time now, or an earlier one.
      seen.set(link, link.first_seen);
      return wrote;
    },

    linksOf,

    async forget(identifierKeys) {
      const doomed = new Map<string, Pair>();
      await atMost(AT_ONCE, identifierKeys, async (key) => {
        for (const link of await linksOf(key, Number.POSITIVE_INFINITY)) doomed.set(nameOf(link), link);
      });
      await atMost(AT_ONCE, partsOf([...doomed.values()], MOST_WRITTEN), (some) =>
        untilNoneLeft(
          `BatchWriteItem of ${tableName}`,
          some.map((pair): WriteRequest => ({ DeleteRequest: { Key: keyOf(pair) } })),
          async (writes) => {
            const output = await client.send(
              new BatchWriteItemCommand({ RequestItems: { [tableName]: writes } }),
            );
            return { left: output.UnprocessedItems?.[tableName] ?? [], reason: 'UnprocessedItems' };
          },
          retry,
        ),
      );
      for (const pair of doomed.values()) seen.forget(pair);
    },
  };
}

/** Writes a link unless it is there with the same or an earlier time; tells whether it wrote. */
async function write(client: DynamoDBClient, tableName: string, link: IdentityLink): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: {
          ...keyOf(link),
          strong_kind: { N: String(link.strong_kind) },
          weak_kind: { N: String(link.weak_kind) },
          first_seen: { S: link.first_seen },
        },
        ConditionExpression: 'attribute_not_exists(first_seen) OR first_seen > :time',
        ExpressionAttributeValues: { ':time': { S: link.first_seen } },
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

const nameOf = ({ strong_key, weak_key }: Pair) => `${strong_key} ${weak_key}`;
const keyOf = ({ strong_key, weak_key }: Pair) => ({
  strong_key: { S: strong_key },
  weak_key: { S: weak_key },
});

const pairOf = (item: Item): Pair => ({ strong_key: item.strong_key!.S!, weak_key: item.weak_key!.S! });

const linkOf = (item: Item): IdentityLink => ({
  ...pairOf(item),
  strong_kind: Number(item.strong_kind!.N),
  weak_kind: Number(item.weak_kind!.N),
  first_seen: item.first_seen!.S!,
});
