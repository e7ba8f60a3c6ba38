import type { IdentityEvidence, Neighbours } from './identity-links.ts';
import type { GrowingPersons } from './identity-persons.ts';
import {
  type IdentityPolicy,
  KIND_CODES,
  LINKS,
  mostOf,
  PAYERS,
  PERSONS,
  ruleCode,
  sharedRuleOf,
} from './identity-policy.ts';

/** Identifiers that several people use, in the order they were found in. */
export interface SharedIdentifiers {
  /** By identifier: code of the rule that found it shared, else 0. */
  rules: Uint8Array;
  nodes: number[];
  /** At least so many people each was seen with. */
  people: number[];
  /** Distinct identifiers each was seen with. */
  links: number[];
}

export interface SharingJudge {
  shared: SharedIdentifiers;
  /** Finds accounts, emails and phones that were seen with too many distinct others. */
  judgeByOthers(): void;
  /** Finds cards, or devices, of several persons; `persons` are those that other links make. */
  judgeByPersons(kind: number, persons: GrowingPersons): void;
  /**
   * Gives each payment token to the one person that it leads to; one that leads to several is nobody's, and so is one that
   * is known by a card alone which several tokens paid with.
   */
  judgePayments(persons: GrowingPersons): PaymentJudgement;
}

export interface PaymentJudgement {
  /** Tokens that were told apart from the person that they lead to. */
  separated: ReadonlySet<number>;
  /** Whether a card was seen with several tokens, so that it cannot say whose one is. */
  isCrowded(card: number): boolean;
}

const { customer: ACCOUNT, loyalty: CARD, phone: PHONE, anonymous: DEVICE, payment: PAYMENT } = KIND_CODES;
const DEGREE = ruleCode('degree');
const SHARED_PAYMENT = sharedRuleOf(PAYMENT);

/**
 * Finds the identifiers that belong to more than one person, by how many distinct others they were seen with and, for
 * cards and devices, by how many distinct persons: an account with its own email is one. The number of distinct proxies
 * (here other identifiers; given names at Amperity) tells a kiosk from a busy person where the mere number of records
 * does not. 12 bytes an identifier besides the neighbours.
 */
export function sharingJudge(
  { kinds }: IdentityEvidence,
  { starts, neighbours }: Neighbours,
  isBlocked: Uint8Array,
  { limits, allowed = [] }: IdentityPolicy,
): SharingJudge {
  const nodes = kinds.length;
  const shared: SharedIdentifiers = { rules: new Uint8Array(nodes), nodes: [], people: [], links: [] };
  const isAllowed = new Uint8Array(nodes);
  for (const node of allowed) isAllowed[node] = 1;
  /** By identifier and by person: who counted it last, so that each is counted once. */
  const countedFor = new Int32Array(nodes).fill(-1);
  const personCountedFor = new Int32Array(nodes).fill(-1);
  const personCountedIn = new Int32Array(nodes).fill(-1);
  let group = 0;

  /**
   * How many distinct others of each kind. Of a card or device instead: persons met who have an account, who have a card,
   * whom it met by email, by phone, and all of them.
   */
  const count = (node: number, counts: Int32Array, persons: GrowingPersons | null): void => {
    counts.fill(0);
    let kindBefore = -1;
    for (let at = starts[node]!; at < starts[node + 1]!; at++) {
      const other = neighbours[at]!;
      if (countedFor[other] === node) continue;
      countedFor[other] = node;
      counts[LINKS]!++;
      const kind = kinds[other]!;
      if (persons === null || kind > PHONE) {
        counts[kind]!++;
        continue;
      }
      if (shared.rules[other]) continue;
      // Neighbours come kind by kind, so that one mark per person is enough.
      if (kind !== kindBefore) group++;
      kindBefore = kind;
      const person = persons.rootOf(other);
      if (personCountedFor[person] !== node) {
        counts[PERSONS]!++;
        for (const unique of [ACCOUNT, CARD]) if (persons.has(unique, person)) counts[unique]!++;
      }
      personCountedFor[person] = node;
      if (kind === ACCOUNT || kind === CARD || personCountedIn[person] === group) continue;
      personCountedIn[person] = group;
      counts[kind]!++;
    }
  };
  const note = (node: number, rule: number, people: number, links: number) => {
    shared.rules[node] = rule;
    shared.nodes.push(node);
    shared.people.push(people);
    shared.links.push(links);
  };
  /** Cards that more tokens paid with than one person's. */
  const crowdedCards = (): Set<number> => {
    const crowded = new Set<number>();
    const most = mostOf(limits, CARD, PAYERS);
    for (let node = 0; node < nodes && kinds[node]! <= CARD; node++) {
      if (kinds[node] !== CARD || isBlocked[node] || isAllowed[node]) continue;
      let tokens = 0;
      for (let at = starts[node]!; at < starts[node + 1]!; at++) {
        const other = neighbours[at]!;
        if (kinds[other] !== PAYMENT || countedFor[other] === -2 - node) continue;
        countedFor[other] = -2 - node;
        tokens++;
      }
      if (tokens > most) crowded.add(node);
    }
    return crowded;
  };
  const judge = (isJudged: (kind: number) => boolean, persons: GrowingPersons | null) => {
    const counts = new Int32Array(PERSONS + 1);
    for (let node = 0; node < nodes; node++) {
      const kind = kinds[node]!;
      if (!isJudged(kind) || isBlocked[node] || isAllowed[node]) continue;
      if (starts[node + 1]! - starts[node]! < 2) continue;
      count(node, counts, persons);
      let rule = counts[LINKS]! > mostOf(limits, kind, LINKS) ? DEGREE : 0;
      let people = 0;
      for (let counted = 0; counted <= PERSONS; counted++) {
        if (counted === LINKS) continue;
        if (counts[counted]! > mostOf(limits, kind, counted)) rule = sharedRuleOf(kind);
        if (counted !== DEVICE) people = Math.max(people, counts[counted]!);
      }
      if (rule !== 0) note(node, rule, people, counts[LINKS]!);
    }
  };

  return {
    shared,
    judgeByOthers: () => judge((kind) => kind <= PHONE && kind !== CARD, null),
    judgeByPersons: (judged, persons) => judge((kind) => kind === judged, persons),
    judgePayments(persons) {
      const separated = new Set<number>();
      const crowded = crowdedCards();
      for (let node = 0; node < nodes; node++) {
        if (kinds[node] !== PAYMENT || isBlocked[node]) continue;
        let owner = -1;
        let people = 0;
        let links = 0;
        group++;
        for (let at = starts[node]!; at < starts[node + 1]!; at++) {
          const other = neighbours[at]!;
          if (countedFor[other] === node) continue;
          countedFor[other] = node;
          links++;
          if (kinds[other] === PAYMENT || shared.rules[other] || crowded.has(other)) continue;
          const person = persons.rootOf(other);
          if (personCountedIn[person] === group) continue;
          personCountedIn[person] = group;
          owner = person;
          people++;
        }
        if (people > 1) note(node, SHARED_PAYMENT, people, links);
        else if (people === 1 && persons.attach(node, owner) !== 0) separated.add(node);
      }
      return { separated, isCrowded: (card) => crowded.has(card) };
    },
  };
}
