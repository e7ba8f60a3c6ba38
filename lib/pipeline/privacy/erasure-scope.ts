import { KEY_COLUMNS } from '../../domain/accept/erased.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys, type IdentifierKind } from '../../domain/identifier.ts';

/**
 * Whose identifiers an erasure takes: those of one person, and none that other people use too. What decides is the
 * records themselves, so that identifiers which arrived after the last build are found; where records say nothing, the
 * published identity graph does.
 */

/** What is known of the shop's identifiers. */
export interface IdentifierRecords {
  /** The sets of keys that records carry together, of all records that carry one of these. */
  recordsWith(keys: readonly string[]): Promise<IdentifierKeys[]>;
  /** The published person of each of these that the build knows. */
  personsOf(keys: readonly string[]): Promise<Map<string, string>>;
}

export interface KeptIdentifier {
  kind: IdentifierKind;
  key: string;
  why: string;
}

export interface ErasureScope {
  /** Key by key what is the person's own. */
  own: Map<string, IdentifierKind>;
  /** What was seen with the person and stays, since it is of others too. */
  kept: KeptIdentifier[];
  /** Names of the person in the published build. */
  persons: Set<string>;
}

/** The asked identifiers are of several people: none of them names one person. */
export class SharedByMany extends Error {}

type Accounts = Record<'customer' | 'loyalty', ReadonlySet<string>>;

/**
 * Follows what was seen together, from what was asked for. An account is taken once; a card where no other account uses
 * it; anything else where neither another account nor another card was seen with it, and the published graph does not
 * say that it is of somebody else. A payment token is taken last, where nobody else is seen with it.
 * @throws SharedByMany when all that was asked for is of several people
 */
export async function erasureScope(
  asked: ReadonlyMap<string, IdentifierKind>,
  records: IdentifierRecords,
): Promise<ErasureScope> {
  const scope: ErasureScope = { own: new Map(), kept: [], persons: new Set() };
  const keep = (kind: IdentifierKind, key: string, why: string) => scope.kept.push({ kind, key, why });
  const take = async (keys: ReadonlyMap<string, IdentifierKind>) => {
    for (const [key, kind] of keys) scope.own.set(key, kind);
    for (const person of (await records.personsOf([...keys.keys()])).values()) scope.persons.add(person);
  };

  const first = new Map(Array.from(asked).filter(([, kind]) => kind === 'customer'));
  await take(first);
  for (const [key, kind] of asked) {
    if (kind === 'customer') continue;
    const others = strangers(accountsWith(key, await records.recordsWith([key])), scope.own);
    const alone = ownOf(scope.own, 'customer').length > 0 ? 0 : 1;
    const count = Math.max(
      others.customer.length,
      kind === 'loyalty' ? 0 : others.customer.length > 0 ? 0 : others.loyalty.length,
    );
    if (count > alone) keep(kind, key, `used by ${count + 1 - alone} people`);
    else await take(new Map([[key, kind]]));
  }
  if (scope.own.size === 0)
    throw new SharedByMany(
      `The ${scope.kept.map(({ kind }) => kind).join(' and ')} is ${scope.kept[0]?.why ?? 'of nobody'}: name the person by customer id`,
    );

  let frontier = [...scope.own.keys()];
  const payments = new Set<string>();
  while (frontier.length > 0) {
    const candidates = new Map<string, IdentifierKind>();
    for (const [key, kind] of keysIn(await records.recordsWith(frontier))) {
      if (scope.own.has(key) || scope.kept.some((kept) => kept.key === key)) continue;
      if (kind === 'payment') payments.add(key);
      else candidates.set(key, kind);
    }
    frontier = [];
    const seen = await records.recordsWith([...candidates.keys()]);
    const persons = await records.personsOf([...candidates.keys()]);
    for (const kind of ['customer', 'loyalty'] as const) {
      const account = onlyAccount(kind, candidates, scope, seen, persons);
      if (account === null) continue;
      const its = await records.recordsWith([account]);
      if (kind === 'loyalty' && strangers(accountsWith(account, its), scope.own).customer.length > 0)
        continue;
      await take(new Map([[account, kind]]));
      candidates.delete(account);
      frontier.push(account);
    }
    for (const kind of IDENTIFIER_KINDS) {
      const ofKind = Array.from(candidates).flatMap(([key, its]) => (its === kind ? [key] : []));
      for (const key of ofKind) {
        const why = whyNot(kind, key, ofKind.length, scope, seen, persons.get(key));
        if (why !== null) keep(kind, key, why);
        else {
          scope.own.set(key, kind);
          if (persons.has(key)) scope.persons.add(persons.get(key)!);
          frontier.push(key);
        }
      }
    }
  }
  const paid = payments.size > 0 ? await records.recordsWith([...payments]) : [];
  for (const key of payments) {
    const seenWith = keysIn(paid.filter((record) => record.payment_key === key));
    const others = Array.from(seenWith.keys()).filter((other) => other !== key && !scope.own.has(other));
    if (others.length > 0) keep('payment', key, 'also used by others');
    else await take(new Map([[key, 'payment']]));
  }
  return scope;
}

