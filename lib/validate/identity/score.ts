/**
 * How right a partition of identifiers into persons is, where it is known who they are. Identifiers of several people (a
 * sofa's tablet, a household's card, a couple's account) and of nobody (a till's address, a cashier's card) can be right
 * with no single person: they are not judged by pairs but told apart by what became of them; what they join wrongly
 * shows in the pairs of the others.
 */
export interface IdentityTruth {
  /** Who uses each identifier; one that is not here is nobody's. */
  ownersOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** The household of each person; persons that are not here are one of their own. */
  householdOf?: ReadonlyMap<string, string>;
  /** Links that records gave: which identifiers could be told to belong together at all. */
  links: readonly (readonly [string, string])[];
}

/** Shares are null where there is nothing to judge. */
export interface IdentityScore {
  /** Identifiers of one person each, that were seen with another identifier. */
  judged: number;
  pair_precision: number | null;
  pair_recall: number | null;
  pair_f1: number | null;
  /** The same by B-cubed: means over identifiers, so that a large person weighs by its identifiers, not their square. */
  person_precision: number | null;
  person_recall: number | null;
  person_f1: number | null;
  /** Persons whose identifiers are together, all that records could tell and no other. */
  exact_persons: number | null;
  /** Pairs said to be one person's that are of one household: what is left is strangers. */
  household_precision: number | null;
  /** Recall of pairs when those count that no record of the person's own could tell, too. */
  pair_recall_of_all: number | null;
  /** Identifiers of several people or of nobody: left by themselves, with one of their users, with somebody else. */
  held_apart: number;
  with_a_user: number;
  with_others: number;
}

/**
 * Scores a partition. Pairs: of two identifiers said to be one person's, how many are (precision), and of two that are,
 * how many are said to be (recall). What is asked for is what records can tell: two identifiers of a person count where
 * a chain of links leads from one to the other over identifiers of that person alone. By person: B-cubed (Bagga and
 * Baldwin, 1998).
 * @param personOf the person that each identifier was given to; one that is not here was not seen with another
 */
export function scoreIdentity(personOf: ReadonlyMap<string, string>, truth: IdentityTruth): IdentityScore {
  const owner = (key: string): string | null => {
    const owners = truth.ownersOf.get(key);
    return owners?.size === 1 ? owners.values().next().value! : null;
  };
  const household = (person: string) => truth.householdOf?.get(person) ?? person;
  const judged = Array.from(personOf.keys()).filter((key) => owner(key) !== null);
  const group = knowableGroups(judged, owner, truth.links);
  const said = tally(judged, (key) => personOf.get(key)!);
  const owned = tally(judged, (key) => owner(key)!);
  const known = tally(judged, (key) => group.get(key)!);
  const saidOwned = tally(judged, (key) => `${personOf.get(key)} ${owner(key)}`);
  const saidKnown = tally(judged, (key) => `${personOf.get(key)} ${group.get(key)}`);
  const precision = share(pairs(saidOwned), pairs(said));
  const recall = share(pairs(saidKnown), pairs(known));
  const mean = (of: (key: string) => number) =>
    share(
      judged.reduce((sum, key) => sum + of(key), 0),
      judged.length,
    );
  const personPrecision = mean(
    (key) => saidOwned.get(`${personOf.get(key)} ${owner(key)}`)! / said.get(personOf.get(key)!)!,
  );
  const personRecall = mean(
    (key) => saidKnown.get(`${personOf.get(key)} ${group.get(key)}`)! / known.get(group.get(key)!)!,
  );
  const isExact = new Map(judged.map((key) => [group.get(key)!, true]));
  for (const key of judged) {
    const together = saidKnown.get(`${personOf.get(key)} ${group.get(key)}`)!;
    const isWhole = together === known.get(group.get(key)!)!;
    const isPure = saidOwned.get(`${personOf.get(key)} ${owner(key)}`)! === said.get(personOf.get(key)!)!;
    if (!isWhole || !isPure) isExact.set(group.get(key)!, false);
  }
  return {
    judged: judged.length,
    pair_precision: precision,
    pair_recall: recall,
    pair_f1: harmonicMean(precision, recall),
    person_precision: personPrecision,
    person_recall: personRecall,
    person_f1: harmonicMean(personPrecision, personRecall),
    exact_persons: share(Array.from(isExact.values()).filter(Boolean).length, isExact.size),
    household_precision: share(
      pairs(tally(judged, (key) => `${personOf.get(key)} ${household(owner(key)!)}`)),
      pairs(said),
    ),
    pair_recall_of_all: share(pairs(saidOwned), pairs(owned)),
    ...treatment(personOf, truth, owner),
  };
}

/** Identifiers of one person that links over that person's own identifiers bring together, by a name of their group. */
function knowableGroups(
  judged: readonly string[],
  owner: (key: string) => string | null,
  links: IdentityTruth['links'],
): Map<string, string> {
  const parent = new Map(judged.map((key) => [key, key]));
  const rootOf = (key: string): string => {
    let at = key;
    while (parent.get(at) !== at) {
      parent.set(at, parent.get(parent.get(at)!)!);
      at = parent.get(at)!;
    }
    return at;
  };
  for (const [one, other] of links) {
    if (!parent.has(one) || !parent.has(other) || owner(one) !== owner(other)) continue;
    parent.set(rootOf(one), rootOf(other));
  }
  return new Map(judged.map((key) => [key, rootOf(key)]));
}

/** What became of the identifiers of several people and of nobody. */
function treatment(
  personOf: ReadonlyMap<string, string>,
  { ownersOf }: IdentityTruth,
  owner: (key: string) => string | null,
): Pick<IdentityScore, 'held_apart' | 'with_a_user' | 'with_others'> {
  const ownersIn = new Map<string, Set<string>>();
  for (const [key, person] of personOf) {
    const own = owner(key);
    if (own === null) continue;
    if (!ownersIn.has(person)) ownersIn.set(person, new Set());
    ownersIn.get(person)!.add(own);
  }
  const counts = { held_apart: 0, with_a_user: 0, with_others: 0 };
  for (const [key, person] of personOf) {
    if (owner(key) !== null) continue;
    const others = ownersIn.get(person);
    if (!others) counts.held_apart++;
    else if (others.size === 1 && ownersOf.get(key)?.has(others.values().next().value!)) counts.with_a_user++;
    else counts.with_others++;
  }
  return counts;
}

function tally(keys: readonly string[], nameOf: (key: string) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(nameOf(key), (counts.get(nameOf(key)) ?? 0) + 1);
  return counts;
}

const pairs = (counts: ReadonlyMap<string, number>): number => {
  let sum = 0;
  for (const n of counts.values()) sum += (n * (n - 1)) / 2;
  return sum;
};

const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

const harmonicMean = (a: number | null, b: number | null): number | null =>
  a === null || b === null || a + b === 0 ? null : (2 * a * b) / (a + b);
