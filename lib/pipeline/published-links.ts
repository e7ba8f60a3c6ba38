import type { LimitRow, RuleRow } from '../domain/identity-policy.ts';
import type { IdentityLink, IdentityStore, Row } from '../ports.ts';
import type { Published } from './report-kpi.ts';
import type { IdentityRules } from './who-is.ts';

const COLUMNS = 'strong_key, strong_kind, weak_key, weak_kind, first_seen';

/** The evidence of a published build, to be asked as the online graph is: a question scans the table. */
export const publishedLinks = ({ query }: Published): Pick<IdentityStore, 'linksOf'> => ({
  async linksOf(identifierKey, limit) {
    const rows = await query(
      `SELECT ${COLUMNS} FROM (
         SELECT ${COLUMNS}, weak_key AS other FROM identity_pairs WHERE strong_key = CAST(? AS varchar)
         UNION ALL
         SELECT ${COLUMNS}, strong_key FROM identity_pairs WHERE weak_key = CAST(? AS varchar)
       ) ORDER BY other LIMIT ${Math.floor(limit)}`,
      [identifierKey, identifierKey],
    );
    return rows.map(linkOf);
  },
});

/** Parts that all links are read in, by what their strong key begins with: one of base64url's characters. */
const BEGINNINGS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** All links of a published build, a part at a time: a sixty-fourth of them is in memory at once. */
export async function* allPublishedLinks({ query }: Published): AsyncGenerator<IdentityLink[]> {
  for (const beginning of BEGINNINGS) {
    const rows = await query(
      `SELECT ${COLUMNS} FROM identity_pairs WHERE substr(strong_key, 1, 1) = CAST(? AS varchar) ORDER BY strong_key, weak_key`,
      [beginning],
    );
    if (rows.length > 0) yield rows.map(linkOf);
  }
}

/** The limits and manual rules that a published build stands on. */
export async function publishedRules({ query }: Published): Promise<IdentityRules> {
  const limits = await query('SELECT * FROM seed_identity_limits ORDER BY limit_name');
  const rules = await query('SELECT * FROM seed_identity_rules ORDER BY rule_id');
  return { limits: limits as unknown as LimitRow[], rules: rules as unknown as RuleRow[] };
}

const linkOf = (row: Row): IdentityLink => ({
  strong_key: String(row.strong_key),
  strong_kind: Number(row.strong_kind),
  weak_key: String(row.weak_key),
  weak_kind: Number(row.weak_kind),
  first_seen: String(row.first_seen),
});
