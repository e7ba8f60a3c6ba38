/**
 * Who is who, from the evidence that identifiers were seen together. A pure function of the set of links: the order
 * in which they arrived, their batches and their repeats change nothing.
 */

/** Identifier kinds by strength; the numbers are those of `identity_nodes.kind`. */
export const KIND_CODES = { customer: 0, loyalty: 1, email: 2, phone: 3, anonymous: 4 } as const;

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
 * Joins identifiers into persons by union-find. Two rules keep strangers apart:
 * a device, email or phone that was seen with several accounts (or several cards) of different people is shared and
 * joins nobody; and a link that would bring two accounts or two cards into one person is refused.
 * Identifiers must be numbered by strength and age: the smallest number of a component stands for it.
 * Time: links x inverse Ackermann; memory: 24 bytes per identifier and 12 per link.
 * @example resolvePersons({ kinds: [0, 4], from: [0], to: [1] }) // one person, 0
 */
export function resolvePersons({ kinds, from, to }: IdentityEvidence): Partition {
  const parent = Int32Array.from(kinds, (_, node) => node);
  const refused = new Int32Array(from.length);
  const shared = sharedIdentifiers({ kinds, from, to });
  const unique = UNIQUE_KINDS.map((kind) => Int32Array.from(kinds, (k, node) => (k === kind ? node : -1)));

  for (let link = 0; link < from.length; link++) {
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
  for (let node = 0; node < parent.length; node++) parent[node] = rootOf(parent, node);
  return { person: parent, refused };
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
    if (slot < 0 || kinds[weak]! < KIND_CODES.email) return;
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
