import type { Row } from '../ports.ts';
import { explainLines, type MatchRow } from './explain-lines.ts';
import { explainPerson } from './explain-person.ts';
import { exclusionsOf, explainTimeline } from './explain-timeline.ts';
import type {
  ExplainedDocument,
  ExplainedModel,
  ExplainedPerson,
  ExplainedReturn,
  Explanation,
} from './explanation.ts';
import type { Published } from './report-kpi.ts';
import { readSqlFolder } from './sql-files.ts';

const queries = new Map(readSqlFolder('explain').map((file) => [file.name, file.select]));

const ask = (published: Published, name: string, ...parameters: (string | number | null)[]) =>
  published.query(queries.get(name)!, parameters);

/** A document that a number may mean, with what its row says. */
export type Candidate = Row;

/**
 * The documents that a number means: a whole key means one, a receipt or order number those that carry it, the number
 * of an order that is not known the receipts that name it. More than one: the number is ambiguous.
 * @param storeId only documents of that store
 */
export async function documentsMeant(
  published: Published,
  id: string,
  storeId: string | null,
): Promise<Candidate[]> {
  const rows = await ask(published, 'documents', id, storeId);
  return rows.filter((row) => row.meant_by === rows[0]!.meant_by);
}

/** How many happenings of a kind the timeline shows where not all are asked for. */
const MOST = 12;

/**
 * Everything about one receipt or order: lines, person, timeline, research, credit, returns, and what was left out.
 * Asks a fixed number of questions; none is more than one pass over a table.
 * @param showsAll whether the timeline is whole, out of reach included
 */
export async function explainReceipt(
  published: Published,
  candidate: Candidate,
  showsAll = false,
): Promise<Explanation> {
  const id = String(candidate.document_id);
  const isKnown = candidate.person_id !== null;
  const lineRows = await ask(published, 'lines', id);
  const matches = (await ask(published, 'matches', id)) as unknown as MatchRow[];
  const happened = isKnown ? await ask(published, 'happenings', id, showsAll ? null : MOST) : [];
  const identifiers = isKnown ? await ask(published, 'identifiers', String(candidate.person_id)) : [];
  const credits = await ask(published, 'credits', id);
  const returns = await ask(published, 'returns', id);
  const related =
    candidate.order_id === null ? [] : await ask(published, 'related', id, String(candidate.order_id));
  const [label] = await published.query(
    "SELECT max(value) AS data_label FROM seed_settings WHERE name = 'data_label'",
  );
  const lines = explainLines(lineRows, matches, candidate);
  const person = explainPerson(candidate, identifiers, related);
  return {
    data_label: (label?.data_label as string | null) ?? null,
    build_id: published.manifest.build_id,
    built_at: published.manifest.built_at,
    document: documentOf(candidate, related),
    person,
    timeline: explainTimeline(happened, matches, lineRows, showsAll),
    lines,
    models: modelsOf(credits),
    no_credit: credits.length > 0 ? null : whyNoCredit(candidate, person),
    returns: returns as unknown as ExplainedReturn[],
    excluded: exclusionsOf(happened, candidate, lines),
  };
}

function documentOf(row: Candidate, related: readonly Row[]): ExplainedDocument {
  const { document_id, document_kind, receipt_id, order_id, store_id, store_name, region } = row;
  const { time_zone, occurred_at, local_at, currency, tender, conversion_kind, revenue_minor } = row;
  return {
    document_id,
    document_kind,
    receipt_id,
    order_id,
    store_id,
    store_name,
    region,
    time_zone,
    occurred_at,
    local_at,
    currency,
    tender,
    conversion_kind,
    revenue_minor,
    related: related.map((other) => ({
      document_id: other.document_id,
      document_kind: other.document_kind,
      is_sale: other.is_sale,
    })),
  } as ExplainedDocument;
}

function modelsOf(credits: readonly Row[]): ExplainedModel[] {
  const models = new Map<string, ExplainedModel>();
  for (const row of credits) {
    const name = String(row.model);
    const model = models.get(name) ?? {
      model: name,
      credited_minor: 0,
      taken_back_minor: 0,
      touchpoints: [],
    };
    models.set(name, model);
    const touchpoint = {
      position: Number(row.position),
      touched_at: String(row.touched_at),
      channel: String(row.channel),
      campaign: String(row.campaign),
      share: Number(row.share),
      credited_minor: Number(row.credited_minor),
      taken_back_minor: Number(row.taken_back_minor),
    };
    model.touchpoints.push(touchpoint);
    model.credited_minor += touchpoint.credited_minor;
    model.taken_back_minor += touchpoint.taken_back_minor;
  }
  return [...models.values()];
}

function whyNoCredit(row: Candidate, person: ExplainedPerson): string {
  if (row.conversion_kind === null) return 'It is no purchase of its own: nothing on it counts as sold';
  if (person.why_unknown !== null) return `Nobody is known to credit. ${person.why_unknown}`;
  return `The person has no touchpoint in the ${row.lookback_days} days before it`;
}