/**
 * The account, or card, of a person of whom none is known yet: the one that their other identifiers were seen with,
 * where it is one.
 */
function onlyAccount(
  kind: 'customer' | 'loyalty',
  candidates: ReadonlyMap<string, IdentifierKind>,
  { own, persons: ownPersons }: ErasureScope,
  seen: readonly IdentifierKeys[],
  persons: ReadonlyMap<string, string>,
): string | null {
  if (ownOf(own, kind).length > 0) return null;
  const accounts = new Set<string>();
  for (const [key, its] of candidates) {
    if (its === kind) accounts.add(key);
    else if (!isOfAnother(persons.get(key), ownPersons))
      for (const account of accountsWith(key, seen)[kind]) accounts.add(account);
  }
  return accounts.size === 1 ? [...accounts][0]! : null;
}

/** Whether the published graph counts an identifier to another person. */
const isOfAnother = (person: string | undefined, persons: ReadonlySet<string>) =>
  person !== undefined && persons.size > 0 && !persons.has(person);

/**
 * Why an identifier that was seen with the person is not theirs alone; null where it is.
 * @param rivals how many of its kind were found with it
 * @param seen records that carry it, among others
 */
function whyNot(
  kind: IdentifierKind,
  key: string,
  rivals: number,
  { own, persons }: ErasureScope,
  seen: readonly IdentifierKeys[],
  person: string | undefined,
): string | null {
  if (kind === 'customer') {
    if (ownOf(own, 'customer').length > 0) return 'the account of somebody else';
    return rivals > 1 ? 'one of several accounts, which it is cannot be told' : null;
  }
  const others = strangers(accountsWith(key, seen), own);
  if (others.customer.length > 0) return `used by ${others.customer.length + 1} accounts`;
  if (kind === 'loyalty') return null;
  if (others.loyalty.length > 0) return `used with ${others.loyalty.length + 1} loyalty cards`;
  return isOfAnother(person, persons)
    ? 'counted as somebody else in the identity graph: shared, or blocked'
    : null;
}

function keysIn(records: readonly IdentifierKeys[]): Map<string, IdentifierKind> {
  const keys = new Map<string, IdentifierKind>();
  for (const record of records) {
    for (const [at, column] of KEY_COLUMNS.entries()) {
      const key = record[column];
      if (key != null) keys.set(key, IDENTIFIER_KINDS[at]!);
    }
  }
  return keys;
}

function accountsWith(key: string, records: readonly IdentifierKeys[]): Accounts {
  const accounts = { customer: new Set<string>(), loyalty: new Set<string>() };
  for (const record of records) {
    if (!KEY_COLUMNS.some((column) => record[column] === key)) continue;
    if (record.customer_key != null) accounts.customer.add(record.customer_key);
    if (record.loyalty_key != null && record.loyalty_key !== key) accounts.loyalty.add(record.loyalty_key);
  }
  return accounts;
}

const strangers = (accounts: Accounts, own: ReadonlyMap<string, IdentifierKind>) => ({
  customer: Array.from(accounts.customer).filter((key) => !own.has(key)),
  loyalty: Array.from(accounts.loyalty).filter((key) => !own.has(key)),
});

const ownOf = (own: ReadonlyMap<string, IdentifierKind>, kind: IdentifierKind) =>
  Array.from(own).flatMap(([key, its]) => (its === kind ? [key] : []));
