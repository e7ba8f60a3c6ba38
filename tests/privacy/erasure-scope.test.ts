import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erasedAmong, KEY_COLUMNS } from '../../lib/domain/accept/erased.ts';
import { holdsErased, valuesIn } from '../../lib/domain/erased-text.ts';
import { createIdentify, type IdentifierKeys, type IdentifierKind } from '../../lib/domain/identifier.ts';
import { erasureScope, SharedByMany } from '../../lib/pipeline/privacy/erasure-scope.ts';
import { sha256 } from './two-people.ts';

const known = (records: readonly IdentifierKeys[], persons: Record<string, string> = {}) => ({
  recordsWith: async (keys: readonly string[]) =>
    records.filter((record) => KEY_COLUMNS.some((column) => keys.includes(record[column] ?? ''))),
  personsOf: async (keys: readonly string[]) =>
    new Map(keys.flatMap((key) => (persons[key] === undefined ? [] : [[key, persons[key]!] as const]))),
});
const scopeOf = async (key: string, kind: IdentifierKind, ...given: Parameters<typeof known>) => {
  const { own, kept } = await erasureScope(new Map([[key, kind]]), known(...given));
  return { own: [...own.keys()].sort(), kept: kept.map((each) => each.key).sort() };
};

describe('whose identifiers an erasure takes', () => {
  test('those that are seen together, over several steps', async () => {
    const records = [
      { email_key: 'e', anonymous_key: 'd1' },
      { customer_key: 'c', anonymous_key: 'd1' },
      { customer_key: 'c', phone_key: 'p', payment_key: 't' },
      { phone_key: 'p', anonymous_key: 'd2' },
    ];
    const graph = { e: 'p1', c: 'p1', d1: 'p1', p: 'p1', t: 'p1', d2: 'p1' };
    expect(await scopeOf('e', 'email', records, graph)).toEqual({
      own: ['c', 'd1', 'd2', 'e', 'p', 't'],
      kept: [],
    });
  });

  test('the same is taken and kept, and said in the same order, whatever order the records come in', async () => {
    const records: IdentifierKeys[] = [
      { customer_key: 'c', anonymous_key: 'tablet' },
      { customer_key: 'o', anonymous_key: 'tablet' },
      { customer_key: 'c', loyalty_key: 'card' },
      { customer_key: 'o', loyalty_key: 'card' },
      { customer_key: 'c', email_key: 'e', anonymous_key: 'd1' },
      { customer_key: 'c', phone_key: 'p', anonymous_key: 'd2' },
      { email_key: 'e', payment_key: 't' },
    ];
    const said = async (order: readonly IdentifierKeys[]) => {
      const { own, kept } = await erasureScope(new Map([['e', 'email']]), known(order));
      return { own: [...own], kept };
    };
    const straight = await said(records);
    expect(straight.kept.map(({ key }) => key)).toEqual(['card', 'tablet']);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (mixed) => {
        expect(await said(mixed)).toEqual(straight);
      }),
    );
  });

  test.each<[string, IdentifierKeys[], string[], string[]]>([
    [
      'a tablet with two accounts',
      [
        { customer_key: 'c', anonymous_key: 'x' },
        { customer_key: 'o', anonymous_key: 'x' },
      ],
      ['c'],
      ['x'],
    ],
    [
      'a card of two accounts',
      [
        { customer_key: 'c', loyalty_key: 'x' },
        { customer_key: 'o', loyalty_key: 'x' },
      ],
      ['c'],
      ['x'],
    ],
    [
      'a device with a card of somebody else',
      [
        { customer_key: 'c', loyalty_key: 'l' },
        { customer_key: 'c', anonymous_key: 'x' },
        { loyalty_key: 'm', anonymous_key: 'x' },
      ],
      ['c', 'l'],
      ['x'],
    ],
    [
      'a token that a stranger paid with',
      [
        { customer_key: 'c', payment_key: 'x' },
        { email_key: 'o', payment_key: 'x' },
      ],
      ['c'],
      ['x'],
    ],
    [
      'two cards of one account',
      [
        { customer_key: 'c', loyalty_key: 'l' },
        { customer_key: 'c', loyalty_key: 'm' },
      ],
      ['c', 'l', 'm'],
      [],
    ],
    [
      'an event of two accounts',
      [
        { customer_key: 'c', email_key: 'x' },
        { customer_key: 'o', email_key: 'x' },
        { customer_key: 'o', phone_key: 'q' },
      ],
      ['c'],
      ['x'],
    ],
  ])('%s', async (_, records, own, kept) => {
    expect(await scopeOf('c', 'customer', records)).toEqual({ own, kept });
  });

  test('an account that only a device tells is theirs where it is one, and nobody is where there are two', async () => {
    const one = [
      { email_key: 'e', anonymous_key: 'd' },
      { loyalty_key: 'l', anonymous_key: 'd' },
    ];
    const graph = { e: 'p1', l: 'p1', d: 'p1' };
    expect(await scopeOf('e', 'email', one, graph)).toEqual({ own: ['d', 'e', 'l'], kept: [] });
    expect(await scopeOf('e', 'email', one)).toEqual({ own: ['e'], kept: ['d'] });
    const two = [
      { email_key: 'e', anonymous_key: 'd' },
      { email_key: 'e', anonymous_key: 'f' },
      { customer_key: 'c', anonymous_key: 'd' },
      { customer_key: 'o', anonymous_key: 'f' },
    ];
    expect(await scopeOf('e', 'email', two)).toEqual({ own: ['e'], kept: ['d', 'f'] });
  });

  const guests = ['a', 'b', 'c', 'd', 'f'].map((name) => ({ email_key: name, anonymous_key: 'x' }));
  const oneOfAll = Object.fromEntries(['a', 'b', 'c', 'd', 'f', 'x', 'k', 'p'].map((key) => [key, 'p1']));

  test.each([
    ['unknown to the graph', {}],
    ['one person to the graph', oneOfAll],
  ])('never an email of another guest of the same device, %s', async (_, graph) => {
    expect(await scopeOf('a', 'email', guests, graph)).toEqual({ own: ['a'], kept: ['x'] });
    const two = guests.slice(0, 2);
    expect(await scopeOf('a', 'email', two, graph)).toEqual({ own: ['a'], kept: ['x'] });
    await expect(scopeOf('x', 'anonymous', two, graph)).rejects.toThrow(/used by 2 people/);
    const byPhone = guests.map(({ email_key }) => ({ email_key, phone_key: 'p' }));
    expect(await scopeOf('a', 'email', byPhone, graph)).toEqual({ own: ['a'], kept: ['p'] });
    await expect(scopeOf('p', 'phone', byPhone, graph)).rejects.toThrow(/used by 5 people/);
    const account = [
      guests[0]!,
      { customer_key: 'k', anonymous_key: 'x' },
      { customer_key: 'k', email_key: 'b' },
    ];
    expect(await scopeOf('a', 'email', account, graph)).toEqual({ own: ['a'], kept: ['x'] });
  });

  test('both emails of an account, and the one person of a device that is asked for', async () => {
    const account = ['a', 'b'].map((email_key) => ({ customer_key: 'k', email_key }));
    expect(await scopeOf('a', 'email', [...account, ...guests.slice(0, 2)])).toEqual({
      own: ['a', 'b', 'k', 'x'],
      kept: [],
    });
    expect(await scopeOf('x', 'anonymous', [...account, guests[0]!])).toEqual({
      own: ['a', 'b', 'k', 'x'],
      kept: [],
    });
  });

  test('what the graph counts as somebody else stays, where no account tells', async () => {
    const records = [{ email_key: 'e', anonymous_key: 'd' }];
    expect(await scopeOf('e', 'email', records, { e: 'p1', d: 'p2' })).toEqual({ own: ['e'], kept: ['d'] });
    expect(await scopeOf('e', 'email', records, { e: 'p1', d: 'p1' })).toEqual({ own: ['d', 'e'], kept: [] });
  });

  test('one that several accounts use names nobody', async () => {
    const records = [
      { customer_key: 'c', email_key: 'e' },
      { customer_key: 'o', email_key: 'e' },
    ];
    await expect(scopeOf('e', 'email', records)).rejects.toThrow(SharedByMany);
  });

  test('never takes an account besides its own, nor anything that was seen with another', async () => {
    const some = (letter: string) =>
      fc.option(
        fc.integer({ min: 0, max: 3 }).map((n) => `${letter}${n}`),
        { nil: undefined },
      );
    const record = fc.record({
      customer_key: some('c'),
      loyalty_key: some('l'),
      email_key: some('e'),
      phone_key: some('p'),
      anonymous_key: some('d'),
      payment_key: some('t'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (records) => {
        const { own } = await erasureScope(new Map([['c0', 'customer']]), known(records));
        expect([...own].filter(([, kind]) => kind === 'customer')).toEqual([['c0', 'customer']]);
        for (const { customer_key, ...others } of records) {
          if (customer_key === undefined || customer_key === 'c0') continue;
          for (const key of Object.values(others)) expect(own.has(key ?? '')).toBe(false);
        }
      }),
    );
  });
});

