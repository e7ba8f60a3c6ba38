/** Keeps persons in the making apart that somebody told apart. */
export interface Apartness {
  /** Whether the persons of two roots are told apart. */
  areApart(a: number, b: number): boolean;
  /** The person of one root became a part of that of another. */
  merged(child: number, root: number): void;
}

/**
 * Groups know the groups that they are apart from. When two become one, the smaller set goes into the larger, whose label
 * the new group bears: P pairs cost P log P in all, and a question two look-ups.
 * @param pairs identifiers, each the root of its own person at first
 */
export function apartnessOf(pairs: readonly (readonly [number, number])[]): Apartness {
  /** By label of a group: labels of those it is apart from. */
  const partners = new Map<number, Set<number>>();
  /** By root, where the label is another than the root. */
  const labels = new Map<number, number>();
  const labelOf = (root: number) => labels.get(root) ?? root;
  const add = (label: number, other: number) => {
    const known = partners.get(label);
    if (known) known.add(other);
    else partners.set(label, new Set([other]));
  };
  for (const [one, other] of pairs) {
    if (one === other) continue;
    add(one, other);
    add(other, one);
  }
  return {
    areApart: (a, b) => partners.get(labelOf(a))?.has(labelOf(b)) ?? false,
    merged(child, root) {
      const [one, other] = [labelOf(child), labelOf(root)];
      const [ofOne, ofOther] = [partners.get(one), partners.get(other)];
      if (!ofOne) return;
      if (!ofOther) {
        labels.set(root, one);
        return;
      }
      const [kept, into, gone, from] =
        ofOne.size > ofOther.size ? [one, ofOne, other, ofOther] : [other, ofOther, one, ofOne];
      for (const partner of from) {
        const back = partners.get(partner)!;
        back.delete(gone);
        back.add(kept);
        into.add(partner);
      }
      partners.delete(gone);
      labels.set(root, kept);
    },
  };
}
