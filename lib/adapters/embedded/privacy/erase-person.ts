import { join } from 'node:path';
import type { IdentifierKind } from '../../../domain/identifier.ts';
import { type ErasureCertificate, sealed } from '../../../pipeline/privacy/certificate.ts';
import { ErasureIncomplete } from '../../../pipeline/privacy/erasure-incomplete.ts';
import type { ErasureScope } from '../../../pipeline/privacy/erasure-scope.ts';
import { type AskedFor, needlesOf } from '../../../pipeline/privacy/needles.ts';
import { type Engine, literal, openEngine } from '../duckdb.ts';
import { writeParquet } from '../table-files.ts';
import {
  checkExports,
  emptySpill,
  forgetIdentities,
  forgetRules,
  removeOtherBuilds,
} from './erasure-places.ts';
import { type ErasableShop, type ErasurePlan, planErasure } from './erasure-plan.ts';
import { type ErasureState, readState, writeCertificate, writeState } from './erasure-state.ts';
import { searchFolder, TOMBSTONES } from './proof.ts';
import { type RowsTaken, takeOutRows } from './raw-rewrite.ts';
import { rejectionsOf, takeOutRejections } from './rejections-of.ts';

export const ERASURE_STEPS = ['tombstones', 'identities', 'rows', 'rejections', 'build', 'proof'] as const;
export type ErasureStep = (typeof ERASURE_STEPS)[number];

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
    delete state.documents;
    writeState(directory, state);
    onStep('rejections');
    await takeOutRejections(engine, directory, await rejectionsOf(engine, directory, marks));
    state.rules_removed += forgetRules(directory, marks);
    writeState(directory, state);
    onStep('build');
    const { build_id } = await shop.build();
    state.builds_removed += removeOtherBuilds(directory);
    writeState(directory, state);

    onStep('proof');
    const { needles, short } = needlesOf(asked, scope.own.keys());
    const exports = await checkExports(directory, needles);
    const { scanned, findings, remarks } = await searchFolder(engine, directory.root, needles);
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
      rules_removed: state.rules_removed,
      builds_removed: state.builds_removed,
      build_id,
      exports,
      scanned,
      short_values: short,
      remarks,
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
  { erasure_id, scope, rows, rejections, documents }: ErasurePlan,
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
    rules_removed: before?.rules_removed ?? 0,
    documents: [...documents],
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
