/** Why a line, a contact or a view does not count, in words. */

const TREATMENTS: Record<string, string> = {
  superseded_version: 'an older version of the document; the version that counts is listed above',
  reported_by_event_too: 'the web event reports what the back office reports too; the back office counts',
  currency_mismatch: 'another currency than its document: amounts are never converted',
  reservation_paid_in_store: 'a reservation; the receipt that took the money counts',
  reservation_not_paid: 'a reservation that no receipt has paid',
  order_handed_over: 'goods of a web order that was paid online; the order counts',
  refund_reported_twice: 'the back office reports this refund too, and counts',
};

/** Null for lines that count: merchandise sold or given back. */
export function whyLineExcluded(treatment: string): string | null {
  if (treatment === 'sale' || treatment === 'return') return null;
  return TREATMENTS[treatment] ?? `no merchandise: ${treatment.replaceAll('_', ' ')}`;
}

export interface PlaceLimits {
  lookback_days: number;
  lookback_steps: number;
  window_days: number;
}

/** Why happenings of a kind and place are on no path and no research; null where they may be. */
export function whyPlaceExcluded(kind: string, place: string, limits: PlaceLimits): string | null {
  if (place === 'after') return 'after the purchase';
  if (kind === 'touchpoint') {
    if (place === 'older') return `older than the look-back of ${limits.lookback_days} days`;
    if (place === 'beyond_steps') return `beyond the last ${limits.lookback_steps} touchpoints before it`;
    if (place === 'used_before') return 'before an earlier purchase, which they were credited for';
  }
  if (place === 'older')
    return kind === 'product_view' ? 'older than 60 days, the longest window of ROPO' : 'older than 60 days';
  return null;
}
