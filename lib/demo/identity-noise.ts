import type { Order, Receipt } from '../domain/contract/index.ts';
import type { Device, Person } from './people.ts';
import type { PlannedOrder, PlannedReceipt, Session } from './plan.ts';
import { createRandom } from './random.ts';
import type { DemoStore } from './stores.ts';

/**
 * Slips of people and tills by which identifiers come to stand beside those of somebody else. They are drawn apart from
 * all else: the same shop with more of them has the same people, visits and purchases.
 */

/** How often each slip happens where it can, at factor 1. */
export const SLIP_RATES = {
  /** Of emails that are typed in at a till: one letter is wrong. */
  mistyped_email: 0.01,
  /** Of receipts of people who show nothing: the till's own address is entered, to get on. */
  till_email: 0.003,
  /** Of receipts of people who show no card: the cashier swipes their own, for the points. */
  cashier_card: 0.003,
  /** Of people with text messages: their number was somebody else's before. */
  recycled_phone: 0.01,
  /** Of visits on a device that several use: the one before is still logged in. */
  still_logged_in: 0.02,
  /** Of orders with an account: the office entered the number of another customer. */
  wrong_customer: 0.0005,
} as const;
export type SlipKind = keyof typeof SLIP_RATES;

/** What went wrong where, for the truth. */
export interface Slip {
  kind: SlipKind;
  /** Receipt, order, session or person. */
  of: string;
  /** Who it really was. */
  person_id: string;
  /** The identifier that was written, and under which field. */
  field: 'email' | 'loyalty_id' | 'phone' | 'customer_id';
  value: string;
}

const CASHIERS = 4;

/** Makes the slips of one shop. `factor` multiplies their rates; 0 is a shop without. */
export function createIdentityNoise(seed: number, factor: number, onSlip: (slip: Slip) => void) {
  const happens = (kind: SlipKind, of: string) =>
    factor > 0 && createRandom(seed, 'slip', kind, of).chance(Math.min(1, SLIP_RATES[kind] * factor));
  const drawn = (kind: SlipKind, of: string) => createRandom(seed, 'slip', kind, of, 'which');
  const usersOf = new Map<Device, readonly Person[]>();
  let phoneBefore: string | null = null;
  let customerBefore: { id: string; person: Person } | null = null;

  return {
    /** Gets to know a household: who shares its devices, and whose number was somebody else's. */
    meet(members: readonly Person[]): void {
      for (const person of members) {
        for (const device of person.devices) {
          const users = members.filter((one) => one.devices.includes(device));
          if (users.length > 1) usersOf.set(device, users);
        }
        if (person.phone === null) continue;
        if (phoneBefore !== null && happens('recycled_phone', person.id)) {
          person.phone = phoneBefore;
          onSlip({
            kind: 'recycled_phone',
            of: person.id,
            person_id: person.id,
            field: 'phone',
            value: person.phone,
          });
        }
        phoneBefore = person.phone;
      }
    },

    /** The receipt as the till writes it. */
    receipt(record: Receipt, { id, person, store, shows }: PlannedReceipt): Receipt {
      const slip = (kind: SlipKind, field: 'email' | 'loyalty_id', value: string): Receipt => {
        onSlip({ kind, of: id, person_id: person.id, field, value });
        return { ...record, [field]: value };
      };
      if (record.email && happens('mistyped_email', id))
        return slip('mistyped_email', 'email', mistyped(record.email, drawn('mistyped_email', id).float()));
      const showsNothing = !record.loyalty_id && shows.email === null;
      if (showsNothing && happens('till_email', id)) return slip('till_email', 'email', tillEmail(store));
      if (!record.loyalty_id && happens('cashier_card', id))
        return slip(
          'cashier_card',
          'loyalty_id',
          cashierCard(store, drawn('cashier_card', id).int(CASHIERS)),
        );
      return record;
    },

    /** The order as the office has it. */
    order(record: Order, { id, person }: PlannedOrder): Order {
      const other = customerBefore;
      if (record.customer_id) customerBefore = { id: record.customer_id, person };
      if (!record.customer_id || !other || other.person === person || !happens('wrong_customer', id))
        return record;
      onSlip({ kind: 'wrong_customer', of: id, person_id: person.id, field: 'customer_id', value: other.id });
      return { ...record, customer_id: other.id };
    },

    /** The visit as the tracker sees it: under the account of whoever forgot to log out. Orders are placed by oneself. */
    session(session: Session): Session {
      const { id, person, device, steps } = session;
      const others = usersOf.get(device)?.filter((one) => one !== person && one.customerId !== null) ?? [];
      if (!person || others.length === 0 || steps.some((step) => step.kind === 'checkout')) return session;
      if (!happens('still_logged_in', id)) return session;
      const other = drawn('still_logged_in', id).pick(others);
      onSlip({
        kind: 'still_logged_in',
        of: id,
        person_id: person.id,
        field: 'customer_id',
        value: other.customerId!,
      });
      return { ...session, person: other, loginAt: 0 };
    },
  };
}

export type IdentityNoise = ReturnType<typeof createIdentityNoise>;

/** One of the letters before the @ twice: still an address, and nobody's. */
function mistyped(email: string, where: number): string {
  const at = 1 + Math.floor(where * (email.indexOf('@') - 2));
  return email.slice(0, at) + email[at]! + email.slice(at);
}

const tillEmail = (store: DemoStore) => `till@${store.id.toLowerCase()}.demo-shop.test`;

const cashierCard = (store: DemoStore, cashier: number) =>
  `299${String(cashier)}${store.id.replace(/\D/g, '').padStart(2, '0')}${String(
    Array.from(store.id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000, 7),
  ).padStart(6, '0')}`;
