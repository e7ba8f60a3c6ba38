import { describe, expect, test } from 'vitest';
import { KIND_CODES, resolvePersons, ruleCode } from '../../lib/domain/identity.ts';
import { limitsOf, noLimits, policyOf } from '../../lib/domain/identity-policy.ts';
import { BRIDGING_LIMITS, type NamedLink, record, resolveNamed, ruleRow } from './identity-graph.ts';

/** Links that came one after the other. */
const links = (...pairs: [string, string][]): NamedLink[] => pairs.map(([a, b], at) => [a, b, at]);

describe('who is who', () => {
  test('a chain of links is one person, named after its strongest identifier', () => {
    const { of } = resolveNamed(links(['c:1', 'e:1'], ['e:1', 'p:1'], ['p:1', 'd:1']));
    expect(new Set(Object.values(of))).toEqual(new Set(['c:1']));
  });

  test('an account with its own card, emails and devices is one person', () => {
    const { groups, refused } = resolveNamed([
      ...record(1, 'c:1', 'l:1', 'd:1'),
      ...record(2, 'l:1', 'd:1'),
      ...record(3, 'c:1', 'e:private'),
      ...record(4, 'c:1', 'e:work', 'd:2'),
      ...record(5, 'e:work', 'd:1'),
      ...record(6, 'e:private', 'd:1'),
    ]);
    expect(groups).toEqual([['c:1', 'd:1', 'd:2', 'e:private', 'e:work', 'l:1']]);
    expect(refused).toEqual([]);
  });

  test('two accounts never come together: of the links between them the oldest win', () => {
    const { groups, refused } = resolveNamed(links(['c:1', 'e:1'], ['e:1', 'p:1'], ['c:2', 'p:1']));
    // Accounts are stronger evidence than an email with a phone, so that is where it is cut.
    expect(groups).toEqual([
      ['c:1', 'e:1'],
      ['c:2', 'p:1'],
    ]);
    expect(refused).toEqual(['conflict e:1 p:1']);
    const cards = resolveNamed(links(['c:1', 'l:old'], ['c:1', 'l:new']));
    expect(cards.groups).toEqual([['c:1', 'l:old'], ['l:new']]);
    expect(cards.refused).toEqual(['conflict c:1 l:new']);
  });
});

