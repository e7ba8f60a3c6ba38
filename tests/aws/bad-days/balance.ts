import { expect } from 'vitest';
import type { Ledger } from './ledger.ts';

/** A message about a product, of one of seven people unless told; `number` is what it is known by. */
export const messageOf = (number: number, more: object = {}): { messageId: string } => ({
  ...{
    type: 'track',
    event: 'Product Viewed',
    messageId: `m${number}`,
    anonymousId: `device-${number % 7}-of-a-visitor`,
    ...(number % 5 === 0 ? { userId: `customer-${number % 35}` } : {}),
    timestamp: new Date(Date.UTC(2026, 0, 15, 8) + number * 1000).toISOString(),
    context: { consent: { categoryPreferences: { analytics: true } } },
    properties: { sku: `S${number % 11}`, name: `Article ${number % 11}` },
  },
  ...more,
});

export const messages = (from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, n) => messageOf(from + n, more));

/**
 * Holds the invariant of every day: received = stored + deduplicated + rejected + pending, and by the ids too, so that
 * no loss is made up for by something that is there twice.
 * @param received ids of all messages that the collector took, as often as it took them
 * @param expected `nameless` is how many more came that have no id, all of them rejected
 */
export function expectBalance(
  received: readonly string[],
  ledger: Ledger,
  expected: { rejected?: number; pending?: readonly string[]; nameless?: number } = {},
): void {
  const different = new Set(received);
  const pending = [...new Set(ledger.pending.map(idIn))];
  const given = new Set([...ledger.stored, ...pending]);
  const deduplicated = received.length - different.size;
  expect({
    received: received.length + (expected.nameless ?? 0),
    rejected: ledger.rejected.length,
    pending: pending.sort(),
  }).toEqual({
    received: ledger.stored.length + deduplicated + ledger.rejected.length + pending.length,
    rejected: expected.rejected ?? 0,
    pending: [...(expected.pending ?? [])].sort(),
  });
  expect(ledger.stored).toEqual([...new Set(ledger.stored)]);
  const aside = new Set(ledger.rejected.map(({ original }) => idIn(original)));
  expect([...different].filter((id) => !given.has(id) && !aside.has(id))).toEqual([]);
  expect([...given].filter((id) => !different.has(id))).toEqual([]);
}

const idIn = (text: string): string => /"messageId":\s*"([^"]*)"/.exec(text)?.[1] ?? text;
