import { dateText } from './calendar.ts';
import type { Person } from './people.ts';
import type { PlannedVisit } from './plan.ts';

/** Who the people of the made-up shop really are, and why they were in a store. */
export interface PersonTruth {
  person_id: string;
  household_id: string;
  persona: string;
  home_store_id: string;
  customer_id: string | null;
  /** The card in the person's purse, which may be somebody else's in the household. */
  loyalty_id: string | null;
  email: string;
  /** Of those who get text messages; may have been somebody else's before. */
  phone: string | null;
  payment_token: string;
  anonymous_ids: string[];
  /** Around 1: how much the person does of everything. */
  activity: number;
  /** First days of the weeks that the person shops in; none for those who shop evenly. */
  bursts_from: string[];
  /** Buys at most once, however often they browse. */
  buys_once: boolean;
  /** Weights of the categories, in the order of the assortment. */
  taste: number[];
}

export interface VisitTruth {
  visit_id: string;
  store_id: string;
  person_id: string;
  purpose: PlannedVisit['purpose'];
  /** The receipt of the visit, or the order after it. */
  document_id: string | null;
}

export function personTruth(person: Person): PersonTruth {
  const devices = person.app ? [...person.devices, person.app] : person.devices;
  return {
    person_id: person.id,
    household_id: person.household,
    persona: person.persona.name,
    home_store_id: person.store.id,
    customer_id: person.customerId,
    loyalty_id: person.loyaltyId,
    email: person.email,
    phone: person.phone,
    payment_token: person.paymentToken,
    anonymous_ids: devices.flatMap((device) => device.ids.map((known) => known.id)),
    activity: round(person.activity),
    bursts_from: person.bursts.map(dateText),
    buys_once: person.buysOnce,
    taste: person.taste.map(round),
  };
}

export function visitTruth({ id, store, person, purpose, document }: PlannedVisit): VisitTruth {
  return {
    visit_id: id,
    store_id: store.id,
    person_id: person.id,
    purpose,
    document_id: document?.id ?? null,
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
