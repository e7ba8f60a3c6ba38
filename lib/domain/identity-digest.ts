import { createHash } from 'node:crypto';
import type { Partition } from './identity.ts';
import type { PersonHistory } from './identity-history.ts';
import type { IdentityEvidence } from './identity-links.ts';
import { KIND_CODES } from './identity-policy.ts';

/** What a resolution came to, in a few figures. */
export interface IdentityDigest {
  /** Hash of who is who and who was who when, by the numbers of identifiers and links: 16 hexadecimal digits. */
  digest: string;
  /** Persons among the identifiers that were seen with others; a payment token alone is none. */
  persons: number;
  /** Identifiers of the person with most, payment tokens aside. */
  largestPerson: number;
}

/** Sums a resolution up. Linear; 4 bytes an identifier. */
export function identityDigest(
  { kinds, from, to, firstSeen }: IdentityEvidence,
  { person, refused }: Partition,
  { since, node, untilLink, person: names }: PersonHistory,
): IdentityDigest {
  const hash = createHash('sha256');
  for (const values of [kinds, from, to, firstSeen, person, refused, since, node, untilLink, names]) {
    hash.update(`${values.length}|`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  const sizes = new Int32Array(kinds.length);
  for (let at = 0; at < kinds.length; at++) if (kinds[at] !== KIND_CODES.payment) sizes[person[at]!]!++;
  let [persons, largestPerson] = [0, 0];
  for (let at = 0; at < sizes.length; at++) {
    if (sizes[at]! > 0) persons++;
    if (sizes[at]! > largestPerson) largestPerson = sizes[at]!;
  }
  return { digest: hash.digest('hex').slice(0, 16), persons, largestPerson };
}
