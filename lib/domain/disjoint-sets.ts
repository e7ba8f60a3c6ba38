/**
 * Finds the root of an element in a forest of parents, where a root is its own. Paths are halved on the way, so that a
 * question costs next to nothing in the long run (Tarjan and van Leeuwen, 1984).
 * @param parent by element; changed
 */
export function rootsIn(parent: Int32Array): (element: number) => number {
  return (element) => {
    let at = element;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
}
