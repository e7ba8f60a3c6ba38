import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erasedAmong } from '../../lib/domain/accept/erased.ts';
import { createIdentify, type IdentifierKeys } from '../../lib/domain/identifier.ts';
import type { AdConsent, Contact } from '../../lib/exports/contacts.ts';
import { type Known, matchContacts } from '../../lib/exports/match-contacts.ts';

const identify = createIdentify('a secret of this test');
const keyOf = (record: Record<string, string>) =>
  Object.values(identify(record, null)).find((key) => typeof key === 'string')!;
const alone = (record: Record<string, string>) => `p${keyOf(record).slice(0, 11)}`;

const contact = (more: Partial<Contact>): Contact => ({
  ad_user_data: 'granted',
  ad_personalization: 'granted',
  ...more,
});

interface World {
  /** Persons with the identifiers that the build knows them by. */
  linked?: Record<string, Record<string, string>[]>;
  buyers: string[];
  withdrawnInBuild?: string[];
  withdrawn?: Record<string, string>[];
  erased?: Record<string, string>[];
}

function match(contacts: Contact[], world: World): Map<string, Known> {
  const identifiers = Object.entries(world.linked ?? {}).flatMap(([person_id, records]) =>
    records.map((record) => ({
      identifier_key: keyOf(record),
      person_id,
      is_withdrawn: world.withdrawnInBuild?.includes(person_id) ?? false,
    })),
  );
  return matchContacts(contacts, {
    identify,
    identifiers,
    buyers: new Set(world.buyers),
    isErased: erasedAmong(new Set((world.erased ?? []).map(keyOf))),
    isWithdrawn: erasedAmong(new Set((world.withdrawn ?? []).map(keyOf))),
  });
}

const ANNA = { customer_id: 'K-1' };
const EMAIL = { email: 'anna@example.org' };
const CARD = { loyalty_id: 'card-1' };

describe('a refusal is not lost', () => {
  test('where another contact of the email refuses, though only the customer is known', () => {
    const person = alone(ANNA);
    const known = match([contact({ ...ANNA, ...EMAIL }), contact({ ...EMAIL, ad_user_data: 'denied' })], {
      buyers: [person],
    });
    expect(known.get(person)).toEqual({ refused: 'no_ad_consent' });
  });

  test('where the email of a contact is of a person who withdrew, in the build or since', () => {
    const person = alone(ANNA);
    const contacts = [contact({ ...ANNA, ...EMAIL })];
    const other = { bruno: [EMAIL] };
    expect(
      match(contacts, { linked: other, withdrawnInBuild: ['bruno'], buyers: [person] }).get(person),
    ).toEqual({ refused: 'withdrawn' });
    expect(match(contacts, { withdrawn: [EMAIL], buyers: [person] }).get(person)).toEqual({
      refused: 'withdrawn',
    });
    expect(match(contacts, { buyers: [person] }).get(person)).toEqual({ contacts });
  });

  test.each(['withdrawn', 'erased'] as const)('where an identifier that the file lacks was %s', (word) => {
    const world = { linked: { anna: [EMAIL, CARD] }, buyers: ['anna'] };
    expect(match([contact(EMAIL)], { ...world, [word]: [CARD] }).get('anna')).toEqual({ refused: word });
    expect(match([], { ...world, [word]: [CARD] }).get('anna')).toEqual({ refused: word });
  });

  test('where two contacts of one person disagree, by identifiers that only ropo knows to be of one', () => {
    const contacts = [contact(EMAIL), contact({ ...CARD, ad_user_data: 'denied' })];
    expect(match(contacts, { linked: { anna: [EMAIL, CARD] }, buyers: ['anna'] }).get('anna')).toEqual({
      refused: 'no_ad_consent',
    });
  });

  test('an erasure weighs more than a withdrawal, a withdrawal more than no consent to ads', () => {
    const contacts = [contact({ ...ANNA, ...EMAIL, ...CARD, ad_user_data: 'denied' })];
    const world = { buyers: [alone(ANNA)] };
    const refusal = (more: Partial<World>) => match(contacts, { ...world, ...more }).get(alone(ANNA));
    expect(refusal({ withdrawn: [EMAIL], erased: [CARD] })).toEqual({ refused: 'erased' });
    expect(refusal({ withdrawn: [EMAIL] })).toEqual({ refused: 'withdrawn' });
  });
});

test('whatever hangs together with a refusal stays in, in any order of contacts; the rest goes out', () => {
  const value = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });
  const some = fc.record({
    customer: value,
    email: value,
    card: value,
    said: fc.constantFrom<AdConsent>('granted', 'granted', 'granted', 'denied', 'unknown'),
  });
  const buyers = Array.from({ length: 6 }, (_, n) => alone({ customer_id: `K-${n}` }));
  const made = ({ customer, email, card, said }: typeof some extends fc.Arbitrary<infer T> ? T : never) =>
    contact({
      ...(customer === undefined ? {} : { customer_id: `K-${customer}` }),
      ...(email === undefined ? {} : { email: `e${email}@example.org` }),
      ...(card === undefined ? {} : { loyalty_id: `card-${card}` }),
      ad_user_data: said,
    });
  const keysOf = (one: Contact) =>
    Object.values(identify(one, null) as IdentifierKeys).filter((key) => typeof key === 'string');
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), fc.array(fc.integer({ min: 0, max: 5 })), (all, gone) => {
      const contacts = all.map(made);
      const withdrawn = gone.slice(0, 2).map((n) => ({ email: `e${n}@example.org` }));
      const world = { buyers, withdrawn };
      const known = match(contacts, world);
      // The slow way: spread from what refuses until nothing is added.
      const refused = new Set(withdrawn.map(keyOf));
      for (const one of contacts)
        if (one.ad_user_data !== 'granted') for (const key of keysOf(one)) refused.add(key);
      for (let before = -1; before !== refused.size; ) {
        before = refused.size;
        for (const one of contacts)
          if (keysOf(one).some((key) => refused.has(key))) for (const key of keysOf(one)) refused.add(key);
      }
      for (const [n, person] of buyers.entries()) {
        const key = keyOf({ customer_id: `K-${n}` });
        const own = contacts.filter((one) => one.customer_id === `K-${n}`);
        if (refused.has(key)) expect(known.get(person)).toMatchObject({ refused: expect.any(String) });
        else expect(known.get(person)).toEqual(own.length > 0 ? { contacts: own } : undefined);
      }
      const turned = match([...contacts].reverse(), world);
      for (const person of buyers)
        expect(Object.keys(turned.get(person) ?? {})).toEqual(Object.keys(known.get(person) ?? {}));
    }),
  );
});
