import { randomUUID } from 'node:crypto';
import type { ClearIdentifiers, Identify } from '../../../domain/identifier.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys, type IdentifierKind } from '../../../domain/identifier.ts';
import { type ErasureScope, erasureScope } from '../../../pipeline/privacy/erasure-scope.ts';
import { type AskedFor, needlesOf } from '../../../pipeline/privacy/needles.ts';
import type { Engine } from '../duckdb.ts';
import type { WritableShop } from '../shop.ts';
import { readState } from './erasure-state.ts';
import { erasureOf, kindOfKey, lookAtIdentities, openPersonRecords, tombstonesOf } from './person-records.ts';
import { countRows, nameErasedDocuments, nameErasedKeys, type RowsTaken } from './raw-rewrite.ts';
import { type PersonMarks, rejectionsOf } from './rejections-of.ts';

/** A request that names nobody; the message does not repeat what was given. */
export class NobodyMeant extends Error {}

export interface ErasurePlan {
  erasure_id: string;
  /** Whether an erasure of this person was begun, or done, before. */
  isAgain: boolean;
  scope: ErasureScope;
  rows: RowsTaken;
  rejections: readonly string[];
  /** SHA-256 of the ids of the documents of sale that are emptied. */
  documents: readonly string[];
}

/** What erasing takes: a shop that is open for writing. */
export type ErasableShop = Pick<WritableShop, 'directory' | 'build'> & {
  importer: { identify: Identify; lake: WritableShop['importer']['lake']; now: () => number };
};

/** Keys of what was asked for, by kind. */
export async function keysAsked(
  asked: AskedFor,
  identify: Identify,
  engine: Engine,
): Promise<Map<string, IdentifierKind>> {
  const { country, key, ...clear } = asked;
  const keys = identify(clear as ClearIdentifiers, country ?? null);
  const found = new Map<string, IdentifierKind>();
  for (const kind of IDENTIFIER_KINDS) {
    const its = keys[`${kind}_key` as keyof IdentifierKeys];
    if (its != null) found.set(its, kind);
  }
  const given = Object.values(clear).filter((value) => value !== undefined).length;
  if (found.size < given)
    throw new NobodyMeant(
      'One of the given identifiers identifies nobody: an email must be an address, a phone number international or with --country, an id no placeholder',
    );
  if (key !== undefined) {
    const kind = await kindOfKey(engine, key);
    if (kind === null) throw new NobodyMeant('No record of the raw tables has the given key');
    found.set(key, kind);
  }
  if (found.size === 0) throw new NobodyMeant('Nothing was given: name the person by one identifier');
  return found;
}

/**
 * Finds whose identifiers and how many rows an erasure concerns, by all records up to now, built or not; changes nothing.
 * The engine then knows `erased_keys` and `erased_documents`.
 */
export async function planErasure(
  shop: ErasableShop,
  asked: AskedFor,
  engine: Engine,
): Promise<ErasurePlan & { marks: PersonMarks }> {
  const { directory, importer } = shop;
  const identities = lookAtIdentities(directory);
  try {
    const records = await openPersonRecords(directory, engine, identities);
    const given = await keysAsked(asked, importer.identify, engine);
    const before = await erasureOf(directory, engine, [...given.keys()]);
    const scope = await erasureScope(given, records);
    if (before !== null)
      for (const [key, kind] of await tombstonesOf(directory, engine, before)) scope.own.set(key, kind);
    await nameErasedKeys(engine, scope.own);
    const stores = await importer.lake.stores();
    const countries = new Set(Array.from(stores.values(), (store) => store.country ?? ''));
    const marks = {
      identify: importer.identify,
      keys: new Set(scope.own.keys()),
      countries: [...countries, asked.country ?? ''].filter((country) => country !== ''),
      needles: needlesOf(asked, scope.own.keys()).needles,
    };
    const begun = before === null ? [] : (readState(directory, before)?.documents ?? []);
    const documents = await nameErasedDocuments(engine, directory, begun);
    const rows = await countRows(engine, directory);
    const rejections = await rejectionsOf(engine, directory, marks);
    const isAgain = before !== null;
    return { erasure_id: before ?? randomUUID(), isAgain, scope, rows, rejections, documents, marks };
  } finally {
    await identities.close();
  }
}
