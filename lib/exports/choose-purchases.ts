import type { Contact } from './contacts.ts';
import type { Known } from './match-contacts.ts';
import type { StorePurchase } from './store-purchases.ts';

/** Why a purchase is not given out, in the order in which it is asked. */
export const LEFT_OUT = {
  erased: 'its person was erased',
  consent_denied: 'consent to measurement was denied or withdrawn',
  nobody_known: 'nobody is known to have made it',
  consent_unknown: 'consent to measurement is not known',
  returned: 'nothing is left of it after returns',
  no_contact: 'its person is not in the contact file',
  no_ad_consent: 'its person, or a contact of theirs, did not grant ad_user_data',
  too_small: "it is below the platform's smallest amount",
  too_old: 'it is older than the platform takes',
} as const;
export type LeftOut = keyof typeof LEFT_OUT;

export interface ChosenPurchase extends StorePurchase {
  person_id: string;
  contacts: Contact[];
}

export interface Choice {
  chosen: ChosenPurchase[];
  /** Every purchase that was not chosen, with why. */
  leftOut: { purchase: StorePurchase; why: LeftOut }[];
}

export interface ChoiceRules {
  known: ReadonlyMap<string, Known>;
  /** Whether a purchase may go out whose record says nothing of consent. */
  takesUnknownConsent: boolean;
  /** What the platform itself would not take. */
  refusedBy: (purchase: StorePurchase) => 'too_small' | 'too_old' | null;
}

/** Decides about each purchase: chosen + left out = all. */
export function choosePurchases(purchases: readonly StorePurchase[], rules: ChoiceRules): Choice {
  const choice: Choice = { chosen: [], leftOut: [] };
  for (const purchase of purchases) {
    const decided = decide(purchase, rules);
    if (typeof decided === 'string') choice.leftOut.push({ purchase, why: decided });
    else choice.chosen.push(decided);
  }
  return choice;
}

function decide(purchase: StorePurchase, rules: ChoiceRules): ChosenPurchase | LeftOut {
  const { person_id, consent } = purchase;
  if (consent === 'erased') return 'erased';
  if (purchase.is_consent_denied || consent === 'denied') return 'consent_denied';
  if (person_id === null) return 'nobody_known';
  const known = rules.known.get(person_id);
  if (known && 'refused' in known && known.refused === 'erased') return 'erased';
  if (known && 'refused' in known && known.refused === 'withdrawn') return 'consent_denied';
  if (consent !== 'granted' && !(rules.takesUnknownConsent && consent === 'unknown'))
    return 'consent_unknown';
  if (purchase.net_minor <= 0) return 'returned';
  if (known === undefined) return 'no_contact';
  if ('refused' in known) return 'no_ad_consent';
  return rules.refusedBy(purchase) ?? { ...purchase, person_id, contacts: known.contacts };
}
