import type { Audience } from './audience.ts';
import { LEAST_SETTING } from './audience.ts';
import type { KpiAnswer } from './kpi-answer.ts';
import type { Published } from './kpi-question.ts';

/** What every answer from a build says beside its rows. It does not change while the build stands. */
export interface BuildFacts {
  zone: string;
  dataLabel: string | null;
  /** How many people a row must have. */
  least: Record<Audience, number>;
  identity: KpiAnswer['identity'];
  identification: KpiAnswer['identification'];
  dataCompleteThrough: string | null;
  /** Hash of the settings of each model that is enabled, by name. */
  models: ReadonlyMap<string, string | null>;
}

/** Builds that were made before there was a setting. */
const LEAST_WITHOUT_SETTING = { inside: 10, outside: 50 };

const known = new WeakMap<Published['manifest'], Promise<BuildFacts>>();

/** The facts of a build, read once. */
export function factsOf(published: Published): Promise<BuildFacts> {
  const before = known.get(published.manifest);
  if (before !== undefined) return before;
  const facts = readFacts(published);
  known.set(published.manifest, facts);
  // What could not be read is tried again.
  facts.catch(() => known.delete(published.manifest));
  return facts;
}

async function readFacts(published: Published): Promise<BuildFacts> {
  const [settings, identity, identification, dataCompleteThrough, models] = await Promise.all([
    settingsOf(published),
    identityOf(published),
    identificationOf(published),
    completeThrough(published),
    modelsOf(published),
  ]);
  return { ...settings, identity, identification, dataCompleteThrough, models };
}

const has = ({ manifest }: Published, table: string) => manifest.tables.some(({ name }) => name === table);

async function settingsOf(published: Published) {
  const [row] = await published.query(
    `SELECT
       s.reporting_zone,
       (SELECT max(value) FROM seed_settings WHERE name = 'data_label') AS data_label,
       (SELECT max(value) FROM seed_settings WHERE name = ?) AS inside,
       (SELECT max(value) FROM seed_settings WHERE name = ?) AS outside
     FROM settings s`,
    [LEAST_SETTING.inside, LEAST_SETTING.outside],
  );
  return {
    zone: String(row?.reporting_zone),
    dataLabel: (row?.data_label as string | null) ?? null,
    least: {
      inside: Number(row?.inside ?? LEAST_WITHOUT_SETTING.inside),
      outside: Number(row?.outside ?? LEAST_WITHOUT_SETTING.outside),
    },
  };
}

async function identityOf(published: Published): Promise<BuildFacts['identity']> {
  if (!has(published, 'identity_graph')) return null;
  const [graph] = await published.query('SELECT graph_version, stitching FROM identity_graph');
  return graph ? { graph_version: String(graph.graph_version), stitching: String(graph.stitching) } : null;
}

/** By revenue only where there is one currency: amounts of several do not add up. */
async function identificationOf(published: Published): Promise<BuildFacts['identification']> {
  if (!has(published, 'identified_purchases')) return null;
  const rows = await published.query(
    'SELECT purchases, identified_purchases, revenue_minor, identified_minor FROM identified_purchases',
  );
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
  const share = (part: number, whole: number) => (whole > 0 ? Number((part / whole).toFixed(6)) : null);
  return {
    purchases: share(sum('identified_purchases'), sum('purchases')),
    revenue: rows.length === 1 ? share(sum('identified_minor'), sum('revenue_minor')) : null,
  };
}

async function completeThrough(published: Published): Promise<string | null> {
  if (!has(published, 'data_freshness')) return null;
  const [row] = await published.query(
    `SELECT date_format(CAST(max(complete_through) AS timestamp(6)), '%Y-%m-%d') AS day
     FROM data_freshness WHERE source = 'shop'`,
  );
  return row?.day == null ? null : String(row.day);
}

async function modelsOf(published: Published): Promise<Map<string, string | null>> {
  const hashes = has(published, 'fitted_models')
    ? 'fitted_models'
    : '(SELECT model, CAST(NULL AS varchar) AS config_hash FROM seed_attribution_models)';
  const rows = await published.query(
    `SELECT s.model, f.config_hash
     FROM seed_attribution_models s
     LEFT JOIN ${hashes} f ON f.model = s.model
     WHERE s.is_enabled
     ORDER BY s.model`,
  );
  return new Map(rows.map(({ model, config_hash }) => [String(model), config_hash as string | null]));
}
