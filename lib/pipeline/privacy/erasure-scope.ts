import { IDENTIFIER_KINDS, type IdentifierKind } from '../../domain/identifier.ts';
import { type IdentifierRecords, NAMING_KINDS, Sightings } from './identifier-sightings.ts';

/**
 * Whose identifiers an erasure takes: those of one person, and none that other people use too. What decides is the
 * records themselves, and the identity graph as it is of all of them; what neither tells is not taken.
 */

export interface KeptIdentifier {
  kind: IdentifierKind;
  key: string;
  why: string;
}

export interface ErasureScope {
  /** Key by key what is the person's own. */
  own: Map<string, IdentifierKind>;
  /** What was seen with the person and stays, since it is of others too, or may be. */
  kept: KeptIdentifier[];
  /** Names of the person in the identity graph. */
  persons: Set<string>;
}

/** The asked identifiers are of several people: none of them names one person. */
export class SharedByMany extends Error {}

/**
 * Follows what was seen together, from what was asked for.
 * - An account is taken once; a card where no other account uses it, nor an email or phone that the graph does not count
 *   to the person.
 * - An email goes with its account or card, or is the only one of a person of whom none is known; never a second one
 *   that only a device or a phone number tells.
 * - A phone number goes with account, card or email where no email, card or account of another was seen with it.
 * - A device, and last a payment token, where nobody else was seen with it.
 * Nothing is taken that the graph counts to somebody else.
 * @throws SharedByMany when all that was asked for is of several people
 */
export async function erasureScope(
  asked: ReadonlyMap<string, IdentifierKind>,
  records: IdentifierRecords,
): Promise<ErasureScope> {
  const search = new ScopeSearch(records);
  await search.sightings.load(asked.keys());
  await search.takeAsked(asked);
  if (search.own.size > 0) await search.follow(asked);
  const { own, persons, kept } = search;
  if (own.size === 0)
    throw new SharedByMany(
      `The ${kept.map(({ kind }) => kind).join(' and ')} is ${kept[0]?.why ?? 'of nobody'}: name the person by customer id`,
    );
  return { own, kept, persons };
}

class ScopeSearch implements ErasureScope {
  readonly sightings: Sightings;
  readonly own = new Map<string, IdentifierKind>();
  readonly kept: KeptIdentifier[] = [];
  readonly persons = new Set<string>();

  constructor(records: IdentifierRecords) {
    this.sightings = new Sightings(records);
  }

