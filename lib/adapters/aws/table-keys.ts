/** Keys of the DynamoDB tables, for the stacks that make them and the adapters that read and write them. All are texts. */

/**
 * Links between identifiers: one item each. The other direction is an index, since that is one write of one item and one
 * condition; an item of its own for each direction would be two writes that can come apart, or a transaction at twice
 * their price.
 */
export const IDENTITIES_KEYS = {
  partitionKey: 'strong_key',
  sortKey: 'weak_key',
  /** Projects all attributes. */
  index: { name: 'by_weak_key', partitionKey: 'weak_key', sortKey: 'strong_key' },
} as const;

/** Stores and keys of erased persons: each kind in a partition of its own, which is read whole. */
export const REGISTRY_KEYS = { partitionKey: 'listed_as', sortKey: 'listed_under' } as const;
