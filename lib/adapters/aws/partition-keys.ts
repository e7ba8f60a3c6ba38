import { randomUUID } from 'node:crypto';
import { cleanIdentifier } from '../../domain/identifier.ts';
import { keyedHash } from '../../domain/keyed-hash.ts';
import type { StreamRecord } from '../../ports.ts';

/** Names that bodies give people and devices by, the most lasting first. */
const PERSON_NAMES = [
  'userId',
  'customer_id',
  'user_id',
  'anonymousId',
  'anonymous_id',
  'loyalty_id',
  'email',
] as const;
/** A longer body is a file of many people's records. */
const LONGEST_MESSAGE = 65_536;
/** More is known than 22 characters of base64url tell: 128 bits. */
const KEY_LENGTH = 22;

/**
 * Makes the function that gives a record its partition key: a keyed hash of the person or device that its body names, so
 * that what one does stays in order and reaches the worker that knows them; of a body that names nobody, or many, a
 * random one. Nobody can be told by it.
 */
export function partitionKeys(secret: string): (record: StreamRecord) => string {
  const hash = keyedHash(secret);
  return ({ body }) => {
    const person = personIn(body);
    return person === null ? randomUUID() : hash(`stream:${person}`).slice(0, KEY_LENGTH);
  };
}

function personIn(body: string): string | null {
  if (body.length > LONGEST_MESSAGE || !body.startsWith('{')) return null;
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return null;
  }
  for (const name of PERSON_NAMES) {
    const value = said[name];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    // What stands for nobody would bring half the traffic to one shard.
    const clean = cleanIdentifier(String(value));
    if (clean !== null) return clean;
  }
  return null;
}
