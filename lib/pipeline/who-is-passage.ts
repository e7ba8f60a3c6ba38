import {
  JUDGED_BY_PERSONS,
  KIND_CODES,
  LINKS,
  limitsOf,
  mostOf,
  PERSONS,
} from '../domain/identity-policy.ts';
import type { IdentityLink } from '../ports.ts';
import type { IdentityRules } from './who-is.ts';

const { customer: ACCOUNT, loyalty: CARD, phone: PHONE, payment: PAYMENT } = KIND_CODES;

/**
 * Whether what lies behind an identifier can matter, by its own links. Not behind one that is blocked, has too many
 * links, or is shared by its own links alone, as accounts, emails and phones are, and cards of several accounts. Whether
 * other cards and devices are shared may depend on what is behind their neighbours: the way leads through them.
 */
export function passageBy({
  limits: rows,
  rules,
}: IdentityRules): (identifierKey: string, own: readonly IdentityLink[]) => boolean {
  const limits = limitsOf(rows);
  const keysOf = (rule: string) =>
    new Set(rules.filter((row) => row.rule === rule).map(({ identifier_key }) => identifier_key));
  const [blocked, allowed] = [keysOf('block'), keysOf('allow')];
  /** Accounts that were found shared: they count for no card. */
  const shared = new Set<string>();
  return (identifierKey, own) => {
    if (own.length === 0 || blocked.has(identifierKey)) return false;
    if (allowed.has(identifierKey)) return true;
    const counts = new Int32Array(PERSONS + 1);
    let kind = 0;
    let accounts = 0;
    for (const link of own) {
      const isStrong = link.strong_key === identifierKey;
      kind = isStrong ? link.strong_kind : link.weak_kind;
      const [other, otherKind] = isStrong
        ? [link.weak_key, link.weak_kind]
        : [link.strong_key, link.strong_kind];
      if (blocked.has(other)) continue;
      counts[otherKind]!++;
      counts[LINKS]!++;
      if (otherKind === ACCOUNT && !shared.has(other)) accounts++;
      if (otherKind <= PHONE) counts[PERSONS]!++;
    }
    if (kind === PAYMENT || counts[LINKS]! < 2) return true;
    const isBeyond = (counted: number) => counts[counted]! > mostOf(limits, kind, counted);
    const isOfMany = counts.some((_, counted) => counted !== LINKS && isBeyond(counted));
    if (!JUDGED_BY_PERSONS.includes(kind)) {
      if (!isOfMany && !isBeyond(LINKS)) return true;
      shared.add(identifierKey);
      return false;
    }
    // Fewer persons than these may be behind them, never more: what is not shared by them has too many links for good.
    if (isBeyond(LINKS) && !isOfMany) return false;
    return kind !== CARD || accounts <= mostOf(limits, CARD, ACCOUNT);
  };
}
