/** What a key may be used for: a site's tracking, one store's till, the back office, or reading figures. */
export const KEY_KINDS = ['web', 'till', 'office', 'reader'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Whose data comes in, and what vouches for it. */
export interface SourceKey {
  /** What requests carry. The id of a web key is the public write key of its pages. */
  id: string;
  /** What people call it, unique in the shop; the source of what comes in with it. */
  name: string;
  kind: KeyKind;
  /**
   * Secrets that signatures may be made with, newest first; none of a web key, which pages show to everybody. Of a reader
   * the SHA-256 of its token, as hex.
   */
  secrets: string[];
  /** Origins whose pages may use a web key, exactly as browsers send them; none stands for any. */
  origins: string[];
  /** The only store that a till speaks for; null for the others. */
  store_id: string | null;
  /** What a reader may see; absent of the others. */
  role?: string;
  /** ISO 8601 UTC text; null while it is good. */
  revoked_at: string | null;
}

/** Whose requests for figures are answered. */
export type ReaderToken = Pick<SourceKey, 'id' | 'name'> & { role: string };

/** The keys of a shop that something may come in with, as they are now: readers' are none of them. */
export interface SourceKeys {
  /** The key of an id; undefined where there is none or it was revoked. */
  find(id: string): SourceKey | undefined;
  /** Every key that was not revoked. */
  all(): readonly SourceKey[];
}

/** Keys that do not change, by their ids. */
export function sourceKeys(keys: readonly SourceKey[]): SourceKeys {
  const good = keys.filter(({ revoked_at, kind }) => revoked_at === null && kind !== 'reader');
  const byId = new Map(good.map((key) => [key.id, key]));
  return { find: (id) => byId.get(id), all: () => good };
}

/** Tokens of readers that were not revoked, by their hashes. */
export function readerTokens(keys: readonly SourceKey[]): ReadonlyMap<string, ReaderToken> {
  return new Map(
    keys.flatMap(({ id, name, kind, role, secrets, revoked_at }) =>
      kind === 'reader' && revoked_at === null && role !== undefined
        ? secrets.map((hash) => [hash, { id, name, role }] as const)
        : [],
    ),
  );
}
