import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RAW_TABLES } from '../../../domain/raw-tables.ts';
import {
  type Cutoff,
  cutoffs,
  longestLookback,
  type RetainedTable,
  retentionRules,
} from '../../../pipeline/privacy/retention.ts';
import { readSeeds } from '../../../pipeline/seeds.ts';
import { createClosedPeriods } from '../closed-periods.ts';
import { type Engine, literal, openEngine, pathLiteral } from '../duckdb.ts';
import { scanOf } from '../raw-files.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import { writeParquet } from '../table-files.ts';
import { openPublished } from '../warehouse.ts';
import type { ErasableShop } from './erasure-plan.ts';
import { keyColumnsOf } from './person-records.ts';
import { emptied, type Rewriting, rewriteTable } from './raw-rewrite.ts';

/** What of a table is older than it keeps. */
export interface Expired extends Cutoff {
  rows: number;
}

/** When a row of a table happened. */
const timeOf = (table: RetainedTable) => (table === 'raw_rejections' ? 'received_at' : 'occurred_at');

function rewritingOf(table: RetainedTable, before: string): Rewriting {
  const isOld = `coalesce(${timeOf(table)} < CAST(${literal(before)} AS timestamp), false)`;
  if (table !== 'raw_sales') return { condition: isOld };
  const keys = keyColumnsOf(table);
  const isKnown = keys.map((column) => `${column} IS NOT NULL`).join(' OR ');
  return { condition: `${isOld} AND (${isKnown})`, instead: emptied(keys) };
}

/** How many rows of each table are older than it keeps; changes nothing. */
export async function planRetention(
  engine: Engine,
  directory: ShopDirectory,
  now: number,
): Promise<Expired[]> {
  const seeds = readSeeds(directory.seeds);
  const closings = await createClosedPeriods(directory, engine).list();
  const found = cutoffs(retentionRules(seeds), {
    now,
    closedThrough: closings.at(-1)?.closed_through ?? null,
    lookbackDays: longestLookback(seeds),
  });
  return Promise.all(
    found.map(async (cutoff) => {
      if (cutoff.before === null) return { ...cutoff, rows: 0 };
      const { table } = cutoff.rule;
      const [row] = await engine.rows(
        `SELECT count(*) AS n FROM ${scanOf(join(directory.lake, table), RAW_TABLES[table])}
         WHERE ${rewritingOf(table, cutoff.before).condition}`,
      );
      return { ...cutoff, rows: Number(row?.n) };
    }),
  );
}

/**
 * Takes away what is older than its table keeps, and builds. The credit that closed days had through it is kept as sums,
 * so that their figures stay and no change is booked. After a crash the next run goes on.
 */
export async function retain(shop: ErasableShop): Promise<Expired[]> {
  const { directory, importer } = shop;
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const plan = await planRetention(engine, directory, importer.now());
    const expired = plan.filter(({ rows }) => rows > 0);
    let before = creditBefore(directory);
    if (expired.length === 0 && before === null) return plan;
    const closing = (await createClosedPeriods(directory, engine).list()).at(-1);
    if (closing && before === null) {
      await shop.build();
      before = await keepCredit(engine, directory, closing.closed_through, importer.now());
    }
    for (const { rule, before: cutoff } of expired)
      await rewriteTable(engine, join(directory.lake, rule.table), () => rewritingOf(rule.table, cutoff!));
    await shop.build();
    if (closing && before !== null) {
      await keepWhatIsLost(engine, directory, closing, before);
      await shop.build();
      rmSync(before);
    }
    return plan;
  } finally {
    engine.close();
  }
}

const MEASURES = [
  ['credited_purchases', 'credit_billionths'],
  ['credited_sold', 'sold_minor'],
  ['credited_returned', 'returned_minor'],
  ['credited_in_store', 'store_revenue_minor'],
  ['credited_by_purchase_date', 'accrued_minor'],
];
const ABOUT = 'measure, model, channel, source, medium, campaign, currency';

const BEFORE = 'credit-before-';

/** The file with the credit of closed days as it was before anything was taken away; null when none is under way. */
function creditBefore({ root }: ShopDirectory): string | null {
  const folder = join(root, 'privacy');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = names.find((each) => each.startsWith(BEFORE) && each.endsWith('.parquet'));
  return name === undefined ? null : join(folder, name);
}

const creditOf = (closedThrough: string) =>
  MEASURES.map(
    ([measure, column]) =>
      `SELECT '${measure}' AS measure, model, channel, source, medium, campaign, currency, CAST(sum(${column}) AS bigint) AS amount
       FROM channel_figures WHERE day <= CAST(${literal(closedThrough)} AS date) GROUP BY ALL`,
  ).join(' UNION ALL ');

async function keepCredit(
  engine: Engine,
  directory: ShopDirectory,
  closedThrough: string,
  now: number,
): Promise<string> {
  await openPublished(directory, engine);
  const folder = join(directory.root, 'privacy');
  const file = join(folder, `${BEFORE}${new Date(now).toISOString().replaceAll(/\D/g, '')}.parquet`);
  mkdirSync(folder, { recursive: true });
  await engine.run(`COPY (${creditOf(closedThrough)}) TO ${literal(`${file}.tmp`)} (FORMAT parquet)`);
  renameSync(`${file}.tmp`, file);
  return file;
}

/**
 * Writes what closed days are credited less now, as sums beside what their closings keep; under the name of what was
 * before, so that doing it again changes nothing.
 */
async function keepWhatIsLost(
  engine: Engine,
  directory: ShopDirectory,
  closing: { closed_through: string; closed_at: string; build_id: string },
  before: string,
): Promise<void> {
  await openPublished(directory, engine);
  const columns = Object.keys(RAW_TABLES.raw_closings);
  const given: Record<string, string> = {
    closed_through: `CAST(${literal(closing.closed_through)} AS date)`,
    closed_at: `CAST(${literal(closing.closed_at)} AS timestamp)`,
    build_id: literal(closing.build_id),
    entry: "'retained'",
    day: `CAST(${literal(closing.closed_through)} AS date)`,
    is_adjustment: 'false',
  };
  const cells = columns.map((column) => {
    if (column in given) return `${given[column]} AS ${column}`;
    if (ABOUT.split(', ').includes(column)) return `l.${column}`;
    if (column === 'amount') return 'l.amount';
    return `CAST(NULL AS varchar) AS ${column}`;
  });
  const lost = `
    SELECT ${ABOUT}, CAST(sum(amount) AS bigint) AS amount
    FROM (
      SELECT ${ABOUT}, amount FROM read_parquet(${pathLiteral(before)})
      UNION ALL
      SELECT ${ABOUT}, -amount FROM (${creditOf(closing.closed_through)})
    )
    GROUP BY ALL HAVING sum(amount) <> 0`;
  const models = `SELECT DISTINCT model FROM ${scanOf(join(directory.lake, 'raw_closings'), RAW_TABLES.raw_closings)} WHERE entry = 'closing'`;
  const [counted] = await engine.rows(
    `SELECT count(*) AS n FROM (${lost}) l SEMI JOIN (${models}) m USING (model)`,
  );
  if (Number(counted?.n) > 0) {
    await writeParquet(
      engine,
      join(directory.lake, 'raw_closings'),
      basename(before, '.parquet').replace(BEFORE, 'retained-'),
      `SELECT ${cells.join(', ')} FROM (${lost}) l SEMI JOIN (${models}) m USING (model)`,
    );
  }
}
