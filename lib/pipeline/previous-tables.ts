import type { Columns } from '../domain/raw-tables.ts';

/**
 * Tables of the build published before that a new one may read, by the name they have there: what it compares itself
 * with. Before the first build, and where the build before did not have them, they are empty.
 */
export const PREVIOUS_TABLES = {
  previous_persons: {
    of: 'persons',
    columns: { identifier_key: 'varchar', kind: 'bigint', person_id: 'varchar', is_withdrawn: 'boolean' },
  },
  previous_identity_pairs: {
    of: 'identity_pairs',
    columns: { strong_key: 'varchar', weak_key: 'varchar', first_seen: 'timestamp' },
  },
  previous_identity_limits: {
    of: 'seed_identity_limits',
    columns: { kind: 'varchar', counted: 'varchar', most: 'bigint' },
  },
  previous_identity_rules: {
    of: 'seed_identity_rules',
    columns: { rule: 'varchar', identifier_key: 'varchar', other_key: 'varchar' },
  },
} as const satisfies Record<string, { of: string; columns: Columns }>;
