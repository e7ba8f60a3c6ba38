import type { IdentifierKeys, IdentifierKind } from './identifier.ts';

/** A clear value that is to be looked up, under the field of a record that it would come in. */
export function clearOf(kind: IdentifierKind, value: string): Record<string, string> {
  const isHash = /^[0-9a-f]{64}$/i.test(value);
  if (kind === 'email') return { [isHash ? 'email_sha256' : 'email']: value };
  if (kind === 'phone') return { [isHash ? 'phone_sha256' : 'phone']: value };
  return { [kind === 'payment' ? 'payment_token' : `${kind}_id`]: value };
}

export const keyIn = (keys: IdentifierKeys, kind: IdentifierKind): string | undefined => keys[`${kind}_key`];

/** Enough of a key to tell it from others on a screen. */
export const shortKey = (identifierKey: string) => identifierKey.slice(0, 8);

/** Ids of manual rules: one rule of each sort for an identifier, or for a pair whichever way round. */
export const ruleId = (rule: 'block' | 'allow', identifierKey: string) => `${rule}-${identifierKey}`;
export const separateId = (one: string, other: string) =>
  `separate-${one < other ? `${one}-${other}` : `${other}-${one}`}`;
