import { randomUUID } from 'node:crypto';
import { erasedAmong } from '../../../domain/accept/erased.ts';
import { holdsErased } from '../../../domain/erased-text.ts';
import {
  type ClearIdentifiers,
  IDENTIFIER_KINDS,
  type IdentifierKeys,
  type IdentifierKind,
  type Identify,
} from '../../../domain/identifier.ts';
import { erasureScope } from '../../../pipeline/privacy/erasure-scope.ts';
import { needlesIn } from '../../../pipeline/privacy/find-needles.ts';
import { type AskedFor, needlesOf } from '../../../pipeline/privacy/needles.ts';
import type { IdentityStore } from '../../../ports.ts';
import { quoted, textLiteral, timestampLiteral } from '../athena/literals.ts';
import { SNAPSHOT_DAYS } from '../athena/statements.ts';
import type { Registry } from '../dynamodb-registry.ts';
import type { Rejections } from '../rejections.ts';
import type { BuildWorld } from './build-state.ts';
import { noteDaysOf } from './days-of-erased.ts';
import { openPersonRecords } from './person-records.ts';
import { beginRawChange } from './raw-versions.ts';

/** A request that names nobody; the message does not repeat what was given. */
export class NobodyMeant extends Error {
  override name = 'NobodyMeant';
}

export interface ErasureWorld extends BuildWorld {
  identify: Identify;
  identities: Pick<IdentityStore, 'linksOf' | 'forget'>;
  registry: Pick<Registry, 'stores' | 'putTombstones'>;
  rejections: Pick<Rejections, 'list' | 'forget'>;
}

/** What an erasure came to, in counts: nothing of the person is in it. */
export interface ErasureBegun {
  erasure_id: string;
  identifiers: Record<string, number>;
  /** What was seen with the person and stays, since it is of others too. */
  kept: { kind: string; why: string }[];
  rejections: number;
  /** What is still to be done for the person to be gone. */
  left: string[];
}

/**
 * Erases a person as far as it can be done at once: whatever comes in with one of the identifiers is not kept from now on
 * (a process that runs knows within a minute), the links are forgotten, and rejected records that hold them are gone. The
 * next build takes the rows out of the raw tables, makes everything anew that read them, and drops all builds before.
 * Whose identifiers go is decided by the rules of `erasureScope`, from the rows merged so far, the links, and the
 * identity graph of the published build. It reads the identifiers of all raw rows a few times: in proportion to history.
 *
 * What remains, and how it goes:
 * - files of landing, with keyed hashes: by the lifecycle rule of `landing/`; no build merges them without the tombstones;
 * - data files of the raw tables: the build that takes the rows out writes them anew (OPTIMIZE), and the first one that is
 *   begun `SNAPSHOT_DAYS` after that takes away the older ones (VACUUM);
 * - earlier versions of objects in the bucket: by the lifecycle rule of earlier versions;
 * - results of queries, and the texts of these queries in Athena's history (45 days), with keyed hashes: the results by
 *   their lifecycle rule;
 * - records still in the stream, bodies that were too large for it, copies of both after a failure and files of the drop,
 *   in clear: by their retention;
 * - what came in within a minute, before every process knew: its rows are not merged, but its links and what was rejected
 *   of it stay until the erasure is asked for again;
 * - backups (point-in-time recovery of the tables of links and tombstones): by their retention;
 * - the tombstones themselves, which are what keeps the person out.
 *
 * Asked again it does the same again, under the same number.
 * @throws NobodyMeant; SharedByMany when all that was given is of several people
 */
