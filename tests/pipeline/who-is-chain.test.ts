import { expect, test, vi } from 'vitest';
import { resolvePersons } from '../../lib/domain/identity.ts';
import { personName, personOf } from '../../lib/pipeline/who-is.ts';
import type { IdentityLink } from '../../lib/ports.ts';

vi.mock('../../lib/domain/identity.ts', async (original) => {
  const whole = await original<typeof import('../../lib/domain/identity.ts')>();
  return { ...whole, resolvePersons: vi.fn(whole.resolvePersons) };
});

const ACCOUNTS = 300;

test('a chain of accounts is read link by link, but not resolved at each', async () => {
  const byKey = new Map<string, IdentityLink[]>();
  const add = (account: number, device: number) => {
    const link: IdentityLink = {
      strong_key: `c${account}`,
      strong_kind: 0,
      weak_key: `d${device}`,
      weak_kind: 4,
      first_seen: '2025-01-01T00:00:00.000Z',
    };
    for (const key of [link.strong_key, link.weak_key]) byKey.set(key, [...(byKey.get(key) ?? []), link]);
  };
  for (let n = 0; n < ACCOUNTS; n++) {
    add(n, n);
    add(n + 1, n);
  }
  let resolvedLinks = 0;
  vi.mocked(resolvePersons).mockClear();
  const who = await personOf({ linksOf: async (key) => byKey.get(key) ?? [] }, 'c0', {
    limits: [{ limit_name: 'device_accounts', kind: 'anonymous', counted: 'customer', most: 1 }],
    rules: [],
  });
  for (const [evidence] of vi.mocked(resolvePersons).mock.calls) resolvedLinks += evidence.from.length;
  expect(who.is_whole).toBe(true);
  expect(who.person_id).toBe(personName('c0'));
  expect(who.links.map(({ rule }) => rule)).toEqual(['shared_device']);
  expect(resolvedLinks).toBeLessThanOrEqual(4 * 2 * ACCOUNTS);
});
