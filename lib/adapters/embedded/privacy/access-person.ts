import { join } from 'node:path';
import { erasedAmong } from '../../../domain/accept/erased.ts';
import { RAW_TABLES } from '../../../domain/raw-tables.ts';
import {
  type AccessFile,
  type AccessTable,
  accessTable,
  NOTES,
  timelineOf,
  type Zones,
} from '../../../pipeline/privacy/access-file.ts';
import type { AskedFor } from '../../../pipeline/privacy/needles.ts';
import { describeTables } from '../../../pipeline/table-guide.ts';
import type { BuildManifest, Row } from '../../../ports.ts';
import { type Engine, literal, openEngine } from '../duckdb.ts';
import { scanOf } from '../raw-files.ts';
import { openPublished } from '../warehouse.ts';
import { type ErasableShop, type ErasurePlan, planErasure } from './erasure-plan.ts';
import { keyColumnsOf, PERSONAL_TABLES } from './person-records.ts';
import type { PersonMarks } from './rejections-of.ts';

const HOLDS: Record<(typeof PERSONAL_TABLES)[number], string> = {
  raw_events: 'What a browser or app reported, as it was stored',
  raw_touches: 'Contacts by marketing, as they were stored',
  raw_visits: 'Visits to stores, as they were stored',
  raw_consents: 'What was said about consent',
  raw_feedback: 'Scores, contacts with the service and reasons of return, as they were stored',
  raw_sales: 'Lines of orders, receipts and refunds, as they were stored',
};

/** Published tables whose rows are of one document of sale, and the column that names it. */
const OF_DOCUMENTS = ['document_id', 'conversion_id'] as const;

/**
 * Everything that a shop keeps about one person. Who that is is decided as for an erasure, so that nothing is given that
 * may be of somebody else.
 * @throws NobodyMeant, SharedByMany as an erasure does
 */
export async function accessPerson(shop: ErasableShop, asked: AskedFor): Promise<AccessFile> {
  const { directory, importer } = shop;
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const plan = await planErasure(shop, asked, engine);
    const published = await openPublished(directory, engine);
    const zones = await zonesOf(shop, engine, published !== null);
    const raw = await Promise.all(
      PERSONAL_TABLES.map(async (table) => ({ table, rows: await rawRowsOf(engine, directory.lake, table) })),
    );
    const mentioning = await rejectedRows(engine, directory.lake, plan.rejections);
    const rejected = mentioning.filter(({ record }) => isRecordOf(record, plan.marks));
    const built = published ? await publishedRows(engine, published.manifest, plan, zones) : [];
    return {
      made_at: new Date(importer.now()).toISOString(),
      build_id: published?.manifest.build_id ?? null,
      zone: zones.shop,
      identifiers: Array.from(plan.scope.own, ([key, kind]) => ({ kind, key: key.slice(0, 6) })),
      shared: plan.scope.kept.map(({ kind, key, why }) => ({ kind, key: key.slice(0, 6), why })),
      notes: NOTES,
      timeline: timelineOf(raw, zones),
      tables: [
        ...raw.map(({ table, rows }) => accessTable(table, HOLDS[table], rows, zones)),
        accessTable('raw_rejections', 'Records that were set aside, as they came', rejected, zones),
        ...built,
      ].filter(({ rows }) => rows.length > 0),
    };
  } finally {
    engine.close();
  }
}

async function zonesOf({ importer }: ErasableShop, engine: Engine, isBuilt: boolean): Promise<Zones> {
  const stores = await importer.lake.stores();
  const [settings] = isBuilt ? await engine.rows('SELECT reporting_zone FROM settings') : [];
  return {
    shop: String(settings?.reporting_zone ?? 'UTC'),
    stores: new Map(Array.from(stores, ([id, { time_zone }]) => [id, time_zone])),
  };
}

