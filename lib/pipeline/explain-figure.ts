import { type KpiGuide, kpiGuide } from '../domain/kpi-guide.ts';
import type { Cell, Row } from '../ports.ts';
import type { KpiAnswer } from './kpi-answer.ts';
import type { KpiQuestion, Published } from './kpi-question.ts';
import { checkQuestion, readsOf, reportKpi } from './report-kpi.ts';
import { readSqlFolder, type SqlFile, TABLE_FOLDERS } from './sql-files.ts';

/** How a figure came to be: the SQL that made it, the tables it stands on, and what was left out on the way. */
export interface FigureExplanation {
  kpi: KpiGuide;
  /** The answer without its rows: period, model, filters, build, graph. */
  answer: Omit<KpiAnswer, 'rows'>;
  /** The rows that are meant: all, or those with the label asked for. */
  rows: KpiAnswer['rows'];
  /** The statement as it was run, and the values of its `?` in order; where there are two, the second takes the same. */
  sql: string;
  parameters: { name: string; value: Cell }[];
  /** Each table behind it, the nearest first, down to what was received. */
  tables: SourceTable[];
  /** What did not count, by reason, in the whole of the build; a figure's own part of it where it has a place for it. */
  excluded: Exclusion[];
}

export interface SourceTable {
  name: string;
  /** What one row is. */
  grain: string;
  rows: number | null;
  reads: readonly string[];
  /** The statement that made it; null for what was received, for settings, and for what an algorithm made. */
  sql: string | null;
}

export interface Exclusion {
  /** revenue: where money went that no channel is credited for; received: records that were set aside; shown: rows withheld. */
  of: 'revenue' | 'received' | 'shown';
  bucket: string;
  reason: string;
  records: number;
  /** Major units; null where it is not about money. */
  revenue: number | null;
  currency: string | null;
}

/**
 * Explains the figures of a question, or those of one label.
 * @throws BadQuestion naming the field that does not fit
 */
export async function whyFigure(
  published: Published,
  question: KpiQuestion & { label?: string | undefined },
): Promise<FigureExplanation> {
  const { kpi, query, figures } = await checkQuestion(published, question);
  const { rows, ...answer } = await reportKpi(published, question);
  const filters = (kpi.filters ?? []).map(({ name }) => name);
  const names = ['from', 'to', 'model', 'by', ...filters, 'before_from', 'before_to'];
  const reads = readsOf(kpi);
  return {
    kpi: kpiGuide(kpi, reads),
    answer,
    rows: question.label === undefined ? rows : rows.filter(({ label }) => label === question.label),
    sql: figures
      ? `${query.select};\n\n-- beside the figures of ${figures.name}:\n${figures.select}`
      : query.select,
    parameters: query.parameters.map((value, at) => ({ name: names[at]!, value })),
    tables: tablesBehind(reads, published),
    excluded: [
      ...(await revenueNotCredited(published, question.model)),
      ...(await recordsSetAside(published)),
      ...withheld(answer),
    ],
  };
}

/** Tables by how far they are from the query, each once. */
function tablesBehind(reads: readonly string[], { manifest }: Published): SourceTable[] {
  const files = new Map<string, SqlFile>(
    TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder)).map((file) => [file.name, file]),
  );
  const rows = new Map(manifest.tables.map((table) => [table.name, table.rows]));
  const found = new Map<string, SourceTable>();
  const queue = [...reads];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    const file = files.get(name);
    found.set(name, {
      name,
      grain: file?.grain ?? grainOfGiven(name),
      rows: rows.get(name) ?? null,
      reads: file?.reads ?? [],
      sql: file?.select ?? null,
    });
    queue.push(...(file?.reads ?? []));
  }
  return [...found.values()];
}

function grainOfGiven(name: string): string {
  if (name.startsWith('raw_')) return 'As received and accepted.';
  return name.startsWith('seed_')
    ? 'Settings or rules of the shop.'
    : 'Made by an algorithm between the SQL.';
}

/** Of the model asked for; without one, of the model that is first by name: all of them leave out the same. */
async function revenueNotCredited(published: Published, model: string | undefined): Promise<Exclusion[]> {
  const answer = await reportKpi(published, { kpi: 'reconciliation', model });
  const first = answer.rows[0]?.model;
  return answer.rows
    .filter((row) => row.model === first && ['unattributed', 'excluded'].includes(String(row.bucket)))
    .map((row) => ({
      of: 'revenue' as const,
      bucket: String(row.bucket),
      reason: String(row.label),
      records: Number(row.records),
      revenue: row.revenue as number | null,
      currency: (row.currency as string | null) ?? null,
    }));
}

async function recordsSetAside(published: Published): Promise<Exclusion[]> {
  const rows: Row[] = await published.query(
    `SELECT measure, CAST(sum(records) AS bigint) AS records FROM data_quality_daily
     WHERE measure LIKE 'set_aside_%' GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  return rows.map(({ measure, records }) => ({
    of: 'received' as const,
    bucket: 'set_aside',
    reason: String(measure).replace('set_aside_', ''),
    records: Number(records),
    revenue: null,
    currency: null,
  }));
}

function withheld({ suppressed_rows, min_persons }: Omit<KpiAnswer, 'rows'>): Exclusion[] {
  if (suppressed_rows === 0) return [];
  const reason = `fewer than ${min_persons} people`;
  return [
    { of: 'shown', bucket: 'suppressed', reason, records: suppressed_rows, revenue: null, currency: null },
  ];
}
