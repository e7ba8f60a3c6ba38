import type { Row } from '../../figures.ts';

/** How reasons begin, by the columns that they are about. */
const ABOUT: readonly [begins: string, columns: RegExp][] = [
  ['no ROAS', /^(?:spend|roas|roas_low|roas_high|cpa|cpa_low|cpa_high|margin_after_media)$/],
  ['no cost', /^margin/],
  ['no interval of purchases', /^(?:conversions|cpa)_(?:low|high)$/],
  ['no interval', /_(?:low|high)$/],
];

/** The reason, of those that a row gives, why a column has no figure; empty where it gives none. */
export function withheldOf(row: Row, column: string): string {
  const reasons = String(row.withheld ?? '').split('; ');
  return (
    reasons.find((reason) =>
      ABOUT.some(([begins, columns]) => reason.startsWith(begins) && columns.test(column)),
    ) ?? ''
  );
}
