import { IDENTIFIER_KINDS, type IdentifierKeys } from './identifier.ts';

/** Two identifiers that were seen together: the strongest of a record, and another of it. */
export interface LinkEvidence {
  strong_key: string;
  /** Kinds by their place in IDENTIFIER_KINDS. */
  strong_kind: number;
  weak_key: string;
  weak_kind: number;
  /** ISO 8601 UTC text: the earliest sighting. */
  first_seen: string;
}

/**
 * What one record says about who is who: its strongest identifier with each of its others, as
 * sql/staging/identity_pairs.sql has it. A record with fewer than two identifiers says nothing.
 * @param occurredAt ISO 8601 UTC text
 * @example linksOf({ customer_key: 'c', anonymous_key: 'a' }, '2025-03-01T10:00:00.000Z')
 *   // [{ strong_key: 'c', strong_kind: 0, weak_key: 'a', weak_kind: 4, first_seen: '2025-03-01T10:00:00.000Z' }]
 */
export function linksOf(keys: IdentifierKeys, occurredAt: string): LinkEvidence[] {
  const links: LinkEvidence[] = [];
  let strong: string | undefined;
  let strongKind = -1;
  for (let kind = 0; kind < KEY_NAMES.length; kind++) {
    const key = keys[KEY_NAMES[kind]!];
    if (key == null) continue;
    if (strong === undefined) {
      strong = key;
      strongKind = kind;
    } else
      links.push({
        strong_key: strong,
        strong_kind: strongKind,
        weak_key: key,
        weak_kind: kind,
        first_seen: occurredAt,
      });
  }
  return links;
}

const KEY_NAMES = IDENTIFIER_KINDS.map((kind) => `${kind}_key` as const);
