import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClearIdentifiers, Identify } from '../../../domain/identifier.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys, type IdentifierKind } from '../../../domain/identifier.ts';
import { type ErasureCertificate, type Finding, sealed } from '../../../pipeline/privacy/certificate.ts';
import { type ErasureScope, erasureScope } from '../../../pipeline/privacy/erasure-scope.ts';
import { type AskedFor, needlesOf } from '../../../pipeline/privacy/needles.ts';
import { type Engine, literal, openEngine } from '../duckdb.ts';
import type { WritableShop } from '../shop.ts';
import { writeParquet } from '../table-files.ts';
import { checkExports, emptySpill, forgetIdentities, removeOtherBuilds } from './erasure-places.ts';
import { type ErasureState, readState, writeCertificate, writeState } from './erasure-state.ts';
import { erasureOf, kindOfKey, lookAtIdentities, openPersonRecords, tombstonesOf } from './person-records.ts';
import { searchFolder, TOMBSTONES } from './proof.ts';
import { countRows, nameErasedKeys, type RowsTaken, takeOutRows } from './raw-rewrite.ts';
import { type PersonMarks, rejectionsOf, takeOutRejections } from './rejections-of.ts';

/** A request that names nobody; the message does not repeat what was given. */
export class NobodyMeant extends Error {}

/** Something of the person is still there after everything was done. */
export class ErasureIncomplete extends Error {
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    const places = findings.map(
      ({ file, column, what }) => `  ${file}${column ? `, column ${column}` : ''}: ${what}`,
    );
    super(
      `The person is not erased: ${findings.length} places still hold an identifier.\n${places.slice(0, 20).join('\n')}\nDelete these files, or take the person out of them, and run the same command again`,
    );
    this.findings = findings;
  }
}

export interface ErasurePlan {
  erasure_id: string;
  /** Whether an erasure of this person was begun, or done, before. */
  isAgain: boolean;
  scope: ErasureScope;
  rows: RowsTaken;
  rejections: readonly string[];
}

/** What erasing takes: a shop that is open for writing. */
export type ErasableShop = Pick<WritableShop, 'directory' | 'build'> & {
  importer: { identify: Identify; lake: WritableShop['importer']['lake']; now: () => number };
};

export const ERASURE_STEPS = ['tombstones', 'identities', 'rows', 'rejections', 'build', 'proof'] as const;
export type ErasureStep = (typeof ERASURE_STEPS)[number];

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

/** Finds whose identifiers and how many rows an erasure concerns; changes nothing. */
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
    };
    const rows = await countRows(engine, directory);
    const rejections = await rejectionsOf(engine, directory, marks);
    return { erasure_id: before ?? randomUUID(), isAgain: before !== null, scope, rows, rejections, marks };
  } finally {
    await identities.close();
  }
}

/**
 * Erases a person from everything that the shop's folder holds, and proves it. Every step can be done again; one that was
 * interrupted is found by its tombstones and goes on when the same is asked again.
 * @param onStep called when a step begins
 * @throws ErasureIncomplete when the proof finds something; SharedByMany and NobodyMeant before anything is changed
 */
export async function erasePerson(
  shop: ErasableShop,
  asked: AskedFor,
  onStep: (step: ErasureStep) => void = () => {},
): Promise<{ certificate: ErasureCertificate; file: string }> {
  const { directory, importer } = shop;
  emptySpill(directory);
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const plan = await planErasure(shop, asked, engine);
    const { scope, erasure_id, marks } = plan;
    const state = begun(
      readState(directory, erasure_id),
      plan,
      asked,
      new Date(importer.now()).toISOString(),
    );

    onStep('tombstones');
    await writeTombstones(engine, shop, state, scope);
    writeState(directory, state);
    onStep('identities');
    await forgetIdentities(directory, [...scope.own.keys()]);
    onStep('rows');
    await takeOutRows(engine, directory);
    onStep('rejections');
    await takeOutRejections(engine, directory, await rejectionsOf(engine, directory, marks));
    onStep('build');
    const { build_id } = await shop.build();
    state.builds_removed += removeOtherBuilds(directory);
    writeState(directory, state);

    onStep('proof');
    const { needles, short } = needlesOf(asked, scope.own.keys());
    const exports = await checkExports(directory, needles);
    const { scanned, findings } = await searchFolder(engine, directory.root, needles);
    const left = await rejectionsOf(engine, directory, marks);
    if (left.length > 0)
      findings.push({ file: 'lake/raw_rejections', column: 'original', what: 'clear value' });
    state.findings = findings;
    state.status = findings.length > 0 ? 'proof failed' : 'done';
    writeState(directory, state);
    if (findings.length > 0) throw new ErasureIncomplete(findings);

    const { raw_sales = 0, ...removed } = state.rows;
    const certificate = sealed({
      version: 1,
      erasure_id,
      asked_by: state.asked_by,
      asked_at: state.asked_at,
      finished_at: new Date(importer.now()).toISOString(),
      identifiers: countsByKind(scope.own),
      kept: state.kept,
      tombstones: scope.own.size,
      rows_removed: removed,
      rows_emptied: { raw_sales },
      builds_removed: state.builds_removed,
      build_id,
      exports,
      scanned,
      short_values: short,
      exceptions: [`${TOMBSTONES} holds the keyed hashes, so that the person stays out`],
      findings: 0,
    });
    return { certificate, file: writeCertificate(directory, certificate) };
  } finally {
    engine.close();
  }
}

/** The state to go on from: what an earlier run counted stays counted, what is there now comes to it. */
function begun(
  before: ErasureState | null,
  { erasure_id, scope, rows, rejections }: ErasurePlan,
  asked: AskedFor,
  now: string,
): ErasureState {
  const counted: RowsTaken = { ...rows, raw_rejections: rejections.length };
  const names = Object.keys(counted) as (keyof RowsTaken)[];
  const isOver = before === null || before.status === 'done';
  const sums = names.map((name) => {
    const [old, found] = [before?.rows[name] ?? 0, counted[name] ?? 0];
    // Of one that was interrupted the rows that are still there were counted already.
    return [name, isOver ? old + found : Math.max(old, found)] as const;
  });
  return {
    erasure_id,
    asked_by: Object.keys(asked).filter(
      (name) => name !== 'country' && asked[name as keyof AskedFor] !== undefined,
    ),
    asked_at: before?.asked_at ?? now,
    status: 'under way',
    kept: before?.kept.length ? before.kept : scope.kept.map(({ kind, why }) => ({ kind, why })),
    rows: Object.fromEntries(sums),
    builds_removed: before?.builds_removed ?? 0,
    findings: [],
  };
}

async function writeTombstones(
  engine: Engine,
  { directory }: ErasableShop,
  { erasure_id, asked_at }: ErasureState,
  { own }: ErasureScope,
): Promise<void> {
  const rows = Array.from(own, ([key, kind]) => `(${literal(key)}, ${literal(kind)})`).join(', ');
  await writeParquet(
    engine,
    join(directory.root, TOMBSTONES),
    erasure_id,
    `SELECT identifier_key, identifier_kind, ${literal(erasure_id)} AS erasure_id, CAST(${literal(asked_at)} AS timestamp) AS erased_at
     FROM (VALUES ${rows}) t(identifier_key, identifier_kind)`,
  );
}

function countsByKind(own: ReadonlyMap<string, IdentifierKind>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of own.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
