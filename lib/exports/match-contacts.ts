import type { IdentifierKeys, Identify } from '../domain/identifier.ts';
import type { Row } from '../ports.ts';
import type { Contact } from './contacts.ts';

/** Kinds of identifier that a contact file may hold, strongest first: as records, a contact is of the first it knows. */
const STRONGEST_FIRST = ['customer_key', 'loyalty_key', 'email_key', 'phone_key'] as const;

export interface MatchContext {
  identify: Identify;
  /** Rows of `buyer_identifiers`. */
  identifiers: readonly Row[];
  /** Persons with a store purchase. */
  buyers: ReadonlySet<string>;
  isErased: (keys: IdentifierKeys) => boolean;
}

/** The contacts of a person, all of whom may be told to ad platforms; or why they may not. */
export type Known = { contacts: Contact[] } | { refused: 'no_ad_consent' | 'withdrawn' | 'erased' };

/**
 * The contacts of each buyer, by person. A person is known by any of their identifiers, so that a purchase that showed
 * only a card is found by the email of its owner. A person with several contacts has all of their identifiers; where one
 * of them refuses ad platforms, that counts for the person. Time and memory grow with contacts and identifiers.
 */
export function matchContacts(contacts: readonly Contact[], context: MatchContext): Map<string, Known> {
  const persons = new Map<string, { person: string; isWithdrawn: boolean }>();
  for (const { identifier_key, person_id, is_withdrawn } of context.identifiers) {
    persons.set(String(identifier_key), { person: String(person_id), isWithdrawn: is_withdrawn === true });
  }
  const known = new Map<string, Known>();
  for (const contact of contacts) {
    const keys = context.identify(contact, contact.country ?? null);
    const found = personOf(keys, persons, context.buyers);
    if (found === null) continue;
    const before = known.get(found.person);
    const refused = refusalOf(contact, keys, found.isWithdrawn, context);
    if (refused !== null) known.set(found.person, before && 'refused' in before ? before : { refused });
    else if (before === undefined) known.set(found.person, { contacts: [contact] });
    else if ('contacts' in before) before.contacts.push(contact);
  }
  return known;
}

function refusalOf(
  contact: Contact,
  keys: IdentifierKeys,
  isWithdrawn: boolean,
  { isErased }: MatchContext,
): 'no_ad_consent' | 'withdrawn' | 'erased' | null {
  if (isErased(keys)) return 'erased';
  if (isWithdrawn) return 'withdrawn';
  return contact.ad_user_data === 'granted' ? null : 'no_ad_consent';
}

function personOf(
  keys: IdentifierKeys,
  persons: ReadonlyMap<string, { person: string; isWithdrawn: boolean }>,
  buyers: ReadonlySet<string>,
): { person: string; isWithdrawn: boolean } | null {
  for (const kind of STRONGEST_FIRST) {
    const key = keys[kind];
    if (!key) continue;
    const linked = persons.get(key);
    if (linked) return linked;
    // An identifier that was never seen with another is a person of its own, named after itself.
    const alone = `p${key.slice(0, 11)}`;
    if (buyers.has(alone)) return { person: alone, isWithdrawn: false };
  }
  return null;
}