export async function eraseOnAws(world: ErasureWorld, asked: AskedFor): Promise<ErasureBegun> {
  const records = openPersonRecords(world, world.identities);
  const given = keysAsked(asked, world.identify);
  const scope = await erasureScope(given, records);
  const before = await records.erasureOf([...given.keys()]);
  const erasureId = before ?? randomUUID();
  // First nothing more may come in, then what is there goes. A build may run, and take it out at any moment after.
  const keys = [...scope.own.keys()];
  await noteDaysOf(world, keys);
  await world.registry.putTombstones(keys);
  await addTombstones(world, erasureId, scope.own);
  await world.identities.forget(keys);
  const rejections = await forgetRejections(world, asked, keys);
  const counts: Record<string, number> = {};
  for (const kind of scope.own.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    erasure_id: erasureId,
    identifiers: counts,
    kept: scope.kept.map(({ kind, why }) => ({ kind, why })),
    rejections,
    left: [
      'the same erasure once more in two minutes, for links and rejections of what was under way',
      'a build, which takes the rows out and drops all builds before',
      `the first build begun ${SNAPSHOT_DAYS} days after that one, which takes the older files of the raw tables away`,
      'lifecycle rules: landing, earlier versions of objects, results of queries, failed records',
    ],
  };
}

/** @throws NobodyMeant */
function keysAsked({ country, key, ...clear }: AskedFor, identify: Identify): Map<string, IdentifierKind> {
  if (key !== undefined)
    throw new NobodyMeant('A keyed hash does not tell its kind; give the identifier itself');
  const keys = identify(clear as ClearIdentifiers, country ?? null);
  const found = new Map<string, IdentifierKind>();
  for (const kind of IDENTIFIER_KINDS) {
    const its = keys[`${kind}_key` as keyof IdentifierKeys];
    if (its != null) found.set(its, kind);
  }
  const given = Object.values(clear).filter((value) => value !== undefined).length;
  if (given === 0) throw new NobodyMeant('Nothing was given: name the person by one identifier');
  if (found.size < given)
    throw new NobodyMeant(
      'One of the given identifiers identifies nobody: an email must be an address, a phone number international or with country, an id no placeholder',
    );
  return found;
}

async function addTombstones(
  world: ErasureWorld,
  erasureId: string,
  own: ReadonlyMap<string, IdentifierKind>,
): Promise<void> {
  const at = timestampLiteral(new Date(world.now()).toISOString());
  const rows = Array.from(own, ([key, kind]) => `(${textLiteral(key)}, ${textLiteral(kind)})`).join(', ');
  await beginRawChange(world.objects, 'raw_tombstones');
  await world.queries.run(
    `MERGE INTO ${quoted(world.rawDatabase, 'raw_tombstones')} t
USING (
  SELECT identifier_key, identifier_kind, ${textLiteral(erasureId)} AS erasure_id, ${at} AS erased_at
  FROM (VALUES ${rows}) v(identifier_key, identifier_kind)
) s
ON t.identifier_key = s.identifier_key AND t.erasure_id = s.erasure_id
WHEN NOT MATCHED THEN INSERT (identifier_key, identifier_kind, erasure_id, erased_at)
VALUES (s.identifier_key, s.identifier_kind, s.erasure_id, s.erased_at)`,
    { database: world.rawDatabase, name: 'of tombstones' },
  );
  // A build may have begun since the first, and not have seen these rows: it must not count as having taken them out.
  await beginRawChange(world.objects, 'raw_tombstones');
}

/** Takes away rejected records that hold an identifier of the person, in any reading of them. */
async function forgetRejections(
  { rejections, registry, identify }: ErasureWorld,
  asked: AskedFor,
  keys: readonly string[],
): Promise<number> {
  const { needles } = needlesOf(asked, keys);
  const isErased = erasedAmong(new Set(keys));
  const stores = await registry.stores();
  const countries = [...new Set([asked.country, ...Array.from(stores.values(), ({ country }) => country)])];
  const told = countries.filter((country): country is string => Boolean(country));
  const found = (await rejections.list()).filter(({ file, detail, original, record }) => {
    const said = [file, detail, original, record ?? ''].join('\n');
    return needlesIn(said, needles).size > 0 || holdsErased(said, identify, isErased, told);
  });
  await rejections.forget(found.map(({ rejection_id }) => rejection_id));
  return found.length;
}
