import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RULES, resolvePersons } from '../../lib/domain/identity.ts';
import { type LimitRow, policyOf, type RuleRow } from '../../lib/domain/identity-policy.ts';
import { numberEvidence } from '../../lib/pipeline/identity-part.ts';
import { rememberLinks } from '../../lib/pipeline/remember-links.ts';
import { readSeeds } from '../../lib/pipeline/seeds.ts';
import { type IdentityRules, personName, personOf } from '../../lib/pipeline/who-is.ts';
import type { IdentityLink, IdentityStore } from '../../lib/ports.ts';
import {
  adversarialStore,
  type Items,
  SeededScheduler,
  Throttled,
} from '../adapters/adversarial-identity-store.ts';

type Limit = readonly [kind: string, counted: string, most: number];
const rowsOf = (limits: readonly Limit[]): LimitRow[] =>
  limits.map(([kind, counted, most]) => ({ limit_name: `${kind} ${counted}`, kind, counted, most }));

/** Limits so low that every rule has something to do in a history of a few dozen links. */
const LOW: readonly Limit[] = [
  ['customer', 'email', 3],
  ['customer', 'anonymous', 4],
  ['loyalty', 'customer', 2],
  ['loyalty', 'email', 2],
  ['email', 'customer', 1],
  ['email', 'loyalty', 1],
  ['phone', 'customer', 1],
  ['phone', 'email', 2],
  ['anonymous', 'customer', 1],
  ['anonymous', 'email', 1],
  ['anonymous', 'links', 5],
  ['person', 'identifiers', 7],
];
const LIMITS = rowsOf(LOW);
/** With and without the rules that look at what is behind a neighbour, and the product's own. */
const limitSets = fc.constantFrom(
  LIMITS,
  rowsOf([...LOW, ['loyalty', 'persons', 1], ['anonymous', 'persons', 1]]),
  rowsOf([...LOW, ['loyalty', 'persons', 2], ['anonymous', 'persons', 2]]),
  productLimits(),
);

function productLimits(): LimitRow[] {
  const seed = readSeeds('').find(({ name }) => name === 'seed_identity_limits')!;
  return rowsOf(seed.rows.map(([, kind = '', counted = '', most]) => [kind, counted, Number(most)]));
}

const KINDS = 6;
const keyOf = (kind: number, n: number) => `${'clefap'[kind]}${n}-${'x'.repeat(19)}`;

const identifier = fc.record({ kind: fc.nat(KINDS - 1), n: fc.nat(4) });
const links = fc.array(
  fc
    .record({ a: identifier, b: identifier, minute: fc.nat(12) })
    .filter(({ a, b }) => a.kind !== b.kind)
    .map(({ a, b, minute }): IdentityLink => {
      const [strong, weak] = a.kind < b.kind ? [a, b] : [b, a];
      return {
        strong_key: keyOf(strong.kind, strong.n),
        strong_kind: strong.kind,
        weak_key: keyOf(weak.kind, weak.n),
        weak_kind: weak.kind,
        first_seen: new Date(Date.UTC(2025, 2, 1, 10, minute)).toISOString(),
      };
    }),
  { maxLength: 45 },
);
const rules = fc.array(
  fc.record({ rule: fc.constantFrom('block', 'allow', 'separate'), a: identifier, b: identifier }).map(
    ({ rule, a, b }, at = 0): RuleRow => ({
      rule_id: `${rule}-${at}`,
      rule,
      identifier_key: keyOf(a.kind, a.n),
      other_key: rule === 'separate' ? keyOf(b.kind, b.n === a.n && b.kind === a.kind ? b.n + 1 : b.n) : null,
    }),
  ),
  { maxLength: 2 },
);

/** Who is who by the pure function on all evidence at once. */
function onAllEvidence(evidence: readonly IdentityLink[], { limits, rules: ruleRows }: IdentityRules) {
  const { keys, nodeOf, links: inOrder, evidence: numbered } = numberEvidence(evidence);
  const policy = policyOf(limits, ruleRows, nodeOf);
  const { person, refused, shared } = resolvePersons(numbered, policy);
  const blocked = new Set(policy.blocked);
  return {
    persons: new Map(keys.map((key, node) => [key, personName(keys[person[node]!]!)])),
    sharedBy: new Map(
      keys.map((key, node) => [key, blocked.has(node) ? 'blocked' : RULES[shared.rules[node]!] || null]),
    ),
    refusedBy: new Map(
      inOrder.map((link, at) => [`${link.strong_key} ${link.weak_key}`, RULES[refused[at]!] || null]),
    ),
  };
}

/** All identifiers of the pure function as the store tells them, one question each. */
async function expectSameAnswers(
  store: IdentityStore,
  evidence: readonly IdentityLink[],
  decided: IdentityRules,
): Promise<void> {
  const { persons, sharedBy, refusedBy } = onAllEvidence(evidence, decided);
  for (const [key, person] of persons) {
    const who = await personOf(store, key, decided);
    expect(who.is_whole).toBe(true);
    expect(who.person_id, key).toBe(person);
    expect(new Set(who.identifiers.map((one) => one.identifier_key))).toEqual(
      new Set(Array.from(persons).flatMap(([other, of]) => (of === person ? [other] : []))),
    );
    for (const one of who.identifiers) expect(one.rule).toBe(sharedBy.get(one.identifier_key));
    for (const one of who.links) {
      const own = one.strong_key === key || one.weak_key === key;
      const expected = refusedBy.get(`${one.strong_key} ${one.weak_key}`);
      // Where either end bars the link, it may tell the rule of the other.
      if (own) expect(one.rule === null).toBe(expected === null);
      const other = one.strong_key === key ? one.weak_key : one.strong_key;
      if (own && !sharedBy.get(key) && !sharedBy.get(other)) expect(one.rule).toBe(expected);
    }
  }
}

