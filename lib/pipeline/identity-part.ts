import type { IdentityEvidence } from '../domain/identity.ts';
import type { IdentityLink } from '../ports.ts';

/** Links as the resolver takes them, with the identifiers that its numbers stand for. */
export interface NumberedEvidence {
  evidence: IdentityEvidence;
  /** The links as the evidence numbers them: strongest and oldest first. */
  links: readonly IdentityLink[];
  /** Identifiers by number: by kind, age and themselves, as sql/staging/identity_nodes.sql numbers them. */
  keys: string[];
  nodeOf(identifierKey: string): number | undefined;
}

/** Numbers the identifiers of a set of links. An identifier without links has no number. */
export function numberEvidence(links: readonly IdentityLink[]): NumberedEvidence {
  const seen = new Map<string, { key: string; kind: number; first: string }>();
  const see = (key: string, kind: number, at: string) => {
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { key, kind, first: at });
    else if (at < known.first) known.first = at;
  };
  for (const link of links) {
    see(link.strong_key, link.strong_kind, link.first_seen);
    see(link.weak_key, link.weak_kind, link.first_seen);
  }
  const inOrder = Array.from(seen.values()).sort(
    (a, b) => a.kind - b.kind || byText(a.first, b.first) || byText(a.key, b.key),
  );
  const numbers = new Map(inOrder.map(({ key }, node) => [key, node]));
  const [from, to] = [
    (link: IdentityLink) => numbers.get(link.strong_key)!,
    (link: IdentityLink) => numbers.get(link.weak_key)!,
  ];
  // In this order the resolver need not sort.
  const inStrength = links.toSorted(
    (a, b) =>
      a.weak_kind - b.weak_kind ||
      a.strong_kind - b.strong_kind ||
      byText(a.first_seen, b.first_seen) ||
      from(a) - from(b) ||
      to(a) - to(b),
  );
  return {
    links: inStrength,
    evidence: {
      kinds: Int32Array.from(inOrder, ({ kind }) => kind),
      from: Int32Array.from(inStrength, from),
      to: Int32Array.from(inStrength, to),
      firstSeen: Float64Array.from(inStrength, (link) => Date.parse(link.first_seen)),
    },
    keys: inOrder.map(({ key }) => key),
    nodeOf: (key) => numbers.get(key),
  };
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