describe('texts that hold an erased person', () => {
  const identify = createIdentify('a secret of this test');
  const keys = identify({ email: 'anna@example.com', phone: '+393471234567', customer_id: 'C-17' }, null);
  const isErased = erasedAmong(new Set(Object.values(keys).filter((key) => key !== undefined)));
  const holds = (text: string) => holdsErased(text, identify, isErased, ['IT']);

  test.each([
    ['JSON', '{"email":"Anna@Example.com"'],
    ['JSON with escapes', '{"email":"anna\\u0040example.com"}'],
    ['CSV', 'a;anna@example.com;b'],
    ['XML', '<Email>anna&#64;example.com</Email>'],
    ['an address', 'https://x.example/?mail=anna%40example.com&a=1'],
    ['a national phone number', 'phone,347 123 4567,x'],
    ['an account in a sentence', 'account C-17 of the shop'],
  ])('%s', (_, text) => {
    expect(holds(text)).toBe(true);
    expect(holds(text.replace(/anna/gi, 'bruno').replace('4567', '4568').replace('C-17', 'C-18'))).toBe(
      false,
    );
  });

  test('a hash that a vendor made of the address', () => {
    expect(holds(`x,${sha256('anna@example.com')},y`)).toBe(true);
    expect(holds(`x,${sha256('bruno@example.com')},y`)).toBe(false);
  });

  test('any value between marks is looked at', () => {
    for (const [before, after] of [
      ['"', '"'],
      [',', ','],
      ['<a>', '</a>'],
      ['=', '&'],
      ['\t', '\n'],
    ] as const)
      expect([...valuesIn(`x${before}va-lue${after}y`)]).toContain('va-lue');
  });
});