/** A plain store of links, for questions alone. */
function storeOf(evidence: readonly IdentityLink[]): IdentityStore {
  const items: Items = new Map();
  const earlier = (key: string, one: IdentityLink) => {
    const known = items.get(key);
    if (!known || one.first_seen < known.first_seen) items.set(key, one);
  };
  for (const one of evidence) {
    earlier(`${one.strong_key}|${one.weak_key}`, one);
    earlier(`${one.weak_key}|${one.strong_key}`, one);
  }
  return readingStore(items);
}

function readingStore(items: Items): IdentityStore {
  const byKey = new Map<string, IdentityLink[]>();
  for (const [pair, one] of Array.from(items).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const key = pair.split('|')[0]!;
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return {
    firstSeen: () => Promise.reject(new Error('not asked for')),
    put: () => Promise.reject(new Error('not asked for')),
    forget: () => Promise.reject(new Error('not asked for')),
    linksOf: async (key, limit) => byKey.get(key)?.slice(0, limit) ?? [],
  };
}

/** One link a pair, with its earliest time, as a build has them. */
function pairsOf(evidence: readonly IdentityLink[]): IdentityLink[] {
  const pairs = new Map<string, IdentityLink>();
  for (const one of evidence) {
    const pair = `${one.strong_key} ${one.weak_key}`;
    if (!pairs.has(pair) || one.first_seen < pairs.get(pair)!.first_seen) pairs.set(pair, one);
  }
  return Array.from(pairs.values());
}

describe('the person of an identifier by the store', () => {
  test('is that of the pure function on all evidence, whatever the rules', async () => {
    await fc.assert(
      fc.asyncProperty(links, limitSets, rules, async (evidence, limits, ruleRows) => {
        await expectSameAnswers(storeOf(evidence), pairsOf(evidence), { limits, rules: ruleRows });
      }),
      { numRuns: 1500 },
    );
  }, 240_000);

  test('is that of the pure function however the evidence was delivered', async () => {
    await fc.assert(
      fc.asyncProperty(
        links,
        limitSets,
        fc.integer(),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 0.1, 0.3),
        async (evidence, limits, seed, workers, failing) => {
          const scheduler = new SeededScheduler(seed);
          const { random } = scheduler;
          const items: Items = new Map();
          const shares = Array.from({ length: workers }, (): IdentityLink[] => []);
          for (const one of evidence)
            for (let copies = random() < 0.3 ? 2 : 1; copies > 0; copies--)
              shares[Math.floor(random() * workers)]!.push(one);
          for (const share of shares) share.sort(() => random() - 0.5);
          const work = (share: readonly IdentityLink[]) => async () => {
            for (let at = 0; at < share.length; ) {
              const batch = share.slice(at, at + 1 + Math.floor(random() * 6));
              try {
                await rememberLinks(adversarialStore(items, scheduler, { failing }), batch);
                at += batch.length;
              } catch (error) {
                // The worker dies where it is; what it was given comes again.
                if (!(error instanceof Throttled)) throw error;
              }
            }
          };
          await scheduler.run(shares.map(work));
          await expectSameAnswers(readingStore(items), pairsOf(evidence), { limits, rules: [] });
        },
      ),
      { numRuns: 2500 },
    );
  }, 240_000);

  test('of one that was never seen with another is its own', async () => {
    const who = await personOf(storeOf([]), keyOf(4, 1), { limits: LIMITS, rules: [] });
    expect(who).toEqual({
      person_id: personName(keyOf(4, 1)),
      identifiers: [{ identifier_key: keyOf(4, 1), kind: null, rule: null }],
      links: [],
      is_whole: true,
    });
  });

  test('does not go through one that joins nobody, and says when it was cut short', async () => {
    const at = '2025-03-01T10:00:00.000Z';
    const star = Array.from(
      { length: 500 },
      (_, n): IdentityLink => ({
        strong_key: keyOf(0, n),
        strong_kind: 0,
        weak_key: keyOf(2, 0),
        weak_kind: 2,
        first_seen: at,
      }),
    );
    let asked = 0;
    const store = storeOf(star);
    const counting: IdentityStore = {
      ...store,
      linksOf(key, limit) {
        asked++;
        return store.linksOf(key, limit);
      },
    };
    const who = await personOf(counting, keyOf(0, 7), { limits: LIMITS, rules: [] });
    expect(asked).toBe(2);
    expect(who.person_id).toBe(personName(keyOf(0, 7)));
    expect(who.links.map((one) => one.rule)).toEqual(['shared_email']);
    const few = { links: 2_000, identifiers: 1 };
    const cut = await personOf(store, keyOf(0, 7), { limits: LIMITS, rules: [] }, few);
    expect(cut.is_whole).toBe(false);
  });
});