describe('what several people use joins nobody', () => {
  test('a device that two accounts used, whose unnamed events are then a person of their own', () => {
    const { groups, refused, shared } = resolveNamed(links(['c:1', 'd:1'], ['c:2', 'd:1'], ['e:3', 'd:1']));
    expect(groups).toEqual([['c:1'], ['c:2'], ['d:1'], ['e:3']]);
    expect(refused).toEqual(['shared_device c:1 d:1', 'shared_device c:2 d:1', 'shared_device e:3 d:1']);
    expect(shared).toEqual({ 'd:1': 'shared_device' });
  });

  test('a device that met two people with accounts, one of them by email only', () => {
    const { groups, shared } = resolveNamed(links(['c:1', 'd:1'], ['c:2', 'e:2'], ['e:2', 'd:1']));
    expect(groups).toEqual([['c:1'], ['c:2', 'e:2'], ['d:1']]);
    expect(shared).toEqual({ 'd:1': 'shared_device' });
  });

  test('a device that met two people of whom nothing else says that they are one', () => {
    for (const other of ['e:2', 'c:2', 'l:2', 'p:2']) {
      const { groups, shared } = resolveNamed(links(['e:1', 'd:1'], [other, 'd:1']));
      expect(groups, other).toEqual([[other], ['d:1'], ['e:1']].sort());
      expect(shared).toEqual({ 'd:1': 'shared_device' });
    }
    expect(resolveNamed(links(['e:1', 'd:1'], ['c:2', 'd:1'], ['c:2', 'e:1'])).groups).toHaveLength(1);
  });

  test('by the limits of the shop: two emails on a device may be one person, three are a kiosk', () => {
    const resolve = (evidence: NamedLink[]) => resolveNamed(evidence, [], BRIDGING_LIMITS);
    const two = links(['e:1', 'd:1'], ['e:2', 'd:1']);
    expect(resolve(two).groups).toEqual([['d:1', 'e:1', 'e:2']]);
    const three = [...two, ...record(9, 'e:3', 'd:1')];
    expect(resolve(three).shared).toEqual({ 'd:1': 'shared_device' });
    const ofOne = [...three, ...record(9, 'c:1', 'e:1'), ...record(9, 'c:1', 'e:2')];
    expect(resolve(ofOne).groups).toEqual([['c:1', 'd:1', 'e:1', 'e:2', 'e:3']]);
    expect(resolveNamed(ofOne).shared).toEqual({ 'd:1': 'shared_device' });
  });

  test('a kiosk email: seen with many devices, many payment cards or several phones', () => {
    const seenWith = (letter: string, n: number) =>
      Array.from({ length: n }, (_, at): NamedLink => ['e:kiosk', `${letter}:${at}`, at]);
    for (const [letter, most] of [
      ['d', 50],
      ['t', 20],
      ['p', 5],
    ] as const) {
      expect(resolveNamed(seenWith(letter, most)).shared, letter).not.toHaveProperty(['e:kiosk']);
      const { shared, groups } = resolveNamed(seenWith(letter, most + 1));
      expect(shared['e:kiosk'], letter).toBe('shared_email');
      expect(groups).toHaveLength(most + 2);
    }
  });

  test("a household's card: two accounts show it, and it is neither's", () => {
    const { groups, refused } = resolveNamed([
      ...record(1, 'c:1', 'l:1'),
      ...record(2, 'c:2', 'l:1'),
      ...record(3, 'l:1', 'e:1'),
      ...record(4, 'c:1', 'e:1'),
    ]);
    expect(groups).toEqual([['c:1', 'e:1'], ['c:2'], ['l:1']]);
    expect(refused).toEqual(['household_card c:1 l:1', 'household_card c:2 l:1', 'household_card l:1 e:1']);
  });

  test("a card with an account and an email that is not the account's", () => {
    const evidence = [...record(1, 'c:1', 'l:1'), ...record(2, 'c:1', 'e:1'), ...record(3, 'l:1', 'e:1')];
    expect(resolveNamed(evidence).groups).toEqual([['c:1', 'e:1', 'l:1']]);
    const { groups, shared } = resolveNamed([...evidence, ...record(4, 'l:1', 'e:2')]);
    expect(groups).toEqual([['c:1', 'e:1'], ['e:2'], ['l:1']]);
    expect(shared).toEqual({ 'l:1': 'household_card' });
  });

  test('an account of the shop itself, which orders for everybody', () => {
    const orders = Array.from({ length: 21 }, (_, at): NamedLink => ['c:desk', `e:${at}`, at]);
    expect(resolveNamed(orders.slice(1)).groups).toHaveLength(1);
    const { groups, shared } = resolveNamed(orders);
    expect(shared).toEqual({ 'c:desk': 'shared_account' });
    expect(groups).toHaveLength(22);
  });

  test('more links than anybody has, whatever their kinds', () => {
    const limits = limitsOf([{ limit_name: 'few', kind: 'phone', counted: 'links', most: 2 }]);
    const evidence = links(['e:1', 'p:1'], ['p:1', 'd:1'], ['p:1', 'd:2']);
    expect(resolveNamed(evidence, [], limits).shared).toEqual({ 'p:1': 'degree' });
    // The same neighbours again are no more neighbours.
    expect(resolveNamed([...evidence.slice(1), ...evidence.slice(1)], [], limits).shared).toEqual({});
  });

  test('a person does not grow beyond the limit; the newest and weakest stay outside', () => {
    const limits = limitsOf([{ limit_name: 'size', kind: 'person', counted: 'identifiers', most: 3 }]);
    const evidence = links(['c:1', 'd:2'], ['c:1', 'd:1'], ['c:1', 'e:1'], ['c:1', 't:1']);
    const { groups, refused } = resolveNamed(evidence, [], limits);
    expect(groups).toEqual([['c:1', 'd:2', 'e:1', 't:1'], ['d:1']]);
    expect(refused).toEqual(['too_large c:1 d:1']);
  });
});

describe('a payment token', () => {
  test('belongs to the one person that it leads to, by whichever of their keys', () => {
    const evidence = links(['c:1', 't:1'], ['e:1', 't:1'], ['c:1', 'e:1'], ['d:1', 't:2']);
    expect(resolveNamed(evidence).groups).toEqual([
      ['c:1', 'e:1', 't:1'],
      ['d:1', 't:2'],
    ]);
  });

  test("never joins persons: one that leads to several is none of theirs, and through what is shared it is nobody's", () => {
    const { groups, refused } = resolveNamed(links(['e:1', 't:1'], ['l:1', 't:1'], ['e:1', 'd:1']));
    expect(groups).toEqual([['d:1', 'e:1'], ['l:1'], ['t:1']]);
    expect(refused).toEqual(['shared_payment e:1 t:1', 'shared_payment l:1 t:1']);
    const kiosk = resolveNamed(links(['c:1', 'd:1'], ['c:2', 'd:1'], ['d:1', 't:1']));
    expect(kiosk.of['t:1']).toBe('t:1');
    expect(kiosk.refused).toContain('shared_device d:1 t:1');
  });
});

describe('a loyalty card that several tokens paid with', () => {
  test("does not say whose they are: those that it alone names are nobody's", () => {
    const evidence = links(['c:1', 'l:1'], ['c:1', 't:1'], ['l:1', 't:1'], ['l:1', 't:2']);
    const { groups, refused } = resolveNamed(evidence);
    expect(groups).toEqual([['c:1', 'l:1', 't:1'], ['t:2']]);
    expect(refused).toEqual(['shared_payment l:1 t:2']);
    expect(resolveNamed(links(['l:1', 't:1'], ['l:1', 't:2'])).groups).toEqual([['l:1'], ['t:1'], ['t:2']]);
  });

  test("one token alone is the holder's", () => {
    expect(resolveNamed(links(['l:1', 't:1'])).groups).toEqual([['l:1', 't:1']]);
  });
});

