import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  KEY_KINDS,
  type ReaderToken,
  readerTokens,
  type SourceKey,
  type SourceKeys,
  sourceKeys,
} from '../../domain/source-keys.ts';
import { type RetryBudget, untilDone } from './retries.ts';

/** What a shop keeps secret, as its functions need it. */
export interface ShopSecrets {
  /** What identifiers are hashed with, as text: the same text as on one machine gives the same keys. */
  identitySecret: string;
  /** The keys that something may come in with. */
  keys: SourceKeys;
  /** The reader whose token has a hash. */
  reader(hash: string): ReaderToken | undefined;
  /** Reads the secret anew where that is due; what it says then counts from here on. Never fails. */
  refresh(): Promise<void>;
}

export interface ShopSecretsOptions {
  client: SecretsManagerClient;
  /** Name or ARN. */
  secretId: string;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  retry?: RetryBudget;
}

const FRESH_MS = 60_000;

/**
 * The secret of a shop: JSON with `identity_secret` and `keys`, a list as in `keys.json` of a shop on one machine. It is read
 * anew when it is used a minute later, so that a key that was revoked is refused within two minutes; where that fails, or
 * what is read is damaged, the keys stay as they were, so that nobody loses what they send. The identity secret never
 * changes while a process lives.
 * @throws Error when the secret cannot be read at first, or is none; it never quotes it
 */
export async function openShopSecrets(options: ShopSecretsOptions): Promise<ShopSecrets> {
  const { client, secretId, now = Date.now, retry = { forMs: 5000 } } = options;
  const read = async () => {
    const { SecretString } = await untilDone(
      `GetSecretValue of ${secretId}`,
      () => client.send(new GetSecretValueCommand({ SecretId: secretId })),
      retry,
    );
    return secretIn(SecretString ?? '', secretId);
  };

  const first = await read();
  let current = { good: sourceKeys(first.keys), readers: readerTokens(first.keys) };
  let readAt = now();
  let reading: Promise<void> | null = null;

  const refresh = (): Promise<void> => {
    if (reading === null && Math.abs(now() - readAt) >= FRESH_MS) {
      readAt = now();
      reading = read()
        .then(({ keys }) => {
          current = { good: sourceKeys(keys), readers: readerTokens(keys) };
        })
        // What was read last stays good, and is asked for again a minute later.
        .catch(() => {})
        .finally(() => {
          reading = null;
        });
    }
    return reading ?? Promise.resolve();
  };
  const used = () => {
    void refresh();
    return current;
  };

  return {
    identitySecret: first.identity_secret,
    keys: { find: (id) => used().good.find(id), all: () => used().good.all() },
    reader: (hash) => used().readers.get(hash),
    refresh,
  };
}

const SHORTEST_SECRET = 16;

function secretIn(text: string, secretId: string): { identity_secret: string; keys: SourceKey[] } {
  let said: { identity_secret?: unknown; keys?: unknown };
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    throw new Error(`The secret ${secretId} is no JSON; docs/aws.md says what it holds`);
  }
  const { identity_secret, keys = [] } = said ?? {};
  if (typeof identity_secret !== 'string' || identity_secret.length < SHORTEST_SECRET)
    throw new Error(
      `The secret ${secretId} has no "identity_secret" of at least ${SHORTEST_SECRET} characters; docs/aws.md says how to make one`,
    );
  if (!Array.isArray(keys) || !keys.every(isKey))
    throw new Error(`The secret ${secretId} has "keys" that are no list as "ropo keys" writes it`);
  return { identity_secret, keys };
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');

function isKey(value: unknown): value is SourceKey {
  const { id, name, kind, secrets, origins, store_id, revoked_at, role } = (value ??
    {}) as Partial<SourceKey>;
  return (
    [id, name].every((text) => typeof text === 'string' && text !== '') &&
    KEY_KINDS.includes(kind as SourceKey['kind']) &&
    isTexts(secrets) &&
    isTexts(origins) &&
    (kind !== 'reader' || typeof role === 'string') &&
    [store_id, revoked_at].every((text) => text === null || typeof text === 'string')
  );
}
