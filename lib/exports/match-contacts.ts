import type { IdentifierKeys, Identify } from '../domain/identifier.ts';
import type { Row } from '../ports.ts';
import type { Contact } from './contacts.ts';

/** Kinds of identifier that a contact file may hold, strongest first: as records, a contact is of the first it knows. */
const STRONGEST_FIRST = ['customer_key', 'loyalty_key', 'email_key', 'phone_key'] as const;

/** Why nothing of a person goes out, the weightiest first. */
const REFUSALS = ['erased', 'withdrawn', 'no_ad_consent'] as const;
type Refusal = (typeof REFUSALS)[number];

export interface MatchContext {
  identify: Identify;
  /** Rows of `buyer_identifiers`. */
  identifiers: readonly Row[];
  /** Persons with a store purchase. */
  buyers: ReadonlySet<string>;
  isErased: (keys: IdentifierKeys) => boolean;
  /** Whether the latest word of any of these identifiers is a denial; the build may not know of it yet. */
  isWithdrawn: (keys: IdentifierKeys) => boolean;
}

/** The contacts of a person, all of whom may be told to ad platforms; or why they may not. */
export type Known = { contacts: Contact[] } | { refused: Refusal };

/**
 * The contacts of each buyer, by person. A person is known by any of their identifiers, so that a purchase that showed
 * only a card is found by the email of its owner. A person with several contacts has all of their identifiers.
 *
 * A refusal counts for whatever hangs together with it: contacts that share an identifier, or that name one person by
 * different ones, go out together or not at all. One of them is enough that refuses ad platforms, holds an identifier that
 * was erased or withdrawn, or names a person of whom any other identifier was. Time and memory grow with contacts and
 * identifiers.
 */
export function matchContacts(contacts: readonly Contact[], context: MatchContext): Map<string, Known> {
  const persons = personsOf(context);
  const groups = createGroups();
  const of: { contact: Contact; keys: IdentifierKeys; person: string | null; group: string }[] = [];
  for (const [at, contact] of contacts.entries()) {
    const keys = context.identify(contact, contact.country ?? null);
    const found = STRONGEST_FIRST.flatMap((kind) => keys[kind] ?? []);
    const named = found.flatMap((key) => persons.find(key) ?? []);
    const group = `contact ${at}`;
    for (const key of found) groups.join(group, `key ${key}`);
    for (const person of named) groups.join(group, `person ${person}`);
    of.push({ contact, keys, person: named[0] ?? null, group });
  }
  const refusals = new Map<string, Refusal>();
  const refuse = (member: string, refusal: Refusal) => {
    const group = groups.of(member);
    const before = refusals.get(group);
    if (before === undefined || REFUSALS.indexOf(refusal) < REFUSALS.indexOf(before))
      refusals.set(group, refusal);
  };
  for (const [person, refusal] of persons.refused) refuse(`person ${person}`, refusal);
  for (const { contact, keys, group } of of) {
    const refusal = refusalOf(contact, keys, context);
    if (refusal !== null) refuse(group, refusal);
  }
  const known = new Map<string, Known>();
  for (const person of persons.all) {
    const refused = refusals.get(groups.of(`person ${person}`));
    if (refused) known.set(person, { refused });
  }
  for (const { contact, person } of of) {
    if (person === null) continue;
    const before = known.get(person);
    if (before === undefined) known.set(person, { contacts: [contact] });
    else if ('contacts' in before) before.contacts.push(contact);
  }
  return known;
}

function refusalOf(
  contact: Contact,
  keys: IdentifierKeys,
  { isErased, isWithdrawn }: MatchContext,
): Refusal | null {
  if (isErased(keys)) return 'erased';
  if (isWithdrawn(keys)) return 'withdrawn';
  return contact.ad_user_data === 'granted' ? null : 'no_ad_consent';
}

interface Persons {
  find(key: string): string | undefined;
  /** All buyers, and all who are known to have withdrawn. */
  all: ReadonlySet<string>;
  refused: ReadonlyMap<string, Refusal>;
}

/** Who each identifier is of; a person of whom any identifier was erased or withdrawn is refused, contact or not. */
function personsOf({ identifiers, buyers, isErased, isWithdrawn }: MatchContext): Persons {
  const byKey = new Map<string, string>();
  const refused = new Map<string, Refusal>();
  for (const { identifier_key, person_id, is_withdrawn } of identifiers) {
    const [key, person] = [String(identifier_key), String(person_id)];
    byKey.set(key, person);
    // Any column does: keys of all kinds are looked up alike.
    const keys: IdentifierKeys = { customer_key: key };
    if (isErased(keys)) refused.set(person, 'erased');
    else if ((is_withdrawn === true || isWithdrawn(keys)) && !refused.has(person))
      refused.set(person, 'withdrawn');
  }
  return {
    find(key) {
      const linked = byKey.get(key);
      if (linked !== undefined) return linked;
      // An identifier that was never seen with another is a person of its own, named after itself.
      const alone = `p${key.slice(0, 11)}`;
      return buyers.has(alone) ? alone : undefined;
    },
    all: new Set([...buyers, ...byKey.values()]),
    refused,
  };
}

/** Things that hang together: a forest in which each group is named after its root. */
function createGroups() {
  const parents = new Map<string, string>();
  const rootOf = (member: string): string => {
    let at = member;
    for (let parent = parents.get(at); parent !== undefined; parent = parents.get(at)) {
      const above = parents.get(parent);
      // Halves the way for the next who asks.
      if (above !== undefined) parents.set(at, above);
      at = parent;
    }
    return at;
  };
  return {
    of: rootOf,
    join(one: string, other: string): void {
      const [from, to] = [rootOf(one), rootOf(other)];
      if (from !== to) parents.set(from, to);
    },
  };
}
