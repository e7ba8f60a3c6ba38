import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { StoreFacts } from '../../domain/accept/index.ts';
import { atMost, partsOf, type RetryBudget, untilDone, untilNoneLeft } from './retries.ts';
import { REGISTRY_KEYS } from './table-keys.ts';

/** What is told of a store, and which telling of it that is. */
export interface ToldStore extends StoreFacts {
  store_id: string;
  /** The highest wins; null is below all. */
  revision: number | null;
  /** Among equal revisions the first in order wins. */
  fingerprint: string;
}

/** What ingest must know of the lake without asking the lake: its stores, and whom it must not take. */
export interface Registry {
  /** Stores by their ids, at most a minute old. What the caller does to the map is its own. */
  stores(): Promise<Map<string, StoreFacts>>;
  /** The same as they are now, at the price of a read that does not lag. */
  storesNow(): Promise<Map<string, StoreFacts>>;
  /** Keys of all persons that were erased, at most a minute old. */
  tombstones(): Promise<Set<string>>;
  /** Adds stores and what is newer of those that are there, in any order and as often as one likes. */
  putStores(stores: readonly ToldStore[]): Promise<void>;
  /** Adds keys of erased persons. Every process knows of them within a minute. */
  putTombstones(identifierKeys: readonly string[]): Promise<void>;
}

export interface RegistryOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  /** How long a throttled request is sent again; 15 s unless told. */
  retry?: RetryBudget;
}

const STORE = 'store';
const TOMBSTONE = 'tombstone';
/** Below every revision that somebody gives. */
const NO_REVISION = -1e30;
const FRESH_MS = 60_000;
/** Writers' clocks may differ, and reads may lag, by so much: tombstones of that time are read again. */
const OVERLAP_MS = 600_000;
const MOST_WRITTEN = 25;
const AT_ONCE = 16;

type Item = Record<string, AttributeValue>;

/**
 * The registry in a table of DynamoDB. Tombstones only come to be: they stand in the order of their writing, and a process
 * that has read them once reads only what came since.
 */
export function createRegistry(options: RegistryOptions): Registry {
  const { client, tableName, now = Date.now, retry = { forMs: 15_000 } } = options;
  let stores: { read: Map<string, StoreFacts>; at: number } | null = null;
  /** Whether this process has put some that a read which lags might not show. */
  let hasPut = false;
  const tombstones = new Set<string>();
  let tombstonesReadAt: number | null = null;
  const { partitionKey, sortKey } = REGISTRY_KEYS;

  const list = async (listedAs: string, more: { from?: string; isConsistent?: boolean }): Promise<Item[]> => {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const output = await untilDone(
        `Query of ${tableName}`,
        () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: `${partitionKey} = :as${more.from ? ` AND ${sortKey} >= :from` : ''}`,
              ExpressionAttributeValues: {
                ':as': { S: listedAs },
                ...(more.from ? { ':from': { S: more.from } } : {}),
              },
              ConsistentRead: more.isConsistent ?? false,
              ...(start ? { ExclusiveStartKey: start } : {}),
            }),
          ),
        retry,
      );
      items.push(...(output.Items ?? []));
      start = output.LastEvaluatedKey;
    } while (start);
    return items;
  };

  const readStores = async (isConsistent: boolean) => {
    const at = now();
    const items = await list(STORE, { isConsistent });
    if (isConsistent) hasPut = false;
    stores = { read: new Map(items.map((item) => [item[sortKey]!.S!, factsOf(item)])), at };
    return new Map(stores.read);
  };

  /** A clock that was set back makes nothing fresh for ever. */
  const isFresh = (at: number) => Math.abs(now() - at) < FRESH_MS;

  return {
    stores: async () => (stores && isFresh(stores.at) ? new Map(stores.read) : readStores(hasPut)),
    storesNow: () => readStores(true),

    async tombstones() {
      if (tombstonesReadAt === null || !isFresh(tombstonesReadAt)) {
        const at = now();
        const since = tombstonesReadAt === null ? null : Math.min(tombstonesReadAt, at) - OVERLAP_MS;
        const items = await list(TOMBSTONE, since === null ? {} : { from: new Date(since).toISOString() });
        for (const item of items) tombstones.add(item.identifier_key!.S!);
        tombstonesReadAt = at;
      }
      return new Set(tombstones);
    },

    async putStores(told) {
      await atMost(AT_ONCE, told, (store) =>
        untilDone(`PutItem into ${tableName}`, () => putStore(client, tableName, store), retry),
      );
      stores = null;
      hasPut = true;
    },

    async putTombstones(identifierKeys) {
      const listedAt = new Date(now()).toISOString();
      const writes = [...new Set(identifierKeys)].map(
        (key): WriteRequest => ({
          PutRequest: {
            Item: {
              [partitionKey]: { S: TOMBSTONE },
              [sortKey]: { S: `${listedAt} ${key}` },
              identifier_key: { S: key },
            },
          },
        }),
      );
      await atMost(AT_ONCE, partsOf(writes, MOST_WRITTEN), (some) =>
        untilNoneLeft(
          `BatchWriteItem of ${tableName}`,
          some,
          async (left) => {
            const output = await client.send(
              new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }),
            );
            return { left: output.UnprocessedItems?.[tableName] ?? [], reason: 'UnprocessedItems' };
          },
          retry,
        ),
      );
      for (const key of identifierKeys) tombstones.add(key);
    },
  };
}

/** Writes what is told of a store unless something newer is there. */
async function putStore(client: DynamoDBClient, tableName: string, store: ToldStore): Promise<void> {
  const { store_id, time_zone, currency, country, revision, fingerprint } = store;
  const { partitionKey, sortKey } = REGISTRY_KEYS;
  const numbered = { N: String(revision ?? NO_REVISION) };
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: {
          [partitionKey]: { S: STORE },
          [sortKey]: { S: store_id },
          time_zone: { S: time_zone },
          currency: { S: currency },
          ...(country === null ? {} : { country: { S: country } }),
          told_revision: numbered,
          fingerprint: { S: fingerprint },
        },
        ConditionExpression:
          'attribute_not_exists(fingerprint) OR told_revision < :revision OR (told_revision = :revision AND fingerprint > :fingerprint)',
        ExpressionAttributeValues: { ':revision': numbered, ':fingerprint': { S: fingerprint } },
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
  }
}

const factsOf = ({ time_zone, currency, country }: Item): StoreFacts => ({
  time_zone: time_zone!.S!,
  currency: currency!.S!,
  country: country?.S ?? null,
});
