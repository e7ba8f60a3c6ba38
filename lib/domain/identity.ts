/**
 * Who is who, from the evidence that identifiers were seen together. A pure function of the set of links: the order
 * in which they arrived, their batches and their repeats change nothing.
 */

/** Identifier kinds by strength; the numbers are those of `identity_nodes.kind`. */
export const KIND_CODES = { customer: 0, loyalty: 1, email: 2, phone: 3, anonymous: 4, payment: 5 } as const;

/** Kinds of which one person has one: two different values never come together. */
const UNIQUE_KINDS = [KIND_CODES.customer, KIND_CODES.loyalty] as const;

/** Why a link was not followed. */
export const REFUSED_LINKS = { shared: 1, conflict: 2 } as const;

export interface IdentityEvidence {
  /** Kind of each identifier (see KIND_CODES), numbered 0..n-1. */
  kinds: Int32Array;
  /** Ends of each link, strongest and oldest evidence first, ties broken by the identifiers themselves. */
  from: Int32Array;
  to: Int32Array;
}

export interface Partition {
  /** For each identifier the identifier that stands for its person: the strongest and oldest of the component. */
  person: Int32Array;
  /** For each link 0 when followed, else the reason of REFUSED_LINKS. */
  refused: Int32Array;
}

/**
 * Joins identifiers into persons by union-find. Three rules keep strangers apart:
 * a device, email or phone that was seen with several accounts (or several cards) of different people is shared and
 * joins nobody; a link that would bring two accounts or two cards into one person is refused; and a payment token
 * never joins persons: when all else is settled it belongs to the one person it leads to, or, where it leads to
 * several (a card that is lent, a couple's account), to none of them.
 * Identifiers must be numbered by strength and age: the smallest number of a component stands for it.
 * Time: links x inverse Ackermann; memory: 24 bytes per identifier and 12 per link.
 * @example resolvePersons({ kinds: [0, 4], from: [0], to: [1] }) // one person, 0
 */
export function resolvePersons({ kinds, from, to }: IdentityEvidence): Partition {
  const parent = Int32Array.from(kinds, (_, node) => node);
  const refused = new Int32Array(from.length);
  const shared = sharedIdentifiers({ kinds, from, to });
  const unique = UNIQUE_KINDS.map((kind) => Int32Array.from(kinds, (k, node) => (k === kind ? node : -1)));

  const isPayment = (link: number) =>
    kinds[from[link]!] === KIND_CODES.payment || kinds[to[link]!] === KIND_CODES.payment;
  for (let link = 0; link < from.length; link++) {
    if (isPayment(link)) continue;
    if (shared[from[link]!] || shared[to[link]!]) {
      refused[link] = REFUSED_LINKS.shared;
      continue;
    }
    const a = rootOf(parent, from[link]!);
    const b = rootOf(parent, to[link]!);
    if (a === b) continue;
    if (unique.some((values) => values[a]! >= 0 && values[b]! >= 0 && values[a] !== values[b])) {
      refused[link] = REFUSED_LINKS.conflict;
      continue;
    }
    const [root, child] = a < b ? [a, b] : [b, a];
    parent[child] = root;
    for (const values of unique) if (values[root]! < 0) values[root] = values[child]!;
  }
  attachPayments({ kinds, from, to }, parent, shared, refused);
  for (let node = 0; node < parent.length; node++) parent[node] = rootOf(parent, node);
  return { person: parent, refused };
}

/** Gives each payment token to the one person that its links lead to; those of a token with several are refused. */
function attachPayments(
  { kinds, from, to }: IdentityEvidence,
  parent: Int32Array,
  shared: Uint8Array,
  refused: Int32Array,
): void {
  const SEVERAL = -2;
  const owners = new Int32Array(kinds.length).fill(-1);
  const ends = (link: number) => {
    const [a, b] = [from[link]!, to[link]!];
    return kinds[a] === KIND_CODES.payment ? ([a, b] as const) : ([b, a] as const);
  };
  const joinsNobody = (other: number) => shared[other] === 1 || kinds[other] === KIND_CODES.payment;
  const links = Array.from(from.keys()).filter((link) => kinds[ends(link)[0]] === KIND_CODES.payment);
  for (const link of links) {
    const [token, other] = ends(link);
    if (joinsNobody(other)) continue;
    const owner = rootOf(parent, other);
    if (owners[token]! === -1) owners[token] = owner;
    else if (owners[token] !== owner) owners[token] = SEVERAL;
  }
  for (const link of links) {
    const [token, other] = ends(link);
    if (joinsNobody(other) || owners[token] === SEVERAL) refused[link] = REFUSED_LINKS.shared;
    else parent[token] = owners[token]!;
  }
}

function rootOf(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

/**
 * Weak identifiers that were seen directly with two accounts or two cards. An account and its own card are one
 * person, so each kind is counted for itself.
 */
function sharedIdentifiers({ kinds, from, to }: IdentityEvidence): Uint8Array {
  const shared = new Uint8Array(kinds.length);
  const seen = UNIQUE_KINDS.map(() => new Int32Array(kinds.length).fill(-1));
  const look = (weak: number, strong: number) => {
    const slot = UNIQUE_KINDS.indexOf(kinds[strong] as 0 | 1);
    if (slot < 0 || kinds[weak]! < KIND_CODES.email || kinds[weak] === KIND_CODES.payment) return;
    const known = seen[slot]!;
    if (known[weak]! < 0) known[weak] = strong;
    else if (known[weak] !== strong) shared[weak] = 1;
  };
  for (let link = 0; link < from.length; link++) {
    look(from[link]!, to[link]!);
    look(to[link]!, from[link]!);
  }
  return shared;
}
