import { rootsIn } from './disjoint-sets.ts';
import { apartnessOf } from './identity-apart.ts';
import { type IdentityPolicy, KIND_CODES, ruleCode } from './identity-policy.ts';

/** Kinds of which one person has one: two different values never come together. */
const UNIQUE_KINDS = [KIND_CODES.customer, KIND_CODES.loyalty] as const;

const [SEPARATED, CONFLICT, TOO_LARGE] = (['separated', 'conflict', 'too_large'] as const).map(ruleCode) as [
  number,
  number,
  number,
];

/** Persons in the making: a union-find that refuses what must not come together. */
export interface GrowingPersons {
  rootOf(node: number): number;
  /** Whether the person of a root has an identifier of a unique kind (account, card). */
  has(kind: number, root: number): boolean;
  /** Brings two identifiers into one person, or tells the code of the rule against it; 0 when they are one now. */
  join(a: number, b: number): number;
  /** Gives a lone identifier to a person without making it one of those that can join others. */
  attach(node: number, person: number): number;
  /** For each identifier the one that names its person. */
  named(): Int32Array;
}

/** 16 bytes an identifier, and about 200 a pair that is kept apart. */
export function growingPersons(
  kinds: Int32Array,
  { limits, separated = [] }: IdentityPolicy,
): GrowingPersons {
  const parent = new Int32Array(kinds.length);
  const size = new Int32Array(kinds.length).fill(1);
  const unique = UNIQUE_KINDS.map(() => new Int32Array(kinds.length).fill(-1));
  for (let node = 0; node < kinds.length; node++) {
    parent[node] = node;
    const slot = UNIQUE_KINDS.indexOf(kinds[node] as 0 | 1);
    if (slot >= 0) unique[slot]![node] = node;
  }
  const apart = apartnessOf(separated);

  const rootOf = rootsIn(parent);
  const areConflicting = (a: number, b: number): boolean => {
    for (const values of unique)
      if (values[a]! >= 0 && values[b]! >= 0 && values[a] !== values[b]) return true;
    return false;
  };
  const hang = (child: number, root: number) => {
    parent[child] = root;
    apart.merged(child, root);
  };

  return {
    rootOf,
    has: (kind, root) => unique[kind]![root]! >= 0,
    join(one, other) {
      const [a, b] = [rootOf(one), rootOf(other)];
      if (a === b) return 0;
      if (areConflicting(a, b)) return CONFLICT;
      if (apart.areApart(a, b)) return SEPARATED;
      if (size[a]! + size[b]! > limits.personSize) return TOO_LARGE;
      const [root, child] = a < b ? [a, b] : [b, a];
      hang(child, root);
      size[root]! += size[child]!;
      for (const values of unique) if (values[root]! < 0) values[root] = values[child]!;
      return 0;
    },
    attach(node, person) {
      const root = rootOf(person);
      if (apart.areApart(node, root)) return SEPARATED;
      hang(node, root);
      return 0;
    },
    named() {
      for (let node = 0; node < parent.length; node++) parent[node] = rootOf(node);
      return parent;
    },
  };
}