describe('manual rules', () => {
  const shared = links(['c:1', 'd:1'], ['c:2', 'd:1'], ['c:1', 'e:1']);

  test('block takes out the links of one identifier, and what they counted', () => {
    const { groups, refused } = resolveNamed(shared, [['block', 'c:2']]);
    expect(groups).toEqual([['c:1', 'd:1', 'e:1'], ['c:2']]);
    expect(refused).toEqual(['blocked c:2 d:1']);
  });

  test('allow exempts from being shared, and still no two accounts come together', () => {
    const { groups, refused } = resolveNamed(shared, [['allow', 'd:1']]);
    expect(groups).toEqual([['c:1', 'd:1', 'e:1'], ['c:2']]);
    expect(refused).toEqual(['conflict c:2 d:1']);
  });

  test('separate cuts the newest of the weakest links on the way, and takes back a merge', () => {
    const merged = links(['e:1', 'd:1'], ['e:1', 'd:2'], ['e:2', 'd:2'], ['e:2', 'd:3']);
    expect(resolveNamed(merged, [], BRIDGING_LIMITS).groups).toHaveLength(1);
    const { groups, refused } = resolveNamed(merged, [['separate', 'd:3', 'e:1']], BRIDGING_LIMITS);
    expect(groups).toEqual([['d:1', 'd:2', 'e:1', 'e:2'], ['d:3']]);
    expect(refused).toEqual(['separated e:2 d:3']);
    expect(resolveNamed(merged, [['separate', 'e:1', 'e:2']], BRIDGING_LIMITS).groups).toEqual([
      ['d:1', 'd:2', 'e:1'],
      ['d:3', 'e:2'],
    ]);
  });

  test('separate keeps a payment token from the person too', () => {
    const { groups, refused } = resolveNamed(links(['e:1', 'd:1'], ['e:1', 't:1']), [
      ['separate', 'd:1', 't:1'],
    ]);
    expect(groups).toEqual([['d:1', 'e:1'], ['t:1']]);
    expect(refused).toEqual(['separated e:1 t:1']);
  });

  test('separate of many pairs does not look through all of them at each refusal', () => {
    const pairs = 300;
    let reads = 0;
    const counted = (one: number, other: number): [number, number] =>
      new Proxy<[number, number]>([one, other], {
        get(pair, name, self) {
          if (name === '0' || name === '1') reads++;
          return Reflect.get(pair, name, self);
        },
      });
    const kinds = new Int32Array(2 * pairs).fill(KIND_CODES.email, 0, pairs).fill(KIND_CODES.phone, pairs);
    const ends = Array.from({ length: 5 * pairs }, (_, n) => {
      const email = Math.floor(n / 5);
      return [email, pairs + ((email + (n % 5)) % pairs)] as const;
    });
    const { refused } = resolvePersons(
      {
        kinds,
        from: Int32Array.from(ends, ([email]) => email),
        to: Int32Array.from(ends, ([, phone]) => phone),
        firstSeen: new Float64Array(ends.length),
      },
      {
        limits: noLimits(),
        separated: Array.from({ length: pairs }, (_, n) => counted(n, pairs + ((n + 1) % pairs))),
      },
    );
    expect(refused.filter((code) => code === ruleCode('separated')).length).toBeGreaterThan(pairs);
    expect(reads).toBeLessThanOrEqual(4 * pairs);
  });

  test('rules about identifiers that no link knows say nothing; what is no rule is an error', () => {
    const limits = [{ limit_name: 'size', kind: 'person', counted: 'identifiers', most: 3 }];
    const known = new Map([['a', 7]]);
    const rows = (...rules: Parameters<typeof ruleRow>[0][]) =>
      policyOf(limits, rules.map(ruleRow), (key) => known.get(key));
    expect(rows(['block', 'a'], ['allow', 'x'], ['separate', 'a', 'x'])).toMatchObject({
      blocked: [7],
      allowed: [],
      separated: [],
    });
    expect(() => rows(['separate', 'a'])).toThrow('other_key');
    expect(() => rows(['block', 'a', 'x'])).toThrow('other_key must be empty');
    expect(() => rows(['separate', 'a', 'a'])).toThrow('apart from itself');
    expect(() => policyOf(limits, [{ ...ruleRow(['block', 'a']), rule: 'ban' }], () => 1)).toThrow(
      'rule "ban" must be block, allow or separate',
    );
    expect(() => limitsOf([{ limit_name: 'x', kind: 'email', counted: 'names', most: 1 }])).toThrow(
      'row x: nothing counts "names" of "email"',
    );
    for (const most of [0, -1, 1.5, null as unknown as number])
      expect(() => limitsOf([{ limit_name: 'x', kind: 'email', counted: 'links', most }])).toThrow(
        `row x: most is ${most}; it must be a whole number from 1`,
      );
  });
});
