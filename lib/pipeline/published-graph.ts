import type { Published } from './report-kpi.ts';

/** The row of identity_graph. */
export interface GraphFacts {
  graph_version: string;
  stitching: string;
  identifiers: number;
  links: number;
  refused_links: number;
  shared_identifiers: number;
  persons: number;
  largest_person: number;
  withdrawn_persons: number;
}

/** Identifiers whose person a build changed, by how and why. */
export type GraphChanges = {
  person_change: string;
  changed_by: string;
  identifiers: number;
  /** Persons of the build before that they belonged to. */
  persons_before: number;
}[];

/** What the identity graph of a published build comes to. */
export async function publishedGraph({ query }: Published): Promise<GraphFacts> {
  const [row] = await query('SELECT * FROM identity_graph');
  return row as unknown as GraphFacts;
}

/** What a published build changed against the one before it. */
export async function publishedChanges({ query }: Published): Promise<GraphChanges> {
  const rows = await query(
    `SELECT person_change, changed_by, count(*) AS identifiers, count(DISTINCT person_before) AS persons_before
     FROM identity_changes GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  );
  return rows as unknown as GraphChanges;
}