  async takeAsked(asked: ReadonlyMap<string, IdentifierKind>): Promise<void> {
    for (const kind of NAMING_KINDS) {
      for (const [key] of Array.from(asked).filter(([, its]) => its === kind)) {
        const count = kind === 'customer' ? 0 : this.#countOthers(key, kind);
        const alone = this.#hasOwn(kind === 'phone' ? ['customer', 'email'] : ['customer']) ? 0 : 1;
        if (count > alone) this.#keep(key, kind, `used by ${count + 1 - alone} people`);
        else await this.#take([[key, kind]]);
      }
    }
    if (this.own.size > 0) return;
    for (const [key, kind] of asked) {
      if (kind !== 'anonymous' && kind !== 'payment') continue;
      const people = await this.sightings.peopleAmong(this.#strangersOf(key));
      if (people > 1) this.#keep(key, kind, `used by ${people} people`);
      else await this.#take([[key, kind]]);
    }
  }

  async follow(asked: ReadonlyMap<string, IdentifierKind>): Promise<void> {
    for (;;) {
      await this.sightings.load(this.own.keys());
      const around = this.sightings.around(this.own);
      for (const [key, kind] of asked) if (!this.own.has(key) && !this.#isKept(key)) around.set(key, kind);
      await this.sightings.load(around.keys());
      if (await this.#takeAny(around)) continue;
      if (await this.#takeTold('customer', around)) continue;
      if (await this.#takeTold('loyalty', around)) continue;
      for (const [key, kind] of around) {
        const why = this.#isKept(key) ? null : this.#whyNot(key, kind, around);
        if (why !== null) this.#keep(key, kind, why);
      }
      return;
    }
  }

  /** Takes what is the person's of the strongest kind that has any; tells whether something was. */
  async #takeAny(around: ReadonlyMap<string, IdentifierKind>): Promise<boolean> {
    for (const kind of IDENTIFIER_KINDS) {
      const taken = Array.from(around).filter(
        ([key, its]) => its === kind && !this.#isKept(key) && this.#whyNot(key, its, around) === null,
      );
      if (taken.length === 0) continue;
      await this.#take(taken);
      return true;
    }
    return false;
  }

  /**
   * Takes the account, or card, of a person of whom none is known, where what was seen with them names one and no other,
   * the graph says that it is theirs, and nothing else that names somebody speaks against it.
   */
  async #takeTold(
    kind: 'customer' | 'loyalty',
    around: ReadonlyMap<string, IdentifierKind>,
  ): Promise<boolean> {
    if (this.#hasOwn([kind])) return false;
    const told = new Set(
      Array.from(around.keys()).flatMap((key) => this.sightings.strangers(key, this.own)[kind]),
    );
    const [account] = told;
    if (account === undefined || told.size > 1 || this.#isKept(account)) return false;
    await this.sightings.load([account]);
    const others = this.sightings.strangers(account, this.own);
    const isAgainst =
      !this.persons.has(this.sightings.personOf(account) ?? '') ||
      others.customer.length > 0 ||
      NAMING_KINDS.some((each) => this.#hasOwn([each]) && others[each].length > 0) ||
      Array.from(around.keys()).some((key) => {
        const with_ = this.sightings.strangers(key, this.own);
        const isItsOwn = (other: string) => others.email.includes(other) || others.phone.includes(other);
        return (
          with_[kind].includes(account) && [...with_.email, ...with_.phone].some((other) => !isItsOwn(other))
        );
      });
    if (isAgainst) return false;
    await this.#take([[account, kind]]);
    return true;
  }

  /** Why an identifier that was seen with the person is not theirs alone; null where it is. */
  #whyNot(key: string, kind: IdentifierKind, around: ReadonlyMap<string, IdentifierKind>): string | null {
    const { customer, loyalty, email, phone } = this.sightings.strangers(key, this.own);
    const isWith = (kinds: readonly IdentifierKind[]) => this.sightings.isWith(key, this.own, kinds);
    const isFirst = !this.#hasOwn(NAMING_KINDS);
    if (kind === 'customer') {
      if (this.#hasOwn(['customer'])) return 'the account of somebody else';
      const rivals = Array.from(around.values()).filter((its) => its === 'customer').length;
      if (rivals > 1) return 'one of several accounts, which it is cannot be told';
    } else if (customer.length > 0 && !(isFirst && kind !== 'anonymous' && kind !== 'payment')) {
      return `used by ${customer.length + 1} accounts`;
    }
    const person = this.sightings.personOf(key);
    const isCounted = person !== undefined && this.persons.has(person);
    if (kind !== 'customer' && person !== undefined && this.persons.size > 0 && !isCounted)
      return 'counted as somebody else in the identity graph: shared, or blocked';
    if (kind === 'customer') return isFirst || isWith(NAMING_KINDS) ? null : 'seen on the same device only';
    if (kind === 'loyalty') {
      if (email.length + phone.length > 0 && !isCounted && !isFirst)
        return 'used with emails or phone numbers of others';
      return isFirst || isWith(NAMING_KINDS) ? null : 'seen on the same device only';
    }
    if (loyalty.length > 0 && !isFirst) return `used with ${loyalty.length + 1} loyalty cards`;
    if (kind === 'email') {
      if (isWith(['customer', 'loyalty'])) return null;
      const isOnly =
        !this.#hasOwn(['email']) && Array.from(around.values()).filter((its) => its === 'email').length === 1;
      return isOnly && (isFirst || isWith(['phone']))
        ? null
        : 'a second email, which no account or card tells';
    }
    if (email.length > 0 && !isFirst) return 'used with emails of others';
    if (kind === 'phone')
      return isFirst || isWith(['customer', 'loyalty', 'email'])
        ? null
        : 'a second phone number, which only a device tells';
    if (phone.length > 0) return 'used with phone numbers of others';
    if (kind === 'anonymous') return null;
    return this.#usersOf(key) > 0 ? 'also used by others' : null;
  }

  /** How many identifiers of another, of any kind, were seen with a payment token. */
  #usersOf(key: string): number {
    const others = this.sightings.around(new Map([[key, 'payment']]));
    return Array.from(others.keys()).filter((other) => !this.own.has(other)).length;
  }

  /** How many people an asked identifier is seen to be of, by the strongest kind that tells. */
  #countOthers(key: string, kind: IdentifierKind): number {
    const { customer, loyalty, email } = this.sightings.strangers(key, this.own);
    if (customer.length > 0 || kind === 'loyalty') return customer.length;
    return loyalty.length > 0 || kind !== 'phone' ? loyalty.length : email.length;
  }

  #strangersOf(key: string): string[] {
    const found = this.sightings.strangers(key, this.own);
    return NAMING_KINDS.flatMap((kind) => found[kind]);
  }

  #hasOwn(kinds: readonly IdentifierKind[]): boolean {
    for (const kind of this.own.values()) if (kinds.includes(kind)) return true;
    return false;
  }

  #isKept = (key: string) => this.kept.some((each) => each.key === key);

  #keep(key: string, kind: IdentifierKind, why: string): void {
    this.kept.push({ kind, key, why });
  }

  async #take(keys: Iterable<readonly [string, IdentifierKind]>): Promise<void> {
    for (const [key, kind] of keys) {
      await this.sightings.load([key]);
      this.own.set(key, kind);
      const person = this.sightings.personOf(key);
      if (person !== undefined) this.persons.add(person);
    }
  }
}
