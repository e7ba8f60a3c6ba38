import { KEY_COLUMNS } from '../../domain/accept/erased.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys, type IdentifierKind } from '../../domain/identifier.ts';
import type { IdentityLink } from '../../ports.ts';

/** What is known of the shop's identifiers, of all records up to now. */
export interface IdentifierRecords {
  /** The sets of keys that records carry together, of all records that carry one of these. */
  recordsWith(keys: readonly string[]): Promise<IdentifierKeys[]>;
  /** The person of each of these, where others are of that person too. */
  personsOf(keys: readonly string[]): Promise<Map<string, string>>;
}

/** A link as a record that carries both of its keys. */
export const recordOfLink = (link: IdentityLink): IdentifierKeys => ({
  [`${IDENTIFIER_KINDS[link.strong_kind]!}_key`]: link.strong_key,
  [`${IDENTIFIER_KINDS[link.weak_kind]!}_key`]: link.weak_key,
});

/** Kinds that name a person; a device or a card token is only used by one. */
export const NAMING_KINDS = ['customer', 'loyalty', 'email', 'phone'] as const;
export type NamingKind = (typeof NAMING_KINDS)[number];

export type Keys = ReadonlyMap<string, IdentifierKind>;

/** Records and persons of identifiers, each looked up once. `load` comes before all other questions about a key. */
export class Sightings {
  readonly #records: IdentifierRecords;
  readonly #byKey = new Map<string, IdentifierKeys[]>();
  readonly #persons = new Map<string, string>();

  constructor(records: IdentifierRecords) {
    this.#records = records;
  }

  async load(keys: Iterable<string>): Promise<void> {
    const missing = Array.from(keys).filter((key) => !this.#byKey.has(key));
    if (missing.length === 0) return;
    for (const key of missing) this.#byKey.set(key, []);
    const isMissing = new Set(missing);
    for (const record of await this.#records.recordsWith(missing)) {
      for (const key of keysOf(record).keys()) if (isMissing.has(key)) this.#byKey.get(key)!.push(record);
    }
    for (const [key, person] of await this.#records.personsOf(missing)) this.#persons.set(key, person);
  }

  of(key: string): readonly IdentifierKeys[] {
    return this.#byKey.get(key) ?? [];
  }

  personOf(key: string): string | undefined {
    return this.#persons.get(key);
  }

  /** Everything that records carry with any of these, itself left out; strongest kinds first, in the order of their keys. */
  around(own: Keys): Map<string, IdentifierKind> {
    const found = new Map<string, IdentifierKind>();
    for (const key of own.keys())
      for (const record of this.of(key))
        for (const [other, kind] of keysOf(record)) if (!own.has(other)) found.set(other, kind);
    const strength = (kind: IdentifierKind) => IDENTIFIER_KINDS.indexOf(kind);
    return new Map(
      Array.from(found).sort(([a, its], [b, others]) => strength(its) - strength(others) || (a < b ? -1 : 1)),
    );
  }

  /** What names somebody and was seen with a key, and is not of `own`. */
  strangers(key: string, own: Keys): Record<NamingKind, string[]> {
    const found = {
      customer: new Set<string>(),
      loyalty: new Set<string>(),
      email: new Set<string>(),
      phone: new Set<string>(),
    };
    for (const record of this.of(key)) {
      for (const kind of NAMING_KINDS) {
        const other = record[`${kind}_key`];
        if (other != null && other !== key && !own.has(other)) found[kind].add(other);
      }
    }
    return {
      customer: [...found.customer],
      loyalty: [...found.loyalty],
      email: [...found.email],
      phone: [...found.phone],
    };
  }

  /** Whether some record of a key carries one of `own` of these kinds. */
  isWith(key: string, own: Keys, kinds: readonly IdentifierKind[]): boolean {
    return this.of(key).some((record) =>
      kinds.some((kind) => {
        const other = record[`${kind}_key`];
        return other != null && other !== key && own.has(other);
      }),
    );
  }

  /** How many people keys that name somebody are of: those that one record names together are of one. */
  async peopleAmong(keys: readonly string[]): Promise<number> {
    await this.load(keys);
    const left = new Set(keys);
    let people = 0;
    for (const key of keys) {
      if (!left.delete(key)) continue;
      people += 1;
      const open = [key];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const record of this.of(next))
          for (const other of keysOf(record).keys()) if (left.delete(other)) open.push(other);
      }
    }
    return people;
  }
}

export function keysOf(record: IdentifierKeys): Map<string, IdentifierKind> {
  const keys = new Map<string, IdentifierKind>();
  for (const [at, column] of KEY_COLUMNS.entries()) {
    const key = record[column];
    if (key != null) keys.set(key, IDENTIFIER_KINDS[at]!);
  }
  return keys;
}