/** Rows that carry one of the person's own keys; of a sale all versions and lines of the document. */
async function rawRowsOf(
  engine: Engine,
  lake: string,
  table: (typeof PERSONAL_TABLES)[number],
): Promise<Row[]> {
  const scan = scanOf(join(lake, table), RAW_TABLES[table]);
  const isOwn = keyColumnsOf(table)
    .map((column) => `${column} IN (SELECT identifier_key FROM erased_keys)`)
    .join(' OR ');
  const condition =
    table === 'raw_sales' ? `document_id IN (SELECT document_id FROM ${scan} WHERE ${isOwn})` : isOwn;
  return engine.rows(`SELECT * FROM ${scan} WHERE ${condition} ORDER BY occurred_at, record_id`);
}

/**
 * Whether a record that was set aside carries one of the person's keys as its own. What only mentions the person, or
 * could not be read, may be somebody else's.
 */
function isRecordOf(record: Row[string] | undefined, { identify, keys, countries }: PersonMarks): boolean {
  if (typeof record !== 'string') return false;
  const fields = Object.entries(JSON.parse(record) as Record<string, unknown>);
  const clear = Object.fromEntries(fields.filter(([, value]) => typeof value === 'string'));
  return [null, ...countries].some((country) => erasedAmong(keys)(identify(clear, country)));
}

async function rejectedRows(engine: Engine, lake: string, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return engine.rows(
    `SELECT * FROM ${scanOf(join(lake, 'raw_rejections'), RAW_TABLES.raw_rejections)}
     WHERE rejection_id IN (${ids.map(literal).join(', ')}) ORDER BY received_at, line`,
  );
}

/**
 * What the build made of it. Where the graph counts identifiers of others to the person too (a card of a household), only
 * what hangs on the person's own documents is given.
 */
async function publishedRows(
  engine: Engine,
  manifest: BuildManifest,
  { scope }: ErasurePlan,
  zones: Zones,
): Promise<AccessTable[]> {
  const published = await engine.rows(
    'SELECT DISTINCT person_id FROM persons WHERE identifier_key IN (SELECT identifier_key FROM erased_keys)',
  );
  const persons = new Set([
    ...published.flatMap(({ person_id }) => (person_id === null ? [] : [String(person_id)])),
    ...Array.from(scope.own.keys(), (key) => `p${key.slice(0, 11)}`),
  ]);
  const others = await engine.rows(
    `SELECT DISTINCT person_id FROM persons
     WHERE identifier_key NOT IN (SELECT identifier_key FROM erased_keys) AND person_id IN (${listOf(persons)})`,
  );
  const alone = Array.from(persons).filter((person) => !others.some((row) => row.person_id === person));
  const documents = await engine.rows(
    `SELECT DISTINCT document_id FROM raw_sales
     WHERE ${keyColumnsOf('raw_sales')
       .map((column) => `${column} IN (SELECT identifier_key FROM erased_keys)`)
       .join(' OR ')}`,
  );
  const own = listOf(documents.map((row) => String(row.document_id)));
  const guides = new Map(describeTables().map(({ name, grain }) => [name, grain]));
  const tables: AccessTable[] = [];
  for (const { name } of manifest.tables) {
    const grain = guides.get(name);
    if (grain === undefined) continue;
    const columns = (await engine.rows(`DESCRIBE ${name}`)).map((row) => String(row.column_name));
    const conditions = [
      ...(columns.includes('person_id') ? [`person_id IN (${listOf(alone)})`] : []),
      ...OF_DOCUMENTS.filter((column) => columns.includes(column)).map((column) => `${column} IN (${own})`),
    ];
    if (conditions.length === 0) continue;
    const rows = await engine.rows(`SELECT * FROM ${name} WHERE ${conditions.join(' OR ')}`);
    tables.push(accessTable(name, grain, rows, zones));
  }
  return tables;
}

const listOf = (values: Iterable<string>) => {
  const list = Array.from(values, literal).join(', ');
  return list === '' ? 'NULL' : list;
};
