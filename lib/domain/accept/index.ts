import type { RecordKind } from '../contract/index.ts';
import { beyondLimits, isTooLong, MAX_RECORD_BYTES } from '../record-limits.ts';
import { redact } from '../redact.ts';
import { hasBrokenText, mayHoldBrokenText, mendedEvent } from './broken-text.ts';
import { acceptConsent } from './consents.ts';
import { withoutErased } from './erased.ts';
import { acceptFeedback } from './feedback.ts';
import {
  type Acceptance,
  type AcceptContext,
  type Acceptor,
  Refusal,
  type RejectionReason,
  type Remark,
} from './outcome.ts';
import { acceptOrder, acceptReceipt, acceptRefund } from './sales.ts';
import { schemaProblem } from './schema-problem.ts';
import { acceptFootfall, acceptProduct, acceptSpend, acceptStore, acceptStoreVisit } from './shop.ts';
import { acceptTouch, acceptWebEvent } from './web.ts';

export {
  type Acceptance,
  type AcceptContext,
  REJECTION_REASONS,
  type RejectionReason,
  type StoreFacts,
} from './outcome.ts';

const ACCEPTORS = {
  stores: acceptStore,
  products: acceptProduct,
  web_events: acceptWebEvent,
  touches: acceptTouch,
  orders: acceptOrder,
  refunds: acceptRefund,
  receipts: acceptReceipt,
  store_visits: acceptStoreVisit,
  consents: acceptConsent,
  feedback: acceptFeedback,
  footfall: acceptFootfall,
  spend: acceptSpend,
} as unknown as Record<RecordKind, Acceptor<unknown>>;

/** Documents of sale may hold thousands of lines; their contracts limit those. */
const DOCUMENTS: ReadonlySet<RecordKind> = new Set(['orders', 'refunds', 'receipts']);

/** What is known of how a record came. */
export interface Arrived {
  /** Its text, looked at for its size and for broken characters only. */
  original?: string;
  /** A name stands twice in one of its objects. */
  repeatsName?: boolean;
}

/**
 * Decides about one record: the raw lines to store, or the reason why not. Pure, and never throws for what a record
 * holds: a bad record is a value.
 */
export function accept(
  kind: RecordKind,
  value: unknown,
  context: AcceptContext,
  arrived: Arrived = {},
): Acceptance {
  const outcome = decide(kind, value, context, arrived);
  return outcome.ok ? outcome : { ...outcome, detail: detailText(outcome.detail) };
}

const DETAIL_LENGTH = 1000;

/** A detail as it is kept: what it quotes of a record may be another thing than the field's name says. */
export const detailText = (detail: string) => redact(detail).slice(0, DETAIL_LENGTH).toWellFormed();

function refused(kind: RecordKind, reason: RejectionReason, detail: string): Acceptance {
  return { ok: false, reason, detail: `${kind}: ${detail}` };
}

function decide(
  kind: RecordKind,
  value: unknown,
  context: AcceptContext,
  { original = '', repeatsName }: Arrived,
): Acceptance {
  if (isTooLong(original) && !DOCUMENTS.has(kind))
    return refused(
      kind,
      'too_large',
      `the record has ${Buffer.byteLength(original)} bytes; the limit is ${MAX_RECORD_BYTES}`,
    );
  const beyond = beyondLimits(value, original);
  if (beyond !== null) return refused(kind, 'too_large', beyond);
  const problem = schemaProblem(kind, value);
  if (problem !== null) return problem;
  const remarks: Remark[] = [];
  if (repeatsName) {
    if (kind !== 'web_events') return refused(kind, 'duplicate_key', 'a name stands twice in one object');
    remarks.push('repeated_name');
  }
  let sound = value;
  if (mayHoldBrokenText(original) && hasBrokenText(value)) {
    if (kind === 'web_events') sound = mendedEvent(value as Record<string, unknown>);
    if (sound === value || hasBrokenText(sound))
      return refused(kind, 'bad_text', 'a text has unpaired surrogates or a NUL character');
    remarks.push('mended_text');
  }
  try {
    const lines = ACCEPTORS[kind](sound, context, kind, remarks);
    return context.isErased ? withoutErased(kind, lines, context.isErased) : { ok: true, lines };
  } catch (error) {
    if (error instanceof Refusal) return refused(kind, error.reason, error.message);
    throw error;
  }
}
