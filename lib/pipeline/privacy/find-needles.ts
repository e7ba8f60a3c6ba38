import { readingsOf } from '../../domain/erased-readings.ts';
import type { Needle } from './needles.ts';

const LETTER_BEFORE = /[\p{L}\p{N}]$/u;
const LETTER_AFTER = /^[\p{L}\p{N}]/u;
/** joanna@example.com and j.anna@example.com are not anna@example.com; nor is anna@example.com.au. */
const ADDRESS_BEFORE = /[\p{L}\p{N}][._+'-]?$/u;
const ADDRESS_AFTER = /^\.?[\p{L}\p{N}]/u;

/** Which of the needles some reading of a text holds. Time: the readings x needles. */
export function needlesIn(text: string, needles: readonly Needle[]): Set<Needle> {
  const found = new Set<Needle>();
  for (const reading of readingsOf(text)) {
    const lower = reading.toLowerCase();
    for (const needle of needles)
      if (!found.has(needle) && isApartIn(needle.anyCase ? lower : reading, needle)) found.add(needle);
    if (found.size === needles.length) break;
  }
  return found;
}

function isApartIn(text: string, { text: wanted, apart }: Needle): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (apart === 'anything') return true;
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + wanted.length, at + wanted.length + 2);
    const isAddress = apart === 'more of an address';
    if (!(isAddress ? ADDRESS_BEFORE : LETTER_BEFORE).test(before)) {
      if (!(isAddress ? ADDRESS_AFTER : LETTER_AFTER).test(after)) return true;
    }
  }
  return false;
}

/**
 * Columns that name records and things, never persons: an order may bear the number that is somebody's account. What they
 * hold is the books, so an id is remarked there and not taken out.
 */
export const NAMES_OF_THINGS: ReadonlySet<string> = new Set([
  'record_id',
  'document_id',
  'order_id',
  'receipt_id',
  'original_receipt_id',
  'return_id',
  'conversion_id',
  'booking_id',
  'event_id',
  'visit_id',
  'line_id',
  'line_no',
  'item_line_no',
  'sku',
  'product_id',
  'store_id',
  'till_id',
  'event_key',
  'touch_key',
  'touch_id',
  'visit_key',
  'footfall_key',
  'credit_booking_id',
  'journey_id',
  'feedback_id',
  'feedback_key',
  'item',
  'viewed_item',
  'viewed_sku',
  'mark_id',
  'goods_no',
]);

export const WHY_REMARK =
  'the given id stands there as the name of a record or thing, as an order may bear the number of an account; it is part of the books and stays';
